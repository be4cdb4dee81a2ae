"""Two days side by side, against what the list says of each."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from recommendations.statuses import Status
from recommendations.viewpoint import today

from .factories import (
    RecommendationFactory,
    ReportFactory,
    corrected,
    published_action,
    published_update,
)
from .reading import csv_rows, links_of, text_of

COMPARE = "/changes/compare/"


def table_of(html: str) -> dict[str, tuple[int, int]]:
    """Return the two counts of each status: {"Implemented": (0, 5), …}."""
    [body] = re.findall(r'aria-label="Counts of both days">.*?</table>', html, re.S)
    found = {}
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", body, re.S):
        name = text_of(row.split("</th>")[0])
        before, after, _difference = re.findall(r'<td class="r num">(.*?)</td>', row)
        found[name] = (int(before), int(after))
    return found


def statuses_on(client, day: str, query: str = "") -> Counter:
    rows = csv_rows(client.get(f"/recommendations.csv?as_of={day}&{query}"))
    return Counter(row["status"] for row in rows)


@pytest.mark.parametrize("query", ["", "area=taiwan", "party=japan"])
def test_counts_are_those_of_the_list_on_each_day(client, baseline, query):
    days = ("2025-01-01", "2026-06-17")
    html = client.get(f"{COMPARE}?from={days[0]}&to={days[1]}&{query}").content.decode()
    table = table_of(html)
    before, after = (statuses_on(client, day, query) for day in days)
    for status in Status:
        assert table[str(status.label)] == (before[status], after[status])
    assert table["All verifiable actions"] == (before.total(), after.total())


def test_words_are_those_of_the_later_day(client, baseline):
    """As a status is: what was found of an action later says nothing of an earlier day."""
    html = client.get(f"{COMPARE}?from=2025-01-01&to=2026-06-17&q=defence").content.decode()
    after = statuses_on(client, "2026-06-17", "q=defence")
    assert {name: n for name, (_n, n) in table_of(html).items() if n} == {
        **{str(Status(code).label): n for code, n in after.items()},
        "All verifiable actions": after.total(),
    }


@pytest.fixture
def moved(db):
    """One action for each direction."""
    steps = {
        "rose": ("in_progress", "partly"),
        "reopened": ("rejected", "in_progress"),
        "lapsed": ("implemented", "partly"),
        "fell": ("partly", "in_progress"),
        "ended": ("in_progress", "rejected"),
        "stayed": ("partly", "partly"),
    }
    actions = {}
    for name, (before, after) in steps.items():
        actions[name] = published_action(title=f"What {name}")
        published_update(actions[name], before, on=date(2025, 1, 1))
        published_update(actions[name], after, on=date(2025, 6, 1))
    return actions


def test_each_direction_has_its_section_and_the_update_that_did_it(client, moved):
    html = client.get(f"{COMPARE}?from=2025-03-01&to=2025-07-01").content.decode()
    sections = dict(re.findall(r'<h2 id="move-(\w+)">.*?</h2>(.*?)</section>', html, re.S))
    assert set(sections) == {"rose", "reopened", "lapsed", "fell", "ended"}
    for name, section in sections.items():
        update = moved[name].updates.order_by("-effective_day").first()
        assert f"What {name}" in section
        assert update.get_absolute_url() in [href for href, _text in links_of(section)]
    assert "What stayed" not in html
    assert "5 of 6 verifiable actions changed their status: 1 rose, 2 fell" in text_of(html)
    assert "Lapsed" in text_of(sections["lapsed"])


def test_a_day_on_which_nothing_changed(client, moved):
    text = text_of(client.get(f"{COMPARE}?from=2025-07-01&to=2025-07-02").content.decode())
    assert "None of 6 verifiable actions changed its status" in text


def test_default_is_today_and_a_year_before(client, baseline):
    html = client.get(COMPARE).content.decode()
    days = re.findall(r'name="(?:from|to)" value="([\d-]+)"', html)
    assert date.fromisoformat(days[1]).year - date.fromisoformat(days[0]).year == 1
    then = client.get(COMPARE, {"as_of": "2024-06-01"}).content.decode()
    assert re.findall(r'name="(?:from|to)" value="([\d-]+)"', then) == ["2024-04-04", "2024-06-01"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("from=2025-02-30", "is not a date that can be shown"),
        ("from=2024-04-03", "from 2024-04-04"),
        ("to=2999-01-01", "is not a date that can be shown"),
        ("from=2025-06-01&to=2025-01-01", "“from” is later than “to”"),
        ("from=2025-01-01&from=2025-02-01", "given more than once"),
        ("as_of=2025-01-01&to=2025-02-01", "to 2025-01-01"),
        ("form=2025-01-01", "does not know the parameter"),
        ("sort=status", "does not know the parameter"),
        ("page=2", "There is no page 2"),
    ],
)
def test_days_that_cannot_be_compared_are_refused(client, baseline, query, reason):
    if "page" in query:
        query += "&from=2024-04-05&to=2024-04-06"
    response = client.get(f"{COMPARE}?{query}")
    assert response.status_code == 400
    assert reason in response.content.decode()


@pytest.mark.django_db
def test_an_edition_compares_what_it_knew(client):
    action = published_action()
    update = published_update(action, "implemented", on=date(2025, 3, 1))
    number = update.edition_id
    corrected(update, status="partly")
    query = {"from": "2025-01-01", "to": "2025-12-31"}
    then = table_of(client.get(COMPARE, {**query, "edition": number}).content.decode())
    now = table_of(client.get(COMPARE, query).content.decode())
    assert (then["Implemented"], now["Implemented"]) == ((0, 1), (0, 0))
    assert now["Partly implemented"] == (0, 1)


@pytest.mark.django_db
def test_actions_of_a_report_in_between_are_told_apart(client):
    published_action()
    later = RecommendationFactory(report=ReportFactory(published_on=date(2025, 6, 15)))
    published_action(recommendation=later)
    html = client.get(f"{COMPARE}?from=2025-01-01&to=2025-12-31").content.decode()
    assert table_of(html)["All verifiable actions"] == (1, 2)
    assert "1 action was asked for in between." in text_of(html)


def test_filters_and_days_are_kept_by_chips(client, baseline):
    query = "from=2025-01-01&to=2025-12-31&area=taiwan&status=partly"
    html = client.get(f"{COMPARE}?{query}").content.decode()
    chips = [href for href, text in links_of(html) if "remove this filter" in text]
    assert len(chips) == 2
    assert all("from=2025-01-01" in href and "to=2025-12-31" in href for href in chips)


def test_number_of_queries_does_not_grow(client, baseline, django_assert_max_num_queries):
    for days in ("from=2025-01-01&to=2025-02-01", "from=2024-04-05&to=2026-06-17"):
        client.get(f"{COMPARE}?{days}")
    with django_assert_max_num_queries(17) as short:
        client.get(f"{COMPARE}?from=2025-01-01&to=2025-02-01")
    with django_assert_max_num_queries(17) as long:
        client.get(f"{COMPARE}?from=2024-04-05&to=2026-06-17")
    assert len(short) == len(long)


@pytest.mark.parametrize("name", ["from", "to"])
def test_today_of_readers_ahead_of_utc_is_no_day_to_come(client, baseline, name):
    tomorrow = today() + timedelta(days=1)
    days = {"to": tomorrow.isoformat()} | {name: tomorrow.isoformat()}
    assert client.get("/changes/compare/", days).status_code == 200
    day_after = (tomorrow + timedelta(days=1)).isoformat()
    assert client.get("/changes/compare/", {"to": day_after}).status_code == 400


def test_a_comparison_ends_on_the_day_that_is_looked_at(client, baseline):
    seen = {"as_of": "2025-06-30"}
    assert client.get("/changes/compare/", {**seen, "to": "2025-06-30"}).status_code == 200
    assert client.get("/changes/compare/", {**seen, "to": "2025-07-01"}).status_code == 400
