"""Clock times of the staff's pages in the zone of each person; days and public pages stay UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from recommendations import publishing
from recommendations.models import Preference
from recommendations.text.clock import clock_text
from recommendations.viewpoint import today

from .factories import published_action, submitted_update

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
LATE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


@pytest.fixture
def desk(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def published_late(analyst: User, reviewer: User):
    update = submitted_update(published_action(), by=analyst, published_on=LATE.date())
    publishing.publish([update], reviewer=reviewer, now=LATE)
    return update


def test_a_clock_time_is_that_of_the_person_and_names_the_zone(desk, analyst, reviewer):
    update = published_late(analyst, reviewer)
    address = f"/admin/review/{update.slug}/"
    assert "20 Nov 2026, 23:30 UTC" in desk.get(address).text
    Preference.objects.create(person=reviewer, mail_language="en", time_zone="Asia/Tokyo")
    assert "21 Nov 2026, 08:30 Asia/Tokyo" in desk.get(address).text
    # What the request before had chosen does not stay.
    assert str(timezone.get_current_timezone()) == "UTC"


def test_days_and_public_pages_stay_those_of_utc(desk, analyst, reviewer):
    update = published_late(analyst, reviewer)
    before = desk.get(update.get_absolute_url()).text
    Preference.objects.create(person=reviewer, mail_language="en", time_zone="Pacific/Kiritimati")
    assert desk.get(update.get_absolute_url()).text == before
    assert today() == datetime.now(UTC).date()


def test_django_s_own_pages_name_the_zone(desk, reviewer):
    Preference.objects.create(person=reviewer, mail_language="en", time_zone="America/New_York")
    html = desk.get("/admin/recommendations/statusupdate/").text
    assert "Clock times are those of America/New_York, days those of UTC." in html


def test_the_zone_is_chosen_on_the_page_of_the_account(desk, reviewer):
    sent = {"mail_language": "ja", "deadline_mails": "late", "time_zone": "Asia/Tokyo"}
    html = desk.post("/admin/preference/", sent, follow=True).text
    assert "<option selected>Asia/Tokyo</option>" in html
    assert '<option value="late" selected>' in html
    # A form without the others leaves them as they are.
    desk.post("/admin/preference/", {"time_zone": "UTC"})
    kept = Preference.objects.get(person=reviewer)
    assert (kept.mail_language, kept.deadline_mails, kept.time_zone) == ("ja", "late", "UTC")


def test_a_zone_that_is_none_is_refused_with_an_example(desk):
    html = desk.post("/admin/preference/", {"time_zone": "Mars/Base"}, follow=True).text
    assert "“Mars/Base” is no time zone. One is called Asia/Tokyo, for example." in html
    assert not Preference.objects.exists()


def test_a_zone_that_is_gone_is_utc(desk, analyst, reviewer):
    update = published_late(analyst, reviewer)
    Preference.objects.create(person=reviewer, mail_language="en", time_zone="Old/Zone")
    assert "23:30 UTC" in desk.get(f"/admin/review/{update.slug}/").text


def test_summer_time_is_told():
    with timezone.override("America/New_York"):
        assert clock_text(datetime(2026, 7, 1, 12, tzinfo=UTC)).startswith("2026-07-01 08:00")
        assert clock_text(datetime(2026, 12, 1, 12, tzinfo=UTC)).startswith("2026-12-01 07:00")
