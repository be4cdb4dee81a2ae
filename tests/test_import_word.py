"""DOCX by outline levels and labels of lists, and other files."""

from __future__ import annotations

from html import escape

import pytest

from recommendations.importing import ImportProblem, read

from .importing_reports import (
    actions_of,
    in_sections,
    proposed,
    recommendations_of,
    titles_of,
)
from .report_files import MAIN, RELATIONS, TYPES, archive

STYLES = f"""<w:styles xmlns:w="{MAIN}">
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>
<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="HouseBig"><w:name w:val="House's Big"/>
<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="HouseSmall"><w:name w:val="House Small"/>
<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Teil"><w:name w:val="Teil"/>
<w:basedOn w:val="Heading1"/></w:style>
<w:style w:type="paragraph" w:styleId="HouseText"><w:name w:val="House Text"/></w:style>
<w:style w:type="paragraph" w:styleId="Round"><w:name w:val="Round"/>
<w:basedOn w:val="Round"/></w:style>
</w:styles>"""
LEVELS = {
    "1": [("decimal", "%1."), ("lowerLetter", "(%2)")],
    "2": [("bullet", "•"), ("bullet", "o")],
    "3": [("decimal", "Recommendation %1:"), ("decimal", "%1.%2")],
    "4": [("upperRoman", "%1."), ("aiueoFullWidth", "%2")],
}
NUMBERING = (
    f'<w:numbering xmlns:w="{MAIN}">'
    + "".join(
        f'<w:abstractNum w:abstractNumId="{key}">'
        + "".join(
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
            for n, (form, text) in enumerate(levels)
        )
        + "</w:abstractNum>"
        for key, levels in LEVELS.items()
    )
    + "".join(f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>' for key in LEVELS)
    + "</w:numbering>"
)


def line(
    text: str, *, style: str = "", listed: str = "", depth: int = 0, bold: bool = False
) -> str:
    """Return a paragraph of a Word document; `listed` is the number of its list."""
    number = (
        f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{listed}"/></w:numPr>' if listed else ""
    )
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f"<w:p><w:pPr>{named}{number}</w:pPr>"
        f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def word(*paragraphs: str) -> bytes:
    whole = f'<w:document xmlns:w="{MAIN}"><w:body>{"".join(paragraphs)}</w:body></w:document>'
    document_relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/styles" Target="styles.xml"/>'
        '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/numbering" Target="numbering.xml"/></Relationships>'
    )
    return archive(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS,
            "word/_rels/document.xml.rels": document_relations,
            "word/document.xml": whole,
            "word/styles.xml": STYLES,
            "word/numbering.xml": NUMBERING,
        }
    )


def test_a_style_is_a_heading_by_its_outline_level_or_that_of_its_base():
    outline = proposed(
        word(
            line("Seeds for owls", style="HouseBig", bold=True),
            line("Summary", style="HouseBig"),
            line("Owls must be fed.", style="HouseText", bold=True),
            line("Counting owls", style="HouseBig"),
            line("In barns", style="HouseSmall"),
            line("Figure 1. Owls by barn.", style="HouseText"),
            line("Recommendations", style="Teil"),
            line("The Owl Office should count owls.", listed="2"),
            line("The Barn Board should pay for it.", listed="2"),
            line("Annex", style="HouseBig"),
            line("A table.", style="Round"),
        )
    )
    assert outline.title == "Seeds for owls"
    assert titles_of(outline) == [
        "Summary",
        "Counting owls",
        "In barns",
        "Recommendations",
        "Annex",
    ]
    assert outline.sections[2].parent == 1
    assert {title: len(ones) for title, ones in in_sections(outline).items()} == {
        "Recommendations": 2
    }


def test_numbered_items_take_the_paragraphs_below_them_with_them():
    data = word(
        line("Recommendations", style="Title"),
        line("By Ada Example for the Owl Office"),
        line("Barn plans should be open to all ", listed="1", bold=True),
        line("They are asked for often."),
        line("The Owl Office should find out the cost."),
        line("Give owners a view of their own", listed="1", bold=True),
        line("It is a risk."),
        line("Further study of owls is needed.", listed="1", bold=True),
        line("The Owl Office should ask those who know."),
    )
    outline = proposed(data)
    assert recommendations_of(data) == [
        "1 Barn plans should be open to all",
        "2 Give owners a view of their own",
        "3 Further study of owls is needed",
    ]
    assert [len(one.blocks) for one in outline.recommendations] == [3, 2, 2]
    assert outline.authors == ("Ada Example",)


def test_bullets_between_numbered_items_are_actions_of_these():
    data = word(
        line("Owls at school", style="Title"),
        line("Recommendations", style="Heading1"),
        line("Owls should stay. This means:", listed="1", bold=True),
        line("Finding more mice;", listed="2"),
        line("Testing them.", listed="2"),
        line("If owls must go, this should be told:", listed="1", bold=True),
        line("There must be a letter.", listed="2"),
    )
    [first, second] = proposed(data).recommendations
    assert actions_of(first) == ["Owls should stay.", "Finding more mice;", "Testing them."]
    assert actions_of(second)[1:] == ["There must be a letter."]


def test_the_label_of_a_list_is_read_though_it_is_nowhere_in_the_text():
    data = word(
        line("Owls", style="Heading1"),
        line("Feed them.", listed="3"),
        line("It is cold."),
        line("Count them.", listed="3"),
    )
    assert recommendations_of(data) == ["1 Feed them", "2 Count them"]


def test_lists_count_as_word_shows_them():
    blocks = read(
        word(
            line("one", listed="4"),
            line("below", listed="4", depth=1),
            line("two", listed="4"),
            line("below again", listed="4", depth=1),
        )
    ).blocks
    assert [block.text for block in blocks] == ["I. one", "ア below", "II. two", "ア below again"]


def test_tracked_changes_are_read_as_accepted_and_said():
    changed = (
        '<w:p><w:r><w:t xml:space="preserve">Recommendation 1: Keep </w:t></w:r>'
        '<w:del w:id="1" w:author="A"><w:r><w:delText>one</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="A"><w:r><w:t>two</w:t></w:r></w:ins>'
        '<w:r><w:t xml:space="preserve"> owls.</w:t></w:r></w:p>'
    )
    outline = proposed(word(line("Recommendations", style="Heading1"), changed))
    assert [one.headline for one in outline.recommendations] == ["Keep two owls"]
    assert (
        "The file has tracked changes. It is read as if all of them were accepted." in outline.notes
    )


def test_a_paragraph_that_is_deleted_as_a_whole_is_no_text():
    deleted = (
        '<w:p><w:pPr><w:rPr><w:del w:id="1" w:author="A"/></w:rPr></w:pPr>'
        '<w:del w:id="2" w:author="A"><w:r><w:delText>Recommendation 2: Sell the barns.'
        "</w:delText></w:r></w:del></w:p>"
    )
    heading = line("Recommendations", style="Heading1")
    data = word(heading, line("Recommendation 1: Keep the barns."), deleted)
    assert recommendations_of(data) == ["1 Keep the barns"]


def test_a_text_box_that_is_given_in_two_forms_is_read_once():
    def box(*lines: str) -> str:
        content = f"<w:txbxContent>{''.join(lines)}</w:txbxContent>"
        return (
            '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
            'markup-compatibility/2006"><mc:Choice Requires="wps"><w:drawing><wps:txbx xmlns:wps='
            '"http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
            f"{content}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox "
            f'xmlns:v="urn:schemas-microsoft-com:vml">{content}</v:textbox></w:pict></mc:Fallback>'
            "</mc:AlternateContent></w:r></w:p>"
        )

    mice = [
        line("Recommendation 1: Mice in store", bold=True),
        line("The Barn Board should buy them."),
    ]
    count = [line("Recommendation 2: A count", bold=True), line("Each owner should count owls.")]
    outline = proposed(
        word(
            line("Food", style="Heading1"),
            box(*mice),
            line("Flight", style="Heading1"),
            box(*count),
        )
    )
    found = in_sections(outline)
    assert {title: [one.number for one in ones] for title, ones in found.items()} == {
        "Food": ["1"],
        "Flight": ["2"],
    }
    assert [one.repeated for one in outline.recommendations] == [(), ()]


def test_text_boxes_are_read_where_they_stand():
    box = (
        '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox>'
        f"<w:txbxContent>{line('Recommendation 1: One barn for each owl', bold=True)}"
        f"{line('The Owl Office should name it.')}</w:txbxContent></v:textbox></v:shape></w:pict>"
        "</w:r></w:p>"
    )
    outline = proposed(word(line("Barns", style="Heading1"), box, line("Tests", style="Heading1")))
    assert [one.headline for one in in_sections(outline)["Barns"]] == ["One barn for each owl"]


# What is no report --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        archive({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}),
        archive(
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}
        ),
        b"No.,Recommendation,Responsible\r\n1,Clean the wells,Town\r\n2,Count them,Board\r\n",
        "番号;提言;担当\n1;井戸を数える;町\n2;井戸を洗う;町\n".encode(),
        b"No\tRecommendation\tOwner\n1\tClean, and count, the wells\tTown\n",
        '\ufeffNo,Recommendation,Due\n1,"Clean\nthe wells",2033\n'.encode(),
    ],
    ids=["xlsx", "ods", "csv", "semicolons", "tabs", "quoted lines"],
)
def test_a_table_is_shown_its_own_way_in(data):
    with pytest.raises(ImportProblem, match="a way in of their own"):
        read(data)


@pytest.mark.parametrize(
    "text",
    [
        "First, we counted, and then we wrote.\nSecond, we wrote, and then we counted.\n",
        "# Wells, rivers, lakes\n\nOne, two, three.\n",
        "| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n",
        "---\ntitle: A, b, c\nauthor: d, e, f\n---\n\nText.\n",
    ],
)
def test_text_with_commas_is_no_table(text):
    assert read(text.encode()).blocks


def test_an_old_document_of_word_says_what_to_save_it_as():
    with pytest.raises(ImportProblem, match="old version of Word or Excel. Save it as DOCX"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
