"""The reports that a search names: by words of their titles or authors, or by another name."""

from __future__ import annotations

from functools import lru_cache

from recommendations.models import Report
from recommendations.record import Record
from recommendations.text.languages import Stamp, in_every_language, stamp
from recommendations.text.queries import Part, Query, has_part
from recommendations.text.search_names import SearchNames
from recommendations.text.tokens import tokens_of

MOST_REPORTS = 3
NAMED_BY = ("title", "subtitle", "authors", "series", "publisher")

Tokens = tuple[tuple[str, ...], ...]


def named_reports(record: Record, query: Query, names: SearchNames, text: str) -> list[Report]:
    """Return the reports that are meant, those with another name first (one query)."""
    if not query.wanted:
        return []
    by_name, translations = names.reports_in(text), stamp()
    rows = [
        row
        for row in record.reports_in_record().values_list("pk", "slug", *NAMED_BY)
        if row[0] in by_name or _is_named(query, _tokens(row[2:], translations))
    ]
    rows.sort(key=lambda row: row[0] not in by_name)
    return [
        Report(pk=pk, slug=slug, title=title, subtitle=subtitle)
        for pk, slug, title, subtitle, *_rest in rows[:MOST_REPORTS]
    ]


def _is_named(query: Query, texts: Tokens) -> bool:
    """Whether all that is wanted stands in these texts, and nothing that is unwanted."""

    def has(part: Part) -> bool:
        return any(has_part(part, tokens) for tokens in texts)

    return all(map(has, query.wanted)) and not any(all(map(has, some)) for some in query.unwanted)


@lru_cache(maxsize=5_000)
def _tokens(texts: tuple[str, ...], _translations: Stamp) -> Tokens:
    """Return the tokens of the texts of a report and of their translations, while these last."""
    return tuple(
        tuple(tokens_of(said))
        for name, text in zip(NAMED_BY, texts, strict=True)
        for said in in_every_language(text, f"report.{name}")
        if said
    )
