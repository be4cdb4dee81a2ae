"""A copy is removed by two: one asks, another confirms. Hash and reason stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations import acts
from recommendations.models import Capture, CaptureRemoval
from recommendations.models.act import Event, Outcome
from recommendations.models.capture import RemovalOutcome

from .storage import copies, name_of


def ask_removal(
    capture: Capture, *, by: User, reason: str, now: datetime | None = None
) -> CaptureRemoval:
    """Ask that a copy be removed. Nothing is removed yet. Raises ValidationError."""
    with _told(capture, by=by, step="removal of a copy: asked for"):
        capture = Capture.objects.select_for_update().get(pk=capture.pk)
        if not reason.strip():
            raise ValidationError(_("Say why the copy is to go."))
        if not capture.is_kept:
            raise ValidationError(_("This copy was removed already."))
        asked = CaptureRemoval(
            capture=capture, reason=reason, requested_by=by, requested_at=now or timezone.now()
        )
        asked.full_clean(exclude=["decided_by", "decided_at"])
        asked.save()
    return asked


def confirm_removal(asked: CaptureRemoval, *, by: User, now: datetime | None = None) -> None:
    """Remove the file, and every other copy of the same bytes. Raises ValidationError.

    The file goes once all that says so is stored: whoever dies in between finds it named by no
    copy, and `forget_removed` takes it.
    """
    now = now or timezone.now()
    with _told(asked.capture, by=by, step="removal of a copy: confirmed"):
        asked = _decide(asked, RemovalOutcome.CONFIRMED, by=by, now=now)
        digest = asked.capture.sha256
        Capture.objects.kept().filter(sha256=digest).update(
            name="", text="", removed_at=now, removal_reason=asked.reason
        )
        transaction.on_commit(lambda: forget_file(digest))


def decline_removal(asked: CaptureRemoval, *, by: User, now: datetime | None = None) -> None:
    with _told(asked.capture, by=by, step="removal of a copy: declined"):
        _decide(asked, RemovalOutcome.DECLINED, by=by, now=now or timezone.now())


def forget_removed() -> int:
    """Delete files that should be gone, as after a crash, and return how many there were."""
    store, n = copies(), 0
    removed = Capture.objects.filter(removed_at__isnull=False).order_by()
    for digest in removed.values_list("sha256", flat=True).distinct():
        if store.exists(name_of(digest)):
            n += forget_file(digest)
    return n


def forget_file(digest: str) -> bool:
    """Delete a file unless somebody has kept a copy of the same bytes since."""
    if Capture.objects.kept().filter(sha256=digest).exists():
        return False
    copies().delete(name_of(digest))
    return True


def _decide(
    asked: CaptureRemoval, outcome: RemovalOutcome, *, by: User, now: datetime
) -> CaptureRemoval:
    rows = CaptureRemoval.objects.select_for_update(of=("self",)).select_related("capture")
    asked = rows.get(pk=asked.pk)
    if asked.outcome != RemovalOutcome.PENDING:
        raise ValidationError(_("This request was decided already."))
    if asked.requested_by_id == by.pk:
        raise ValidationError(_("Another person has to confirm the removal."))
    asked.outcome, asked.decided_by, asked.decided_at = outcome, by, now
    asked.save(update_fields=["outcome", "decided_by", "decided_at"])
    return asked


@contextmanager
def _told(capture: Capture, *, by: User, step: str) -> Iterator[None]:
    """Leave one line of a step, whether it is done or refused."""
    subject = f"{acts.name_of(capture.source)}, {acts.name_of(capture)}"
    step = f"{step}, SHA-256 {capture.sha256}"
    try:
        with transaction.atomic():
            yield
            acts.note(Event.SOURCE, person=by, subject=subject, detail=step)
    except ValidationError as refusal:
        detail = f"{step}: {'; '.join(refusal.messages)}"
        acts.note(Event.SOURCE, person=by, subject=subject, detail=detail, outcome=Outcome.REFUSED)
        raise
