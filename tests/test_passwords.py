"""New passwords are long, and neither common ones in disguise nor names."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from .test_sign_in import is_signed_in, sign_in

# The name of the site is asked for.
pytestmark = pytest.mark.django_db

ANA = User(username="ana2", first_name="Ana", last_name="Lopez-Duarte", email="al@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "ana2ana2",
        "short and 1",
        "ana2ana2ana2",
        "password12345678",
        "P-a-s-s-w-o-r-d-2026",
        "qwertyqwertyqwerty",
        "letmein!letmein!",
        "aaaaaaaaaaaaaaaa",
        "abc123abc123abc123",
        "123456789012345",
        "Integrated Alliance 24",
        "AllianceTracker2026!",
        "tracker-tracker-77",
        "lopezduarte1984",
    ],
)
def test_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, ANA)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "hz9-kumquat-omelette",
        "港で桜が咲く頃に会おう約束",
        "my alliance with the sea, 1912",
        "Tr0mbone under 3 stairs",
    ],
)
def test_password_is_taken(password: str) -> None:
    validate_password(password, ANA)


@pytest.mark.django_db
def test_short_password_from_before_goes_on_working(client: Client, analyst: User) -> None:
    sign_in(client, "analyst", "secret")
    assert is_signed_in(client)
