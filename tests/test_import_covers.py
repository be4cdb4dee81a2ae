"""Title, authors and date of a report: what its first lines say before what its file says."""

from __future__ import annotations

from datetime import date

import pytest

from recommendations.importing.cover import are_authors, authors_on, cover_of, date_on, is_shown
from recommendations.importing.document import Block
from recommendations.importing.metadata import date_in, names_of_authors

from .importing_reports import proposed
from .printed_pages import Printed, paragraph, printed


def lines(*texts: str) -> list[Block]:
    return [Block("paragraph", text, text) for text in texts]


@pytest.mark.parametrize(
    ("text", "on", "precision"),
    [
        ("July 2032", date(2032, 7, 1), "month"),
        ("JULY 2032", date(2032, 7, 1), "month"),
        ("8 July 2032", date(2032, 7, 8), "day"),
        ("令和４年４月", date(2022, 4, 1), "month"),
        ("令和元年５月１日", date(2019, 5, 1), "day"),
        ("２０３１年９月７日", date(2031, 9, 7), "day"),
        ("2031年9月", date(2031, 9, 1), "month"),
        ("in 2031", None, None),
    ],
)
def test_a_date_is_read_as_exactly_as_it_is_stated(text, on, precision):
    found = date_in(text)
    assert (found and (found.on, found.precision)) == (on and (on, precision))


@pytest.mark.parametrize(
    ("texts", "on"),
    [
        (("July 2032", "Ordered to be printed 18 July 2032"), date(2032, 7, 18)),
        (("Ordered to be printed 11 July 2032 and published 19 July 2032",), date(2032, 7, 19)),
        (("Last updated 14 May 2031", "Published 3 May 2031"), date(2031, 5, 3)),
        (("Evidence up to 28 June 2031",), None),
        (("By September 2031, all agencies will name their questions.",), None),
        (("2031年末時点の井戸の数について",), None),
    ],
)
def test_the_day_of_publication_is_told_from_other_days_of_a_cover(texts, on):
    found = date_on(lines(*texts))
    assert (found.on if found else None) == on


def test_a_month_alone_is_the_date_of_a_report_with_its_precision():
    outline = proposed(
        "# Wells\n\nMay 2032\n\n## Recommendations\n\n- Clean them within 3 months.\n"
    )
    assert (outline.published_on, outline.published_precision) == (date(2032, 5, 1), "month")
    [one] = outline.recommendations
    assert (one.actions[0].deadline.on, one.actions[0].deadline.precision) == (
        date(2032, 8, 1),
        "month",
    )


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (("By Ada Example and Ben Sample",), ["Ada Example", "Ben Sample"]),
        (("A report by Ada Example for the Road Office",), ["Ada Example"]),
        (("By the Well Commission",), ["Well Commission"]),
        (("By June 2031, all will be done.",), []),
        (("架空井戸庁長官　様", "架空井戸協会"), ["架空井戸協会"]),
        (
            ("Authors: Ada Example, Ben Sample, and Cy Noone",),
            ["Ada Example", "Ben Sample", "Cy Noone"],
        ),
    ],
)
def test_authors_are_those_that_a_cover_names(texts, names):
    assert authors_on(lines(*texts)) == names


@pytest.mark.parametrize(
    "name", ["Acrobat Pro 24", "webmaster", "jmiller7", "EOP", "Microsoft Office User"]
)
def test_programs_and_logins_are_no_authors(name):
    assert not are_authors([name], lines("Wells of the valley"))


def test_a_surname_before_a_given_name_is_one_author_and_counts_where_the_cover_has_both():
    assert names_of_authors("Example-Noone, Ada") == ["Ada Example-Noone"]
    assert are_authors(["Ada Example-Noone"], lines("By Ada Example-Noone, an intern"))


def test_a_group_that_signs_in_front_matter_is_the_author():
    outline = proposed("---\ntitle: A\nconsortium:\n  - name: The Well Group\n---\n\nText.\n")
    assert outline.authors == ("The Well Group",)


def test_a_property_counts_where_the_first_lines_say_the_same():
    cover = cover_of(lines("The wells", "of the valley", "Volume 1"))
    assert is_shown("The Wells of the Valley", cover)
    assert not is_shown("Committee Report 4.3", cover)


def test_the_largest_line_of_a_cover_is_the_title_of_a_pdf_and_no_section():
    pages = [
        [
            Printed("Water Commission", 70, 60, 14),
            Printed("The Wells", 70, 100, 30, True),
            Printed("of the Valley", 70, 135, 30, True),
            Printed("Volume 1", 70, 190, 36),
        ],
        [Printed("1. Start", 70, 60, 16, True), *paragraph(["It began."] * 12, top=100)],
    ]
    outline = proposed(printed(pages, title="Committee Report 4.3", author="coop"))
    assert outline.title == "The Wells of the Valley"
    assert outline.authors == ()
    assert "The Wells" not in [section.title for section in outline.sections]
