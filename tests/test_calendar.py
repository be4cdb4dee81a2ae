"""The calendar of deadlines: a real library reads it, and an event stays the same event."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from recommendations.models import Action, Edition
from recommendations.site_row import USUAL_FEED_NAME
from tests.factories import (
    ActionFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    published_action,
    published_actions,
    published_update,
)

from .test_deadlines_page import set_deadline, set_target

pytestmark = pytest.mark.run_once

CALENDAR = "/deadlines.ics"
NASTY = 'Do; this, "that" \\n C:\\new\r\nBEGIN:VALARM\nTRIGGER:-PT1M\rEND:VEVENT ' + "同盟🙂" * 30


def read(client, query: str = "", *, prefix: str = "") -> icalendar.Calendar:
    response = client.get(f"{prefix}{CALENDAR}?{query}")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(response.content)


def events(client, query: str = "", **more: str) -> dict[str, icalendar.Event]:
    found = read(client, query, **more).walk("VEVENT")
    by_uid = {str(event["uid"]): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def uid(action: Action) -> str:
    return f"action-{action.pk}@{USUAL_FEED_NAME}"


@pytest.fixture
def action(db) -> Action:
    recommendation = RecommendationFactory(number="1.1", report=ReportFactory(title="The Report"))
    recommendation.areas.set([PolicyAreaFactory(slug="energy"), PolicyAreaFactory(slug="trade")])
    action = published_action(recommendation=recommendation, number=2, title="Pass a law")
    set_deadline(action, date(2025, 5, 1), "quarter")
    return action


def test_an_event_says_what_by_when_and_how_it_stands(client, action):
    published_update(action, "in_progress", on=date(2025, 3, 1))
    set_target(action, date(2027, 1, 1), stated=date(2025, 4, 1), precision="fiscal_year_japan")
    [event] = events(client, "as_of=2025-06-30").values()
    assert event["summary"] == "To come: 1.1b Pass a law"
    assert (event.start, event.end) == (date(2025, 6, 30), date(2025, 7, 1))
    assert event["uid"] == uid(action)
    assert event["url"] == f"http://testserver{action.get_absolute_url()}"
    assert [str(name) for name in event["categories"].cats] == ["Energy", "Trade"]
    assert event["transp"] == "TRANSPARENT"
    assert event["description"].splitlines() == [
        "Status: In progress.",
        "Schedule: To come. The deadline lies ahead.",
        "Deadline set by the report: Q2 2025.",
        "Official target: Japanese fiscal year 2026, stated on 1 Apr 2025 (Cabinet Office).",
        "Report: The Report.",
        f"http://testserver{action.get_absolute_url()}",
    ]
    [event] = events(client, "as_of=2025-07-01").values()
    assert event["summary"] == "Missed: 1.1b Pass a law"


def test_a_calendar_asks_to_be_read_again_in_a_day(client, action):
    calendar = read(client)
    assert str(calendar["version"]) == "2.0"
    assert calendar["prodid"]
    assert calendar["name"] == calendar["x-wr-calname"] == "Integrated Alliance Tracker: deadlines"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:P1D\r\n" in client.get(CALENDAR).content
    named = read(client, "party=united-states&schedule=overdue")["name"]
    assert named == "Integrated Alliance Tracker: deadlines (Missed; United States)"


def test_an_event_stays_the_same_event_whatever_changes(client, action):
    steps = [events(client)]
    published_update(action, "implemented", on=date(2025, 3, 1))
    steps.append(events(client))
    Action.objects.filter(pk=action.pk).update(title="Pass another law")
    steps.append(events(client))
    set_target(action, date(2027, 1, 1), stated=date(2025, 2, 1))
    steps.append(events(client))
    published_update(action, "partly", on=date(2026, 1, 1), published_on=date(2026, 10, 2))
    steps.append(events(client))
    assert [set(step) for step in steps] == [{uid(action)}] * 5
    told = [step[uid(action)] for step in steps]
    assert len({event.to_ical() for event in told}) == 5
    assert [str(event["summary"]) for event in told[:3]] == [
        "Missed: 1.1b Pass a law",
        "Met: 1.1b Pass a law",
        "Met: 1.1b Pass another law",
    ]
    assert "Lapsed: it was implemented before." in told[-1]["description"]
    sequences = [event["sequence"] for event in told]
    assert sequences == sorted(sequences)
    assert sequences[0] < sequences[1] < sequences[-1]
    moments = [event["last-modified"].dt for event in told]
    assert moments == sorted(moments)


def test_an_event_moves_with_its_deadline(client, db):
    action = published_action()
    set_target(action, date(2026, 6, 30), stated=date(2025, 2, 1))
    set_target(action, date(2026, 3, 31), stated=date(2025, 1, 1))
    days = [
        events(client, f"as_of={day}").get(uid(action))
        for day in ("2024-12-31", "2025-01-15", "2025-02-01")
    ]
    assert days[0] is None
    assert [event.start for event in days[1:]] == [date(2026, 3, 31)] * 2


def test_an_unchanged_record_gives_the_same_bytes_on_any_day(client, action):
    def content(day: str) -> bytes:
        return client.get(CALENDAR, {"as_of": day}).content

    assert content("2025-01-01") == content("2025-06-30")
    assert content("2025-06-30") != content("2025-07-01")
    assert content("2025-07-01") == content("2026-11-01")
    published_at = Edition.objects.get().published_at
    [event] = events(client, "as_of=2025-06-30").values()
    assert event["dtstamp"].dt == event["last-modified"].dt == published_at


def test_a_deadline_that_passes_without_an_edition_is_a_change_of_its_event(client, db):
    action = published_action()
    set_deadline(action, date(2026, 10, 31))
    [before] = events(client, "as_of=2026-10-31").values()
    [after] = events(client, "as_of=2026-11-01").values()
    assert after["last-modified"].dt == datetime(2026, 11, 1, tzinfo=UTC)
    assert after["last-modified"].dt > before["last-modified"].dt
    assert after["sequence"] > before["sequence"]


def test_no_title_breaks_out_of_its_line(client, action):
    Action.objects.filter(pk=action.pk).update(title=NASTY)
    content = client.get(CALENDAR).content
    calendar = icalendar.Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    assert calendar.walk("VALARM") == []
    expected = "\n".join(f"Missed: 1.1b {NASTY}".splitlines())
    assert "\n".join(str(event["summary"]).splitlines()) == expected
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert lines.count(b"END:VEVENT") == 1


def test_filters_choose_the_events(client, action):
    other = published_action(parties=["japan"])
    set_deadline(other, date(2027, 3, 31))
    assert set(events(client)) == {uid(action), uid(other)}
    assert set(events(client, "party=japan")) == {uid(other)}
    assert set(events(client, "schedule=overdue&as_of=2026-11-01")) == {uid(action)}
    assert set(events(client, "area=energy")) == {uid(action)}
    assert events(client, "schedule=no_deadline") == {}


def test_a_viewpoint_tells_what_an_edition_knew(client, action):
    published_update(action, "implemented", on=date(2025, 3, 1))
    [then] = events(client, "edition=1&as_of=2026-11-01").values()
    [now] = events(client, "edition=2&as_of=2026-11-01").values()
    assert str(then["summary"]).startswith("Missed: ")
    assert str(now["summary"]).startswith("Met: ")
    assert then["sequence"] < now["sequence"]
    assert events(client, "edition=1&as_of=2024-04-04")
    later = published_action()
    set_deadline(later, date(2027, 1, 1))
    assert set(events(client, "edition=2")) == {uid(action)}


def test_what_is_not_counted_has_no_event(client, action):
    draft = ActionFactory()
    vague = published_action(is_verifiable=False, verifiability_note="A wish")
    for one in (draft, vague):
        set_deadline(one, date(2027, 1, 1))
    assert set(events(client)) == {uid(action)}


def test_it_has_all_events_that_the_page_leaves_to_the_list(client, db):
    actions = published_actions(60)
    for action in actions:
        set_deadline(action, date(2025, 1, 1) + timedelta(days=action.number % 300))
    assert set(events(client)) == {uid(action) for action in actions}


def test_a_japanese_reader_has_the_same_events(client, action):
    [event] = events(client, prefix="/ja").values()
    [english] = events(client).values()
    assert event["uid"] == english["uid"] == uid(action)
    assert event["sequence"] == english["sequence"]
    assert event["summary"] != english["summary"]
    assert str(event["url"]).startswith("http://testserver/ja/reports/")


@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize(
    "query",
    ["x=1", "page=1", "sort=deadline", "unit=actions", "schedule=zzz", "as_of=yesterday"],
)
def test_an_address_that_cannot_be_read_is_refused_in_plain_text(client, action, prefix, query):
    response = client.get(f"{prefix}{CALENDAR}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "VCALENDAR" not in response.text


def test_an_empty_tracker_has_an_empty_calendar(client, db):
    assert events(client) == {}
