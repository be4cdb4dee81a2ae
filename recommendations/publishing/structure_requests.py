"""Steps in what is counted: asked for by one person, confirmed by another."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.models import Action, Edition, Recommendation, Report, StructureRequest
from recommendations.models.edition import EditionKind
from recommendations.models.fields import column_of, typed_fields
from recommendations.models.structure_request import StructureOutcome, StructureStep

from . import structure, succession
from .drafts import Stale
from .editions import Refused, close, lock_state, open_edition

Subject = Report | Recommendation | Action


@dataclass(frozen=True)
class Step:
    """What is asked for. `into` are the actions that succeed others."""

    kind: StructureStep
    reports: Collection[Report] = ()
    recommendations: Collection[Recommendation] = ()
    actions: Collection[Action] = ()
    into: Collection[Action] = ()

    @classmethod
    def about(cls, kind: StructureStep, *subjects: Subject) -> Step:
        return cls(
            kind,
            [one for one in subjects if isinstance(one, Report)],
            [one for one in subjects if isinstance(one, Recommendation)],
            [one for one in subjects if isinstance(one, Action)],
        )

    @property
    def subjects(self) -> list[Subject]:
        return [*self.reports, *self.recommendations, *self.actions]

    @property
    def drafts(self) -> structure.DraftIds:
        """Return what comes into the record with it (up to six queries)."""
        if self.kind == StructureStep.INCLUDE:
            return structure.drafts_with(self.reports, self.recommendations, self.actions)
        ids = [action.pk for action in self.into if action.is_draft]
        return structure.DraftIds([], [], ids)


def step_of(request: StructureRequest) -> Step:
    return Step(
        StructureStep(request.step),
        list(request.reports.all()),
        list(request.recommendations.all()),
        list(request.actions.all()),
        list(request.into.select_related("recommendation__report")),
    )


# Asking ----------------------------------------------------------------------------------------


@transaction.atomic
def request_step(
    step: Step, *, by: User, reason: str = "", now: datetime | None = None
) -> StructureRequest:
    """Ask for a step. Nothing public changes yet. Raises Refused where it cannot be taken."""
    lock_state()
    step = _as_stored(step)
    refuse_step(step, reason=reason)
    _refuse_rival(step)
    request = StructureRequest.objects.create(
        step=step.kind,
        reason=reason,
        state_when_asked=state_of(step),
        requested_by=by,
        requested_at=now or timezone.now(),
    )
    request.reports.set(step.reports)
    request.recommendations.set(step.recommendations)
    request.actions.set(step.actions)
    request.into.set(step.into)
    return request


def _as_stored(step: Step) -> Step:
    """Return the step with its rows as they are now: what the caller holds may be older."""

    def fresh(model, rows: Collection) -> list:
        return list(model.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))

    return Step(
        step.kind,
        fresh(Report, step.reports),
        fresh(Recommendation, step.recommendations),
        fresh(Action, step.actions),
        fresh(Action, step.into),
    )


def refuse_step(step: Step, *, reason: str) -> None:
    """Raise Refused with what speaks against a step, as things stand."""
    match step.kind:
        case StructureStep.INCLUDE:
            structure.refuse_addition(step.reports, step.drafts)
        case StructureStep.WITHDRAW:
            for subject in step.subjects:
                structure.refuse_withdrawal(subject, reason=reason)
        case StructureStep.SPLIT:
            succession.refuse_split(step.into)
            _refuse_succession(step.actions, step.into, reason=reason)
        case StructureStep.MERGE:
            [into] = step.into
            old = succession.merged_into(into, step.actions)
            _refuse_succession(old, step.into, reason=reason)
        case _:
            [action] = step.actions
            counts = step.kind == StructureStep.VERIFIABLE
            structure.refuse_verifiability(action, is_verifiable=counts, reason=reason)


def _refuse_succession(old: Collection[Action], new: Collection[Action], *, reason: str) -> None:
    old_ids, new_ids = {one.pk for one in old}, {one.pk for one in new}
    succession.refuse_succession(old_ids, new_ids, reason=reason)


def _refuse_rival(step: Step) -> None:
    actions = [*step.actions, *step.into]
    touched = (
        Q(reports__in=step.reports)
        | Q(recommendations__in=step.recommendations)
        | Q(actions__in=actions)
        | Q(into__in=actions)
    )
    if StructureRequest.objects.waiting().filter(touched).exists():
        raise Refused(_("A step with this waits for another person already."))


# Deciding --------------------------------------------------------------------------------------


@transaction.atomic
def confirm_step(request: StructureRequest, *, by: User, now: datetime | None = None) -> Edition:
    """Take the step that another person asked for, in an edition of its own.

    Raises Stale where what it is about changed since it was asked for.
    """
    state = lock_state()
    now = now or timezone.now()
    request = _pending(request)
    step = step_of(request)
    if obstacle := obstacle_to(request, step, by=by):
        raise Refused(obstacle)
    if is_stale(request, step):
        raise Stale(changed_since())
    refuse_step(step, reason=request.reason)
    kind = EditionKind.STRUCTURE
    edition = open_edition(state, kind=kind, at=now, by=by, note=request.reason)
    _decide(request, StructureOutcome.CONFIRMED, by=by, at=now, edition=edition)
    _take_in(edition, step, reason=request.reason)
    return close(edition)


def _take_in(edition: Edition, step: Step, *, reason: str) -> None:
    match step.kind:
        case StructureStep.INCLUDE:
            report_ids = [report.pk for report in step.reports]
            structure.include_in(edition, report_ids, step.drafts)
        case StructureStep.WITHDRAW:
            [subject] = step.subjects
            structure.withdraw_in(edition, subject, reason=reason)
        case StructureStep.SPLIT | StructureStep.MERGE:
            new_ids = {action.pk for action in step.into}
            old_ids = {action.pk for action in step.actions} - new_ids
            succession.succeed_in(edition, old_ids, new_ids, reason=reason)
        case _:
            [action] = step.actions
            counts = step.kind == StructureStep.VERIFIABLE
            structure.set_verifiable_in(edition, action, is_verifiable=counts, reason=reason)


@transaction.atomic
def decline_step(
    request: StructureRequest, *, by: User, note: str, now: datetime | None = None
) -> None:
    """Decline a step that another person asked for, saying why. Drafts stay as they are."""
    lock_state()
    request = _pending(request)
    if request.requested_by_id == by.pk:
        raise Refused(own_request())
    if not note.strip():
        raise Refused(_("Say why it is declined."))
    at = now or timezone.now()
    _decide(request, StructureOutcome.DECLINED, by=by, at=at, note=note)


@transaction.atomic
def recall_step(request: StructureRequest, *, by: User, now: datetime | None = None) -> None:
    """Take back what one has asked for. Drafts stay as they are."""
    lock_state()
    request = _pending(request)
    if request.requested_by_id != by.pk:
        raise Refused(_("Only who asked for it can take it back."))
    _decide(request, StructureOutcome.RECALLED, by=None, at=now or timezone.now())


def _decide(
    request: StructureRequest,
    outcome: StructureOutcome,
    *,
    by: User | None,
    at: datetime,
    edition: Edition | None = None,
    note: str = "",
) -> None:
    """Decide on a request, in one write: the database takes no second."""
    request.outcome, request.edition, request.note = outcome, edition, note
    request.decided_by, request.decided_at = by, at
    request.save(update_fields=["outcome", "edition", "note", "decided_by", "decided_at"])


def _pending(request: StructureRequest) -> StructureRequest:
    request = StructureRequest.objects.get(pk=request.pk)
    if request.outcome != StructureOutcome.PENDING:
        raise Refused(_("This request was decided already."))
    return request


def obstacle_to(request: StructureRequest, step: Step, *, by: User) -> str:
    """Return why this person may not confirm it, as a sentence, or nothing."""
    if request.requested_by_id == by.pk:
        return own_request()
    if by.pk in drafters_of(step.drafts):
        return _("You have edited a draft that it adds, so another person has to decide on it.")
    return ""


def own_request() -> str:
    return _("You have asked for this, so another person has to decide on it.")


def changed_since() -> str:
    return _(
        "What this is about changed since it was asked for. Nothing was done: decline it, so that "
        "it can be asked for again."
    )


def drafters_of(drafts: structure.DraftIds) -> set[int]:
    """Return the ids of all who ever wrote one of these drafts (up to three queries)."""
    return {
        person
        for model, ids in _by_model(drafts)
        for person in model.history.filter(id__in=ids, history_user__isnull=False)  # type: ignore[attr-defined]
        .order_by()
        .values_list("history_user", flat=True)
        .distinct()
    }


# What it is about ------------------------------------------------------------------------------


def is_stale(request: StructureRequest, step: Step) -> bool:
    return state_of(step) != request.state_when_asked


def state_of(step: Step) -> str:
    """Return what changes with all that is added, and with the status of what is counted."""
    facts = [
        *(_content_of(model, pk) for model, ids in _by_model(step.drafts) for pk in sorted(ids)),
        *_standing_of(step),
    ]
    return hashlib.sha256(repr((str(step.kind), facts)).encode()).hexdigest()


def _by_model(drafts: structure.DraftIds) -> Iterator[tuple[type[models.Model], list[int]]]:
    yield Report, drafts.reports
    yield Recommendation, drafts.recommendations
    yield Action, drafts.actions


def _content_of(model: type[models.Model], pk: int) -> list[object]:
    """Return all that people typed of a draft, and of what hangs on an action."""
    row = model._default_manager.get(pk=pk)
    lists = [
        sorted(getattr(row, field.name).values_list("pk", flat=True))
        for field in model._meta.many_to_many
        if field.editable
    ]
    # Where a neighbour was added, its place moved and nothing else.
    names = [name for name in typed_fields(model) if name != "position"]
    own = [getattr(row, column_of(model, name).attname) for name in names]
    return [model.__name__, pk, own, lists, *(_surroundings(row) if model is Action else ())]


def _surroundings(action: models.Model) -> list[list[tuple]]:
    assert isinstance(action, Action)
    return [
        list(rows.order_by("pk").values_list(*typed_fields(rows.model)))
        for rows in (action.deadlines.all(), action.leads.all())
    ]


def _standing_of(step: Step) -> Iterator[tuple]:
    """Yield what is in the record of it, with the status of each action that it names."""
    for subject in [*step.subjects, *step.into]:
        if not subject.is_draft:
            status = subject.status if isinstance(subject, Action) else ""
            counts = subject.is_verifiable if isinstance(subject, Action) else True
            yield type(subject).__name__, subject.pk, subject.until_edition_id, status, counts
    if step.kind == StructureStep.WITHDRAW:
        whole = Q(recommendation__in=step.recommendations) | Q(
            recommendation__report__in=step.reports
        )
        yield ("with", *sorted(Action.objects.counted().filter(whole).values_list("pk", flat=True)))
