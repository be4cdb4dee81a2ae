"""PDF: which lines belong together, what is a heading, and what is no text of the report."""

from __future__ import annotations

from datetime import date

import pytest

from recommendations.importing import ImportProblem, read

from .importing_reports import (
    actions_of,
    headlines_of,
    in_sections,
    proposed,
    recommendations_of,
    titles_of,
)
from .printed_pages import Printed, paragraph, printed
from .report_files import picture_pdf

LONG = [
    "The mills of the valley were built when the river was wide, and nobody who built",
    "them thought of a summer without rain. They turn on few days of the year now, and",
    "their owners have other work.",
]


def head(text: str, page: int) -> list[Printed]:
    """A running head that stands apart from the text, and the number of a page."""
    return [Printed(text, 380, 40, 9), Printed(str(page), 295, 790, 9)]


def inquiry() -> bytes:
    """An inquiry: a cover, a chapter with a note, numbered asks without space between them."""
    cover = [Printed("Report of the Mill Inquiry", 70, 70, 22, True)]
    cover += [Printed("Volume 2", 70, 130), Printed("9 May 2032", 70, 170)]
    first = [Printed("1. How it began", 70, 70, 15, True), *paragraph(LONG, top=110)]
    first += [Printed("4", 208.6, 136.5, 6)]
    first += [Printed("4 Any promise of water should be read with page 7.", 70, 730, 8)]
    asks = [
        "1. The River Office shall answer this report in writing by 3 March 2033.",
        "2. The Millers shall say in public what water each of them took, so that everybody",
        "can see it, before the end of the year 2033.",
        "3. Every owner shall be heard.",
        "4. No wheel shall turn after midnight on the last day of the month of June in the year",
        "2033.",
        "5. A warden shall be appointed as soon as is practicable.",
    ]
    lefts = [70, 70, 100, 70, 70, 100, 70]
    second = [Printed("2. Recommendations", 70, 70, 15, True)]
    second += [
        Printed(text, left, 110 + 14.3 * n)
        for n, (text, left) in enumerate(zip(asks, lefts, strict=True))
    ]
    third = [Printed("3. What it cost", 70, 70, 15, True), *paragraph(LONG, top=110)]
    heads = ["Chapter 1: How it began", "Volume 2 of the Mill Inquiry", "Chapter 3: What it cost"]
    pages = [first, second, third]
    return printed(
        [cover, *(head(heads[n], n + 1) + page for n, page in enumerate(pages))],
        title="Microsoft Word - draft7.doc",
        author="jmiller",
    )


def test_each_number_at_the_start_of_a_line_opens_a_recommendation():
    found = in_sections(proposed(inquiry()))
    assert list(found) == ["2. Recommendations"]
    assert [one.number for one in found["2. Recommendations"]] == ["1", "2", "3", "4", "5"]
    assert found["2. Recommendations"][1].headline.endswith("before the end of the year 2033")


def test_a_line_that_is_a_year_is_no_page_number():
    assert "June in the year 2033" in headlines_of(inquiry())[3]


def test_heads_page_numbers_and_notes_are_no_text():
    outline = proposed(inquiry())
    text = " ".join(block.text for block in outline.blocks)
    for gone in ("Chapter 1: How", "Volume 2 of", "Any promise", "Chapter 3: What"):
        assert gone not in text
    assert not [ask.text for section in outline.sections for ask in section.asks]
    assert not [block for block in outline.blocks if block.text.isdigit()]


def test_the_cover_says_title_and_date_rather_than_the_properties():
    outline = proposed(inquiry())
    assert outline.title == "Report of the Mill Inquiry"
    assert outline.published_on == date(2032, 5, 9)
    assert outline.authors == ()


def test_deadlines_in_numbered_paragraphs_are_read():
    actions = [one.actions[0] for one in proposed(inquiry()).recommendations]
    assert (actions[0].deadline.on, actions[0].deadline.precision) == (date(2033, 3, 3), "day")
    assert (actions[1].deadline.on.year, actions[1].deadline.precision) == (2033, "year")
    assert actions[4].deadline_words == "as soon as is practicable"


def test_the_mark_of_a_note_is_no_word_of_its_line():
    [block] = [b for b in read(inquiry()).blocks if b.text.startswith("The mills")][:1]
    assert "4" not in block.text or "<sup>4</sup>" in block.html


def divided() -> bytes:
    lines = [
        "A city-wide drought is one that no well can meet. Half-empty wells are rare, and the non-",
        "payment of dues is not. The pre-",
        "paredness of the wells was never seen, and the river-",
        "related losses were not counted. The river is long. What is related to it is not known.",
    ]
    asks = [
        Printed("Recommendation 1: One map for a city-", 70, 240, 11, True),
        Printed("wide drought.", 70, 254.3, 11, True),
        Printed("The Well Board should draw it.", 152, 254.3),
        Printed("Recommendation 2: A half-empty well.", 70, 290, 11, True),
        Printed("The Well Board should count them.", 280, 290),
    ]
    return printed([[Printed("Wells", 70, 60, 20, True), *paragraph(lines, top=110), *asks]])


def test_compounds_keep_their_hyphen_and_divided_words_lose_it():
    text = " ".join(block.text for block in read(divided()).blocks)
    for word in ("non-payment", "preparedness", "river-related", "city-wide drought."):
        assert word in text


def test_a_bold_opening_goes_on_over_the_end_of_its_line():
    assert recommendations_of(divided()) == [
        "1 One map for a city-wide drought",
        "2 A half-empty well",
    ]


def opinion() -> bytes:
    """An opinion in Japanese in type of one size, with radicals in the place of letters."""
    lines = [
        Printed("２０３２年５月９日", 400, 60),
        Printed("架空水道庁長官　様", 70, 90),
        Printed("架空井戸協会", 430, 120),
        Printed("水道法改正に関する意見書", 200, 150),
        Printed(
            "日頃より水道行政にご尽力いただき感謝します。会員の意見を次のとおり取りまとめま",
            81,
            180,
        ),
        Printed("したので提出します。", 70, 194.3),
        Printed("記", 290, 230),
        Printed("１　井戸の管理について", 70, 250),
        Printed(
            "（１）　井戸の⽔を国民のものとして法に明記することとし、その管理は市町村が行う",
            81,
            264.3,
        ),
        Printed("ものとすること。", 81, 278.6),
        Printed("（２）　井戸の台帳を公開すること。", 81, 292.9),
        Printed("２　料金について", 70, 307.2),
        Printed("（１）　令和１５年３月末までに料金を統一すること。", 81, 321.5),
        Printed("３　その他", 70, 335.8),
        Printed("水道の設置者として組合を明記すること。", 81, 350.1),
    ]
    return printed([lines])


def test_each_bracketed_number_opens_a_request_and_plain_numbers_are_titles():
    found = in_sections(proposed(opinion()))
    assert {title: len(ones) for title, ones in found.items()} == {
        "１ 井戸の管理について": 2,
        "２ 料金について": 1,
        "３ その他": 1,
    }


def test_radicals_are_folded_to_the_letters_that_a_search_finds():
    headline = headlines_of(opinion())[0]
    assert headline.startswith("井戸の水を")
    assert "\u2f54" not in headline


def test_a_letter_says_its_title_author_date_and_to_whom_it_goes():
    outline = proposed(opinion())
    assert outline.title == "水道法改正に関する意見書"
    assert outline.authors == ("架空井戸協会",)
    assert outline.published_on == date(2032, 5, 9)
    actions = [action for one in outline.recommendations for action in one.actions]
    assert {action.new_bodies for action in actions} == {("架空水道庁長官",)}
    assert (actions[2].deadline.on, actions[2].deadline.precision) == (date(2033, 3, 1), "month")


def with_table() -> bytes:
    """A page with a bold table, turned words, bullets in larger type, and two chapters."""
    turned = [
        Printed(letter, left, 300 - 6 * n, 10, is_bold=True, is_turned=True)
        for left, word in ((60, "Rain"), (64.5 + 20, "Wind"))
        for n, letter in enumerate(word)
    ]
    table = [
        Printed("Place", 120, 320, 10, True),
        Printed("Wells", 240, 320, 10, True),
        Printed("People", 360, 320, 10, True),
        Printed("North", 120, 334, 10, True),
        Printed("South", 240, 334, 10, True),
    ]
    lines = [
        Printed("Report on wells", 70, 60, 22, True),
        Printed("Chapter 1: Places", 70, 110, 15, True),
        *paragraph(LONG, top=150),
        *table,
        *turned,
        *paragraph(LONG, top=380),
        Printed("• The Board could ask people once.", 70, 460, 16),
        Printed("• The Board could ask them twice.", 70, 490, 16),
        Printed("Chapter 2: Recommendations", 70, 540, 15, True),
        Printed("2.1. We recommend that the Board ask people once.", 70, 580),
        Printed("2.2. We further recommend that the Ministry pay for it.", 70, 610),
    ]
    return printed([lines])


def test_cells_turned_words_and_large_bullets_are_no_headings():
    outline = proposed(with_table())
    assert titles_of(outline) == ["Chapter 1: Places", "Chapter 2: Recommendations"]
    assert [one.number for one in outline.recommendations] == ["2.1", "2.2"]


def columns() -> bytes:
    left = [
        Printed("Storms: a brief", 70, 60, 20, True),
        Printed("By Ada Example and Ben Sample", 70, 100),
        Printed("The problem", 70, 140, 14, True),
        *paragraph(
            ["The wells of the town dry up when", "the wind comes from the east, and"], top=170
        ),
    ]
    right = [
        *paragraph(["nobody knows why.", "It was so for years."], top=70, left=320),
        Printed("Recommendations", 320, 130, 14, True),
        *paragraph(["Recommendation 1: One map."], top=160, left=320, is_bold=True),
        *paragraph(["The Board should draw a map of all", "wells."], top=174.3, left=320),
        *paragraph(["Recommendation 2: A test."], top=220, left=320, is_bold=True),
        *paragraph(["Each owner should test each well."], top=234.3, left=320),
        Printed("Conclusion", 320, 270, 14, True),
        *paragraph(["All will be well."], top=300, left=320),
    ]
    return printed([[*left, *right]])


def test_columns_are_read_one_after_the_other():
    outline = proposed(columns())
    assert titles_of(outline) == ["The problem", "Recommendations", "Conclusion"]
    assert outline.authors == ("Ada Example", "Ben Sample")
    assert recommendations_of(columns()) == ["1 One map", "2 A test"]
    text = " ".join(block.text for block in outline.blocks)
    assert "from the east, and nobody knows why." in text


def test_bullets_of_a_font_of_signs_are_bullets_and_deeper_ones_lie_below():
    lines = [
        Printed("Recommendations", 70, 60, 20, True),
        Printed("• The Board should count the wells:", 70, 100),
        Printed("– in the north;", 95, 114.3),
        Printed("– in the south.", 95, 128.6),
        Printed("• The Board should clean them.", 70, 142.9),
        *paragraph(LONG, top=300),
    ]
    [first, second] = proposed(printed([lines])).recommendations
    assert actions_of(first)[1:] == ["in the north;", "in the south."]
    assert second.headline == "The Board should clean them"


def test_a_list_of_contents_has_no_headings():
    lines = [
        Printed("Contents", 70, 60, 20, True),
        *(
            Printed(f"{name} {'.' * 60} {n}", 70, 100 + 20 * n, 11, True)
            for n, name in enumerate(("Wells", "Recommendations", "Rivers"))
        ),
    ]
    pages = [lines, [Printed("Wells", 70, 60, 20, True), *paragraph(LONG, top=110)]]
    assert "Recommendations" not in titles_of(proposed(printed(pages)))


@pytest.mark.parametrize("pages", [1, 30])
def test_a_scan_is_refused_at_once(pages):
    with pytest.raises(ImportProblem, match="its pages are pictures"):
        read(printed([[]] * pages) if pages > 1 else picture_pdf())


def test_pages_that_are_pictures_among_others_are_counted_in_a_note():
    pages = [paragraph(LONG, top=70), [], [], [], paragraph(LONG, top=70)]
    assert proposed(printed(pages)).notes[0].startswith("3 pages have no text in them")


def test_a_locked_file_says_how_to_unlock_it(monkeypatch):
    from recommendations.importing import pdf

    def locked(_data: bytes) -> None:
        error = pdf.pypdfium2.PdfiumError("no")
        error.err_code = pdf.LOCKED
        raise error

    monkeypatch.setattr(pdf.pypdfium2, "PdfDocument", locked)
    with pytest.raises(ImportProblem, match="locked with a password"):
        read(b"%PDF-1.5\n")


def test_too_many_pages_are_refused_with_what_to_do(monkeypatch):
    monkeypatch.setattr("recommendations.importing.pdf.MOST_PAGES", 2)
    with pytest.raises(ImportProblem, match="more than 2 pages. Import it in parts"):
        read(printed([paragraph(LONG, top=70)] * 3))
