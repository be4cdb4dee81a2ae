"""Which sources of a page stand at addresses whose page is gone. It shows as now, on every page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from recommendations.kept_of_state import kept_of_answer
from recommendations.models import StatusUpdate
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

# So many dead links are kept for all pages of a state of the record.
MOST_KEPT = 500


class DeadLink(NamedTuple):
    """Since when the page of a source is gone, and the archived copy that its source names."""

    since: date
    archived_url: str


def dead_links(record: Record, updates: Iterable[StatusUpdate]) -> Mapping[int, DeadLink]:
    """Return the dead ones among the sources of updates, by their keys; at most one query."""
    items = (item for update in updates for item in update.evidence_shown)
    keys = {item.source_id for item in items if item.source_id is not None}
    if not keys:
        return {}
    known = kept_of_answer(record.viewpoint, "dead links", lambda: _few(record.viewpoint))
    if known is None:
        return _linked(DEAD_OF_SOURCES(record.viewpoint, sources=keys))
    return {key: known[key] for key in keys if key in known}


def _few(viewpoint: Viewpoint) -> dict[int, DeadLink] | None:
    """Return all there are, or None where they are too many to be kept."""
    rows = DEAD(viewpoint)
    return _linked(rows) if len(rows) <= MOST_KEPT else None


def _linked(rows: Iterable[tuple[int, str, datetime]]) -> dict[int, DeadLink]:
    return {key: DeadLink(since.date(), archived) for key, archived, since in rows}


def _dead(viewpoint: Viewpoint) -> QuerySet:
    rows = Record(viewpoint).sources().filter(link__state="dead").order_by()
    return rows.values_list("pk", "archived_url", "link__gone_since")


DEAD: Prepared[tuple] = Prepared(lambda viewpoint: _dead(viewpoint)[: MOST_KEPT + 1])
DEAD_OF_SOURCES: Prepared[tuple] = Prepared(
    lambda viewpoint: _dead(viewpoint).filter(pk__among=Parameter("sources"))
)
