"""Every number on a page that leads to the list is the number of rows that the list has."""

import re

import pytest

from .lengths import IS_LONG, each, has_long_form
from .reading import csv_rows, links_of, list_count, text_of


def linked_numbers(html: str) -> dict[str, int]:
    found = {}
    # A whole chart that leads on has the numbers of its parts in its text.
    without_charts = re.sub(r'<a\s+class="of-chart".*?</a>', "", html, flags=re.DOTALL)
    for href, text in links_of(without_charts):
        number = re.search(r"^(\d+)( of \d+ actions)?$|: (\d+)$", text)
        if href.startswith("/recommendations/?") and number:
            found[href] = int(number[1] or number[3])
    return found


@has_long_form
@pytest.mark.parametrize(
    ("page", "at_least"),
    [
        ("/", 55),
        ("/areas/trade-and-investment/", 15),
        ("/parties/south-korea/", 15),
        ("/deadlines/", 20),
    ],
)
def test_linked_numbers_are_those_of_list_and_csv(client, baseline, page, at_least):
    numbers = linked_numbers(client.get(page).content.decode())
    assert len(numbers) >= at_least
    for href, number in each(list(numbers.items()), step=3):
        shown, _all = list_count(client.get(href).content.decode())
        assert shown == number, href
    for href, number in each(list(numbers.items()), step=10):
        rows = csv_rows(client.get(href.replace("/recommendations/", "/recommendations.csv")))
        assert len(rows) == number, href


def test_headline_names_its_denominator(client, baseline):
    text = text_of(client.get("/").content.decode())
    assert "5 of 83 verifiable actions are implemented" in text
    rows = csv_rows(client.get("/recommendations.csv"))
    assert len(rows) == 83
    assert sum(row["status"] == "implemented" for row in rows) == 5


def of_every_filter(values: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the facets, in the short form the first and the last of each filter."""
    ends = {value[0]: value for value in reversed(values)}, {value[0]: value for value in values}
    return values if IS_LONG else [value for end in ends for value in end.values()]


@has_long_form
def test_each_facet_counts_what_choosing_it_shows(client, baseline):
    html = client.get("/recommendations/?party=japan&status=in_progress").content.decode()
    values = re.findall(
        r'name="(\w+)" value="([\w-]+)" id="[^"]*"( checked)? *>.*?<span class="n">(\d+)</span>',
        html,
    )
    assert len(values) > 40
    kept = {"party": ["japan"], "status": ["in_progress"]}
    for name, code, _checked, number in of_every_filter(values):
        query = {**kept, name: [code]}
        address = "&".join(f"{key}={value}" for key, codes in query.items() for value in codes)
        shown, _all = list_count(client.get(f"/recommendations/?{address}").content.decode())
        assert shown == int(number), address
