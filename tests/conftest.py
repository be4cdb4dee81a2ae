import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.utils import translation
from hypothesis import settings as hypothesis_settings

# A deadline per example fails on a busy machine, which says nothing about the code.
hypothesis_settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A Japanese page leaves its language active behind it."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def staff_member(db: None) -> Callable[[str, str], User]:
    """Makes `staff_member("ada", "Analyst")`, able to sign in with the password "secret"."""
    from recommendations.roles import synchronise_roles

    synchronise_roles()

    def make(name: str, role: str) -> User:
        user = User.objects.create_user(name, password="secret", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def analyst(staff_member: Callable[[str, str], User]) -> User:
    return staff_member("analyst", "Analyst")


@pytest.fixture
def reviewer(staff_member: Callable[[str, str], User]) -> User:
    return staff_member("reviewer", "Reviewer")


@pytest.fixture
def editor(staff_member: Callable[[str, str], User]) -> User:
    return staff_member("editor", "Editor")


@pytest.fixture
def unguarded(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a test write past publishing: no triggers, and a check that asks for none."""
    from recommendations import triggers

    triggers.remove(connection)
    monkeypatch.setattr(triggers, "guards", lambda connection: [])


@pytest.fixture(scope="session")
def baseline_rows() -> dict[str, Any]:
    """Filled by the first test of this process that asks for the baseline."""
    return {}


@pytest.fixture
def baseline(db: None, baseline_rows: dict[str, Any]) -> None:
    """The record as a new installation has it."""
    from recommendations.loading import load

    from . import snapshot

    if baseline_rows:
        snapshot.put_back(baseline_rows)
        return
    load((settings.BASE_DIR / "fixtures/us_japan_alliance_2024.yaml").read_text(encoding="utf-8"))
    baseline_rows.update(snapshot.take())
