"""Which sources of a page stand at addresses whose page is gone. It shows as now, on every page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from recommendations.models import StatusUpdate
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint


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
    rows = DEAD(record.viewpoint, sources=keys)
    return {key: DeadLink(since.date(), archived) for key, archived, since in rows}


def _dead(viewpoint: Viewpoint) -> QuerySet:
    rows = Record(viewpoint).sources().filter(link__state="dead", pk__among=Parameter("sources"))
    return rows.values_list("pk", "archived_url", "link__gone_since")


DEAD: Prepared[tuple] = Prepared(_dead)
