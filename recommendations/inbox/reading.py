"""Where pages at addresses are read in the background, if they are: a place to say so.

Without a reader all words are typed, or known of the source already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from recommendations.models import InboxItem
from recommendations.models.fields import column_of
from recommendations.statuses import Precision

# Queues a job, in the transaction of whoever asks. It ends with `keep_words`.
Reader = Callable[[InboxItem], None]
# What a page may say of itself, and what an item takes over where it says nothing.
WORDS = ("title", "publisher", "language", "published_on", "text")
_readers: list[Reader] = []


def read_with(reader: Reader) -> None:
    """Have addresses read by a job from now on."""
    _readers[:] = [reader]


def read_address(item: InboxItem) -> bool:
    """Have the page at the address of an item read, and return whether it will be."""
    if not (settings.CAPTURE and _readers and item.url):
        return False
    _readers[0](item)
    return True


def read_addresses(items: Iterable[InboxItem]) -> None:
    for item in items:
        read_address(item)


@transaction.atomic
def keep_words(pk: int, words: Mapping[str, Any], *, problem: str = "") -> InboxItem:
    """Take over what was read at the address of an item where it says nothing yet.

    What no form would take is left out: it is a page that says it. `problem` says why nothing
    could be read.
    """
    item = InboxItem.objects.select_for_update(of=("self",)).get(pk=pk)
    for name in WORDS:
        value = words.get(name)
        if not value or getattr(item, name) or not _can_be(item, name, value):
            continue
        setattr(item, name, value)
        if name == "published_on":
            item.published_precision = words.get("published_precision") or Precision.DAY
    item.problem = problem
    item.save(update_fields=[*WORDS, "published_precision", "problem"])
    return item


def _can_be(item: InboxItem, name: str, value: Any) -> bool:
    try:
        column_of(InboxItem, name).clean(value, item)
    except ValidationError:
        return False
    return True
