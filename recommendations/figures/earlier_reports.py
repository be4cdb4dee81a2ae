"""Reports beside each other: their cards, their neighbours, and what they took up or dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from recommendations.kept_of_state import kept_of_answer
from recommendations.models import Recommendation, RecommendationRelation, Report
from recommendations.models.relation import RelationKind
from recommendations.querysets import (
    RecommendationQuerySet,
    RelationQuerySet,
    ReportQuerySet,
)
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.record import Record
from recommendations.text.languages import plain

from .counts import Counts, StatusCount, counts_by_report

if TYPE_CHECKING:
    from recommendations.rows import CardReport, PlacedRecommendation


@dataclass(frozen=True)
class ReportCard:
    """The headline figures of a report, and what came before it and is not broken down here."""

    report: CardReport
    counts: Counts
    n_recommendations: int

    @property
    def implemented(self) -> StatusCount:
        return self.counts.rows[0]

    @property
    def scope(self) -> str:
        return f"report={self.report.slug}"


def carded_reports(record: Record) -> ReportQuerySet:
    """Return all reports that were out, newest first, as their cards need them (two queries)."""
    return record.reports().out().for_cards()


def report_cards(record: Record, reports: Sequence[CardReport]) -> list[ReportCard]:
    """Return the cards of reports (two queries)."""
    counts = counts_by_report(record.actions().filter(recommendation__report__in=reports))
    recommendations = record.recommendations().counted().filter(report__in=reports).order_by()
    numbers = dict(recommendations.values_list("report").annotate(n=Count("pk")))
    return [
        ReportCard(report, counts.get(report.pk, Counts({})), numbers.get(report.pk, 0))
        for report in reports
    ]


@dataclass(frozen=True)
class Neighbours:
    """The reports that a report follows, and those that follow it."""

    predecessors: list[Report]
    successors: list[Report]
    has_relations: bool


def neighbours_of(record: Record, report: Report) -> Neighbours:
    """Return the neighbours that a page may name (three queries, none for a report without any)."""
    if report.pk not in _with_neighbours(record):
        return Neighbours([], [], has_relations=False)
    return Neighbours(
        PREDECESSORS(record.viewpoint, report=report),
        SUCCESSORS(record.viewpoint, report=report),
        bool(RELATIONS(record.viewpoint, report=report)),
    )


def _with_neighbours(record: Record) -> Collection[int]:
    """Return the keys of the reports that have to do with another (two queries, once a state)."""
    return kept_of_answer(record.viewpoint, "reports with neighbours", lambda: _related(record))


def _related(record: Record) -> Collection[int]:
    related = Q(predecessors__isnull=False) | Q(successors__isnull=False)
    found = set(record.nameable_reports().filter(related).order_by().values_list("pk", flat=True))
    for pair in record.relations().order_by().values_list("recommendation__report", "report"):
        found.update(pair)
    return found


PREDECESSORS: Prepared[Report] = Prepared(
    lambda viewpoint: Record(viewpoint).nameable_reports().filter(successors=Parameter("report"))
)
SUCCESSORS: Prepared[Report] = Prepared(
    lambda viewpoint: Record(viewpoint).nameable_reports().filter(predecessors=Parameter("report"))
)
RELATIONS: Prepared[int] = Prepared(
    lambda viewpoint: (
        relations_of(Record(viewpoint), Parameter("report"))
        .order_by()
        .values_list("pk", flat=True)[:1]
    )
)


def relations_of(record: Record, report: Report | Parameter) -> RelationQuerySet:
    """Return how a report stands to earlier ones."""
    return record.relations().filter(Q(recommendation__report=report) | Q(report=report))


@dataclass(frozen=True)
class Mention:
    """The other side of a relation, as the page of one side tells it."""

    relation: RecommendationRelation
    report: Report
    recommendation: Recommendation | None
    sentence: str

    @property
    def address(self) -> str:
        """The page of the other side; none where it is not broken down here."""
        if self.report.is_bibliographic:
            return ""
        return (self.recommendation or self.report).get_absolute_url()


@dataclass(frozen=True)
class Mentions:
    before: list[Mention]
    again: list[Mention]


def with_mentions(
    record: Record, recommendations: RecommendationQuerySet
) -> RecommendationQuerySet:
    """Annotate `is_mentioned`: whether mentions_of() has something to tell."""
    either = Q(recommendation=OuterRef("pk")) | Q(earlier=OuterRef("pk"))
    return recommendations.annotate(is_mentioned=Exists(record.relations().filter(either)))


def mentions_of(record: Record, recommendation: PlacedRecommendation) -> Mentions:
    """Return where a recommendation was asked before and again.

    It needs `is_mentioned`, without which there is no query, and else one.
    """
    if not recommendation.is_mentioned:
        return Mentions([], [])
    relations = record.relations().with_both_sides()
    found = list(relations.filter(Q(recommendation=recommendation) | Q(earlier=recommendation)))
    again = [_later(one) for one in found if one.earlier_id == recommendation.pk]
    return Mentions(
        [_earlier(one) for one in found if one.earlier_id != recommendation.pk],
        sorted(again, key=lambda mention: (mention.report.published_on, mention.relation.pk)),
    )


def _earlier(relation: RecommendationRelation) -> Mention:
    sentences = {
        RelationKind.REPEATS: _("Repeats %(number)s of %(report)s (%(year)d)"),
        RelationKind.EXTENDS: _("Extends %(number)s of %(report)s (%(year)d)"),
        RelationKind.REPLACES: _("Replaces %(number)s of %(report)s (%(year)d)"),
        RelationKind.DROPS: _("Drops %(number)s of %(report)s (%(year)d)"),
    }
    return _mention(relation, relation.earlier, relation.earlier.report, sentences)


def _later(relation: RecommendationRelation) -> Mention:
    sentences = {
        RelationKind.REPEATS: _("Repeated by %(number)s of %(report)s (%(year)d)"),
        RelationKind.EXTENDS: _("Extended by %(number)s of %(report)s (%(year)d)"),
        RelationKind.REPLACES: _("Replaced by %(number)s of %(report)s (%(year)d)"),
        RelationKind.DROPS: _("No longer asked for by %(report)s (%(year)d)"),
    }
    report = relation.later_report
    assert report is not None  # The database has one of the two.
    return _mention(relation, relation.recommendation, report, sentences)


def _mention(
    relation: RecommendationRelation,
    recommendation: Recommendation | None,
    report: Report,
    sentences: dict[RelationKind, str],
) -> Mention:
    words = sentences[RelationKind(relation.kind)] % {
        "number": recommendation.number if recommendation else "",
        "report": plain(report.title, "report.title"),
        "year": report.published_on.year,
    }
    return Mention(relation, report, recommendation, words)


@dataclass(frozen=True)
class EarlierRow:
    """A recommendation, and what it took up from each of the reports of a table."""

    recommendation: Recommendation
    cells: list[list[Mention]]


@dataclass(frozen=True)
class EarlierTable:
    """A report across earlier ones. `dropped` has the rows of what it no longer asks for."""

    reports: list[Report] = field(default_factory=list)
    rows: list[EarlierRow] = field(default_factory=list)
    dropped: list[EarlierRow] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return 1 + len(self.reports)


def earlier_table(record: Record, report: Report) -> EarlierTable:
    """Return the table of a report; without columns where no relation is shown (two queries)."""
    mentions = [_earlier(one) for one in relations_of(record, report).with_both_sides()]
    if not mentions:
        return EarlierTable()
    reports = sorted({one.report for one in mentions}, key=lambda one: one.published_on)
    by_later: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.relation.recommendation_id:
            by_later[mention.relation.recommendation_id].append(mention)
    recommendations = record.recommendations().counted().filter(report=report)
    return EarlierTable(
        reports,
        [
            EarlierRow(one, _cells(reports, by_later[one.pk]))
            for one in recommendations.select_related("report").order_by("position")
        ],
        [
            EarlierRow(mention.relation.earlier, _cells(reports, [mention]))
            for mention in mentions
            if not mention.relation.recommendation_id
        ],
    )


def _cells(reports: Iterable[Report], mentions: Iterable[Mention]) -> list[list[Mention]]:
    return [[one for one in mentions if one.report == report] for report in reports]
