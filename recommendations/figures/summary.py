"""The figures of a dashboard or a scorecard whose actions are too many to show one by one.

They are what `dashboard.Overview` counts from its rows, counted by the database instead: what a
page costs depends on what it shows, not on how many actions there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, cast

from django.db.models import Count, Max, Q

from recommendations.models import Report, Section
from recommendations.querysets import ActionQuerySet, RecommendationQuerySet
from recommendations.record import Record
from recommendations.statuses import STRONG, Addressee, Status
from recommendations.text.languages import plain

from .counts import Counts, Group, ScheduleCounts, counts_by_report, firmness
from .dashboard import LISTED_DEADLINES, DeadlineGroup, RecommendationRow
from .deadlines import STATES

if TYPE_CHECKING:
    from recommendations.rows import ScheduledAction

# Reports with a bar each; the list has the rest.
MOST_REPORTS = 12
# Recommendations of a report that its dashboard names, if it has no more than these.
MOST_NAMED = 60


@dataclass(frozen=True)
class _Cell:
    """How many counted actions have these three in common, and what is known of them together."""

    status: str
    addressee: str
    schedule: str
    n: int
    firm: int
    to_review: int
    looked_at: date | None


@dataclass
class Summary:
    """Figures of a set of actions as of a day, each asked for once."""

    record: Record
    actions: ActionQuerySet
    on: date

    is_listed = False

    @cached_property
    def counted(self) -> ActionQuerySet:
        return self.actions.counted().order_by()

    @cached_property
    def cells(self) -> list[_Cell]:
        rows = self.counted.with_schedule(on=self.on)
        is_firm = Q(status=Status.IMPLEMENTED, evidence_kind__in=STRONG)
        grouped = rows.values_list("status", "addressee", "schedule").annotate(
            n=Count("pk"),
            firm=Count("pk", filter=is_firm),
            to_review=Count("pk", filter=Q(review_due_on__lt=self.on)),
            looked_at=Max("last_reviewed_on"),
        )
        return [_Cell(*row) for row in grouped]

    @cached_property
    def counts(self) -> Counts:
        return Counts(_sums((cell.status, cell.n) for cell in self.cells))

    @cached_property
    def by_addressee(self) -> list[Group]:
        return [
            Group(str(addressee), str(addressee.label), of_all=counts)
            for addressee in Addressee
            if (counts := self._of_addressee(addressee))
        ]

    def _of_addressee(self, addressee: Addressee) -> Counts:
        cells = (cell for cell in self.cells if cell.addressee == addressee)
        return Counts(_sums((cell.status, cell.n) for cell in cells))

    @cached_property
    def by_body(self) -> list[Group]:
        """An action with several lead bodies stands in the row of each."""
        return self._by_name("bodies", "body.name")

    @cached_property
    def by_area(self) -> list[Group]:
        """An action in several policy areas stands in the row of each."""
        return self._by_name("recommendation__areas", "policyarea.name")

    def _by_name(self, path: str, kind: str) -> list[Group]:
        found: dict[tuple[str, str], Counter[str]] = {}
        named = self.counted.filter(**{f"{path}__isnull": False})
        rows = named.values_list(f"{path}__slug", f"{path}__name", "status")
        for slug, name, status, n in rows.annotate(n=Count("pk")):
            found.setdefault((slug, name), Counter())[status] = n
        return _largest_first(
            Group(slug, plain(name, kind), of_all=Counts(counts))
            for (slug, name), counts in found.items()
        )

    @cached_property
    def of_reports(self) -> dict[int, Counts]:
        """The statuses by the key of their report."""
        return counts_by_report(self.actions)

    @property
    def n_reports(self) -> int:
        return len(self.of_reports)

    @cached_property
    def by_report(self) -> list[Group]:
        """Those with most actions, MOST_REPORTS at most."""
        most = sorted(self.of_reports, key=lambda pk: (-self.of_reports[pk].total, pk))
        reports = self.record.reports().in_bulk(most[:MOST_REPORTS])
        return _largest_first(
            Group(report.slug, report.full_title, of_all=self.of_reports[pk])
            for pk, report in reports.items()
        )

    @cached_property
    def reports(self) -> list[Report]:
        """All of them, if a page can name them; else none."""
        if self.n_reports > MOST_REPORTS:
            return []
        return list(self.record.reports().filter(pk__in=self.of_reports))

    @cached_property
    def schedules(self) -> ScheduleCounts:
        return ScheduleCounts(_sums((cell.schedule, cell.n) for cell in self.cells))

    @property
    def n_with_deadline(self) -> int:
        return self.schedules.with_deadline

    @cached_property
    def deadlines(self) -> list[DeadlineGroup]:
        """The states that have any, each with its earliest deadlines (four queries)."""
        dated = self.counted.with_schedule(on=self.on).filter(due_on__isnull=False)
        first = dated.first_of_each_schedule(LISTED_DEADLINES).for_deadlines(on=self.on)
        found: dict[str, list[ScheduledAction]] = {}
        for action in cast("Iterable[ScheduledAction]", first):
            found.setdefault(action.schedule, []).append(action)
        return [
            DeadlineGroup(schedule, self.schedules.n(schedule), found.get(schedule, []))
            for schedule in STATES
            if self.schedules.n(schedule)
        ]

    @property
    def last_reviewed_on(self) -> date | None:
        return max((cell.looked_at for cell in self.cells if cell.looked_at), default=None)

    @property
    def needing_review(self) -> int:
        return sum(cell.to_review for cell in self.cells)

    @property
    def firmness(self) -> str:
        """The sentence on how many of the implemented rest on a primary or official source."""
        return firmness(sum(cell.firm for cell in self.cells), self.counts)


def _sums(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, n in pairs:
        found[key] += n
    return found


def _largest_first(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-group.counts.total, group.slug))


@dataclass
class SectionSummary:
    """A section of a report, as a column of its dashboard; the rows have no squares."""

    section: Section
    counts: Counts
    n: int
    rows: list[RecommendationRow]

    has_squares = False


def section_summaries(
    record: Record, recommendations: RecommendationQuerySet, actions: ActionQuerySet
) -> list[SectionSummary]:
    """Return the sections of a report that have recommendations (at most four queries).

    Its recommendations are named where there are no more than MOST_NAMED.
    """
    numbers = dict(recommendations.order_by().values_list("section").annotate(n=Count("pk")))
    counts: dict[int, Counter[str]] = {pk: Counter() for pk in numbers}
    found = actions.counted().order_by().values_list("recommendation__section", "status")
    for section, status, n in found.annotate(n=Count("pk")):
        counts[section][status] += n
    rows: dict[int, list[RecommendationRow]] = {pk: [] for pk in numbers}
    if sum(numbers.values()) <= MOST_NAMED:
        for one in recommendations.select_related("report").order_by("position"):
            rows[one.section_id].append(RecommendationRow(one, []))
    sections = record.sections().filter(pk__in=numbers).order_by("position")
    return [
        SectionSummary(one, Counts(counts[one.pk]), numbers[one.pk], rows[one.pk])
        for one in sections
    ]
