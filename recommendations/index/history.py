"""What the record said and when, as sets: any day and any edition is put together from them.

Periods and updates are told by their own keys, whose owners stand apart (structure.py). The days
are those on which something held, the editions those that said so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from recommendations.models import StatusUpdate
from recommendations.models.deadline import DeadlineOrigin
from recommendations.record import Record

from .names import (
    ACTION,
    BEGAN,
    ENDED,
    EVIDENCE_PERIOD,
    FROM,
    NO_DAY,
    OF,
    RECOMMENDATION,
    STATUS_PERIOD,
    UNTIL,
    UPDATE,
    VERIFIABILITY_PERIOD,
    YES,
    Lists,
    Rows,
    narrowed,
)

# As many corrections of corrections are followed to the finding that they began with.
CORRECTIONS_FOLLOWED = 5


@dataclass(frozen=True)
class History:
    """That of all recommendations or of some, added to lists."""

    record: Record
    only: Collection[int] | None
    lists: Lists

    def collect(self) -> None:
        """Add all of it (eight queries)."""
        self._recommendations()
        self._actions()
        self._deadlines()
        self._status_periods()
        self._evidence_periods()
        self._verifiability_periods()
        self._updates()

    def _of(self, rows: Rows, path: str = "action__recommendation") -> Rows:
        return narrowed(rows, self.only, path).order_by()

    def _add_editions(
        self, unit: str, pk: int, begun: Iterable[int | None], ended: Iterable[int | None]
    ) -> None:
        """Add the editions that had a row: those that had all that it is part of."""
        self.lists.add_edition(unit, FROM, max(filter(None, begun)), pk)
        if ends := list(filter(None, ended)):
            self.lists.add_edition(unit, UNTIL, min(ends), pk)

    def _recommendations(self) -> None:
        rows = self._of(self.record.recommendations(), "pk")
        columns = ("pk", "report__published_on")
        for pk, asked_on, *editions in rows.values_list(*columns, *_editions("report")).iterator():
            self._add_editions(RECOMMENDATION, pk, editions[::2], editions[1::2])
            self.lists.add(RECOMMENDATION, "asked_on", asked_on, pk)

    def _actions(self) -> None:
        rows = self._of(self.record.actions(), "recommendation")
        owners = ("recommendation", "recommendation__report")
        columns = ("pk", "is_verifiable", "first_review_due_on", *_editions(*owners))
        told = rows.values_list(*columns)
        for pk, is_verifiable, review_due_on, *editions in told.iterator():
            self._add_editions(ACTION, pk, editions[::2], editions[1::2])
            self.lists.add(ACTION, "first_review_due_on", review_due_on or NO_DAY, pk)
            if is_verifiable:
                self.lists.add(ACTION, "verifiable", YES, pk)

    def _deadlines(self) -> None:
        """Since which day an action has had a deadline: that of its report it always had."""
        since: dict[int, str] = {}
        rows = self._of(self.record.all_deadlines())
        for pk, origin, stated_on in rows.values_list("action_id", "origin", "stated_on"):
            is_of_report = origin == DeadlineOrigin.REPORT
            if is_of_report or stated_on:
                day = NO_DAY if is_of_report else stated_on.isoformat()
                since[pk] = min(day, since.get(pk, day))
        for pk, day in since.items():
            self.lists.add(ACTION, "deadline since", day, pk)

    def _status_periods(self) -> None:
        told = self.record.periods_of_all_editions()
        columns = ("pk", "status", "starts_on", "ends_on", "from_edition_id", "until_edition_id")
        for unit, path in ((ACTION, "action__recommendation"), (RECOMMENDATION, "recommendation")):
            rows = self._of(told.filter(**{f"{unit}__isnull": False}), path)
            for pk, status, *span in rows.values_list(*columns).iterator():
                self.lists.add(STATUS_PERIOD, OF, unit, pk)
                self.lists.add(STATUS_PERIOD, "status", status, pk)
                self._add_span(STATUS_PERIOD, pk, *span)

    def _evidence_periods(self) -> None:
        rows = self._of(self.record.evidence_periods_of_all_editions())
        columns = ("pk", "kind", "starts_on", "ends_on", "from_edition_id", "until_edition_id")
        for pk, kind, *span in rows.values_list(*columns).iterator():
            self.lists.add(EVIDENCE_PERIOD, "kind", kind, pk)
            self._add_span(EVIDENCE_PERIOD, pk, *span)

    def _add_span(
        self, unit: str, pk: int, starts_on: date, ends_on: date | None, *editions: int | None
    ) -> None:
        self.lists.add(unit, BEGAN, starts_on, pk)
        if ends_on:
            self.lists.add(unit, ENDED, ends_on, pk)
        self._add_editions(unit, pk, editions[:1], editions[1:])

    def _verifiability_periods(self) -> None:
        rows = self._of(self.record.verifiability())
        columns = ("pk", "is_verifiable", "from_edition_id", "until_edition_id")
        for pk, is_verifiable, *editions in rows.values_list(*columns).iterator():
            if is_verifiable:
                self.lists.add(VERIFIABILITY_PERIOD, "verifiable", YES, pk)
            self._add_editions(VERIFIABILITY_PERIOD, pk, editions[:1], editions[1:])

    def _updates(self) -> None:
        rows = self._of(self.record.all_updates()).with_day_of_review()
        days = ("searched_on", "reviewed_on", "next_review_on")
        told = rows.values_list("pk", "replaces_id", "is_baseline", *days)
        for pk, replaces, is_baseline, searched_on, reviewed_on, next_review_on in told.iterator():
            if searched_on:
                self.lists.add(UPDATE, "searched_on", searched_on, pk)
            self.lists.add(UPDATE, "reviewed_on", reviewed_on or NO_DAY, pk)
            self.lists.add(UPDATE, "next_review_on", next_review_on or NO_DAY, pk)
            if is_baseline:
                self.lists.add(UPDATE, "of research", YES, pk)
            elif replaces:
                self.lists.add(UPDATE, "corrected by people", YES, replaces)


def _editions(*owners: str) -> Iterator[str]:
    """Yield the columns of the editions of a row and of those that it is part of."""
    for path in ("", *(f"{owner}__" for owner in owners)):
        yield f"{path}from_edition_id"
        yield f"{path}until_edition_id"


def judgements(record: Record, reports: Collection[int] | None) -> Iterator[tuple[int, int, int]]:
    """Yield which finding of research which update of a reviewer judges, by report.

    It relies on the finding, or corrects it, directly or in several steps (two queries).
    """
    report = "action__recommendation__report_id"
    updates = record.all_updates().order_by()
    relied_on = StatusUpdate.relies_on.through.objects.order_by()
    if reports is not None:
        updates = updates.filter(action__recommendation__report__in=reports)
        relied_on = relied_on.filter(**{f"from_statusupdate__{report}__in": reports})
    findings: dict[int, int] = {}
    replaced: dict[int, int] = {}
    judging: dict[int, tuple[int, int]] = {}
    columns = ("pk", "action_id", report, "is_baseline", "replaces_id")
    for pk, action, of_report, is_baseline, replaces in updates.values_list(*columns).iterator():
        if is_baseline:
            findings[pk] = action
        else:
            judging[pk] = (action, of_report)
        if replaces:
            replaced[pk] = replaces
    pairs = {
        (finding, pk)
        for pk, finding in relied_on.values_list("from_statusupdate_id", "to_statusupdate_id")
    }
    for pk in judging:
        finding = pk
        for _n in range(CORRECTIONS_FOLLOWED):
            if (finding := replaced.get(finding, 0)) == 0:
                break
            pairs.add((finding, pk))
    for finding, pk in pairs:
        if finding in findings and pk in judging and findings[finding] == judging[pk][0]:
            yield judging[pk][1], finding, pk
