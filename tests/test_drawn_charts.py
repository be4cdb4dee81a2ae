"""Charts that are drawn without a template: well-formed, escaped, the numbers of their table."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from recommendations.charts import (
    draw_bands,
    draw_stack_bar,
    draw_waffle,
    monthly_steps,
    stack_bar,
    waffle,
)
from recommendations.figures.counts import Counts
from recommendations.templatetags.history import count_cells
from recommendations.templatetags.tracker import waffle as waffle_tag

from .factories import published_action, published_update

STATUSES = ["implemented"] * 3 + ["rejected"] + ["partly"] * 4
HOSTILE = '"><script>alert(1)</script>&amp;'


def test_squares_stand_in_rows_with_their_titles() -> None:
    items = [("rejected", HOSTILE), ("implemented", "1.1a Do it"), ("partly", "1.1b")]
    drawn = draw_waffle(waffle(items, label=HOSTILE, size=16, columns=2))
    svg = ElementTree.fromstring(drawn)
    assert svg.get("aria-label").startswith(HOSTILE)
    assert (svg.get("width"), svg.get("height")) == ("36", "36")
    assert [title.text for title in svg.iter("title")] == ["1.1a Do it", "1.1b", HOSTILE]
    places = [(use.get("href"), use.get("x"), use.get("y")) for use in svg.iter("use")]
    assert places == [
        ("#s-implemented", "0", "0"),
        ("#s-partly", "20", "0"),
        ("#s-rejected", "0", "20"),
    ]


def test_without_actions_there_are_no_squares() -> None:
    svg = ElementTree.fromstring(draw_waffle(waffle([], label="0 verifiable actions:")))
    assert (len(svg), svg.get("width"), svg.get("height")) == (0, "0", "0")


@pytest.mark.parametrize(("height", "css_class"), [(44, "stackbar"), (12, "stackbar slim")])
def test_a_bar_has_a_part_for_each_status_in_use(height: int, css_class: str) -> None:
    bar = stack_bar(Counts.of(STATUSES), height=height, numbers=False, label=HOSTILE)
    svg = ElementTree.fromstring(draw_stack_bar(bar))
    assert (svg.get("class"), svg.get("height")) == (css_class, str(height))
    assert svg.get("aria-label").startswith(HOSTILE)
    titles = [title.text for title in svg.iter("title")]
    assert titles == ["Implemented: 3", "Partly implemented: 4", "Rejected: 1"]
    assert [part.get("width") for part in svg] == ["37.5%", "50%", "12.5%"]
    assert not list(svg.iter("text"))


def test_numbers_of_a_bar_stand_above_it_where_they_have_room() -> None:
    bar = stack_bar(Counts({"implemented": 499, "partly": 1}), height=44, numbers=True, label="")
    room = ElementTree.fromstring(draw_stack_bar(bar))
    assert room.get("class") == "bar-room"
    [text] = room.iter("text")
    assert (text.text, text.get("class")) == ("499", "room-240")


def test_titles_are_in_the_language_of_the_page() -> None:
    with override("ja"):
        bar = stack_bar(Counts.of(["rejected"]), height=12, numbers=False, label="")
        assert "<title>不採用：1</title>" in draw_stack_bar(bar)


def test_each_run_of_months_is_an_area_with_an_upper_edge() -> None:
    months = [
        (date(2025, 1, 31), Counts.of(["partly"])),
        (date(2025, 2, 28), Counts.of(["partly"])),
        (date(2025, 3, 31), Counts.of(["implemented"])),
    ]
    bands = monthly_steps(months).bands
    drawn = ElementTree.fromstring(draw_bands(bands))
    places = [
        (group.get("class"), part.get("x") or part.get("x1"), part.get("width") or part.get("x2"))
        for group in drawn
        for part in group
    ]
    assert places == [
        ("f-implemented", "66.667%", "33.333%"),
        ("f-partly", "0%", "66.667%"),
        ("edge k-implemented", "66.667%", "100%"),
        ("edge k-partly", "0%", "66.667%"),
    ]


def test_bands_of_a_month_stand_on_each_other() -> None:
    [first, second] = monthly_steps([(date(2025, 1, 31), Counts.of(["partly", "rejected"]))]).bands
    assert float(second.y) + float(second.height) == float(first.y)


def test_cells_of_a_month_are_its_counts_and_their_sum() -> None:
    row = ElementTree.fromstring(f"<tr>{count_cells(Counts.of(STATUSES))}</tr>")
    assert [int(cell.text) for cell in row] == [3, 4, 0, 0, 0, 0, 0, 1, 8]


@pytest.mark.django_db
def test_a_square_names_its_action_and_what_it_has_fallen_from() -> None:
    action = published_action(title="Found <one> office")
    published_update(action, "implemented", on=date(2025, 1, 2))
    published_update(action, "rejected", on=date(2025, 2, 3))
    action.refresh_from_db()
    [title] = ElementTree.fromstring(waffle_tag([action])).iter("title")
    assert title.text == f"{action.label} Found <one> office: Rejected (lapsed)"


@pytest.mark.parametrize(("length", "ending"), [(60, "a"), (61, "…")])
@pytest.mark.django_db
def test_a_square_says_the_beginning_of_a_long_title(length: int, ending: str) -> None:
    action = published_action(title="a" * length)
    [said] = re.findall("<title>(.*?)</title>", waffle_tag([action]))
    assert said == f"{action.label} {'a' * 59}{ending}: {action.get_status_display()}"
