"""Blind second coding: a person codes again what stands, without having seen it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.models import Action, Coding, Evidence, StatusUpdate
from recommendations.statuses import Status, first_day
from recommendations.statuses.agreement import Coder

from .drafts import (
    COPIED_EVIDENCE,
    begin,
    deciding_update,
    default_reliance,
    record_save,
    still_counting,
)
from .editions import Refused, lock_state
from .updates import submit

# Of these there is no date of a fact: they hold from the search on.
OF_A_SEARCH = {Status.NO_ACTION, Status.NOT_ASSESSED}


@dataclass(frozen=True)
class Code:
    """What a coder found, and where and when the coder looked."""

    status: str
    effective_on: date | None
    effective_precision: str
    note: str
    search_note: str
    searched_on: date


@transaction.atomic
def code_again(
    action: Action,
    code: Code,
    *,
    by: User,
    items: Collection[Evidence] = (),
    now: datetime | None = None,
) -> Coding:
    """Keep what a second person found, and compare it with what stands.

    The same status since the same time is handed in as its confirmation. Anything else becomes a
    draft of the coder, who is shown the first finding then. Raises Refused, and keeps nothing.
    """
    now = now or timezone.now()
    lock_state()
    found = Action.objects.with_stated_since().get(pk=action.pk)
    action, since = found, (found.since_on, found.since_precision)
    standing = deciding_update(action)
    if standing is None:
        raise Refused(_("Nobody has assessed this action yet: log an update of it instead."))
    if not Action.objects.to_code_again(by).filter(pk=action.pk).exists():
        raise Refused(_("You wrote what stands, or have coded it already."))
    is_same = _is_same(action.status, since, code)
    draft = _draft_of(action, code, by=by, is_same=is_same)
    for position, item in enumerate(items, start=1):
        item.pk, item.update, item.position = None, draft, position
        item.save()
    if is_same:
        draft.relies_on.set(default_reliance(action))
        submit(draft, by=by, now=now)
        draft.refresh_from_db()
    coding = Coding(
        action=action,
        coder=Coder.SECOND,
        person=by,
        status=code.status,
        effective_on=None if code.status in OF_A_SEARCH else code.effective_on,
        effective_precision=code.effective_precision,
        coded_on=now.date(),
        compared_with=standing,
        is_same=is_same,
        draft=draft,
    )
    coding.full_clean()
    coding.save()
    return coding


def _is_same(status: str, since: tuple[date | None, str], code: Code) -> bool:
    """Say whether two people came to the same: a status, and since when it holds, as stated."""
    if code.status != status:
        return False
    if code.status in OF_A_SEARCH:
        return True
    on, precision = since
    if code.effective_on is None or on is None or code.effective_precision != precision:
        return False
    return first_day(code.effective_on, precision) == first_day(on, precision)


def _draft_of(action: Action, code: Code, *, by: User, is_same: bool) -> StatusUpdate:
    draft = begin(action, by=by)
    draft.status = code.status
    draft.search_note, draft.searched_on = code.search_note, code.searched_on
    if is_same or code.status in OF_A_SEARCH:
        draft.effective_on = code.searched_on
    elif code.effective_on is None:
        raise Refused(_("Say when it took effect."))
    else:
        draft.effective_on = code.effective_on
        draft.effective_precision = code.effective_precision
    draft.note = "" if is_same else code.note
    draft.full_clean()
    draft.save()
    record_save(draft, by=by)
    return draft


@transaction.atomic
def propose(coding: Coding, *, by: User, reason: str, now: datetime | None = None) -> StatusUpdate:
    """Hand the coder's draft in as a correction of what stood, with its sources cited again.

    Raises Refused, and changes nothing.
    """
    lock_state()
    coding = Coding.objects.select_related("draft", "compared_with").get(pk=coding.pk)
    draft, standing = coding.draft, coding.compared_with
    if draft is None or coding.person_id != by.pk or coding.is_same or standing is None:
        raise Refused(_("There is no draft of yours to hand in."))
    if not reason.strip():
        raise Refused(_("Say why the earlier update is corrected."))
    draft.replaces, draft.correction_reason = standing, reason
    draft.save()
    record_save(draft, by=by)
    known = {item.url for item in draft.evidence.all()}
    n = draft.evidence.count()
    for item in standing.evidence.all():
        if item.url not in known:
            n += 1
            values = {name: getattr(item, name) for name in COPIED_EVIDENCE}
            Evidence.objects.create(update=draft, **{**values, "position": n})
    draft.relies_on.set(still_counting(standing.relies_on.values_list("pk", flat=True)))
    submit(draft, by=by, now=now)
    draft.refresh_from_db()
    return draft
