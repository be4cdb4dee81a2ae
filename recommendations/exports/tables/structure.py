"""Reads reports, their sections and recommendations."""

from __future__ import annotations

from array import array

from recommendations.exports.csv_reading import counter
from recommendations.exports.csv_rows import stated
from recommendations.index.conditions import keys as among
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION, RECOMMENDATION
from recommendations.index.view import View
from recommendations.models import Report as ReportModel
from recommendations.paths import path_of
from recommendations.querysets import ReportQuerySet, SectionQuerySet
from recommendations.querysets.base import asked_by
from recommendations.statuses import Status
from recommendations.text.languages import plain_texts

from .rows import Recommendation, Report, Section
from .source import Keys, Source, in_order, keys_of, split

# Reports ---------------------------------------------------------------------------------------


def reports(source: Source) -> ReportQuerySet:
    """Return the reports of the record, and those that pages name without tracking them."""
    named = source.record.reports().out() | source.record.nameable_reports()
    return named.order_by("pk")


def report_keys(source: Source) -> array[int]:
    return keys_of(reports(source).values_list("pk", flat=True).distinct())


def read_reports(source: Source, keys: Keys) -> list[Report]:
    """Return the reports of keys (two queries)."""
    some = among(keys)
    found = {one.pk: one for one in reports(source).filter(pk__in=some)}
    followed: dict[int, list[str]] = {}
    earlier = reports(source).filter(successors__in=some).order_by("published_on", "slug")
    for pk, slug in earlier.values_list("successors", "slug").distinct():
        followed.setdefault(pk, []).append(slug)
    with opened_at(source.record.viewpoint) as index:
        return [
            _report(source, found[pk], followed.get(pk, []), index.view)
            for pk in keys
            if pk in found
        ]


def _report(source: Source, one: ReportModel, followed: list[str], view: View) -> Report:
    texts = {name: plain_texts(f"report.{name}") for name in ("publisher", "series", "summary")}
    n_recommendations, *counts = _counts_of_report(view, one.pk)
    return Report(
        id=one.slug,
        title=one.full_title,
        authors=one.author_list,
        publisher=texts["publisher"](one.publisher),
        published_on=stated(one.published_on, one.published_precision),
        published_precision=one.published_precision,
        date_note=plain_texts("report.date_note")(one.date_note),
        source_url=one.url,
        series=texts["series"](one.series),
        number_in_series=one.number_in_series,
        summary=texts["summary"](one.summary),
        predecessors=followed,
        is_bibliographic=one.is_bibliographic,
        is_withdrawn=one.is_withdrawn,
        recommendations=n_recommendations,
        actions=counts[0],
        actions_implemented=counts[1],
        actions_awaiting_review=counts[2],
        # One that is only named has no page of its own.
        url="" if one.is_bibliographic else source.address(path_of(PAGE_OF_REPORT, one.slug)),
    )


PAGE_OF_REPORT = "recommendations:report"


def _counts_of_report(view: View, pk: int) -> tuple[int, ...]:
    counted = view.rows(ACTION, "report", str(pk)) & view.counted_actions
    own = view.rows(RECOMMENDATION, "report", str(pk))
    return (
        own.intersection_cardinality(view.counted_recommendations),
        len(counted),
        counted.intersection_cardinality(view.rows(ACTION, "status", Status.IMPLEMENTED)),
        counted.intersection_cardinality(view.rows(ACTION, "unconfirmed")),
    )


# Sections --------------------------------------------------------------------------------------


def sections(source: Source) -> SectionQuerySet:
    out = asked_by(source.record.viewpoint, "report__")
    return source.record.sections().filter(out).order_by("report_id", "position", "pk")


def section_keys(source: Source) -> array[int]:
    return keys_of(sections(source).values_list("pk", flat=True))


def read_sections(source: Source, keys: Keys) -> list[Section]:
    """Return the sections of keys (one query)."""
    columns = ("pk", "report__slug", "slug", "parent__slug", "title", "position")
    rows = sections(source).filter(pk__in=among(keys)).values_list(*columns)
    said = plain_texts("section.title")
    found = {
        pk: Section(
            id=f"{report}/{slug}",
            report=report,
            section=slug,
            parent=f"{report}/{parent}" if parent else None,
            title=said(title),
            position=position,
        )
        for pk, report, slug, parent, title, position in rows
    }
    return in_order(keys, found)


# Recommendations -------------------------------------------------------------------------------


def recommendation_keys(source: Source) -> array[int]:
    with opened_at(source.record.viewpoint) as index:
        rows = source.out(index.view, RECOMMENDATION)
        return keys_of(index.view.structure.recommendations_in_order(rows))


def read_recommendations(source: Source, keys: Keys) -> list[Recommendation]:
    """Return the recommendations of keys (five queries)."""
    rows = source.record.recommendations().filter(pk__in=among(keys)).order_by()
    rest = {pk: more for pk, *more in rows.values_list("pk", "section__slug", "summary")}
    with opened_at(source.record.viewpoint) as index:
        counted, count = index.view.counted_recommendations, counter(index)
        said = plain_texts("recommendation.summary")
        return [
            Recommendation(
                id=f"{row.place.report.slug}/{row.place.number}",
                report=row.place.report.slug,
                section=f"{row.place.report.slug}/{rest[row.pk][0]}",
                recommendation_number=row.place.number,
                recommendation=row.place.headline,
                summary=said(rest[row.pk][1]),
                origin=row.place.origin,
                areas=split(row.place.areas.codes),
                recommendation_status=row.status,
                status_since=row.status_since,
                status_since_stated=row.stated_since,
                status_since_precision=row.stated_precision,
                **dict(zip(COUNTS, count(row.pk), strict=True)),
                is_withdrawn=row.pk not in counted,
                caveat=row.caveat,
                url=row.url,
            )
            for row in source.recommendations.read(keys, index)
        ]


COUNTS = ("actions", "actions_implemented", "actions_awaiting_review")
