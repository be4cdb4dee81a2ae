"""Single rows by their lasting names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from recommendations.exports.tables import actions as of_actions
from recommendations.exports.tables import history, sources, structure
from recommendations.exports.tables.source import Source
from recommendations.exports.tables.translations import keys_of_digest

from .collection import COLLECTIONS, Collection

Find = Callable[..., Iterable[int]]
PART = re.compile(r"<(?P<kind>\w+):(?P<name>\w+)>")


@dataclass(frozen=True)
class Item:
    """How a row of a table is found: `route` is its `id` with names for the parts of it.

    `name` tells the ways to the rows of one table apart; `find` returns the keys of the rows that
    it may be.
    """

    name: str
    collection: Collection
    route: str
    find: Find

    @property
    def table(self) -> str:
        return self.collection.name

    def row(self, source: Source, **parts: Any) -> Any:
        """Return the row whose `id` has these parts, or raise Http404."""
        wanted = PART.sub(lambda part: str(parts[part["name"]]), self.route)
        keys = list(self.find(source, **parts))
        for row in self.collection.table.read(source, keys) if keys else ():
            if str(row.id) == wanted:
                return row
        raise Http404

    def parts_of(self, name: str) -> Mapping[str, str]:
        """Return the parts of an `id`; none if it is of another form."""
        found = re.fullmatch(PART.sub(r"(?P<\g<name>>[^/]+)", self.route), name)
        return found.groupdict() if found else {}


def _reports(source: Source, report: str) -> Iterable[int]:
    return structure.reports(source).filter(slug=report).values_list("pk", flat=True).distinct()


def _sections(source: Source, report: str, section: str) -> Iterable[int]:
    rows = structure.sections(source).filter(report__slug=report, slug=section)
    return rows.values_list("pk", flat=True)


def _recommendations(source: Source, report: str, number: str) -> Iterable[int]:
    rows = source.record.recommendations().filter(report__slug=report, number=number)
    return rows.values_list("pk", flat=True)


def _actions(source: Source, report: str, label: str) -> Iterable[int]:
    rows = source.record.actions().labelled(label)
    return rows.filter(recommendation__report__slug=report).values_list("pk", flat=True)


def _updates(source: Source, update: str) -> Iterable[int]:
    return source.record.updates().filter(slug=update).values_list("pk", flat=True)


def _evidence(source: Source, update: str, position: int) -> Iterable[int]:
    rows = history.evidence(source).filter(update__slug=update, position=position)
    return rows.values_list("pk", flat=True)


def _sources(source: Source, cited_source: str) -> Iterable[int]:
    return sources.sources(source).filter(slug=cited_source).values_list("pk", flat=True)


def _captures(source: Source, cited_source: str, capture: int) -> Iterable[int]:
    rows = sources.captures(source).filter(pk=capture, source__slug=cited_source)
    return rows.values_list("pk", flat=True)


def _editions(source: Source, edition_number: int) -> Iterable[int]:
    return source.record.editions().filter(number=edition_number).values_list("pk", flat=True)


def _terms(source: Source, vocabulary: str, code: str) -> Iterable[int]:
    # All of them are read as easily as one.
    return COLLECTIONS["terms"].table.keys(source)


def _translations(source: Source, translation: str) -> Iterable[int]:
    return keys_of_digest(source, translation)


def _deadlines(source: Source, report: str, label: str, **_dates: str) -> Iterable[int]:
    rows = of_actions.deadlines(source).filter(action__in=_actions(source, report, label))
    return rows.values_list("pk", flat=True)


def _codings(source: Source, report: str, label: str, **_whose: str | int) -> Iterable[int]:
    rows = history.codings(source).filter(action__in=_actions(source, report, label))
    return rows.values_list("pk", flat=True)


def _relations(
    source: Source, earlier_report: str, earlier_number: str, **_later: str
) -> Iterable[int]:
    earlier = {"earlier__report__slug": earlier_report, "earlier__number": earlier_number}
    return source.record.relations().filter(**earlier).values_list("pk", flat=True)


_ALL: list[tuple[str, str, str, Find]] = [
    ("reports", "reports", "<slug:report>", _reports),
    ("sections", "sections", "<slug:report>/<slug:section>", _sections),
    ("recommendations", "recommendations", "<slug:report>/<number:number>", _recommendations),
    ("actions", "actions", "<slug:report>/<label:label>", _actions),
    ("deadlines", "deadlines", "<slug:report>/<label:label>/deadline/report", _deadlines),
    (
        "targets",
        "deadlines",
        "<slug:report>/<label:label>/deadline/official/<str:stated_on>/<str:on>",
        _deadlines,
    ),
    ("updates", "updates", "<slug:update>", _updates),
    ("evidence", "evidence", "<slug:update>/<int:position>", _evidence),
    ("sources", "sources", "<slug:cited_source>", _sources),
    ("captures", "captures", "<slug:cited_source>/<int:capture>", _captures),
    ("editions", "editions", "<int:edition_number>", _editions),
    (
        "codings",
        "codings",
        "<slug:report>/<label:label>/coding/<int:edition_number>/<str:coder>",
        _codings,
    ),
    (
        "relations",
        "relations",
        "<slug:report>/<number:number>/relation/<slug:earlier_report>/<number:earlier_number>",
        _relations,
    ),
    (
        "relations_of_reports",
        "relations",
        "<slug:report>/relation/<slug:earlier_report>/<number:earlier_number>",
        _relations,
    ),
    ("terms", "terms", "<slug:vocabulary>/<str:code>", _terms),
    ("translations", "translations", "<slug:translation>", _translations),
]
ITEMS = {name: Item(name, COLLECTIONS[table], route, find) for name, table, route, find in _ALL}
