"""What publishing would change, told before it happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from recommendations.models import Action, Recommendation, Report, StatusUpdate
from recommendations.periods.spans import Claim, spans_of
from recommendations.publishing.updates import cap_of
from recommendations.statuses import RollUp, Status, effective_day, roll_up

from .counts import Counts, StatusCount

NEXT_EDITION = 2**31


@dataclass(frozen=True, slots=True)
class ActionEffect:
    action: Action
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecommendationEffect:
    recommendation: Recommendation
    before: RollUp
    after: RollUp

    @property
    def is_change(self) -> bool:
        return self.before.status != self.after.status


@dataclass(frozen=True, slots=True)
class ReportEffect:
    """The headline numbers of a report: counts of its verifiable actions by status."""

    report: Report
    before: Counts
    after: Counts

    @property
    def is_change(self) -> bool:
        return self.before != self.after

    @property
    def changes(self) -> list[tuple[StatusCount, StatusCount]]:
        """The statuses whose number changes, before and after."""
        rows = zip(self.before.rows, self.after.rows, strict=True)
        return [(before, after) for before, after in rows if before.n != after.n]


@dataclass(frozen=True, slots=True)
class Effects:
    actions: list[ActionEffect]
    recommendations: list[RecommendationEffect]
    reports: list[ReportEffect]


def effects_of(updates: Sequence[StatusUpdate], *, today: date) -> Effects:
    """Return what would change if these drafts, at most one an action, were published today.

    The updates need `action__recommendation__report` at hand (four queries besides).
    """
    actions = [update.action for update in updates]
    ended = [update.replaces_id for update in updates if update.replaces_id]
    return _effects(actions, _statuses_after(actions, updates, ended=ended, today=today))


def effects_of_retraction(update: StatusUpdate, *, today: date) -> Effects:
    """Return what would change if this update were retracted today."""
    actions = [update.action]
    return _effects(actions, _statuses_after(actions, (), ended={update.pk}, today=today))


def _effects(changed: Sequence[Action], after: Mapping[int, str]) -> Effects:
    recommendations = _distinct(action.recommendation for action in changed)
    reports = _distinct(one.report for one in recommendations)
    by_recommendation: dict[int, list[tuple[int, str]]] = defaultdict(list)
    by_report: dict[int, list[tuple[int, str]]] = defaultdict(list)
    counted = Action.objects.counted().filter(recommendation__report__in=reports)
    for pk, recommendation_id, report_id, status in counted.values_list(
        "pk", "recommendation_id", "recommendation__report_id", "status"
    ):
        by_recommendation[recommendation_id].append((pk, status))
        by_report[report_id].append((pk, status))
    return Effects(
        [ActionEffect(action, action.status, after[action.pk]) for action in changed],
        [
            RecommendationEffect(one, *_both(by_recommendation[one.pk], after, roll_up))
            for one in recommendations
        ],
        [ReportEffect(one, *_both(by_report[one.pk], after, Counts.of)) for one in reports],
    )


def effects_of_step(
    gone: Collection[int],
    *,
    added: Iterable[tuple[Recommendation, str]] = (),
    homes: Collection[Recommendation],
    reports: Collection[Report] = (),
) -> Effects:
    """Return what would change if these actions left the counts and others came in.

    `added` has the recommendation and the status of each verifiable action that comes. `homes` are
    the recommendations to be told of; all need their report at hand (one query).
    """
    added = list(added)
    reports = _distinct(
        [*reports, *(one.report for one in homes), *(one.report for one, _status in added)]
    )
    before: dict[tuple[str, int], list[str]] = defaultdict(list)
    after: dict[tuple[str, int], list[str]] = defaultdict(list)
    counted = Action.objects.counted().filter(recommendation__report__in=reports)
    for pk, recommendation_id, report_id, status in counted.values_list(
        "pk", "recommendation_id", "recommendation__report_id", "status"
    ):
        for key in (("recommendation", recommendation_id), ("report", report_id)):
            before[key].append(status)
            after[key] += [] if pk in gone else [status]
    for one, status in added:
        after["recommendation", one.pk].append(status)
        after["report", one.report_id].append(status)
    return Effects(
        [],
        [
            RecommendationEffect(
                one,
                roll_up(before["recommendation", one.pk]),
                roll_up(after["recommendation", one.pk]),
            )
            for one in homes
        ],
        [
            ReportEffect(
                one, Counts.of(before["report", one.pk]), Counts.of(after["report", one.pk])
            )
            for one in reports
        ],
    )


def _both(statuses: Sequence[tuple[int, str]], after: Mapping[int, str], count) -> tuple:
    return (
        count(status for _pk, status in statuses),
        count(after.get(pk, status) for pk, status in statuses),
    )


def _distinct(rows: Iterable) -> list:
    return list({row.pk: row for row in rows}.values())


def _statuses_after(
    actions: Sequence[Action],
    updates: Sequence[StatusUpdate],
    *,
    ended: Collection[int],
    today: date,
) -> dict[int, str]:
    """Return the present status of each action with the drafts counted and what ended not."""
    claims: dict[int, list[Claim]] = {action.pk: [] for action in actions}
    standing = StatusUpdate.objects.counting().filter(action__in=list(claims)).exclude(pk__in=ended)
    for action_id, *facts in standing.values_list(
        "action_id", "pk", "status", "effective_day", "edition_id"
    ):
        claims[action_id].append(Claim(*facts))
    for update in updates:
        day = effective_day(
            update.effective_on, update.effective_precision, cap=cap_of(update, today=today)
        )
        claims[update.action_id].append(Claim(0, update.status, day, NEXT_EDITION))
    return {pk: _present(spans_of(of_one)) for pk, of_one in claims.items()}


def _present(spans) -> str:
    return spans[-1].status if spans else str(Status.NOT_ASSESSED)
