"""The reports that a search names: by words of their titles or authors, or by another name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from recommendations.models import Report
from recommendations.record import Record
from recommendations.text.languages import in_every_language
from recommendations.text.queries import Part, Query, has_part
from recommendations.text.search_names import SearchNames
from recommendations.text.tokens import tokens_of

MOST_REPORTS = 3
NAMED_BY = ("title", "subtitle", "authors", "series", "publisher")

# The same texts are asked for at each search.
_tokens = lru_cache(maxsize=20_000)(lambda text: tuple(tokens_of(text)))


def named_reports(record: Record, query: Query, names: SearchNames, text: str) -> list[Report]:
    """Return the reports that are meant, those with another name first (one query)."""
    if not query.wanted:
        return []
    by_name = names.reports_in(text)
    reports = record.reports_in_record().values("pk", "slug", *NAMED_BY)
    found = [row for row in reports if row["pk"] in by_name or _is_named(query, row)]
    found.sort(key=lambda row: row["pk"] not in by_name)
    return [
        Report(pk=row["pk"], slug=row["slug"], title=row["title"], subtitle=row["subtitle"])
        for row in found[:MOST_REPORTS]
    ]


def _is_named(query: Query, row: dict[str, str]) -> bool:
    """Whether all that is wanted stands in these texts, and nothing that is unwanted."""
    texts = list(_texts(row))

    def has(part: Part) -> bool:
        return any(has_part(part, own) for own in texts)

    return all(map(has, query.wanted)) and not any(all(map(has, some)) for some in query.unwanted)


def _texts(row: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for name in NAMED_BY:
        for text in in_every_language(row[name], f"report.{name}"):
            if text:
                yield _tokens(text)
