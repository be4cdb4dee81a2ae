"""Copies of sources: added with their SHA-256, never changed."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import BinaryIO

from django.contrib.auth.models import User
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from recommendations import acts
from recommendations.models import Capture, Source
from recommendations.models.act import Event
from recommendations.models.capture import Way

from .storage import copies, name_of


def add_capture(
    source: Source,
    *,
    content: bytes | BinaryIO,
    media_type: str,
    way: Way = Way.FETCHED,
    fetched_url: str = "",
    text: str = "",
    archived_url: str = "",
    by: User | None = None,
    now: datetime | None = None,
) -> Capture:
    """Keep a copy of a source: the file first, then its row with a line in the log of acts.

    `content` is read from its beginning; `text` is what was read in it, for choosing quotations.
    Whoever dies between the two leaves a file that nothing names, and that the next copy of the
    same bytes takes over. Raises ValidationError for what cannot be, before anything is written.
    """
    capture = new_capture(
        source,
        content=content,
        media_type=media_type,
        way=way,
        fetched_url=fetched_url,
        text=text,
        archived_url=archived_url,
        by=by,
        now=now,
    )
    keep_file(capture, content)
    record_capture(capture)
    return capture


def new_capture(
    source: Source,
    *,
    content: bytes | BinaryIO,
    media_type: str,
    way: Way = Way.FETCHED,
    fetched_url: str = "",
    text: str = "",
    archived_url: str = "",
    by: User | None = None,
    now: datetime | None = None,
) -> Capture:
    """Return a copy that is described and stored nowhere yet. Raises ValidationError."""
    digest, size = _measured(_file_of(content))
    capture = Capture(
        source=source,
        made_at=now or timezone.now(),
        way=way,
        made_by=by,
        fetched_url=fetched_url,
        sha256=digest,
        size=size,
        media_type=media_type,
        name=name_of(digest),
        archived_url=archived_url,
        text=text.replace("\0", ""),
    )
    capture.full_clean(exclude=["made_by", "removed_at"])
    return capture


def keep_file(capture: Capture, content: bytes | BinaryIO) -> None:
    """Write the file of a new copy, whole or not at all."""
    file, store = _file_of(content), copies()
    if store.exists(capture.name) and store.size(capture.name) != capture.size:
        # Torn, or damaged since: a store leaves what is there as it is.
        store.delete(capture.name)
    if not store.exists(capture.name):
        file.seek(0)
        store.save(capture.name, file)


@transaction.atomic
def record_capture(capture: Capture) -> None:
    """Store the row of a copy whose file is there, with a line in the log of acts."""
    capture.save(force_insert=True)
    detail = f"copy added: {capture.way}, {capture.size} bytes, SHA-256 {capture.sha256}"
    subject = acts.name_of(capture.source)
    acts.note(Event.SOURCE, person=capture.made_by, subject=subject, detail=detail)


def _file_of(content: bytes | BinaryIO) -> File:
    return ContentFile(content) if isinstance(content, bytes) else File(content)


def _measured(file: File) -> tuple[str, int]:
    digest, size = sha256(), 0
    file.seek(0)
    while chunk := file.read(1 << 16):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def open_copy(capture: Capture) -> File | None:
    """Return the file of a kept copy, opened for reading; None where it is not there."""
    try:
        return copies().open(capture.name)
    except FileNotFoundError:
        return None


def is_there(capture: Capture) -> bool:
    """Whether the kept file is there and as long as it was. Nothing of it is read."""
    store = copies()
    return store.exists(capture.name) and store.size(capture.name) == capture.size


def is_whole(capture: Capture) -> bool:
    """Whether the kept file is there and has the SHA-256 that it was taken in with."""
    store = copies()
    if not store.exists(capture.name):
        return False
    with store.open(capture.name) as file:
        return _measured(file) == (capture.sha256, capture.size)
