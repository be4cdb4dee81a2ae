"""The background's part: a page that was asked for is fetched, read and kept, and so is a file.

Each may be killed at any moment and done again: what it writes stands under its request, whose row
says which file an attempt has begun to write. A request ends in the transaction that stores its
copy, so it has one copy or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django_tasks import task

from recommendations import publishing, sources
from recommendations.capturing.answers import Fetched, Page, Refusal
from recommendations.capturing.archives import hand_to_archive
from recommendations.capturing.problems import Reason
from recommendations.capturing.reading import read_body, read_page
from recommendations.capturing.sandbox import fetch_page
from recommendations.models import Capture, CaptureRequest, Source
from recommendations.models.capture import Way
from recommendations.models.capture_request import CaptureState
from recommendations.models.fields import column_of

from .media_types import WARC, media_type_of
from .words import fill_source, storable, words_of

# Sent in the transaction that ends a request: `request`, and of what was read `words` and `text`.
request_ended = Signal()


@task()
def capture_address(pk: int) -> None:
    """Fetch and keep the page of a request, or say why not; one that has ended is left."""
    asked = _begin(pk)
    if asked is None:
        return
    found = fetch_page(asked.address)
    if isinstance(found, Refusal):
        fail(asked, found.reason)
        return
    read = read_page(found)
    page = read if isinstance(read, Page) else Page("page")
    from recommendations.capturing.warcs import warc

    # Made once: no two of the same page are alike.
    content = warc(found)
    _keep(asked, _capture_of(asked, found, page, content), content, page)


@task()
def keep_upload(pk: int) -> None:
    """Read and keep the file of a request, or say why not; one that has ended is left."""
    asked = _begin(pk)
    if asked is None:
        return
    data = bytes(asked.data)
    read = read_body(data, today=asked.asked_at.date())
    page = read if isinstance(read, Page) else None
    media_type = media_type_of(data, page, name=asked.file_name)
    if not media_type:
        fail(asked, Reason.UNREADABLE)
        return
    capture = sources.new_capture(
        sources.source_for(asked.address, by=asked.asked_by),
        content=data,
        media_type=media_type,
        way=Way.UPLOADED,
        text=page.text if page else "",
        by=asked.asked_by,
    )
    _keep(asked, capture, data, page)


@task()
def ask_archive(pk: int) -> None:
    """Hand the address of a kept page to the web archive, and keep the address that it tells.

    Whoever is killed in the midst asks once more.
    """
    rows = CaptureRequest.objects.filter(pk=pk, archived_url="")
    asked = rows.select_related("capture", "asked_by").first()
    if asked is None or asked.capture is None:
        return
    told = hand_to_archive(asked.address, settings.CAPTURE_ARCHIVE)
    if not told or not storable(column_of(Source, "archived_url"), told):
        return
    source = Source.objects.get(pk=asked.capture.source_id)
    with transaction.atomic():
        CaptureRequest.objects.filter(pk=pk).update(archived_url=told)
        if fill_source(source, {"archived_url": told}, by=asked.asked_by):
            _tell_readers(source)


def task_of(way: str) -> Any:
    """Return the task that makes copies which come in a way."""
    return keep_upload if way == Way.UPLOADED else capture_address


def _begin(pk: int) -> CaptureRequest | None:
    """Return a request that waits, without what a killed attempt has left of it."""
    rows = CaptureRequest.objects.waiting().select_related("asked_by")
    asked = rows.filter(pk=pk).first()
    # The next attempt writes the same file of what was uploaded, and another one of a page.
    if asked and asked.sha256 and asked.way == Way.FETCHED:
        sources.forget_file(asked.sha256)
    return asked


def _capture_of(asked: CaptureRequest, fetched: Fetched, page: Page, content: bytes) -> Capture:
    source = sources.source_for(asked.address, by=asked.asked_by, **words_of(page))
    place = fetched.address
    return sources.new_capture(
        source,
        content=content,
        media_type=WARC,
        fetched_url=place if storable(column_of(Capture, "fetched_url"), place) else "",
        text=page.text,
        by=asked.asked_by,
        now=fetched.fetched_at,
    )


def _keep(asked: CaptureRequest, capture: Capture, content: bytes, page: Page | None) -> None:
    """Store file and row; whoever was slower than another attempt takes its file away again."""
    CaptureRequest.objects.waiting().filter(pk=asked.pk).update(sha256=capture.sha256)
    sources.keep_file(capture, content)
    if not _record(asked.pk, capture, page):
        sources.forget_file(capture.sha256)


@transaction.atomic
def _record(pk: int, capture: Capture, page: Page | None) -> bool:
    """Whether the request still waited, and so ended with this copy."""
    asked = CaptureRequest.objects.select_for_update().waiting().filter(pk=pk).first()
    if asked is None:
        return False
    sources.record_capture(capture)
    words = words_of(page) if page else {}
    fill_source(capture.source, words, by=capture.made_by)
    _end(asked, CaptureState.KEPT, words=words, text=capture.text, capture=capture)
    _tell_readers(capture.source)
    if settings.CAPTURE_ARCHIVE and asked.way == Way.FETCHED:
        ask_archive.enqueue(asked.pk)
    return True


@transaction.atomic
def fail(asked: CaptureRequest, reason: Reason) -> None:
    """End a request without a copy, unless another attempt has ended it."""
    row = CaptureRequest.objects.select_for_update().waiting().filter(pk=asked.pk).first()
    if row is not None:
        _end(row, CaptureState.FAILED, reason=reason.value)


def _end(
    asked: CaptureRequest,
    state: CaptureState,
    *,
    words: Mapping[str, Any] | None = None,
    text: str = "",
    **said: Any,
) -> None:
    values = {"state": state, "ended_at": timezone.now(), "sha256": "", "data": b"", **said}
    for name, value in values.items():
        setattr(asked, name, value)
    asked.save(update_fields=list(values))
    request_ended.send(CaptureRequest, request=asked, words=words or {}, text=text)


def _tell_readers(source: Source) -> None:
    """Lists of sources and copies that readers keep are out of date, if it is one of theirs."""
    if source.items.exists():
        publishing.touch(())
