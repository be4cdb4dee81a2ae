"""Retraction: asked for by one person, confirmed by another."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.models import Edition, RetractionRequest, StatusUpdate
from recommendations.models.edition import EditionKind
from recommendations.models.retraction import RetractionOutcome
from recommendations.models.status_update import EndReason

from .editions import Refused, close, lock_state, open_edition, settle
from .updates import end


@transaction.atomic
def request_retraction(
    update: StatusUpdate, *, by: User, reason: str, now: datetime | None = None
) -> RetractionRequest:
    """Ask that a counting update be retracted. Nothing public changes yet."""
    lock_state()
    update = StatusUpdate.objects.get(pk=update.pk)
    if not update.is_counting:
        raise Refused(_("Only an update that counts can be retracted."))
    if not reason.strip():
        raise Refused(_("A retraction needs a public reason."))
    if update.retraction_requests.filter(outcome=RetractionOutcome.PENDING).exists():
        raise Refused(_("A retraction of this update is waiting already."))
    return RetractionRequest.objects.create(
        update=update, reason=reason, requested_by=by, requested_at=now or timezone.now()
    )


@transaction.atomic
def retract(request: RetractionRequest, *, by: User, now: datetime | None = None) -> Edition:
    """Confirm a retraction: from the edition that this opens, the update counts for nothing."""
    state = lock_state()
    now = now or timezone.now()
    request = _pending(request, by)
    if not request.update.is_counting:
        raise Refused(_("Only an update that counts can be retracted."))
    edition = open_edition(state, kind=EditionKind.UPDATES, at=now, by=by)
    end({request.update: request.reason}, edition, reason=EndReason.RETRACTED)
    _decide(request, RetractionOutcome.CONFIRMED, by=by, at=now)
    settle(edition, [request.update.action_id])
    return close(edition)


@transaction.atomic
def decline_retraction(
    request: RetractionRequest, *, by: User, now: datetime | None = None
) -> None:
    """Decline a retraction: the update stands."""
    lock_state()
    request = _pending(request, by)
    _decide(request, RetractionOutcome.DECLINED, by=by, at=now or timezone.now())


def _pending(request: RetractionRequest, by: User) -> RetractionRequest:
    request = RetractionRequest.objects.select_related("update").get(pk=request.pk)
    if request.outcome != RetractionOutcome.PENDING:
        raise Refused(_("This request was decided already."))
    if request.requested_by_id == by.pk:
        raise Refused(_("Another person has to decide on the retraction."))
    return request


def _decide(request: RetractionRequest, outcome: str, *, by: User, at: datetime) -> None:
    request.outcome = outcome
    request.decided_by = by
    request.decided_at = at
    request.save(update_fields=["outcome", "decided_by", "decided_at"])
