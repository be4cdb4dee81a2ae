"""The page of deadlines: what it lists, and that its figures are those of the list."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.figures import deadlines
from recommendations.models import Action
from recommendations.periods import repeated_columns
from tests.factories import (
    ActionBodyFactory,
    ActionFactory,
    BodyFactory,
    DeadlineFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    published_action,
    published_actions,
    published_update,
)

from .reading import csv_rows, links_of, list_count, text_of
from .test_dashboard_numbers import linked_numbers

pytestmark = pytest.mark.run_once

PAGE, LIST = "/deadlines/", "/recommendations/"
ALL = ["missed", "late", "other", "met", "closed", "target"]
STATES = ["overdue", "due", "met", "met_late", "closed"]


def set_deadline(action: Action, on: date, precision: str = "day", **fields: Any) -> None:
    DeadlineFactory(action=action, on=on, precision=precision, **fields)
    repeated_columns.refresh([action.pk])


def set_target(action: Action, on: date, *, stated: date, **fields: Any) -> None:
    fields = {"publisher": "Cabinet Office", "url": "https://example.org/target"} | fields
    set_deadline(action, on, origin="official", stated_on=stated, **fields)


@pytest.fixture
def actions(db) -> dict[str, Action]:
    """One action of each fate, by a name that says it."""
    recommendation = RecommendationFactory(number="1.1")
    recommendation.areas.set([PolicyAreaFactory(slug="energy"), PolicyAreaFactory(slug="trade")])
    names = ["missed", "met", "late", "closed", "target", "free"]
    made = published_actions(6, recommendation=recommendation, parties=["japan"])
    found = dict(zip(names, made, strict=True))
    for name, action in found.items():
        Action.objects.filter(pk=action.pk).update(title=f"Action {name}")
    other = published_action(parties=["united-states", "japan"], title="Action other")
    set_deadline(found["missed"], date(2025, 3, 31), "month")
    set_deadline(found["met"], date(2025, 12, 31))
    set_deadline(found["late"], date(2025, 6, 30), "quarter")
    set_deadline(found["closed"], date(2025, 12, 31))
    set_deadline(other, date(2025, 7, 1))
    set_target(found["target"], date(2026, 12, 31), stated=date(2025, 1, 10), precision="year")
    published_update(found["met"], "implemented", on=date(2025, 6, 1))
    published_update(found["late"], "implemented", on=date(2025, 9, 1))
    published_update(found["closed"], "rejected", on=date(2025, 5, 1))
    return found | {"other": other}


def html_of(client, query: str) -> str:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200, response.content
    return response.content.decode()


def main_text(html: str) -> str:
    return text_of(html[html.index("<main") : html.index("</main>")])


def sections(html: str) -> dict[str, str]:
    """The text of each section, by its heading."""
    found = re.findall(r'<section class="block holder".*?</section>', html, re.S)
    texts = [re.sub(r"<h2[^>]*>(.*?)</h2>", r"\1|", text, flags=re.S) for text in found]
    parts = (text_of(text).partition("|") for text in texts)
    return {heading.strip(): rest.strip() for heading, _bar, rest in parts}


@pytest.mark.parametrize(
    ("day", "sentence", "missed", "coming"),
    [
        ("2024-12-31", "5 of 7|5 to come.", [], ALL[:-1]),
        ("2025-01-10", "6 of 7|6 to come.", [], ALL),
        ("2025-03-31", "6 of 7|6 to come.", [], ALL),
        (
            "2025-05-15",
            "6 of 7|1 missed, 4 to come, 1 closed unmet.",
            ["missed"],
            ["late", "other", "met", "target"],
        ),
        (
            "2026-11-01",
            "6 of 7|2 missed, 1 to come, 1 met, 1 met late, 1 closed unmet.",
            ["missed", "other"],
            ["target"],
        ),
    ],
)
def test_actions_stand_by_state_and_date_as_of_the_day(
    client, actions, day, sentence, missed, coming
):
    html = html_of(client, f"as_of={day}")
    opening, _bar, parts = sentence.partition("|")
    assert f"{opening} verifiable actions have a deadline {parts}" in main_text(html)
    found = sections(html)
    for heading, names in (("Missed", missed), ("To come", coming)):
        text = next((v for k, v in found.items() if k.startswith(f"{heading}: ")), "")
        assert re.findall(r"Action (\w+)", text) == names


@pytest.mark.parametrize(
    ("query", "day"),
    [
        ("", "2025-05-15"),
        ("area=energy&status=implemented&status=rejected", "2025-10-01"),
        ("area=energy&status=implemented&status=rejected", ""),
    ],
)
def test_every_number_is_that_of_the_list(client, actions, day, query):
    query = f"{query}&as_of={day}" if day else query
    html = html_of(client, query)
    for state in STATES:
        found = re.search(rf'id="h-{state}">[^:]*: (\d+)<', html)
        shown, _all = list_count(client.get(f"{LIST}?{query}&schedule={state}").text)
        assert int(found[1] if found else 0) == shown
    kept, _all = list_count(client.get(f"{LIST}?{query}").text)
    opening = rf"\b\d of {kept} verifiable" if kept else "No verifiable action meets"
    assert re.search(opening, main_text(html))
    for href, number in linked_numbers(html).items():
        assert list_count(client.get(href).text)[0] == number, href


def test_the_tables_link_each_state_of_each_party_and_area(client, actions):
    numbers = linked_numbers(html_of(client, "as_of=2026-11-01"))
    japan = [
        numbers[f"{LIST}?schedule={state}&party=japan&sort=deadline&as_of=2026-11-01"]
        for state in STATES
    ]
    assert japan == [2, 1, 1, 1, 1]
    assert numbers[f"{LIST}?party=united-states&as_of=2026-11-01"] == 1
    assert numbers[f"{LIST}?area=energy&as_of=2026-11-01"] == 6


def test_drift_shows_later_targets_from_the_day_on_which_they_were_stated(client, actions):
    set_target(actions["missed"], date(2026, 3, 31), stated=date(2025, 2, 1))
    set_target(actions["missed"], date(2025, 1, 31), stated=date(2026, 5, 1), publisher="")
    before = sections(html_of(client, "as_of=2025-01-31"))["To come: 6"]
    assert "Set by the report: Mar 2025" in before
    assert "Official target: 31 Mar 2026" not in before
    between = sections(html_of(client, "as_of=2025-02-01"))["To come: 6"]
    assert (
        "Set by the report: Mar 2025 Official target: 31 Mar 2026 , 365 days later , stated "
        "1 Feb 2025 ( Cabinet Office )" in between
    )
    html = html_of(client, "as_of=2026-05-01")
    assert "59 days earlier" in html
    assert ("https://example.org/target", "https://example.org/target") in links_of(html)
    assert "396 days late" in sections(html)["Missed: 2"]


def test_an_entry_says_who_is_asked_how_late_it_was_and_that_it_lapsed(client, actions):
    ActionBodyFactory(action=actions["late"], body=BodyFactory(slug="cabinet"))
    published_update(actions["late"], "partly", on=date(2026, 1, 1))
    text = sections(html_of(client, "as_of=2026-11-01"))["Met late: 1"]
    assert "Q2 2025 Met late 1.1" in text
    assert "Partly implemented Lapsed: it was implemented before" in text
    assert "first implemented on 1 Sep 2025, 63 days late" in text
    assert "Japan · Cabinet" in text
    met = sections(html_of(client, "as_of=2026-11-01"))["Met: 1"]
    assert "first implemented on 1 Jun 2025 " in met


def test_filters_narrow_what_is_listed_and_say_so(client, actions):
    html = html_of(client, "as_of=2026-11-01&party=united-states&status=not_assessed")
    assert "1 of 1 verifiable actions that meet these filters has a deadline" in main_text(html)
    assert "Action other" in html
    assert "Action missed" not in html
    assert '<input type="hidden" name="status" value="not_assessed">' in html
    assert '<input type="hidden" name="as_of" value="2026-11-01">' in html
    assert re.search(r'name="party" value="united-states" id="[^"]*" checked', html)
    html = html_of(client, "as_of=2026-11-01&schedule=met_late")
    assert [heading for heading in sections(html) if ":" in heading] == ["Met late: 1"]
    assert "6 of 7 verifiable actions have a deadline" in main_text(html)
    html = html_of(client, "schedule=no_deadline")
    assert "None of these deadlines is in the state that you chose." in html


def test_links_lead_to_calendar_and_csv_with_the_same_filters(client, actions):
    query = "as_of=2026-11-01&party=japan&schedule=met&schedule=overdue"
    links = dict((text, href) for href, text in links_of(html_of(client, query)))
    calendar = client.get(links["Subscribe in your calendar (.ics)"].replace("&amp;", "&"))
    assert calendar.content.count(b"BEGIN:VEVENT") == 3
    rows = csv_rows(client.get(links["CSV"].replace("&amp;", "&")))
    assert [row["action"] for row in rows] == ["Action missed", "Action other", "Action met"]
    links = dict((text, href) for href, text in links_of(html_of(client, "schedule=no_deadline")))
    [row] = csv_rows(client.get(links["CSV"].replace("&amp;", "&")))
    assert row["action"] == "Action free"


def test_the_list_has_what_is_too_much_for_the_page(client, actions, monkeypatch):
    monkeypatch.setattr(deadlines, "SHOWN_ACTIONS", 1)
    html = html_of(client, "as_of=2026-11-01")
    assert "Action missed" in html
    assert "Action other" not in html
    [href] = [href for href, text in links_of(html) if text == "All 2 in the list: Missed"]
    assert list_count(client.get(href.replace("&amp;", "&")).text)[0] == 2


def test_what_the_page_does_not_know_is_refused(client, actions):
    for query in ("page=1", "sort=deadline", "unit=actions", "x=1", "schedule=zzz", "party=none"):
        response = client.get(f"{PAGE}?{query}")
        assert response.status_code == 400, query
        assert "Action missed" not in response.text


def test_a_draft_and_what_is_not_verifiable_have_no_entry(client, actions):
    draft = ActionFactory(title="Action draft")
    vague = published_action(title="Action vague", is_verifiable=False, verifiability_note="A wish")
    for action in (draft, vague):
        set_deadline(action, date(2025, 1, 1))
    html = html_of(client, "as_of=2026-11-01")
    assert "Action draft" not in html
    assert "Action vague" not in html
    assert "6 of 7" in main_text(html)


@pytest.mark.parametrize("page", [PAGE, "/deadlines.ics"])
@pytest.mark.parametrize("query", ["", "as_of=2026-11-01&party=japan&q=thing"])
def test_queries_are_the_same_for_one_action_and_for_thirty(client, db, page, query):
    recommendation = RecommendationFactory()
    recommendation.areas.set([PolicyAreaFactory(slug="energy")])

    def add(n: int) -> None:
        made = published_actions(n, recommendation=recommendation, parties=["japan"])
        for action in made:
            ActionBodyFactory(action=action, body=BodyFactory(slug="cabinet"))
            set_deadline(action, date(2025, 6, 30) + timedelta(days=action.number))
            set_target(action, date(2027, 1, 1), stated=date(2025, 2, 1))

    published_action()
    add(1)
    client.get(f"{page}?{query}")
    with CaptureQueriesContext(connection) as before:
        assert client.get(f"{page}?{query}").status_code == 200
    assert len(before) <= 19, "\n".join(one["sql"][:150] for one in before)
    recommendation.refresh_from_db()
    add(29)
    client.get(f"{page}?{query}")
    with CaptureQueriesContext(connection) as after:
        assert client.get(f"{page}?{query}").status_code == 200
    assert len(after) == len(before)


def test_dashboards_lead_to_their_deadlines(client, baseline):
    for page, query in (
        ("/", "report=us-japan-alliance-2024"),
        ("/parties/japan/", "party=japan"),
        ("/areas/development/", "area=development"),
    ):
        links = links_of(client.get(page).text)
        assert (f"{PAGE}?{query}", "All deadlines") in links
        assert client.get(f"{PAGE}?{query}").status_code == 200
