"""The reports that a search names: by words of their titles or authors, or by another name."""

from __future__ import annotations

from typing import Any

from recommendations.filters import RecommendationFilterSet
from recommendations.kept_of_state import kept_of_state
from recommendations.models import Report
from recommendations.record import Record
from recommendations.text.languages import in_every_language
from recommendations.text.punctuation import comma
from recommendations.text.queries import Part, Query, has_part
from recommendations.text.search_names import SearchNames
from recommendations.text.tokens import tokens_of

MOST_REPORTS = 3
NAMED_BY = ("title", "subtitle", "authors", "series", "publisher")

Row = tuple[Any, ...]
Tokens = tuple[tuple[str, ...], ...]
KEPT = "reports and their tokens"


def named_reports(record: Record, query: Query, names: SearchNames, text: str) -> list[Report]:
    """Return the reports that are meant, those with another name first.

    One query, unless another page of this state of the record asked.
    """
    if not query.wanted:
        return []
    reports = kept_of_state(record.viewpoint, KEPT, lambda: _with_tokens(record))
    by_name = names.reports_in(text)
    rows = [row for row, said in reports if row[0] in by_name or _is_named(query, said)]
    rows.sort(key=lambda row: row[0] not in by_name)
    return [
        Report(pk=pk, slug=slug, title=title, subtitle=subtitle)
        for pk, slug, title, subtitle, *_rest in rows[:MOST_REPORTS]
    ]


def only_report(filterset: RecommendationFilterSet) -> Report | None:
    """Return the report that a list is of: the one asked for, or that there is (one query)."""
    known = filterset.vocabularies.first_reports
    slugs = filterset.values.get("report") or [one.code for one in known[:2]]
    return filterset.record.report(slugs[0]) if len(slugs) == 1 else None


def with_chosen_report(title: str, filterset: RecommendationFilterSet) -> str:
    """Return a title with the report that was asked for, where one alone was (one query)."""
    report = only_report(filterset) if filterset.values.get("report") else None
    return f"{title}{comma()}{report.known_as}" if report else title


def _is_named(query: Query, texts: Tokens) -> bool:
    """Whether all that is wanted stands in these texts, and nothing that is unwanted."""

    def has(part: Part) -> bool:
        return any(has_part(part, tokens) for tokens in texts)

    return all(map(has, query.wanted)) and not any(all(map(has, some)) for some in query.unwanted)


def _with_tokens(record: Record) -> list[tuple[Row, Tokens]]:
    """Return the reports of a record with the tokens of their texts and translations."""
    rows = record.reports_in_record().values_list("pk", "slug", *NAMED_BY)
    return [(row, _tokens(row[2:])) for row in rows]


def _tokens(texts: Row) -> Tokens:
    return tuple(
        tuple(tokens_of(said))
        for name, text in zip(NAMED_BY, texts, strict=True)
        for said in in_every_language(text, f"report.{name}")
        if said
    )
