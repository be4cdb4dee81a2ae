"""What a step in what is counted would do, told before it is asked for and before it is taken."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from recommendations.figures.effects_of_publishing import Effects, effects_of_step
from recommendations.models import Action, Recommendation, Report, StatusUpdate
from recommendations.models.structure_request import StructureStep
from recommendations.publishing.structure_requests import Step, state_of
from recommendations.statuses import Status

Subject = Report | Recommendation | Action
# So many of the drafts of a report are named.
MOST_NAMED = 30


@dataclass(frozen=True)
class Plan:
    withdrawn: Sequence[Subject]
    added: Sequence[str]
    staying: Action | None
    effects: Effects
    open_drafts: int
    mark: str
    """Changes with everything that was typed and with what would follow from it."""
    is_succession: bool = True
    counted: Action | None = None
    left_out: Action | None = None

    @property
    def named(self) -> Sequence[str]:
        return self.added[:MOST_NAMED]

    @property
    def n_unnamed(self) -> int:
        return len(self.added) - len(self.named)


def plan_of(
    old: Collection[Action],
    *,
    typed: Sequence[dict[str, Any]],
    drafts: Collection[Action] = (),
    staying: Action | None = None,
    reason: str,
) -> Plan:
    """Return the plan of splitting or merging these actions; typed ones go with the first.

    They need their recommendation and report at hand.
    """
    old = sorted(old, key=lambda action: action.pk)
    new = [draft.recommendation for draft in drafts if draft.is_verifiable]
    if typed and old[0].is_verifiable:
        new += [old[0].recommendation] * len(typed)
    effects = effects_of_step(
        {action.pk for action in old},
        added=_not_assessed(new),
        homes=_homes([*old, *drafts]),
    )
    titles = [*(str(draft) for draft in drafts), *(row["title"] for row in typed)]
    facts = [
        [action.pk for action in old],
        [draft.pk for draft in drafts],
        [(row["title"], sorted(party.pk for party in row["parties"])) for row in typed],
        staying.pk if staying else None,
        reason,
    ]
    return Plan(old, titles, staying, effects, _open_drafts_of(old), _mark(facts, effects))


def plan_of_step(step: Step, *, reason: str = "") -> Plan:
    """Return the plan of a step whose rows are all there."""
    match step.kind:
        case StructureStep.INCLUDE:
            plan = _of_addition(step, reason)
        case StructureStep.SPLIT | StructureStep.MERGE:
            staying = next((one for one in step.into if not one.is_draft), None)
            drafts = [one for one in step.into if one.is_draft]
            old = [one for one in step.actions if one not in step.into]
            plan = plan_of(old, typed=[], drafts=drafts, staying=staying, reason=reason)
        case StructureStep.WITHDRAW:
            plan = _of_withdrawal(step, reason)
        case _:
            plan = _of_verifiability(step, reason)
    return plan


def _of_addition(step: Step, reason: str) -> Plan:
    drafts = step.drafts
    of_actions = Action.objects.filter(pk__in=drafts.actions)
    actions = list(of_actions.select_related("recommendation__report"))
    recommendations = Recommendation.objects.filter(pk__in=drafts.recommendations)
    reports = list(Report.objects.filter(pk__in=drafts.reports))
    added = [one.recommendation for one in actions if one.is_verifiable]
    effects = effects_of_step(
        (),
        added=_not_assessed(added),
        homes=[one for one in _homes(actions) if not one.is_draft],
        reports=reports,
    )
    titles = [*map(str, reports), *map(str, recommendations), *map(str, actions)]
    mark = _mark([state_of(step), reason], effects)
    return Plan([], titles, None, effects, 0, mark, is_succession=False)


def _of_withdrawal(step: Step, reason: str) -> Plan:
    of_wholes = Q(recommendation__in=step.recommendations) | Q(
        recommendation__report__in=step.reports
    )
    of_step = of_wholes | Q(pk__in=[one.pk for one in step.actions])
    gone = list(Action.objects.counted().filter(of_step))
    effects = effects_of_step(
        {one.pk for one in gone},
        homes=_homes(step.actions),
        reports=[*step.reports, *(one.report for one in step.recommendations)],
    )
    mark = _mark([state_of(step), reason], effects)
    n = _open_drafts_of(gone)
    return Plan(step.subjects, [], None, effects, n, mark, is_succession=False)


def _of_verifiability(step: Step, reason: str) -> Plan:
    [action] = step.actions
    is_counted = step.kind == StructureStep.VERIFIABLE
    effects = effects_of_step(
        () if is_counted else {action.pk},
        added=[(action.recommendation, action.status)] if is_counted else [],
        homes=[action.recommendation],
    )
    mark = _mark([state_of(step), reason], effects)
    named = {"counted" if is_counted else "left_out": action}
    return Plan([], [], None, effects, 0, mark, is_succession=False, **named)


def _not_assessed(recommendations: Collection[Recommendation]) -> list[tuple[Recommendation, str]]:
    return [(one, str(Status.NOT_ASSESSED)) for one in recommendations]


def _open_drafts_of(actions: Collection[Action]) -> int:
    waiting = StatusUpdate.objects.filter(action__in=actions)
    return waiting.exclude(review_state="published").count()


def _homes(actions: Collection[Action]) -> list[Recommendation]:
    return list({one.recommendation_id: one.recommendation for one in actions}.values())


def _mark(facts: list[object], effects: Effects) -> str:
    facts = [
        *facts,
        [(one.before, one.after) for one in effects.recommendations],
        [(one.before, one.after) for one in effects.reports],
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:20]
