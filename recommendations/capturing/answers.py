"""What came back from an address: bytes within limits, and typed rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

import msgspec

from recommendations.importing.metadata import DatePrecision

from .problems import Reason, sentence_of

Fields = tuple[tuple[str, str], ...]


class Exchange(msgspec.Struct, frozen=True):
    """One question and its answer.

    `body` is what was sent once its transfer and compression are undone, and empty where the
    answer leads on. `ip` is the address that was connected to.
    """

    address: str
    ip: str
    asked_at: datetime
    method: str
    target: str
    asked: Fields
    status: int
    phrase: str
    answered: Fields
    body: bytes = b""

    def field(self, name: str) -> str:
        """Return the first header of this name, "" without one."""
        return field_of(self.answered, name)


def field_of(fields: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for known, value in fields if known.lower() == name.lower()), "")


class Fetched(msgspec.Struct, frozen=True, tag="fetched"):
    """A page, with all the exchanges that led to it; the last one has its body."""

    asked_for: str
    exchanges: tuple[Exchange, ...]

    @property
    def last(self) -> Exchange:
        return self.exchanges[-1]

    @property
    def address(self) -> str:
        """Return where the page was in the end."""
        return self.last.address

    @property
    def status(self) -> int:
        return self.last.status

    @property
    def body(self) -> bytes:
        return self.last.body

    @property
    def fetched_at(self) -> datetime:
        return self.last.asked_at

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the body, in lower-case hexadecimal digits."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def content_type(self) -> str:
        return self.last.field("Content-Type")

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    """Why there is no page. `address` is where it ended, `status` 0 where nothing answered."""

    asked_for: str
    reason: Reason
    address: str
    status: int = 0

    @property
    def sentence(self) -> str:
        """Return why, and what to do, in the language of the reader."""
        return sentence_of(self.reason)


State = Literal["alive", "dead", "unknown"]


class Checked(msgspec.Struct, frozen=True, tag="checked"):
    """Whether a page is still there. `reason` is None where it is. `address` is where it ended."""

    asked_for: str
    state: State
    reason: Reason | None
    address: str
    status: int


Answer = Fetched | Refusal | Checked
Kind = Literal["page", "pdf", "text", "document"]


class Page(msgspec.Struct, frozen=True):
    """What a page or a file says. What is not said is empty; `text` has a line for each block.

    Of a month or a year, `published_on` is the first day. `canonical` is the address that the page
    gives itself, "" for one that is not fetched. `language` is an ISO 639 code. `is_cut` says that
    there is more text than is returned. `encoding` is empty where the kind has none.
    """

    kind: Kind
    title: str = ""
    publisher: str = ""
    authors: tuple[str, ...] = ()
    published_on: date | None = None
    published_precision: DatePrecision = "day"
    language: str = ""
    canonical: str = ""
    text: str = ""
    is_cut: bool = False
    encoding: str = ""


class Unread(msgspec.Struct, frozen=True):
    """A page of which nothing can be told. `sentence` says why, in the language of the reader."""

    sentence: str
