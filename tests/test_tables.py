"""The record as tables of typed rows: what is in them, from wherever one looks, and what is not."""

from __future__ import annotations

import typing
from datetime import date
from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from recommendations.exports.tables import rows as row_types
from recommendations.exports.tables.registry import TABLES
from recommendations.exports.tables.source import Source
from recommendations.exports.tables.vocabularies import FIXED, OF_RECORD
from recommendations.models import Action, Edition, Party, StatusUpdate
from recommendations.models.translation import Translation
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint
from tests.factories import (
    ActionFactory,
    DeadlineFactory,
    PartyFactory,
    corrected,
    draft_update,
    published_action,
    published_update,
    set_verifiable,
    withdraw,
)

from .reading import csv_rows

pytestmark = pytest.mark.run_once

ROOT = "http://testserver"


def source_at(viewpoint: Viewpoint | None = None, language: str = "en") -> Source:
    return Source(Record(viewpoint or Viewpoint.present()), root=ROOT, language=language)


def told_by(number: int) -> Viewpoint:
    edition = Edition.objects.get(pk=number)
    return Viewpoint(on=edition.published_on, edition=edition)


def read(name: str, viewpoint: Viewpoint | None = None, language: str = "en") -> list[Any]:
    source = source_at(viewpoint, language)
    with translation.override(language):
        keys = TABLES[name].all_keys(source)
    return list(TABLES[name].rows(source, keys))


def fields_of(row: type[msgspec.Struct]) -> dict[str, dict[str, str]]:
    """What each field says of itself, besides its type."""
    hints = typing.get_type_hints(row, include_extras=True)
    return {name: hints[name].__metadata__[0].extra for name in row.__struct_fields__}


def viewpoints() -> list[Viewpoint]:
    day = date(2025, 3, 31)
    return [
        Viewpoint.present(),
        Viewpoint(on=day, as_of=day),
        told_by(1),
        told_by(Edition.objects.count()),
        Viewpoint(on=day, as_of=day, edition=Edition.objects.get(pk=2)),
    ]


def test_every_row_is_of_its_type_and_has_a_name_of_its_own(whole_record) -> None:
    for viewpoint in viewpoints():
        for name, table in TABLES.items():
            found = read(name, viewpoint)
            ids = [one.id for one in found]
            assert len(ids) == len(set(ids)), name
            text = msgspec.json.encode(found)
            assert msgspec.json.decode(text, type=list[table.row]) == found, name


def test_what_refers_to_another_table_finds_it_there(whole_record) -> None:
    for viewpoint in viewpoints():
        tables = {name: read(name, viewpoint) for name in TABLES}
        ids = {name: {one.id for one in found} for name, found in tables.items()}
        for name, table in TABLES.items():
            for field, extra in fields_of(table.row).items():
                values = {
                    value
                    for one in tables[name]
                    for value in _listed(getattr(one, field))
                    if value is not None and value != ""
                }
                if (name, field) == ("updates", "replaces") and viewpoint.as_of:
                    # What was corrected may have been said of a later day.
                    continue
                if extra["table"]:
                    assert values <= ids[extra["table"]], (name, field)
                if extra["vocabulary"]:
                    codes = {f"{extra['vocabulary']}/{value}" for value in values}
                    assert codes <= ids["terms"], (name, field)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_vocabularies_that_fields_name_are_there() -> None:
    named = {
        extra["vocabulary"] for table in TABLES.values() for extra in fields_of(table.row).values()
    }
    assert named - {""} == {*FIXED, *OF_RECORD}


def test_the_record_as_it_ships_is_in_the_tables(whole_record) -> None:
    numbers = {name: len(read(name)) for name in TABLES}
    assert (numbers["reports"], numbers["recommendations"], numbers["actions"]) == (2, 24, 87)
    assert numbers["updates"] == StatusUpdate.objects.published().count()
    assert numbers["editions"] == 3
    found = read("actions")
    assert len([one for one in found if one.is_verifiable and not one.is_withdrawn]) == 81
    assert {one.action_number for one in found if one.is_withdrawn} == {"2.1d", "3.8b"}
    assert len([one for one in read("actions", told_by(1)) if not one.is_withdrawn]) == 87


def test_counted_actions_say_what_their_csv_says(client, whole_record) -> None:
    columns = (
        *("recommendation_status", "action_number", "action", "kind", "addressee", "status"),
        *("status_since_stated", "fell_from", "schedule", "second_review", "caveat", "url"),
    )
    for viewpoint in viewpoints():
        listed = csv_rows(client.get(f"/recommendations.csv?{viewpoint.query}"))
        counted = [
            one for one in read("actions", viewpoint) if one.is_verifiable and not one.is_withdrawn
        ]
        assert [[row[name] for name in columns] for row in listed] == [
            [getattr(one, name) for name in columns] for one in counted
        ]
        assert [int(row["evidence_press"]) for row in listed] == [
            one.evidence_press for one in counted
        ]


def test_an_edition_forgets_what_came_after_it(db) -> None:
    action = published_action()
    first = published_update(action, "partly", on=date(2025, 3, 1))
    before = Edition.objects.count()
    corrected(first, status="in_progress")
    withdraw(action, reason="Asked twice.")
    now, then = read("updates"), read("updates", told_by(before))
    assert [(one.id, one.end_reason) for one in then] == [(first.slug, "")]
    assert [one.end_reason for one in now if one.id == first.slug] == ["corrected"]
    assert [one.is_withdrawn for one in read("actions", told_by(before))] == [False]
    assert [one.is_withdrawn for one in read("actions")] == [True]


def test_what_is_not_verifiable_says_why_as_its_edition_knew_it(db) -> None:
    action = published_action()
    before = Edition.objects.count()
    set_verifiable(action, is_verifiable=False, reason="Nobody could tell.")
    [now], [then] = read("actions"), read("actions", told_by(before))
    assert (now.is_verifiable, now.verifiability_note) == (False, "Nobody could tell.")
    assert (then.is_verifiable, then.verifiability_note) == (True, "")


def test_drafts_are_in_no_table(db) -> None:
    action = published_action()
    seen = {name: read(name) for name in TABLES}
    other = ActionFactory(title="Not yet out", recommendation=action.recommendation)
    other.parties.add(PartyFactory(name="Nobody knows them"))
    DeadlineFactory(action=other)
    draft_update(action, "partly")
    Translation(kind="action.title", original="Not yet out", language="ja", text="未公表").save()
    assert {name: read(name) for name in TABLES} == seen


def test_nobody_is_named(whole_record) -> None:
    person = User.objects.create_user("zebulon", email="zebulon@example.org")
    action = Action.objects.counted().first()
    published_update(action, "partly", by=person)
    text = msgspec.json.encode([read(name) for name in TABLES]).decode()
    assert "zebulon" not in text


def test_texts_are_in_the_language_that_is_asked_for(whole_record) -> None:
    [english] = [one for one in read("reports") if one.actions]
    [japanese] = [one for one in read("reports", language="ja") if one.actions]
    assert english.title.startswith("The U.S.-Japan Alliance") and "日米" in japanese.title
    assert japanese.url.startswith(f"{ROOT}/ja/reports/")
    labels = {one.id: one.label for one in read("terms", language="ja")}
    assert labels["status/implemented"] == "措置済"
    said = {one.original: one.text for one in read("translations")}
    one, other = read("actions")[0], read("actions", language="ja")[0]
    assert said[one.action] == other.action


def test_translations_of_texts_that_nobody_sees_stay_inside(whole_record) -> None:
    originals = {one.original for one in read("translations", told_by(1))}
    second = Edition.objects.get(pk=2)
    assert second.method and second.method not in originals
    assert second.method in {one.original for one in read("translations")}


def test_deadlines_without_a_notation_are_their_first_and_last_day(db) -> None:
    action = published_action()
    DeadlineFactory(
        action=action,
        origin="official",
        on=date(2025, 5, 20),
        precision="quarter",
        stated_on=date(2024, 6, 1),
        url="https://example.org/target",
    )
    [row] = read("deadlines")
    assert (row.on, row.last_day) == ("2025-04-01/2025-06-30", date(2025, 6, 30))
    assert row.id.endswith("a/deadline/official/2024-06-01/2025-05-20")


@pytest.mark.parametrize("name", TABLES)
def test_queries_do_not_grow_with_the_rows(whole_record, name: str) -> None:
    source = source_at()
    keys = TABLES[name].all_keys(source)
    # What is asked once for all rows.
    TABLES[name].rows(source, keys)

    def queries(some: Any) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            TABLES[name].rows(source, some)
        return len(asked)

    assert queries(keys) <= queries(keys[:2])


def test_rows_come_in_the_order_of_their_keys(whole_record) -> None:
    for table in TABLES.values():
        source = source_at()
        keys = table.all_keys(source)
        some = keys[:7]
        assert list(table.rows(source, some[::-1])) == list(table.rows(source, some))[::-1]


def test_a_party_that_nothing_public_names_is_no_term(whole_record) -> None:
    PartyFactory(name="Unused", slug="unused")
    assert Party.objects.filter(slug="unused").exists()
    assert "party/unused" not in {one.id for one in read("terms")}


def test_fields_say_what_they_mean() -> None:
    for table in TABLES.values():
        hints = typing.get_type_hints(table.row, include_extras=True)
        for name in table.row.__struct_fields__:
            assert hints[name].__metadata__[0].description, (table.name, name)
    assert {table.row for table in TABLES.values()} == set(row_types.Row.__subclasses__())
