"""What a feed says: items of RSS, Atom, JSON Feed, and of APIs by an adapter that is data."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum
from typing import Literal

import msgspec
from django.utils.translation import gettext as _

# The first of a feed, which lists what is new first.
MOST_ITEMS = 1000
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ADDRESS = 500, 5_000, 1_000
Kind = Literal["rss", "atom", "json", "api"]


class Adapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where in the answer of an API things are, as paths of names and numbers: `data.items.0`.

    `items` leads to the list, empty where the answer is one; the others begin at an item.
    `address` is a path too, or an address with paths in it: `https://example.org/bills/{id}`.
    """

    title: str
    address: str
    items: str = ""
    key: str = ""
    published: str = ""
    text: str = ""


class FeedItem(msgspec.Struct, frozen=True):
    """One item. `key` is the SHA-256 of what the feed knows it by."""

    key: str
    title: str
    address: str
    published_on: date | None = None
    text: str = ""


class FeedRead(msgspec.Struct, frozen=True, tag="read"):
    """The items of a feed, in its order. `is_cut` says that there are more than are taken."""

    items: tuple[FeedItem, ...]
    is_cut: bool = False


class Fault(StrEnum):
    """Why nothing was read."""

    NO_FEED = "no_feed"
    BROKEN = "broken"
    ENTITIES = "entities"
    TOO_LARGE = "too_large"
    NO_LIST = "no_list"
    NO_ITEMS = "no_items"


class FeedUnread(msgspec.Struct, frozen=True, tag="unread"):
    fault: Fault

    @property
    def sentence(self) -> str:
        """Return why, and what to do, in the language of the reader."""
        return sentence_of(self.fault)


class FeedQuestion(msgspec.Struct, frozen=True):
    """What is asked of a body. Addresses in it are relative to `address`."""

    kind: Kind
    content_type: str
    address: str
    adapter: Adapter | None = None


FeedAnswer = FeedRead | FeedUnread


class Unreadable(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def key_of(known_by: str) -> str:
    return hashlib.sha256(known_by.encode(errors="replace")).hexdigest()


def sentence_of(fault: Fault) -> str:
    match fault:
        case Fault.NO_FEED:
            return _("What is at this address is no feed of this kind. Choose another kind.")
        case Fault.ENTITIES:
            return _("This feed defines entities of its own, and is not read for that.")
        case Fault.TOO_LARGE:
            return _("This feed takes more memory or time to read than it may.")
        case Fault.NO_LIST:
            return _("The adapter’s “items” leads to no list in the answer. Correct its path.")
        case Fault.NO_ITEMS:
            return _("Nothing in it has a title and an address. Correct the paths of the adapter.")
    return _("This feed is broken: it could not be read to its end. Tell whoever publishes it.")
