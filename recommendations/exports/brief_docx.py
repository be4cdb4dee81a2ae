"""A brief as DOCX: headings, tables, lists and links of the word processor's own kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import CharacterStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from recommendations.figures.brief import Brief, BriefPage, SourceLine
from recommendations.figures.caveats import caveat_sentence
from recommendations.models import Edition
from recommendations.text.dates import date_text
from recommendations.text.licence import LICENCE, LICENCE_URL
from recommendations.text.punctuation import colon, comma, gap
from recommendations.text.scripts import language_of

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What XML has no way to write: a file with one would not open.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LATIN, JAPANESE = "Calibri", "Yu Gothic"
LOCALES = {"en": "en-GB", "ja": "ja-JP"}
# Of these styles of the library's template all that is written here is made: by name and key. Only
# to look a key up by its name takes the library longer than to write a paragraph.
STYLES = {
    "Normal": "Normal",
    "Title": "Title",
    "Heading 1": "Heading1",
    "Heading 2": "Heading2",
    "List Bullet": "ListBullet",
    "Table Grid": "TableGrid",
}
HEADINGS = ("Title", "Heading 1", "Heading 2")
IN_TABLE, IN_HEAD = "TableText", "TableHead"
WIDTHS = (Mm(14), Mm(86), Mm(28), Mm(21), Mm(21))


@dataclass(frozen=True)
class Cover:
    """What the file says of itself; `names_reports` where its numbers could be of two."""

    site: str
    on: date
    edition: Edition | None
    filters: str
    address: str
    language: str
    names_reports: bool = False

    @property
    def title(self) -> str:
        return _("%(site)s: brief") % {"site": self.site}

    @property
    def as_of(self) -> str:
        if self.edition is None:
            return _("Record as of %(day)s") % {"day": date_text(self.on)}
        return _("Record as of %(day)s, edition %(number)d") % {
            "day": date_text(self.on),
            "number": self.edition.number,
        }


def document_of(brief: Brief, cover: Cover) -> bytes:
    document = Document()
    _set_up(document, cover)
    _write_cover(document, brief, cover)
    for page in brief.pages:
        _write_page(document, page)
    written = BytesIO()
    document.save(written)
    return _undated(written)


def _undated(written: BytesIO) -> bytes:
    """Return the file without when it was made: the same brief is the same file."""
    copied = BytesIO()
    with ZipFile(written) as made, ZipFile(copied, "w") as archive:
        for one in made.infolist():
            archive.writestr(ZipInfo(one.filename), made.read(one), ZIP_DEFLATED)
    return copied.getvalue()


def clean(text: str) -> str:
    """Return a text that XML can say; what it cannot is shown as missing."""
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


# The document ------------------------------------------------------------------------------------


def _set_up(document: Any, cover: Cover) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(18)
    for name in STYLES:
        _give_fonts(document.styles[name], cover.language)
    document.styles["Normal"].font.size = Pt(10.5)
    for key in (IN_TABLE, IN_HEAD):
        style = document.styles.add_style(key, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size, style.font.bold = Pt(9.5), key == IN_HEAD
    known = document.core_properties
    known.title, known.author = clean(cover.title), clean(cover.site)
    known.language = LOCALES.get(cover.language, cover.language)
    known.subject, known.comments = cover.as_of, f"{LICENCE} {LICENCE_URL}"
    known.created = known.modified = datetime.combine(cover.on, time(), UTC)
    known.last_modified_by = clean(cover.site)
    footer = section.footer.paragraphs[0]
    _write(footer, f"{cover.site} · {cover.as_of} · CC BY 4.0")


def _give_fonts(style: CharacterStyle, language: str) -> None:
    """Name fonts for both scripts: without them Word draws Japanese in whatever it has."""
    style.font.name = LATIN
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), JAPANESE)
    _set_language(properties, language)


def _set_language(properties: Any, language: str) -> None:
    found = properties.find(qn("w:lang"))
    if found is None:
        found = OxmlElement("w:lang")
        properties.append(found)
    locale = LOCALES.get(language, language)
    found.set(qn("w:val"), locale)
    found.set(qn("w:eastAsia"), locale if language == "ja" else LOCALES["ja"])


# What stands in it -------------------------------------------------------------------------------


def _write(paragraph: Paragraph, text: str) -> None:
    """Write a text with the language that it is in."""
    run = paragraph.add_run(clean(text))
    if language := language_of(text):
        _set_language(run._r.get_or_add_rPr(), language)


def _styled(document: Any, style: str) -> Paragraph:
    paragraph: Paragraph = document.add_paragraph()
    paragraph._p.style = STYLES[style]
    return paragraph


def _paragraph(document: Any, text: str) -> None:
    _write(document.add_paragraph(), text)


def _heading(document: Any, text: str, level: int) -> Paragraph:
    heading = _styled(document, HEADINGS[level])
    _write(heading, text)
    return heading


def _labelled(document: Any, label: str, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(clean(f"{label}{colon()}")).bold = True
    _write(paragraph, text)


def _link(paragraph: Paragraph, address: str, text: str) -> None:
    target = paragraph.part.relate_to(clean(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = paragraph.add_run(clean(text))
    run.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _write_cover(document: Any, brief: Brief, cover: Cover) -> None:
    _heading(document, cover.title, 0)
    _paragraph(document, cover.as_of)
    if cover.filters:
        _labelled(document, _("Filters"), cover.filters)
    _paragraph(document, brief.numbers_sentence)
    if brief.left_out:
        _paragraph(document, brief.left_out_sentence)
    for caveat in brief.caveats:
        _paragraph(document, caveat_sentence(caveat, is_named=cover.names_reports))
    permanent = document.add_paragraph()
    permanent.add_run(clean(_("Permanent address of this page:") + gap()))
    _link(permanent, cover.address, cover.address)
    licence = document.add_paragraph()
    licence.add_run(clean(_("Licence") + colon()))
    _link(licence, LICENCE_URL, LICENCE)


def _write_page(document: Any, page: BriefPage) -> None:
    heading = _heading(document, f"{page.number} {page.headline}", 1)
    heading.paragraph_format.page_break_before = True
    _paragraph(document, page.place)
    if page.ask:
        _labelled(document, _("The ask"), page.ask)
    _labelled(document, _("Status"), comma().join(filter(None, (page.status_label, page.fell))))
    _labelled(document, _("Why"), page.why)
    if page.actions:
        _heading(document, _("Actions"), 2)
        _write_actions(document, page)
    _heading(document, _("Sources"), 2)
    for source in page.sources:
        _write_source(document, source)
    if not page.sources:
        _paragraph(document, _("None is recorded."))
    if page.more_sources:
        words = ngettext("%(n)d more on the page.", "%(n)d more on the page.", page.more_sources)
        _paragraph(document, words % {"n": page.more_sources})


def _write_actions(document: Any, page: BriefPage) -> None:
    heads = (_("No."), _("Action"), _("Status"), _("Since"), _("Deadline"))
    said = [
        (action.label, action.title, action.status_label, action.since, action.deadline)
        for action in page.actions
    ]
    table = document.add_table(rows=1 + len(said), cols=len(heads))
    table._tbl.tblStyle_val = STYLES["Table Grid"]
    _mark_as_head(table)
    for row, texts in zip(table._tbl.tr_lst, (heads, *said), strict=True):
        _fill(table, row, texts, style=IN_HEAD if texts is heads else IN_TABLE)


def _fill(table: Table, row: Any, texts: Sequence[str], *, style: str) -> None:
    for cell, text, width in zip(row.tc_lst, texts, WIDTHS, strict=True):
        cell.width = width
        [own] = cell.p_lst
        own.style = style
        _write(Paragraph(own, table), text or "–")


def _mark_as_head(table: Table) -> None:
    """Have the first row repeat on each page, and be read out as the head of its columns."""
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _write_source(document: Any, source: SourceLine) -> None:
    paragraph = _styled(document, "List Bullet")
    if source.url:
        _link(paragraph, source.url, source.text)
    else:
        _write(paragraph, source.text)
