"""The one form that every file becomes before it is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .metadata import DatePrecision

Kind = Literal["heading", "paragraph", "item", "row", "quote"]


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list item or table row.

    `html` holds inline elements alone, sanitised; `text` is what stands between its tags, white
    space collapsed, and all places are offsets in it. `emphasis` are the spans that are bold or
    italic. `level` is that of a heading (1 to 6), the depth of a list item (from 1), else 0.
    `cells` are the texts of a row, from which its `text` is joined; `is_continued` marks what is
    not the first of its list item. `number` is that of an item of a numbered list.
    """

    kind: Kind
    text: str
    html: str
    level: int = 0
    emphasis: tuple[tuple[int, int], ...] = ()
    cells: tuple[str, ...] = ()
    is_header: bool = False
    is_continued: bool = False
    number: str = ""

    @property
    def has_strong(self) -> bool:
        """Whether any of it is bold, as against italic alone."""
        return "<strong>" in self.html

    @property
    def lead(self) -> str:
        """The bold or italic words that it opens with, empty if there are none."""
        end = 0
        for start, stop in self.emphasis:
            if self.text[end:start].strip():
                break
            end = stop
        return self.text[:end].strip()


@dataclass(frozen=True)
class Document:
    """A report as read from a file. `language` is an ISO 639 code.

    Of a month, `published_on` is the first day.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    published_on: date | None = None
    published_precision: DatePrecision = "day"
    publisher: str = ""
    language: str = "en"
    notes: tuple[str, ...] = ()


@dataclass
class Facts:
    """What a file says of its report apart from the text; a format fills what it has.

    `is_stated` says that somebody wrote it for the readers of the file. What a program filled in
    counts where the first lines of the text say the same. `cover_title` is in the largest type.
    """

    title: str = ""
    is_stated: bool = False
    cover_title: str = ""
    subtitle: str = ""
    authors: list[str] = field(default_factory=list)
    published_on: date | None = None
    published_precision: DatePrecision = "day"
    publisher: str = ""
    language: str = ""
    notes: list[str] = field(default_factory=list)
