"""A lost second factor is taken away by two: one asks, another confirms, neither for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance import second_factor, sessions
from recommendations import acts
from recommendations.models import FactorReset
from recommendations.models.act import Event, Outcome
from recommendations.models.factor_reset import FactorResetOutcome

from . import letters
from .people import forget_second_factor, may_manage


def may_reset(user: User, person: User) -> bool:
    """Whether a person may ask for, or decide on, a reset of another."""
    allowed = user.has_perm("recommendations.add_factorreset")
    return allowed and user != person and may_manage(user, person)


def ask(person: User, *, by: User, reason: str, now: datetime | None = None) -> FactorReset:
    with _told(Event.ACCOUNT, person, by=by, step="reset of the second factor: asked for"):
        _refuse_unless(may_reset(by, person), _("You may not ask for a reset of this account."))
        if not Authenticator.objects.filter(user=person).exists():
            raise ValidationError(_("This account has no second factor."))
        # Of two who ask at once the second is refused in words.
        User.objects.select_for_update().get(pk=person.pk)
        asked = FactorReset(
            person=person, requested_by=by, requested_at=now or timezone.now(), reason=reason
        )
        asked.full_clean(exclude=["decided_by", "decided_at"])
        asked.save()
    return asked


def confirm(asked: FactorReset, *, by: User, now: datetime | None = None) -> None:
    """Remove all factors and recovery codes and end all sessions; tell the person by mail."""
    kinds = second_factor.kinds_of(asked.person)
    step = f"reset: confirmed, asked for by {asked.requested_by}: {', '.join(map(str, kinds))}"
    with _told(Event.FACTOR_REMOVED, asked.person, by=by, step=step):
        asked = _decide(asked, FactorResetOutcome.CONFIRMED, by=by, now=now)
        # Whoever lost the role since cannot be one of the two.
        still = may_reset(asked.requested_by, asked.person)
        _refuse_unless(still, _("Who asked may do so no more. Another person has to ask anew."))
        if not forget_second_factor(asked.person):
            raise ValidationError(_("This account has no second factor."))
        sessions.end_all(asked.person)
    if letters.is_mail_set_up() and asked.person.email:
        letters.send(letters.factors_removed(asked.person))


def decline(asked: FactorReset, *, by: User, now: datetime | None = None) -> None:
    with _told(Event.ACCOUNT, asked.person, by=by, step="reset of the second factor: declined"):
        _decide(asked, FactorResetOutcome.DECLINED, by=by, now=now)


def recall(asked: FactorReset, *, by: User, now: datetime | None = None) -> None:
    """Take back what one asked for oneself."""
    with _told(Event.ACCOUNT, asked.person, by=by, step="reset of the second factor: taken back"):
        asked = _waiting(asked)
        own = asked.requested_by_id == by.pk
        _refuse_unless(own, _("Only who asked for a reset takes it back."))
        asked.outcome, asked.decided_at = FactorResetOutcome.RECALLED, now or timezone.now()
        asked.save(update_fields=["outcome", "decided_at"])


def _decide(
    asked: FactorReset, outcome: FactorResetOutcome, *, by: User, now: datetime | None
) -> FactorReset:
    asked = _waiting(asked)
    asked.outcome, asked.decided_by, asked.decided_at = outcome, by, now or timezone.now()
    asked.validate_constraints()
    _refuse_unless(may_reset(by, asked.person), _("You may not decide on this reset."))
    asked.save(update_fields=["outcome", "decided_by", "decided_at"])
    return asked


def _waiting(asked: FactorReset) -> FactorReset:
    """Return the row as it is now, locked."""
    rows = FactorReset.objects.select_for_update(of=("self",)).with_people()
    row = rows.get(pk=asked.pk)
    _refuse_unless(row.is_pending, _("This was decided meanwhile."))
    return row


def _refuse_unless(condition: bool, sentence: str) -> None:
    if not condition:
        raise ValidationError(sentence)


@contextmanager
def _told(event: Event, person: User, *, by: User, step: str) -> Iterator[None]:
    """Leave one line of a step, whether it is done or refused."""
    subject = f"{acts.name_of(person)}: {person}"
    try:
        with transaction.atomic():
            yield
            acts.note(event, person=by, subject=subject, detail=step)
    except ValidationError as refusal:
        detail = f"{step}: {'; '.join(refusal.messages)}"
        acts.note(event, person=by, subject=subject, detail=detail, outcome=Outcome.REFUSED)
        raise
