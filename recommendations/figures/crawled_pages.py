"""The pages that search engines are told of, each with the edition that last changed what it says.

Pages are listed in files, by ranges of keys: a file of a million actions costs what one of eighty
does, and keeps its address while others grow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Max, QuerySet
from pyroaring import BitMap

from recommendations.index.conditions import keys
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION, FROM, UNTIL, UPDATE
from recommendations.index.view import View
from recommendations.models import Party, PolicyArea
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

# Keys a file. Of a report there are three pages, each in two languages: 6,000 addresses at most,
# where the protocol allows 50,000.
KEYS_A_FILE = 1_000

Editions = defaultdict[int, list[int | None]]


@dataclass(frozen=True, slots=True)
class CrawledPage:
    """A page by the name of its pattern; `edition` is None where no edition changes it."""

    name: str
    arguments: tuple[object, ...] = ()
    edition: int | None = None


# They say something of the whole record. What the rules say follows the program, not editions.
OF_THE_WHOLE = (
    *("home", "reports", "list", "brief", "compare_parties", "deadlines", "data", "changes"),
    *("compare", "editions"),
)
OF_THE_RULES = ("methodology", "accessibility", "about", "api:docs")


def whole_pages(record: Record) -> Iterator[CrawledPage]:
    """Yield the pages of which there is one."""
    newest = record.newest_edition()
    number = newest.number if newest else None
    yield from (CrawledPage(name, edition=number) for name in OF_THE_WHOLE)
    with opened_at(record.viewpoint) as index:
        ended = (one for _n, one in _newest_first(index.view, UPDATE, UNTIL))
        first = record.editions().order_by("number").values_list("number", flat=True).first()
        last = next(ended, first)
    yield CrawledPage("corrections", edition=last)
    yield from (CrawledPage(name) for name in OF_THE_RULES)


def _newest_first(view: View, unit: str, name: str) -> Iterator[tuple[BitMap, int]]:
    """Yield the rows of each edition, the newest first."""
    for hundred, _rows in view.editions(unit, name):
        yield from ((rows, number) for number, rows in view.editions(unit, name, hundred))


def recommendation_pages(record: Record, first: int, last: int) -> Iterator[CrawledPage]:
    """Yield the recommendations with keys from `first` to `last` (five queries)."""
    span = {"gte": first, "lte": last}
    rows = record.recommendations().filter(**_within("pk", span)).order_by("pk")
    editions = _editions_of_recommendations(record, span)
    for pk, slug, number, *own in rows.values_list("pk", "report__slug", "number", *SPANS):
        yield CrawledPage("detail", (slug, number), _newest([*own, *editions[pk]]))


SPANS = ("from_edition", "until_edition", "report__from_edition", "report__until_edition")
Span = dict[str, int]


def _within(path: str, span: Span) -> dict[str, int]:
    return {f"{path}__{bound}": key for bound, key in span.items()}


def _editions_of_recommendations(record: Record, span: Span) -> Editions:
    """Return the editions that changed the actions of each, or what was said of them."""
    found: Editions = defaultdict(list)
    of_action: dict[int, int] = {}
    actions = record.actions().filter(**_within("recommendation", span)).order_by()
    columns = ("pk", "recommendation", "from_edition", "until_edition")
    for action, recommendation, *editions in actions.values_list(*columns):
        of_action[action] = recommendation
        found[recommendation] += editions
    # By their keys: of a range a database goes through all rows that stand between.
    own = keys(of_action)
    parts: list[tuple[QuerySet, tuple[str, str]]] = [
        (record.all_updates(), ("edition", "ended_in_edition")),
        (record.verifiability(), ("from_edition", "until_edition")),
    ]
    for rows, spans in parts:
        kept = rows.filter(action__in=own).order_by().values_list("action")
        for action, *editions in kept.annotate(*(Max(span) for span in spans)):
            found[of_action[action]] += editions
    return found


def _newest(editions: Iterable[int | None]) -> int | None:
    return max((one for one in editions if one is not None), default=None)


def report_pages(record: Record, first: int, last: int) -> Iterator[CrawledPage]:
    """Yield the pages of each report with a key in the range: dashboard, text, what was before."""
    span = {"gte": first, "lte": last}
    rows = record.reports().filter(**_within("pk", span)).order_by("pk")
    columns = ("pk", "slug", "from_edition", "until_edition")
    told = list(rows.values_list(*columns))
    having = _having_earlier(record, span)
    newest = _newest_of(record, "report", {pk for pk, *_rest in told})
    for pk, slug, *own in told:
        edition = _newest([*own, newest.get(pk)])
        yield CrawledPage("report", (slug,), edition)
        yield CrawledPage("text", (slug,), edition)
        if pk in having:
            yield CrawledPage("earlier", (slug,), edition)


def _having_earlier(record: Record, span: Span) -> set[int]:
    """Return the reports that say what they took up from earlier ones, or dropped."""
    relations = record.relations().order_by()
    found: set[int] = set()
    for path in ("report", "recommendation__report"):
        found.update(relations.filter(**_within(path, span)).values_list(path, flat=True))
    return found


def labels_in_use(record: Record, model: type[PolicyArea] | type[Party], name: str) -> QuerySet:
    """Return the areas or parties that any action has: the others have no page."""
    with opened_at(record.viewpoint) as index:
        known = [int(key) for key, rows in index.view.values(ACTION, name).items() if rows]
    return record.vocabulary(model).filter(pk__in=known)


def label_pages(
    record: Record, model: type[PolicyArea] | type[Party], name: str, first: int, last: int
) -> Iterator[CrawledPage]:
    """Yield the areas or parties that any action has (two queries)."""
    rows = labels_in_use(record, model, name).filter(pk__gte=first, pk__lte=last).order_by("pk")
    told = list(rows.values_list("pk", "slug"))
    newest = _newest_of(record, name, {pk for pk, _slug in told})
    yield from (CrawledPage(name, (slug,), newest[pk]) for pk, slug in told if pk in newest)


def _newest_of(record: Record, name: str, wanted: Collection[int]) -> dict[int, int]:
    """Return the newest edition that changed an action of each report, area or party."""
    newest = record.newest_edition()
    if newest is None:
        return {}
    # Which editions took in or dropped an action, the index of an edition knows.
    with opened_at(Viewpoint(on=record.viewpoint.on, edition=newest)) as index:
        return _Changes(record, index.view).newest(name, wanted)


@dataclass(frozen=True)
class _Changes:
    """Which editions changed which actions: took them in, dropped them or said something of them.

    They are looked through from the newest on, until all that is asked for is found: what had
    nothing new for long is the least of it.
    """

    record: Record
    view: View

    def newest(self, name: str, wanted: Collection[int]) -> dict[int, int]:
        actions = {int(key): rows for key, rows in self.view.values(ACTION, name).items()}
        waiting = {pk: actions[pk] for pk in wanted if actions.get(pk)}
        found: dict[int, int] = {}
        for number, changed in self._by_edition():
            for pk in [pk for pk, own in waiting.items() if changed.intersect(own)]:
                found[pk] = number
                del waiting[pk]
            if not waiting:
                break
        return found

    def _by_edition(self) -> Iterator[tuple[int, BitMap]]:
        """Yield the actions that each edition changed, the newest edition first."""
        kinds = [(unit, name) for unit in (ACTION, UPDATE) for name in (FROM, UNTIL)]
        counted = self._counted_otherwise()
        hundreds = {hundred for kind in kinds for hundred, _rows in self.view.editions(*kind)}
        for hundred in sorted(hundreds | {one // 100 for one in counted}, reverse=True):
            by_edition = {one: rows for one, rows in counted.items() if one // 100 == hundred}
            for unit, name in kinds:
                for number, rows in self.view.editions(unit, name, hundred):
                    own = self.view.owners.of(rows) if unit == UPDATE else rows
                    by_edition[number] = by_edition.get(number, BitMap()) | own
            yield from sorted(by_edition.items(), reverse=True)

    def _counted_otherwise(self) -> dict[int, BitMap]:
        """Return the actions that an edition called verifiable, or no longer (one query)."""
        ended = self.record.verifiability().filter(until_edition__isnull=False).order_by()
        found: dict[int, BitMap] = defaultdict(BitMap)
        for number, action in ended.values_list("until_edition", "action"):
            found[number].add(action)
        return dict(found)


def edition_pages(record: Record, first: int, last: int) -> Iterator[CrawledPage]:
    """Yield editions. A later one changes a page only where it ended an update of it."""
    editions = record.editions().filter(number__gte=first, number__lte=last).order_by("number")
    numbers = list(editions.values_list("number", flat=True))
    updates = record.all_updates().filter(edition__gte=first, edition__lte=last).order_by()
    ended = dict(updates.values_list("edition").annotate(Max("ended_in_edition")))
    for number in numbers:
        yield CrawledPage("edition", (number,), _newest([number, ended.get(number)]))


def files_of(rows: QuerySet) -> list[int]:
    """Return the numbers of the files that have any of these rows (one query)."""
    numbers: Any = rows.order_by().annotate(file=(F("pk") - 1) / KEYS_A_FILE)
    return sorted(numbers.values_list("file", flat=True).distinct())


def keys_of_file(number: int) -> tuple[int, int]:
    """Return the first and the last key of a file."""
    return number * KEYS_A_FILE + 1, (number + 1) * KEYS_A_FILE


def days_of(record: Record, pages: Collection[CrawledPage]) -> dict[int, date]:
    """Return the days on which the editions of pages were published (one query)."""
    numbers = {page.edition for page in pages if page.edition is not None}
    found = record.editions().filter(number__in=numbers).order_by()
    return {number: at.date() for number, at in found.values_list("number", "published_at")}
