"""What is true of actions and recommendations in the present, as sets of their primary keys.

What was true before is put together from what the record said when (history.py, past.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from recommendations.models import Action, ActionBody, Recommendation
from recommendations.querysets import ActionQuerySet, RecommendationQuerySet
from recommendations.record import Record
from recommendations.statuses import ENDS, Schedule, Status
from recommendations.viewpoint import Viewpoint

from .history import History
from .names import (
    ACTION,
    AGAIN,
    FOLLOWED,
    FROM,
    HAVING,
    NO_DAY,
    RECOMMENDATION,
    UNTIL,
    UPDATE,
    YES,
    Key,
    Lists,
    Rows,
    Sets,
    narrowed,
)


class ActionFacts(NamedTuple):
    """An action by the names of its columns."""

    pk: int
    recommendation: int
    addressee: str
    kind: str
    is_verifiable: bool
    status: str
    status_since: date | None
    evidence: str
    due_on: date | None
    implemented_on: date | None
    last_reviewed_on: date | None
    review_due_on: date | None


class RecommendationFacts(NamedTuple):
    pk: int
    report: int
    section: int
    origin: str
    status: str
    status_since: date | None


@dataclass
class Facts:
    """Those of all recommendations, or of some."""

    only: Collection[int] | None = None
    record: Record = field(default_factory=lambda: Record(Viewpoint.present()))
    lists: Lists = field(default_factory=Lists)

    def sets(self, *, with_history: bool = True) -> Sets:
        """Return what is true of which rows (a fixed number of queries)."""
        self._recommendations()
        self._actions()
        self._updates()
        if with_history:
            History(self.record, self.only, self.lists).collect()
        return self.lists.sets()

    def of(self, rows: Rows, path: str = "recommendation") -> Rows:
        """Return the rows that are of the recommendations asked for."""
        return narrowed(rows, self.only, path)

    # Recommendations --------------------------------------------------------------------------

    def _recommendations(self) -> None:
        rows = self.of(self.record.recommendations(), "pk")
        counted = set(rows.counted().values_list("pk", flat=True))
        self.areas = _grouped(
            self.of(Recommendation.areas.through.objects.all()).values_list(
                "recommendation_id", "policyarea_id"
            )
        )
        self.recommendations = {one.pk: one for one in self._recommendation_rows(rows)}
        out_on = dict(self.record.reports().order_by().values_list("pk", "published_on"))
        self.asked_on = {pk: out_on[one.report] for pk, one in self.recommendations.items()}
        for one in self.recommendations.values():
            if one.pk in counted:
                self.lists.add(RECOMMENDATION, "counted", YES, one.pk)
            self.lists.add(RECOMMENDATION, "status", one.status, one.pk)
            self.lists.add(RECOMMENDATION, "status_since", one.status_since or NO_DAY, one.pk)
            for name, value in self._of_recommendation(one):
                self.lists.add(RECOMMENDATION, name, value, one.pk)

    def _of_recommendation(self, one: RecommendationFacts) -> Iterator[tuple[str, Any]]:
        """Yield what is true of its actions too."""
        yield "report", one.report
        yield "section", one.section
        yield "origin", one.origin
        for area in self.areas.get(one.pk, ()):
            yield "area", area

    def _recommendation_rows(self, rows: RecommendationQuerySet) -> Iterator[RecommendationFacts]:
        columns = ("pk", "report_id", "section_id", "origin", "status", "status_since")
        return map(RecommendationFacts._make, rows.order_by().values_list(*columns).iterator())

    # Actions ----------------------------------------------------------------------------------

    def _actions(self) -> None:
        rows = self.of(self.record.actions())
        in_record = set(rows.in_record().values_list("pk", flat=True))
        labels = {
            "party": self._labels(Action.parties.through.objects.all(), "party_id"),
            "body": self._labels(ActionBody.objects.all(), "body_id"),
        }
        unconfirmed = self._unconfirmed()
        having: dict[Key, set[int]] = defaultdict(set)
        days: dict[int, list[ActionFacts]] = defaultdict(list)
        for one in self._action_rows(rows):
            said = list(self._of_action(one, labels, unconfirmed))
            is_there = one.pk in in_record
            self.lists.add(ACTION, "told", YES, one.pk)
            if is_there:
                self.lists.add(ACTION, "counted" if one.is_verifiable else "uncounted", YES, one.pk)
                if one.is_verifiable:
                    days[one.recommendation].append(one)
                    having[HAVING, "counted", YES].add(one.recommendation)
            for name, value in said:
                self.lists.add(ACTION, name, value, one.pk)
                if is_there:
                    having[HAVING, name, str(value)].add(one.recommendation)
            for name, value in self._of_recommendation(self.recommendations[one.recommendation]):
                self.lists.add(ACTION, name, value, one.pk)
            self.lists.add(ACTION, "asked_on", self.asked_on[one.recommendation], one.pk)
        for key, owners in having.items():
            for pk in owners:
                self.lists.add(*key, pk)
        self._days_of_recommendations(days)
        self._months()

    def _of_action(
        self, one: ActionFacts, labels: dict[str, dict[int, list[int]]], unconfirmed: set[int]
    ) -> Iterator[tuple[str, Any]]:
        yield "status", one.status
        yield "addressee", one.addressee
        yield "kind", one.kind
        yield "evidence", one.evidence
        yield "status_since", one.status_since or NO_DAY
        yield "due_on", one.due_on or NO_DAY
        yield "last_reviewed_on", one.last_reviewed_on or NO_DAY
        yield "review_due_on", one.review_due_on or NO_DAY
        schedule = schedule_apart_from_the_day(one)
        yield ("schedule, whatever the day", schedule) if schedule else ("open_due_on", one.due_on)
        if one.pk in unconfirmed:
            yield "unreviewed", YES
            if one.last_reviewed_on:
                yield "unconfirmed", YES
        for name, values in labels.items():
            for value in values.get(one.pk, ()):
                yield name, value

    def _days_of_recommendations(self, counted: dict[int, list[ActionFacts]]) -> None:
        """Recommendations have the next deadline and the oldest review of their actions."""
        for pk in self.recommendations:
            actions = counted.get(pk, [])
            due = [one.due_on for one in actions if one.due_on]
            reviewed = [one.last_reviewed_on for one in actions if one.last_reviewed_on]
            is_reviewed = reviewed and len(reviewed) == len(actions)
            self.lists.add(RECOMMENDATION, "due_on", min(due) if due else NO_DAY, pk)
            self.lists.add(
                RECOMMENDATION, "last_reviewed_on", min(reviewed) if is_reviewed else NO_DAY, pk
            )

    def _labels(self, rows: QuerySet, column: str) -> dict[int, list[int]]:
        rows = self.of(rows, "action__recommendation")
        return _grouped(rows.order_by().values_list("action_id", column))

    def _action_rows(self, rows: ActionQuerySet) -> Iterator[ActionFacts]:
        columns = (
            *("pk", "recommendation_id", "addressee", "kind", "is_verifiable"),
            *("status", "status_since", "evidence_kind", "due_on"),
            *("implemented_on", "last_reviewed_on", "review_due_on"),
        )
        return map(ActionFacts._make, rows.order_by().values_list(*columns).iterator())

    def _unconfirmed(self) -> set[int]:
        """Return the actions that no reviewer has published on, or where a finding awaits one."""
        path = "action__recommendation"
        updates = self.of(self.record.counting_updates(), path).order_by()
        by_people = set(updates.filter(is_baseline=False).values_list("action_id", flat=True))
        awaiting = set(
            self.of(self.record.awaiting_review(), path).values_list("action_id", flat=True)
        )
        return _Except(by_people - awaiting)

    # Updates ----------------------------------------------------------------------------------

    def _updates(self) -> None:
        """What was said, and in which editions. The words of those that count are searched."""
        rows = self.of(self.record.all_updates(), "action__recommendation")
        rows = rows.order_by("action_id", "edition_id", "pk")
        columns = (
            "action_id",
            "pk",
            "status",
            "effective_day",
            "edition__published_at",
            "edition_id",
            "ended_in_edition_id",
            "end_reason",
        )
        before = (0, 0)
        for action, pk, status, day, at, edition, ended_in, reason in rows.values_list(
            *columns
        ).iterator():
            if action == before[0]:
                self.lists.add_edition(UPDATE, FOLLOWED, edition, before[1])
            before = (action, pk)
            self.lists.add(UPDATE, "told", YES, pk)
            self.lists.add(UPDATE, "status", status, pk)
            self.lists.add(UPDATE, "effective_day", day, pk)
            self.lists.add(UPDATE, "published_on", at.date(), pk)
            self.lists.add_edition(UPDATE, FROM, edition, pk)
            if ended_in is None:
                self.lists.add(UPDATE, "counting", YES, pk)
            else:
                self.lists.add_edition(UPDATE, UNTIL, ended_in, pk)
                self.lists.add(UPDATE, "end_reason", reason, pk)

    # Months -----------------------------------------------------------------------------------

    def _months(self) -> None:
        """In which months each status began and ended, from the day that a report was out on."""
        asked = self.asked_on
        rows = self.of(self.record.periods(), "action__recommendation")
        told = rows.filter(action__isnull=False).order_by("action_id", "starts_on")
        columns = ("action_id", "action__recommendation_id", "status", "starts_on", "ends_on")
        last_action, seen = None, set[tuple[str, str]]()
        for pk, owner, status, starts_on, ends_on in told.values_list(*columns).iterator():
            if owner not in asked:
                continue
            if pk != last_action:
                last_action, seen = pk, set()
                if status == Status.NO_ACTION:
                    self.lists.add(ACTION, "first_search", starts_on, pk)
            self._month(pk, f"{status} began", max(starts_on, asked[owner]), seen)
            if ends_on:
                self._month(pk, f"{status} ended", max(ends_on, asked[owner]), seen)

    def _month(self, pk: int, name: str, day: date, seen: set[tuple[str, str]]) -> None:
        """Note what happened in a month; a second time in the same month, as a second time."""
        month = day.isoformat()[:7]
        while (name, month) in seen:
            month += AGAIN
        seen.add((name, month))
        self.lists.add(ACTION, name, month, pk)


class _Except(set[int]):
    """All that is not in it."""

    def __contains__(self, pk: object) -> bool:
        return not super().__contains__(pk)


def schedule_apart_from_the_day(one: ActionFacts) -> Schedule | None:
    """Return where an action stands against its deadline; None where that is for the day to say."""
    if one.due_on is None:
        return Schedule.NO_DEADLINE
    if one.implemented_on:
        return Schedule.MET if one.implemented_on <= one.due_on else Schedule.MET_LATE
    return Schedule.CLOSED if one.status in ENDS else None


def _grouped(pairs: QuerySet) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for owner, value in pairs.iterator():
        found[owner].append(value)
    return found
