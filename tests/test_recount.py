"""The dashboard says what a count of the files finds that knows nothing of this project."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from recommendations.statuses import Status

from . import recount
from .reading import links_of, text_of

pytestmark = [pytest.mark.usefixtures("second_coding"), pytest.mark.run_once]

# None is today. On the second day much had been rejected or was stalled, on the third overtaken.
DAYS = [None, date(2025, 1, 31), date(2025, 10, 31)]
GROUPS = {"report", "section", "addressee", "area", "party", "body"}
SEEN_FROM = {"edition", "as_of"}


def page(client: Client, path: str, *, edition: int, day: date | None) -> str:
    asked = {"edition": str(edition)} | ({"as_of": day.isoformat()} if day else {})
    response = client.get(path, asked)
    assert response.status_code == 200
    return response.content.decode()


def linked_counts(html: str) -> dict[tuple[tuple[str, str], ...], int]:
    """Return the numbers that lead to lists of groups and of one status, by what they ask for."""
    found = {}
    for href, text in links_of(html):
        wanted = parse_qsl(urlsplit(href).query)
        asked = tuple(sorted(one for one in wanted if one[0] not in SEEN_FROM))
        is_known = {name for name, _value in asked} <= GROUPS | {"status"}
        if href.startswith("/recommendations/?") and text.isdecimal() and is_known:
            found[asked] = int(text)
    return found


def expected(asked: tuple[tuple[str, str], ...], *, edition: int, day: date) -> int:
    wanted = [one for one in asked if one[0] != "status"]
    counted = recount.count(edition, day, *wanted)
    return counted[dict(asked)["status"]] if "status" in dict(asked) else counted.total()


def chart_rows(html: str) -> list[tuple[date, list[int]]]:
    """Return the rows of the table under the chart: a day, a number a status, and all."""
    found = []
    for row in re.findall(r"<tr[^>]*>.*?</tr>", html, re.DOTALL):
        if on := re.search(r"as_of=(\d{4}-\d\d-\d\d)", row):
            numbers = re.findall(r"<td[^>]*>\s*(\d+)\s*</td>", row)
            found.append((date.fromisoformat(on[1]), [int(number) for number in numbers]))
    return found


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("edition", [1, 2])
def test_headline_is_that_of_the_files(client: Client, edition: int, day: date | None) -> None:
    counted = recount.count(edition, day or timezone.now().date())
    text = text_of(page(client, "/", edition=edition, day=day))
    told = f"{counted['implemented']} of {counted.total()} verifiable actions"
    assert told in text
    assert counted.total() == 83


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("edition", [1, 2])
@pytest.mark.parametrize(
    ("path", "at_least"),
    [("/", 50), ("/areas/trade-and-investment/", 12), ("/parties/japan/", 50)],
)
def test_each_number_of_a_group_is_that_of_the_files(
    client: Client, path: str, at_least: int, edition: int, day: date | None
) -> None:
    found = linked_counts(page(client, path, edition=edition, day=day))
    assert len(found) >= at_least
    on = day or timezone.now().date()
    assert found == {asked: expected(asked, edition=edition, day=on) for asked in found}


@pytest.mark.parametrize("edition", [1, 2])
def test_every_area_party_and_status_stands_on_the_dashboard_as_counted(
    client: Client, edition: int
) -> None:
    found = linked_counts(page(client, "/", edition=edition, day=None))
    groups = {group for of_action in recount.groups().values() for group in of_action}
    areas = {dict(asked)["area"] for asked in found if "area" in dict(asked)}
    addressees = {dict(asked)["addressee"] for asked in found if "addressee" in dict(asked)}
    assert areas == {slug for kind, slug in groups if kind == "area"}
    assert addressees == {slug for kind, slug in groups if kind == "addressee"}
    assert {dict(asked)["status"] for asked in found if "status" in dict(asked)} == set(Status)


@pytest.mark.parametrize("edition", [1, 2])
def test_each_point_of_the_chart_is_that_of_the_files(client: Client, edition: int) -> None:
    html = page(client, "/", edition=edition, day=None)
    rows = chart_rows(html)
    assert len(rows) > 24
    table = html[html.index("Show the figures as a table") :]
    order = sorted(Status, key=lambda status: table.index(f">{status.label}<"))
    for day, numbers in rows:
        counted = recount.count(edition, day)
        assert numbers == [*(counted[status] for status in order), counted.total()], day
