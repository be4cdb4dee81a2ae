"""What an editor says of a spreadsheet beside the meaning of its columns."""

from __future__ import annotations

import hashlib
from datetime import date

from msgspec import Struct, ValidationError, convert, field, to_builtins


class ReportChoice(Struct, frozen=True):
    """Which report a name in the table is: one that there is, or a new one with these facts."""

    slug: str = ""
    title: str = ""
    new_slug: str = ""
    published_on: date | None = None

    @property
    def is_whole(self) -> bool:
        return bool(self.slug or (self.title and self.new_slug and self.published_on))


class Source(Struct, frozen=True):
    """The delivery as a source: what each draft of it cites."""

    title: str
    publisher: str
    url: str
    published_on: date
    published_precision: str
    accessed_on: date
    kind: str


class Decisions(Struct):
    """Rows to skip; groups of alike problems whose cells or rows are left out; who is who.

    `parties` are those that the table is about; `owners` say by a folded name whom it means (as
    "party:slug", "body:slug", "new-party:kind", "new-body:slug of its party" or "none"); `same` by
    what is read ("recommendation-12", of row 12) which of ours it is, 0 for none; `taken` and
    `kept` which changes are taken over and which are not, where somebody chose.
    """

    rows: list[int] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    reports: dict[str, ReportChoice] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    source: Source | None = None


def as_json(decisions: Decisions) -> object:
    return to_builtins(decisions)


def from_json(kept: object) -> Decisions:
    """Return the decisions of what `as_json()` gave; none where they cannot be read any more."""
    try:
        return convert(kept, Decisions)
    except ValidationError:
        return Decisions()


def place_of(key: str) -> str:
    """Return what stands for a name of the table in the name of a field."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]
