"""For which other actions a source is cited, and what is kept of a copy that an item names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet, Window
from django.db.models.functions import DenseRank

from recommendations.models import Capture, StatusUpdate
from recommendations.models.action import letters
from recommendations.paths import path_of
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

# So many actions are named; of the others a number.
MOST = 5


@dataclass(frozen=True, slots=True)
class CitingAction:
    """An action that cites a source; `report` is the title of its report."""

    key: int
    slug: str
    report: str
    number: str
    letter: int

    @property
    def label(self) -> str:
        return f"{self.number}{letters(self.letter)}"

    @property
    def path(self) -> str:
        page = path_of("recommendations:detail", self.slug, self.number)
        return f"{page}#action-{self.letter}"


@dataclass(frozen=True, slots=True)
class Citing:
    """The first actions that cite a source, and how many do; `slug` is the id of the source."""

    slug: str
    n: int
    actions: tuple[CitingAction, ...]

    def besides(self, action: int, *, cites_too: bool) -> tuple[tuple[CitingAction, ...], int]:
        """Return the first others than an action, and how many more there are."""
        others = tuple(one for one in self.actions if one.key != action)[:MOST]
        return others, self.n - cites_too - len(others)


@dataclass(frozen=True)
class AlsoCited:
    """Who cites the sources of a page, by their keys, and which of its own actions do.

    `report` is the slug of the report that the page is of.
    """

    by_source: Mapping[int, Citing]
    own: frozenset[tuple[int, int]] = frozenset()
    report: str = ""

    def besides(
        self, source: int | None, action: int
    ) -> tuple[Citing, tuple[CitingAction, ...], int] | None:
        """Return who cites a source but for an action; None where nobody else does."""
        found = self.by_source.get(source) if source is not None else None
        if found is None or source is None:
            return None
        others, more = found.besides(action, cites_too=(source, action) in self.own)
        return (found, others, more) if others else None


NOBODY = AlsoCited({})


def also_cited(record: Record, updates: Iterable[StatusUpdate], *, report: str) -> AlsoCited:
    """Return who cites what the updates of a report's page cite (one query, or none)."""
    items = [(update, item) for update in updates for item in update.evidence_shown]
    keys = {item.source_id for _update, item in items if item.source_id is not None}
    own = frozenset(
        (item.source_id, update.action_id)
        for update, item in items
        if item.source_id is not None and update.is_counting
    )
    return AlsoCited(citing(record, keys), own, report) if keys else NOBODY


def citing(record: Record, sources: Collection[int]) -> dict[int, Citing]:
    """Return who cites sources, by their keys (one query)."""
    found: dict[int, list[CitingAction]] = {}
    said: dict[int, tuple[str, int]] = {}
    for source, slug, place, from_end, *action in CITING(record.viewpoint, sources=sources):
        found.setdefault(source, []).append(CitingAction(*action))
        said[source] = (slug, place + from_end - 1)
    return {source: Citing(*said[source], tuple(actions)) for source, actions in found.items()}


def _citing(viewpoint: Viewpoint) -> QuerySet:
    # Counted before duplicates are left out, an action has one place however often it cites.
    places = {
        "place": Window(DenseRank(), partition_by="source", order_by="update__action"),
        "from_end": Window(DenseRank(), partition_by="source", order_by=F("update__action").desc()),
    }
    rows = Record(viewpoint).counting_evidence().filter(source__among=Parameter("sources"))
    return (
        rows.annotate(**places)
        .filter(place__lte=MOST + 1)
        .order_by("source", "place")
        .values_list(
            "source",
            "source__slug",
            "place",
            "from_end",
            "update__action",
            "update__action__recommendation__report__slug",
            "update__action__recommendation__report__title",
            "update__action__recommendation__number",
            "update__action__number",
        )
        .distinct()
    )


CITING: Prepared[tuple] = Prepared(_citing)


def kept_copies(record: Record, updates: Iterable[StatusUpdate]) -> Mapping[str, Capture]:
    """Return the copies that items name by their SHA-256; one query, none where none names one."""
    items = (item for update in updates for item in update.evidence_shown)
    named = {item.capture_sha256 for item in items if item.capture_sha256}
    if not named:
        return {}
    rows = record.captures().filter(sha256__in=named).select_related("source")
    return {one.sha256: one for one in rows.order_by("pk")}
