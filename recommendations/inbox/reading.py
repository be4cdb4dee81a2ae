"""Pages at addresses of the inbox are read in the background, where copies of pages are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django_tasks import task

from recommendations.capturing.problems import Reason
from recommendations.copying import ask_capture, request_ended
from recommendations.models import CaptureRequest, InboxItem
from recommendations.models.fields import column_of
from recommendations.statuses import Precision

from .suggestions import find_actions_later

# What a page may say of itself, and what an item takes over where it says nothing.
WORDS = ("title", "publisher", "language", "published_on", "text")
LONGEST_TEXT = 20_000


def connect() -> None:
    request_ended.connect(take_over, dispatch_uid="inbox")


def read_addresses(items: Iterable[InboxItem]) -> None:
    """Have the pages of items fetched and kept, if that is on. Call it in their transaction."""
    keys = [item.pk for item in items if item.url]
    if settings.CAPTURE and keys:
        ask_for_pages.enqueue(keys)


@task()
def ask_for_pages(keys: list[int]) -> None:
    """Ask for a copy of each page of which none was asked for, or made, since its item came in.

    Whoever is killed in the midst begins anew, and asks for none twice.
    """
    rows = InboxItem.objects.waiting().filter(pk__in=keys).select_related("added_by")
    for item in rows.order_by("pk"):
        since = Q(asked_at__gte=item.added_at) | Q(ended_at__gte=item.added_at)
        if CaptureRequest.objects.filter(since, key=item.key).exists():
            continue
        try:
            ask_capture(item.url, item.added_by)
        except ValidationError as refusal:
            keep_words(item.pk, {}, problem=_reason_of(refusal))


def _reason_of(refusal: ValidationError) -> str:
    """Return the code of why no copy can be made, else the sentence."""
    code = getattr(refusal, "code", None)
    return code if code in set(Reason) else " ".join(refusal.messages)


def take_over(
    *, request: CaptureRequest, words: Mapping[str, Any], text: str, **_sent: Any
) -> None:
    """Keep what was read for the item that waits with this address, or why it was not."""
    for item in InboxItem.objects.waiting().known_by([request.key]):
        keep_words(item.pk, {**words, "text": text[:LONGEST_TEXT]}, problem=request.reason)


@transaction.atomic
def keep_words(pk: int, words: Mapping[str, Any], *, problem: str = "") -> InboxItem:
    """Take over what was read at the address of an item where it says nothing yet.

    What no form would take is left out: it is a page that says it. `problem` says why nothing
    could be read: a code of `capturing.problems`, or a sentence. Actions are looked for anew.
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
    if words:
        find_actions_later.enqueue([pk])
    item.save(update_fields=[*WORDS, "published_precision", "problem"])
    return item


def _can_be(item: InboxItem, name: str, value: Any) -> bool:
    try:
        column_of(InboxItem, name).clean(value, item)
    except ValidationError:
        return False
    return True
