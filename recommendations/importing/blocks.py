"""HTML to blocks. A stream of events, not a tree: no depth of nesting can exhaust it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from html import escape
from html.parser import HTMLParser

import nh3

from .document import Block, Facts, Kind
from .metadata import day_in
from .page_parts import is_beside_text, main_part

HEADINGS = {f"h{n}": n for n in range(1, 7)}
INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em"}
KEPT = {"strong", "em", "a", "sup", "sub", "code"}
# What they hold is no text of the report.
DROPPED = {
    "script", "style", "template", "noscript", "nav", "form", "aside", "footer", "svg", "math",
    "s", "del", "strike", "iframe", "object", "select", "button", "textarea", "canvas", "audio",
    "video",
}  # fmt: skip
# They end the block that is open, whatever it is.
BREAKS = {
    "p", "div", "section", "article", "main", "header", "ul", "ol", "dl", "dt", "dd", "table",
    "thead", "tbody", "tfoot", "figure", "figcaption", "hr", "pre", "address", "details",
    "summary", "body", "html", "center", "fieldset",
}  # fmt: skip
VOID = {"br", "hr", "img", "meta", "link", "input", "wbr", "col", "source", "area", "base", "embed"}
SPACE = re.compile(r"\s+")
SAFE_LINK = re.compile(r"https?://", re.IGNORECASE)
END_TAG = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*)")
CELL_BORDER = " | "


def sanitised(html: str) -> str:
    """Return inline HTML that may stand in a page."""
    return nh3.clean(
        html,
        tags=KEPT,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow noopener",
    )


def clean_text(text: str) -> str:
    """Return text in NFC without control characters, its white space collapsed."""
    text = SPACE.sub(" ", unicodedata.normalize("NFC", text))
    if text.isprintable():
        return text
    visible = "".join(c for c in text if c in "\t\n\r " or unicodedata.category(c) not in DEAD)
    return SPACE.sub(" ", visible)


# Control characters, and private or unassigned ones, which no font shows.
DEAD = ("Cc", "Co", "Cs", "Cn")


def blocks_of(html: str) -> tuple[list[Block], Facts]:
    """Return the blocks of a page in their order, and what its head says of it."""
    reader = _Reader()
    reader.ends = Counter(tag.lower() for tag in END_TAG.findall(html))
    reader.main = main_part(reader.ends)
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.blocks, reader.facts


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.facts = Facts()
        self.dropped: list[str] = []
        self.inside: Counter[str] = Counter()
        # The element of the main part of a page, empty where it has none or several.
        self.main = ""
        self.in_main = self.has_ended = False
        self.counts: list[int | None] = []
        # How many end tags of each kind are still to come.
        self.ends: Counter[str] = Counter()
        self.depth = 0
        self.in_item = self.in_quote = 0
        self.is_continued = False
        self.heading = 0
        self.cells: list[str] | None = None
        self.cell_html: list[str] = []
        self.header_row = False
        self.in_title = False
        self._begin()

    def _begin(self) -> None:
        self.text = ""
        self.html: list[str] = []
        self.emphasis: list[tuple[int, int]] = []
        self.open: list[tuple[str, int, int]] = []

    # Events ------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        # One that is never closed would take the rest of the report with it.
        if self.ends[tag] > 0 and self._is_apart(tag, values):
            self.dropped.append(tag)
            self.inside[tag] += 1
        if self.dropped:
            return
        if tag == "meta":
            self._meta(values)
        elif tag == "html":
            self.facts.language = values.get("lang", "")[:2].lower()
        elif tag == "title":
            self.in_title = True
        elif tag == "br":
            self.handle_data(" ")
        elif tag in INLINE or tag in KEPT:
            self._open_inline(INLINE.get(tag, tag), values)
        else:
            self._structure(tag, values)

    def _is_apart(self, tag: str, values: dict[str, str]) -> bool:
        """Whether an element holds what is no text of the report."""
        # Elements of the same name inside end before the one that was dropped.
        if tag in DROPPED or self.inside[tag] > 0:
            return True
        return tag not in VOID and is_beside_text(tag, values)

    def _structure(self, tag: str, values: dict[str, str]) -> None:
        if tag == self.main:
            # What stood before it is the frame of the page.
            self.end_block()
            self.blocks, self.in_main = [], True
            return
        if tag in HEADINGS:
            self.end_block()
            self.heading = HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self.end_block()
            self.depth += 1
            start = values.get("start", "")
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1
            self.counts.append(first - 1 if tag == "ol" else None)
        elif tag == "li":
            self.end_block()
            self.in_item = max(self.depth, 1)
            self.is_continued = False
            if self.counts and (count := self.counts[-1]) is not None:
                self.counts[-1] = count + 1
        elif tag == "blockquote":
            self.end_block()
            self.in_quote += 1
        elif tag == "tr":
            self.end_block()
            self.cells, self.cell_html, self.header_row = [], [], True
        elif tag in ("td", "th"):
            self._end_cell()
            self.header_row = self.header_row and tag == "th"
        elif tag in BREAKS and self.cells is None:
            self.end_block()

    def handle_endtag(self, tag: str) -> None:
        self.ends[tag] -= 1
        if self.dropped:
            if self.inside[tag] > 0:
                while (name := self.dropped.pop()) != tag:
                    self.inside[name] -= 1
                self.inside[tag] -= 1
            return
        if tag == "title":
            self.in_title = False
        elif tag in INLINE or tag in KEPT:
            self._close_inline(INLINE.get(tag, tag))
        elif tag in HEADINGS:
            self.end_block()
            self.heading = 0
        elif tag in ("ul", "ol"):
            self.end_block()
            self.depth = max(self.depth - 1, 0)
            del self.counts[-1:]
            self.in_item = min(self.in_item, self.depth)
        elif tag == "li":
            self.end_block()
            self.in_item = self.depth - 1 if self.depth else 0
        elif tag == "blockquote":
            self.end_block()
            self.in_quote = max(self.in_quote - 1, 0)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()
        elif tag in BREAKS and self.cells is None:
            self.end_block()
        if tag == self.main and self.in_main:
            self.has_ended = True

    def handle_data(self, data: str) -> None:
        if self.dropped or self.has_ended:
            return
        if self.in_title:
            self.facts.title += clean_text(data)
            return
        text = clean_text(data)
        if not self.text or self.text.endswith(" "):
            text = text.removeprefix(" ")
        self.text += text
        self.html.append(escape(text, quote=False))

    # Inline elements ---------------------------------------------------------------------------

    def _open_inline(self, tag: str, values: dict[str, str]) -> None:
        href = values.get("href", "")
        if tag == "a" and not SAFE_LINK.match(href):
            return
        self.open.append((tag, len(self.text), len(self.html)))
        self.html.append(f'<a href="{escape(href)}">' if tag == "a" else f"<{tag}>")

    def _close_inline(self, tag: str) -> None:
        if all(name != tag for name, _start, _place in self.open):
            return
        # What was opened inside and not closed ends with it.
        while self.open:
            name, start, place = self.open.pop()
            # White space is one character at most, so two tell whether there are words.
            if not self.text[start : start + 2].strip():
                # A link around a picture, say, which nobody could see or name.
                self.html[place] = ""
            else:
                self.html.append(f"</{name}>")
                if name in ("strong", "em"):
                    self.emphasis.append((start, len(self.text)))
            if name == tag:
                return

    def _close_all(self) -> None:
        while self.open:
            self._close_inline(self.open[-1][0])

    # Blocks ------------------------------------------------------------------------------------

    def end_block(self) -> None:
        """Let what was read become a block. Inside a table it stays with its cell."""
        if self.cells is not None:
            return
        self._close_all()
        text = self.text.strip()
        if text:
            cut = len(self.text) - len(self.text.lstrip())
            spans = ((start - cut, min(stop - cut, len(text))) for start, stop in self.emphasis)
            kind, level = self._kind()
            html = sanitised("".join(self.html).strip())
            self.blocks.append(
                Block(
                    kind,
                    text,
                    html,
                    level,
                    tuple(sorted(spans)),
                    is_continued=kind == "item" and self.is_continued,
                    number=self._number(kind),
                )
            )
            self.is_continued = True
        self._begin()

    def _kind(self) -> tuple[Kind, int]:
        if self.heading:
            return "heading", self.heading
        if self.in_item:
            return "item", self.in_item
        return ("quote", 0) if self.in_quote else ("paragraph", 0)

    def _number(self, kind: Kind) -> str:
        count = self.counts[-1] if kind == "item" and self.counts else None
        return str(count) if count is not None and self.in_item == self.depth else ""

    def _end_cell(self) -> None:
        if self.cells is None:
            return
        self._close_all()
        if self.text.strip():
            self.cells.append(self.text.strip())
            self.cell_html.append(sanitised("".join(self.html).strip()))
        self._begin()

    def _end_row(self) -> None:
        if self.cells is None:
            return
        self._end_cell()
        cells, self.cells = self.cells, None
        if cells:
            self.blocks.append(
                Block(
                    "row",
                    CELL_BORDER.join(cells),
                    CELL_BORDER.join(self.cell_html),
                    cells=tuple(cells),
                    is_header=self.header_row,
                )
            )

    def _meta(self, values: dict[str, str]) -> None:
        name = (values.get("name") or values.get("property") or "").lower()
        content = clean_text(values.get("content", "")).strip()
        if name in ("author", "dc.creator", "citation_author", "article:author") and content:
            self.facts.authors.append(content)
        elif name in ("citation_publication_date", "dc.date", "article:published_time", "date"):
            self.facts.published_on = self.facts.published_on or day_in(content)
        elif name in ("citation_publisher", "dc.publisher", "publisher", "og:site_name"):
            self.facts.publisher = self.facts.publisher or content
