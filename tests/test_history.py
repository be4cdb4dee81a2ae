"""The months of a dashboard: chart, table and list say the same."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from recommendations.charts import month_ticks, monthly_steps
from recommendations.charts.time import nice_numbers
from recommendations.figures.counts import Counts
from recommendations.figures.months import history_of, month_ends, strips_of, told_spans
from recommendations.models import Action, ContextEvent, Edition, StatusPeriod
from recommendations.record import Record
from recommendations.statuses import Status
from recommendations.viewpoint import Viewpoint, today

from .factories import (
    RecommendationFactory,
    ReportFactory,
    corrected,
    published_action,
    published_update,
    retracted,
)
from .overviews import overview
from .reading import csv_rows, links_of, text_of

ORDER = [str(status) for status in Status]


def section_of(html: str) -> str:
    found = re.search(r'<section class="block" aria-labelledby="h-t">.*?</section>', html, re.S)
    assert found
    return found[0]


def table_of(section: str) -> dict[str, dict[str, int]]:
    """Return the rows of the table by their day: {"2024-04-30": {"implemented": 0, …}}."""
    found = {}
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", section, re.S):
        day = re.search(r'datetime="([\d-]+)"', row)[1]
        *numbers, total = [int(n) for n in re.findall(r"<td>(\d+)</td>", row)]
        assert sum(numbers) == total
        found[day] = {status: n for status, n in zip(ORDER, numbers, strict=True) if n}
    return found


def drawn_in(section: str, months: int) -> list[dict[str, int]]:
    """Return the counts that the rectangles draw, month by month, from their geometry alone."""
    drawn: list[dict[str, int]] = [{} for _month in range(months)]
    shapes = [
        (status, *numbers)
        for status, group in re.findall(r'<g class="f-(\w+)">(.*?)</g>', section, re.S)
        for numbers in re.findall(
            r'<rect x="([\d.]+)%" width="([\d.]+)%" y="([\d.]+)" height="([\d.]+)"/>', group
        )
    ]
    whole = max(float(y) + float(height) for *_rest, y, height in shapes)
    top = min(float(y) for *_rest, y, _height in shapes)
    most = int(re.findall(r'text-anchor="end">(\d+)</text>', section)[-1])
    for status, x, width, _y, height in shapes:
        first, n = float(x) * months / 100, float(width) * months / 100
        count = float(height) * most / (whole - top)
        assert abs(count - round(count)) < 0.05
        for month in range(round(first), round(first + n)):
            drawn[month][status] = round(count)
    return drawn


def test_chart_table_and_list_agree_at_each_month_end(client, baseline):
    section = section_of(client.get("/").content.decode())
    table = table_of(section)
    assert drawn_in(section, len(table)) == list(table.values())
    addresses = [href for href, _text in links_of(section) if "as_of=" in href]
    assert len(addresses) == len(table) > 30
    for address, (day, counts) in zip(addresses, table.items(), strict=True):
        assert f"as_of={day}" in address
        rows = csv_rows(client.get(address.replace("/recommendations/", "/recommendations.csv")))
        assert Counter(row["status"] for row in rows) == counts


def test_history_of_the_past_ends_there(client, baseline):
    page = client.get("/", {"as_of": "2025-03-24", "edition": "1"}).content.decode()
    section = section_of(page)
    table = table_of(section)
    assert list(table)[0] == "2024-04-30" and list(table)[-1] == "2025-03-24"
    assert table["2025-03-24"]["implemented"] == 2
    assert "Prime Minister Ishiba" in section and "Takaichi" not in section
    assert all(
        "edition=1" in href for href, _text in links_of(section) if href.startswith("/recom")
    )


@pytest.mark.django_db
def test_corrected_history_is_drawn_as_each_edition_told_it(client):
    action = published_action()
    update = published_update(action, "implemented", on=date(2025, 3, 1))
    number = update.edition_id
    corrected(update, status="partly")
    then = table_of(section_of(client.get("/", {"edition": number}).content.decode()))
    now = table_of(section_of(client.get("/").content.decode()))
    assert then["2025-03-31"] == {"implemented": 1}
    assert now["2025-03-31"] == {"partly": 1}
    assert then["2025-02-28"] == now["2025-02-28"] == {"not_assessed": 1}


@pytest.mark.django_db
def test_actions_of_a_later_report_begin_with_it():
    published_action()
    later = RecommendationFactory(report=ReportFactory(published_on=date(2025, 6, 15)))
    published_action(recommendation=later)
    seen = Viewpoint.present()
    actions = Action.objects.all()
    figures = overview(actions, on=seen.on)
    history = history_of(
        figures.actions, told_spans(Record(seen), [one.pk for one in figures.actions]), on=seen.on
    )
    totals = {step.on: step.counts.total for step in history.steps}
    assert (totals[date(2025, 5, 31)], totals[date(2025, 6, 30)]) == (1, 2)
    assert history.headline == ("0 of 2 verifiable actions are implemented, as many as in Apr 2024")


@pytest.mark.django_db
def test_headline_says_rise_and_fall():
    action = published_action()
    published_update(action, "implemented", on=date(2024, 4, 10))

    def headline() -> str:
        seen, actions = Viewpoint.present(), Action.objects.all()
        figures = overview(actions, on=seen.on)
        spans = told_spans(Record(seen), [one.pk for one in figures.actions])
        return history_of(figures.actions, spans, on=seen.on).headline

    assert headline() == "1 of 1 verifiable action is implemented, as many as in Apr 2024"
    published_update(action, "partly", on=date(2025, 1, 1))
    assert headline() == "Implemented actions fell from 1 to 0 of 1 since Apr 2024"


@pytest.mark.django_db
@pytest.mark.parametrize("leave", [corrected, retracted])
def test_strips_are_the_stored_periods(client, leave):
    action = published_action()
    first = published_update(action, "in_progress", on=date(2025, 1, 10))
    published_update(action, "implemented", on=date(2025, 5, 1))
    published_update(action, "implemented", on=date(2025, 9, 1))
    leave(first, **({"status": "partly"} if leave is corrected else {}))
    for edition in [None, *Edition.objects.order_by("number")]:
        seen = Viewpoint(on=today(), edition=edition)
        rows = Action.objects.seen_from(seen).for_detail(on=seen.on)
        [strip] = strips_of((row, row.timeline) for row in rows)
        stored = StatusPeriod.objects.filter(action=action)
        if edition:
            stored = stored.filter(from_edition__lte=edition.number).exclude(
                until_edition__lte=edition.number
            )
        else:
            stored = stored.filter(until_edition__isnull=True)
        expected = list(stored.values_list("status", "starts_on", "ends_on").order_by("starts_on"))
        assert [(s.status, s.starts_on, s.ends_on) for s in strip.spans] == expected


def test_recommendation_page_draws_a_strip_an_action(client, baseline):
    html = client.get("/reports/us-japan-alliance-2024/1.1/").content.decode()
    labels = re.findall(r'<svg class="strip"[^>]*aria-label="([^"]*)"', html)
    assert len(labels) == 7
    assert labels[0] == "1.1a: Implemented from 24 Mar 2025"


def test_scorecards_draw_small_multiples_of_the_same_months(client, baseline):
    html = client.get("/areas/command-and-operations/").content.decode()
    [block] = re.findall(r'<ul class="multiples".*?</ul>', html, re.S)
    assert re.findall(r"(\d+) of (\d+) implemented", text_of(block)) == [
        ("0", "4"),
        ("1", "1"),
        ("0", "2"),
        ("0", "6"),
    ]
    assert "the full height is 6 actions" in text_of(html)
    ends = {line.split("%")[0] for line in re.findall(r'x2="([^"]*)"', block)}
    assert "100" in ends


def test_beyond_the_largest_groups_the_charts_say_how_many_there_are(client, baseline, monkeypatch):
    address = "/areas/command-and-operations/"
    whole = text_of(client.get(address).content.decode())
    monkeypatch.setattr("recommendations.figures.months.MOST_SIDE_BY_SIDE", 3)
    html = client.get(address, {"as_of": "2026-06-30"}).content.decode()
    [block] = re.findall(r'<ul class="multiples".*?</ul>', html, re.S)
    assert len(re.findall(r"\d+ of \d+ implemented", text_of(block))) == 3
    words = "The 3 with the most verifiable actions, of 4."
    assert words in text_of(html) and "with the most verifiable actions" not in whole
    picture = client.get(f"{address}multiples.svg", {"as_of": "2026-06-30"}).content.decode()
    assert words in picture
    japanese = text_of(client.get(f"/ja{address}", {"as_of": "2026-06-30"}).content.decode())
    assert "全4件のうち、検証可能な項目の多い3件を示しています。" in japanese


def test_number_of_queries_does_not_grow_with_the_months(
    client, baseline, django_assert_max_num_queries
):
    for day in ("2024-06-01", "2026-06-01"):
        client.get("/", {"as_of": day})
    # What pages of one state share is kept, but not inside a transaction: the ways into the record
    # are counted anew each time (30 queries), and once committed by the first page alone (19).
    with django_assert_max_num_queries(36) as early:
        client.get("/", {"as_of": "2024-06-01"})
    with django_assert_max_num_queries(36) as late:
        client.get("/", {"as_of": "2026-06-01"})
    assert len(early) == len(late)


@pytest.mark.django_db
def test_event_of_one_report_stays_with_it(client):
    action = published_action()
    other = published_action()
    ContextEvent.objects.create(
        report=other.recommendation.report,
        slug="election",
        on=date(2025, 1, 1),
        title="An election",
        publisher="A paper",
        url="https://paper.example/",
    )
    page = client.get(other.recommendation.report.get_absolute_url()).content.decode()
    assert "An election" in page
    page = client.get(action.recommendation.report.get_absolute_url()).content.decode()
    assert "An election" not in page


# Geometry -----------------------------------------------------------------------------------------


def test_month_ends_take_in_leap_years_and_the_day_itself():
    assert month_ends(date(2024, 1, 31), date(2024, 3, 5)) == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 5),
    ]
    assert month_ends(date(2024, 5, 5), date(2024, 5, 5)) == [date(2024, 5, 5)]
    assert len(month_ends(date(2023, 12, 1), date(2025, 1, 1))) == 14


@pytest.mark.parametrize(
    ("most", "numbers"),
    [
        (1, [0, 1]),
        (2, [0, 1, 2]),
        (4, [0, 1, 2, 3, 4]),
        (13, [0, 5, 10, 13]),
        (83, [0, 20, 40, 60, 83]),
        (10_000, [0, 2_000, 4_000, 6_000, 8_000, 10_000]),
    ],
)
def test_axis_has_round_numbers_and_the_whole(most, numbers):
    assert nice_numbers(most) == numbers


def test_labels_never_stand_closer_than_a_line():
    counts = Counts(dict.fromkeys(ORDER, 1) | {"no_action": 500})
    chart = monthly_steps([(date(2025, 1, 31), counts)])
    places = [float(label.label_y) for label in chart.labels]
    assert len(places) == len(ORDER)
    gaps = [below - above for below, above in zip(places, places[1:], strict=False)]
    assert min(gaps) >= 20 and min(places) >= 24 and max(places) <= chart.bottom


def test_long_histories_name_some_years_only():
    days = month_ends(date(2000, 10, 11), date(2026, 11, 25))
    ticks = month_ticks(days)
    assert len(ticks) <= 12
    assert ticks[0].text == "Oct 2000" and not any(tick.is_minor for tick in ticks)


def test_events_of_one_month_share_their_number():
    months = [
        (day, Counts({"partly": 1})) for day in month_ends(date(2025, 1, 1), date(2025, 4, 30))
    ]
    chart = monthly_steps(months, events=[date(2025, 2, 1), date(2025, 2, 15), date(2025, 3, 16)])
    assert [mark.numbers for mark in chart.marks] == ["1, 2", "3"]
    assert [mark.x for mark in chart.marks] == ["25%", "62.097%"]
