"""Sessions end for good some day, are seen and ended by whose they are, and step up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from alliance.models import SignedInSession
from recommendations.models import Act, StatusUpdate

from .factories import published_action, submitted_update
from .test_review import address, decide
from .test_second_factor import ACCOUNT, code_of, enrol
from .test_sign_in import is_signed_in, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
PAGE = "/accounts/sessions/"
HOUR = 3600


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock of sessions forward by so many hours."""
    real = time.time

    def forward(hours: float) -> None:
        monkeypatch.setattr("time.time", lambda: real() + hours * HOUR)

    return forward


# An end that use does not put off --------------------------------------------------------------


@pytest.mark.parametrize(("role", "hours"), [("Analyst", 7 * 24), ("Reviewer", 24)])
def test_session_ends_however_much_it_is_used(
    client: Client, staff_member: Callable, later: Callable, role: str, hours: int
) -> None:
    staff_member("ada", role)
    sign_in(client)
    for passed in (hours / 3, hours * 2 / 3, hours - 0.1):
        later(passed)
        assert client.get("/admin/").status_code == 200
    later(hours + 0.1)
    assert client.get("/admin/").status_code == 302
    assert not is_signed_in(client)


def test_superuser_counts_as_a_reviewer(client: Client, later: Callable) -> None:
    User.objects.create_superuser("ada", password="secret")
    sign_in(client)
    later(24.1)
    assert client.get("/admin/").status_code == 302


# Seen and ended --------------------------------------------------------------------------------


def test_own_sessions_are_listed_and_nobody_elses(analyst: User, editor: User) -> None:
    here, there, other = Client(), Client(), Client()
    sign_in(here, "analyst", headers={"User-Agent": "Firefox on a desk"})
    sign_in(there, "analyst", headers={"User-Agent": "Safari on a phone"})
    sign_in(other, "editor", headers={"User-Agent": "Not of the analyst"})
    page = here.get(PAGE).content.decode()
    assert "Firefox on a desk" in page and "Safari on a phone" in page
    assert "Not of the analyst" not in page
    assert here.session.session_key not in page and there.session.session_key not in page


def test_one_session_is_ended_and_the_log_says_so(analyst: User) -> None:
    here, there, third = Client(), Client(), Client()
    for one in (here, there, third):
        sign_in(one, "analyst")
    mark = SignedInSession.objects.get(session_key=there.session.session_key).mark
    assert here.post(PAGE, {"end": mark}).status_code == 302
    assert there.get("/admin/").status_code == 302
    assert third.get("/admin/").status_code == 200
    assert here.get("/admin/").status_code == 200
    last = Act.objects.latest("pk")
    assert (last.event, last.name) == ("session", "analyst")


def test_all_others_are_ended_and_those_of_other_people_are_not(
    analyst: User, editor: User
) -> None:
    here, there, other = Client(), Client(), Client()
    sign_in(here, "analyst")
    sign_in(there, "analyst")
    sign_in(other, "editor")
    here.post(PAGE, {"end": "others"})
    theirs = SignedInSession.objects.get(session_key=other.session.session_key).mark
    here.post(PAGE, {"end": theirs})
    assert [one.get("/admin/").status_code for one in (here, there, other)] == [200, 302, 200]


def test_page_asks_who_it_is(client: Client) -> None:
    assert client.get(PAGE).status_code == 302


# Stepping up -----------------------------------------------------------------------------------


@pytest.fixture
def waiting() -> StatusUpdate:
    return submitted_update(published_action())


def test_publishing_asks_for_the_password_again_after_hours_and_then_goes_on(
    service: Any,
    client: Client,
    reviewer: User,
    waiting: StatusUpdate,
    later: Callable,
) -> None:
    service.MFA_REQUIRED = "none"
    sign_in(client, "reviewer")
    later(5)
    response = decide(client, waiting)
    assert response["Location"].startswith("/accounts/reauthenticate/?next=")
    waiting.refresh_from_db()
    assert waiting.review_state == "submitted"
    response = client.post(response["Location"], {"password": "secret", "next": address(waiting)})
    waiting.refresh_from_db()
    assert waiting.review_state == "published", response.content.decode()[:500]


def test_within_hours_nothing_more_is_asked(
    service: Any,
    client: Client,
    reviewer: User,
    waiting: StatusUpdate,
    later: Callable,
) -> None:
    service.MFA_REQUIRED = "none"
    sign_in(client, "reviewer")
    later(3)
    decide(client, waiting)
    waiting.refresh_from_db()
    assert waiting.review_state == "published"


def test_whoever_has_a_factor_is_asked_for_that(
    service: Any,
    reviewer: User,
    waiting: StatusUpdate,
    later: Callable,
) -> None:
    client = Client()
    sign_in(client, "reviewer")
    secret = enrol(client)
    client.post(f"{ACCOUNT}reauthenticate/", {"code": code_of(secret, steps=1)})
    later(5)
    assert decide(client, waiting)["Location"].startswith(f"{ACCOUNT}reauthenticate/")


@pytest.mark.parametrize("step", ["withdraw", "verifiable"])
def test_structure_asks_again_too(
    service: Any,
    client: Client,
    editor: User,
    later: Callable,
    step: str,
) -> None:
    action = published_action()
    sign_in(client, "editor")
    later(5)
    page = reverse("admin:recommendations_action_structure", args=[action.pk, step])
    assert client.get(page).status_code == 200
    response = client.post(page, {"reason": "It was counted twice."})
    assert response["Location"].startswith("/accounts/reauthenticate/")
    action.refresh_from_db()
    assert not action.is_withdrawn and action.is_verifiable
