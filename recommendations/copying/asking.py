"""Asking for a copy, which the background makes, and what is known of it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations import acts
from recommendations.capturing.addresses import target_of
from recommendations.capturing.problems import Reason, Refused, sentence_of
from recommendations.importing.problems import LARGEST_FILE, too_large
from recommendations.models import Capture, CaptureRequest, Source
from recommendations.models.act import Event, Outcome
from recommendations.models.capture import Way
from recommendations.text.source_keys import source_key

from .jobs import capture_address, keep_upload
from .known import KnownCopies, known_copies

LONGEST_NAME = 200


def ask_capture(address: str, by: User | None, *, now: datetime | None = None) -> CaptureRequest:
    """Ask that the page at an address be fetched and kept, and return what was asked.

    What waits already is not asked for twice. Raises ValidationError, with what to do, for an
    address that is never fetched, and while capture is off.
    """
    address = address.strip()
    try:
        refuse_address(address)
    except ValidationError as refusal:
        detail = f"copy not asked for: {'; '.join(refusal.messages)}"
        subject = address.replace("\0", "\ufffd")
        acts.note(Event.SOURCE, person=by, subject=subject, detail=detail, outcome=Outcome.REFUSED)
        raise
    asked = CaptureRequest(address=address, asked_by=by, asked_at=now or timezone.now())
    return _ask(asked, capture_address, detail="copy asked for")


def refuse_address(address: str) -> None:
    """Raise ValidationError for an address that no copy can be asked of."""
    if not settings.CAPTURE:
        raise ValidationError(sentence_of(Reason.OFF), code=Reason.OFF.value)
    try:
        target_of(address)
    except Refused as refused:
        raise ValidationError(sentence_of(refused.reason), code=refused.reason.value) from refused
    CaptureRequest._meta.get_field("address").clean(address, None)


def bring_file(
    source: Source, data: bytes, *, name: str, by: User, now: datetime | None = None
) -> CaptureRequest | None:
    """Ask that a file be kept as a copy of a source. Returns None where it is kept already.

    Raises ValidationError, with what to do.
    """
    if not data:
        raise ValidationError(_("The file is empty. Choose the one with the text."))
    if len(data) > LARGEST_FILE:
        raise ValidationError(str(too_large()))
    checksum = sha256(data).hexdigest()
    if Capture.objects.kept().filter(source=source, sha256=checksum).exists():
        return None
    asked = CaptureRequest(
        address=source.url,
        way=Way.UPLOADED,
        file_name=name.replace("\0", "")[:LONGEST_NAME],
        checksum=checksum,
        data=data,
        asked_by=by,
        asked_at=now or timezone.now(),
    )
    return _ask(asked, keep_upload, detail=f"file uploaded: {len(data)} bytes, SHA-256 {checksum}")


def _ask(asked: CaptureRequest, task: Any, *, detail: str) -> CaptureRequest:
    """Store a request with its job, unless the same waits. One whose job was given up gets another.

    Somebody else may have asked in between: then theirs stands.
    """
    found = _same_waiting(asked)
    if found is None:
        try:
            with transaction.atomic():
                asked.save()
                acts.note(Event.SOURCE, person=asked.asked_by, subject=asked.address, detail=detail)
                task.enqueue(asked.pk)
            return asked
        except IntegrityError:
            found = _same_waiting(asked)
            if found is None:
                raise
    task.enqueue(found.pk)
    return found


def _same_waiting(asked: CaptureRequest) -> CaptureRequest | None:
    same = CaptureRequest.objects.waiting().filter(
        key=source_key(asked.address), way=asked.way, checksum=asked.checksum
    )
    return same.defer("data").first()


def what_was_read(address: str) -> KnownCopies:
    """Return what is known of copies of an address (four queries; the text is one more)."""
    return known_copies([address]).get(source_key(address), KnownCopies(address))
