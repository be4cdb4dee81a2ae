"""What each edition told of the whole record, and what it changed in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least

from recommendations.index.conditions import Keys, keys
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION
from recommendations.index.past import PastView
from recommendations.models import Action, Edition, VerifiabilityPeriod
from recommendations.models.edition import OF_ONE_REPORT, EditionKind
from recommendations.models.fields import Counted
from recommendations.querysets import ActionQuerySet, RecommendationQuerySet
from recommendations.querysets.base import count_of
from recommendations.record import Record
from recommendations.statuses import Status
from recommendations.viewpoint import Viewpoint

from .counts import Counts

if TYPE_CHECKING:
    from recommendations.rows import (
        NumberedEdition,
        TouchedAction,
        TouchedRecommendation,
        TouchedReport,
    )

# What has to be in the record for a verifiable action to be counted, seen from the action.
WHOLES = ("", "recommendation__", "recommendation__report__")
OUT_ON = "recommendation__report__published_on"
NEVER = 2**31 - 1
NUMBER: dict[str, Any] = {"output_field": IntegerField()}

Rows = TypeVar("Rows", ActionQuerySet, RecommendationQuerySet)


def counts_told_by(record: Record, editions: Collection[Edition]) -> dict[int, Counts]:
    """Return the statuses of all verifiable actions as each edition told them, by its number.

    Each is as of the day of its publication: what the page of this edition shows without a date.
    What did not change between them is counted by the index, from the newest of them. Two queries
    of the rest, however many editions.
    """
    if not editions:
        return {}
    shown = _Shown(editions)
    unchanged, changed = _unchanged(shown, max(editions, key=lambda one: one.number))
    total = {edition.number: sum(unchanged.values()) for edition in editions}
    verifiable = record.verifiability().filter(action__in=changed)
    for row in shown.rows(verifiable, own="action__", verifiable=""):
        for edition in editions:
            if row.is_told_by(edition):
                total[edition.number] += row.n
    told = {edition.number: Counter(unchanged) for edition in editions}
    periods = record.periods_of_all_editions().filter(action__in=changed)
    path = "action__verifiability_periods__"
    for row in shown.rows(periods, own="action__", verifiable=path, has_days=True):
        for edition in editions:
            if row.is_told_by(edition):
                told[edition.number][row.status] += row.n
    for number, counts in told.items():
        counts[str(Status.NOT_ASSESSED)] += total[number] - sum(counts.values())
    return {number: Counts(counts) for number, counts in told.items()}


def _unchanged(shown: _Shown, newest: Edition) -> tuple[dict[str, int], Keys]:
    """Return the statuses of actions that are the same in all editions, and which are not."""
    with opened_at(Viewpoint(on=newest.published_on, edition=newest)) as index:
        assert isinstance(index.view, PastView)
        changed = index.view.actions_that_changed(
            after=shown.oldest, since=shown.first_day, until=shown.last_day
        )
        rest = index.view.counted_actions - changed
        statuses = index.view.values(ACTION, "status")
        counts = {one: rest.intersection_cardinality(rows) for one, rows in statuses.items()}
    return counts, keys(changed)


@dataclass(frozen=True)
class _Row:
    """How many rows the same of the editions told, on the same of their days."""

    first: int
    until: int
    begins: date
    ends: date | None
    status: str
    n: int

    def is_told_by(self, edition: Edition) -> bool:
        day = edition.published_on
        is_of_day = self.begins <= day and (self.ends is None or day < self.ends)
        return is_of_day and self.first <= edition.number < self.until


class _Shown:
    """The editions of a page, as bounds within which rows can differ."""

    def __init__(self, editions: Collection[Edition]) -> None:
        numbers = [edition.number for edition in editions]
        days = [edition.published_on for edition in editions]
        self.oldest, self.newest = min(numbers), max(numbers)
        self.first_day, self.last_day = min(days), max(days)

    def rows(
        self, periods: QuerySet, *, own: str, verifiable: str, has_days: bool = False
    ) -> Iterator[_Row]:
        """Yield what any of the editions told (one query), grouped by which of them did.

        `own` leads to the action and `verifiable` to its periods of being so. What began before the
        oldest of them, or ends after the newest, is as if it always held.
        """
        paths = list(dict.fromkeys(["", verifiable, *(f"{own}{whole}" for whole in WHOLES)]))
        # In one call: each further one would ask for another period.
        kept = periods.filter(
            *(self._is_told(path) for path in paths),
            *([self._held()] if has_days else []),
            **{f"{own}{OUT_ON}__lte": self.last_day, f"{verifiable}is_verifiable": True},
        )
        starts = (F(f"{path}from_edition") for path in paths)
        grouped = kept.order_by().annotate(
            first=Greatest(Value(self.oldest), *starts, **NUMBER),
            until=Least(Value(self.newest + 1), *(_end_of(path) for path in paths), **NUMBER),
            begins=self._begins(own, has_days=has_days),
            ends=self._ends() if has_days else Value(None, output_field=DateField()),
            told_status=F("status") if has_days else Value(""),
        )
        found = grouped.values_list("first", "until", "begins", "ends", "told_status")
        yield from (_Row(*row) for row in found.annotate(n=Count("pk")))

    def _is_told(self, path: str) -> Q:
        still_told = Q(**{f"{path}until_edition__isnull": True})
        later = Q(**{f"{path}until_edition__gt": self.oldest})
        return Q(**{f"{path}from_edition__lte": self.newest}) & (still_told | later)

    def _held(self) -> Q:
        still_held = Q(ends_on__isnull=True) | Q(ends_on__gt=self.first_day)
        return Q(starts_on__lte=self.last_day) & still_held

    def _begins(self, own: str, *, has_days: bool) -> Greatest:
        days = [F(f"{own}{OUT_ON}"), *([F("starts_on")] if has_days else [])]
        first_day = Value(self.first_day, output_field=DateField())
        return Greatest(first_day, *days, output_field=DateField())

    def _ends(self) -> Case:
        return Case(When(ends_on__lte=self.last_day, then=F("ends_on")), output_field=DateField())


def _end_of(path: str) -> Coalesce:
    """Return until which edition something was told; of what still is, a number above all."""
    return Coalesce(F(f"{path}until_edition"), Value(NEVER), **NUMBER)


@dataclass(frozen=True)
class StatusChange:
    """How many had a status in an edition and in the one before it."""

    status: Status
    before: int
    n: int

    @property
    def difference(self) -> int:
        return self.n - self.before


def status_changes(before: Counts, now: Counts) -> list[StatusChange]:
    """Return every status in the fixed order, but those that neither of two editions told of."""
    changes = [StatusChange(s, before.n(s), now.n(s)) for s in Status]
    return [change for change in changes if change.before or change.n]


class Maker(StrEnum):
    """Who made an edition, as far as the public is told."""

    REVIEWER = "reviewer"
    TWO_TO_RETRACT = "two_to_retract"
    TWO_TO_COUNT = "two_to_count"
    FILE = "file"
    UNKNOWN = "unknown"


def maker_of(edition: Edition, *, has_updates: bool) -> Maker:
    if edition.kind in OF_ONE_REPORT or edition.slug:
        return Maker.FILE
    if edition.made_by_id is None:
        return Maker.UNKNOWN
    if edition.kind == EditionKind.STRUCTURE:
        return Maker.TWO_TO_COUNT
    return Maker.REVIEWER if has_updates else Maker.TWO_TO_RETRACT


@dataclass(frozen=True)
class Structure:
    """What came into the record, left it or is counted otherwise since an edition.

    What came or left with its report or recommendation is not named again; `n_recommendations`
    and `n_actions` of those say how many came.
    """

    reports: list[TouchedReport]
    recommendations: list[TouchedRecommendation]
    actions: list[TouchedAction]
    withdrawn: list[TouchedReport | TouchedRecommendation | TouchedAction]
    successions: list[Succession]
    verifiability: list[VerifiabilityPeriod]

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__dataclass_fields__)


@dataclass(frozen=True)
class Succession:
    """Actions that left the count together, and those that succeed them."""

    old: list[TouchedAction]
    new: list[Action]

    @property
    def is_split(self) -> bool:
        return len(self.new) > 1

    @property
    def reason(self) -> str:
        return self.old[0].withdrawal_reason


def _successions(succeeded: Sequence[TouchedAction]) -> list[Succession]:
    grouped: dict[frozenset[int], list[TouchedAction]] = {}
    for action in succeeded:
        key = frozenset(one.pk for one in action.known_successors)
        grouped.setdefault(key, []).append(action)
    return [Succession(old, list(old[0].known_successors)) for old in grouped.values()]


def structure_of(record: Record, edition: Edition) -> Structure:
    """Return what an edition changed in what is counted (at most seven queries)."""
    reports, recommendations, actions = _touched(record, edition)
    touched: list[TouchedReport | TouchedRecommendation | TouchedAction]
    touched = [*reports, *recommendations, *actions]
    succeeded = [one for one in actions if _left(one, edition) and one.known_successors]
    successors = {one.pk for action in succeeded for one in action.known_successors}
    counted_otherwise = record.verifiability().filter(from_edition=edition)
    return Structure(
        reports=[one for one in reports if _came(one, edition)],
        recommendations=[
            one for one in recommendations if _came(one, edition) and not _came(one.report, edition)
        ],
        actions=[one for one in actions if _came(one, edition) and one.pk not in successors],
        withdrawn=[one for one in touched if _left(one, edition) and one not in succeeded],
        successions=_successions(succeeded),
        verifiability=list(
            counted_otherwise.exclude(action__from_edition=edition).select_related(
                "action__recommendation__report"
            )
        ),
    )


def _came(row: Counted, edition: Edition) -> bool:
    return row.from_edition_id == edition.pk


def _left(row: Counted, edition: Edition) -> bool:
    return row.until_edition_id == edition.pk


def _touched(
    record: Record, edition: Edition
) -> tuple[list[TouchedReport], list[TouchedRecommendation], list[TouchedAction]]:
    """Return what came or left in an edition; of actions, not those that came with the whole."""
    is_touched = Q(from_edition=edition) | Q(until_edition=edition)
    came = record.actions().filter(from_edition=edition)
    of_report = came.filter(recommendation__report=OuterRef("pk"))
    parts = record.recommendations().filter(from_edition=edition, report=OuterRef("pk"))
    reports = (
        record.reports()
        .filter(is_touched)
        .annotate(n_recommendations=count_of(parts), n_actions=count_of(of_report))
    )
    recommendations = (
        _of_keys(record.recommendations(), is_touched)
        .annotate(n_actions=count_of(came.filter(recommendation=OuterRef("pk"))))
        .select_related("report")
        .order_by(*RecommendationQuerySet.REPORT_ORDER)
    )
    actions = (
        _of_keys(record.actions(), is_touched)
        .exclude(from_edition=edition, recommendation__from_edition=edition)
        .with_successors()
        .select_related("recommendation__report")
        .order_by(*ActionQuerySet.REPORT_ORDER)
    )
    return (
        cast("list[TouchedReport]", list(reports)),
        cast("list[TouchedRecommendation]", list(recommendations)),
        cast("list[TouchedAction]", list(actions)),
    )


def _of_keys(rows: Rows, condition: Q) -> Rows:
    """Narrow rows by keys: SQLite would go through all reports to have them in their order."""
    found = rows.unrestricted().filter(condition).order_by()
    return rows.filter(pk__in=found.values("pk"))


@dataclass(frozen=True)
class EditionEntry:
    """An edition in the list of them, with the statuses that it told of on its own day."""

    edition: NumberedEdition
    counts: Counts


def edition_entries(record: Record, editions: Sequence[NumberedEdition]) -> list[EditionEntry]:
    """Return the entries of editions (two queries)."""
    told = counts_told_by(record, editions)
    return [EditionEntry(edition, told[edition.number]) for edition in editions]
