"""A file is of one edition, also if another is published while it is written."""

from __future__ import annotations

from datetime import date
from typing import Any

from recommendations.exports.tables.reading import Pinned
from recommendations.exports.tables.registry import TABLES
from recommendations.models import Edition
from recommendations.viewpoint import Viewpoint, today
from tests.factories import corrected, published_actions, published_update, withdraw

from .test_tables import read, source_at


def test_the_present_is_what_its_newest_edition_tells_today(whole_record) -> None:
    newest = Edition.objects.order_by("-number").first()
    for name in TABLES:
        assert read(name) == read(name, Viewpoint(on=today(), edition=newest)), name


def test_what_is_published_meanwhile_is_in_no_row_of_a_file(db) -> None:
    actions = published_actions(4)
    first = published_update(actions[0], "partly", on=date(2025, 3, 1))
    published_update(actions[1], "in_progress", on=date(2025, 3, 1))
    before = {name: read(name) for name in TABLES}
    pinned = Pinned.begin(source_at())
    chunks = {name: pinned.chunks(name, size=1) for name in TABLES}
    found: dict[str, list[Any]] = {name: [*next(chunks[name], [])] for name in TABLES}
    published_update(actions[3], "implemented", on=date(2025, 4, 1))
    corrected(first, status="in_progress")
    withdraw(actions[2], reason="Asked twice.")
    for name, rest in chunks.items():
        found[name] += [row for rows in rest for row in rows]
    assert found == before
    assert read("actions") != before["actions"] and read("updates") != before["updates"]
    assert pinned.number == Edition.objects.count() - 3
