"""Ways into the record for who arrives with a question: by topic, by whom, by report, by deadline.

All numbers are of verifiable actions, and counted by the index. Of many areas, parties or reports a
page names the largest or the newest; the list has the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pyroaring import BitMap

from recommendations.filters.selection import Selection
from recommendations.index.keeping import Index
from recommendations.index.names import ACTION
from recommendations.kept_of_state import kept_of_state
from recommendations.models import Party, PolicyArea
from recommendations.paths import path_of
from recommendations.record import Label, Record
from recommendations.statuses import Schedule

from .deadlines import STATES
from .topics import filterset_of_topic

MOST_AREAS = 12
MOST_PARTIES = 8
MOST_REPORTS = 5
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Way:
    """A page, what leads there, and how many verifiable actions it has."""

    label: str
    path: str
    n: int


@dataclass(frozen=True)
class Ways:
    """Ways of one kind, and how many there are in all."""

    shown: list[Way]
    total: int

    @property
    def are_all(self) -> bool:
        return len(self.shown) == self.total


@dataclass(frozen=True)
class WaysIn:
    topics: list[Way]
    areas: Ways
    parties: Ways
    reports: Ways
    deadlines: list[Way]
    lately: date


def ways_in(record: Record, index: Index) -> WaysIn:
    """Return the ways into the whole record (a fixed number of queries, once a state of it)."""
    return kept_of_state(record.viewpoint, "ways in", lambda: _ways_in(record, index))


def _ways_in(record: Record, index: Index) -> WaysIn:
    return WaysIn(
        topics=list(_topics(record, index)),
        areas=_labels(record, index, PolicyArea, "area", MOST_AREAS),
        parties=_labels(record, index, Party, "party", MOST_PARTIES),
        reports=_reports(record, index),
        deadlines=list(_deadlines(record, index)),
        lately=record.viewpoint.on - LATELY,
    )


def _topics(record: Record, index: Index) -> Iterator[Way]:
    """Yield the topics that find anything where the record is looked at."""
    for topic in record.topics():
        filterset = filterset_of_topic(topic.query, record.viewpoint)
        n = len(Selection(filterset, index).kept()) if filterset else 0
        if filterset and n:
            yield Way(str(topic), path_of("recommendations:list") + filterset.query(), n)


def _numbers(index: Index, name: str) -> dict[int, int]:
    """Return how many counted actions each area, party or report has, by its key."""
    counted = index.view.counted_actions
    found = (
        (int(key), rows.intersection_cardinality(counted))
        for key, rows in index.view.values(ACTION, name).items()
    )
    return {key: n for key, n in found if n}


def _most(numbers: dict[int, int], n: int) -> Collection[int]:
    return sorted(numbers, key=lambda key: (-numbers[key], key))[:n]


def _labels(record: Record, index: Index, model: type[Label], name: str, most: int) -> Ways:
    """Return those with most actions, in that order (one query)."""
    numbers = _numbers(index, name)
    labels = {one.pk: one for one in record.labels(model, _most(numbers, most))}
    shown = sorted(labels.values(), key=lambda one: (-numbers[one.pk], one.position, one.slug))
    return Ways(
        [
            Way(str(one), path_of(f"recommendations:{name}", one.slug), numbers[one.pk])
            for one in shown
        ],
        len(numbers),
    )


def _reports(record: Record, index: Index) -> Ways:
    """Return the newest reports (one query)."""
    numbers = _numbers(index, "report")
    newest = record.reports_in_record().order_by("-published_on", "slug")[:MOST_REPORTS]
    shown = [Way(one.known_as, one.get_absolute_url(), numbers.get(one.pk, 0)) for one in newest]
    return Ways(shown, max(len(numbers), len(shown)))


def _deadlines(record: Record, index: Index) -> Iterator[Way]:
    view = index.view
    values = view.values(ACTION, "schedule", on=record.viewpoint.on)
    for schedule, label in STATES.items():
        n = view.counted_actions.intersection_cardinality(values.get(Schedule(schedule), BitMap()))
        if n:
            path = f"{path_of('recommendations:deadlines')}?schedule={schedule}"
            yield Way(str(label), path, n)
