"""Each edition is digested once, over all that it published, and chained to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import rfc8785
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from recommendations import publishing, triggers
from recommendations.digests import contents, counted_items, verification, wording
from recommendations.digests.canonical import canonical
from recommendations.models import (
    Action,
    Coding,
    Edition,
    EditionDigest,
    EditionItem,
    Evidence,
    Pseudonym,
    RetractionRequest,
    StatusUpdate,
    StructureRequest,
    VerifiabilityPeriod,
)

from .conftest import snapshots
from .factories import (
    ActionFactory,
    EvidenceFactory,
    PolicyAreaFactory,
    corrected,
    draft_update,
    include,
    noon,
    published_action,
    published_update,
    retracted,
    set_verifiable,
    split,
    withdraw,
)
from .lengths import examples
from .test_random_publishing import NTH, PUBLISH, STEPS, Publisher, nth_of

pytestmark = pytest.mark.django_db


def mismatches() -> list[str]:
    return [str(one) for one in verification.everything()]


def items_of(number: int) -> dict[str, Any]:
    rows = EditionItem.objects.filter(edition=number).values_list("key", "content")
    return {key: json.loads(content) for key, content in rows}


def newest() -> int:
    return Edition.objects.order_by("-number").values_list("number", flat=True)[0]


# Canonical JSON ----------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcdefghij_", min_size=1), inner),
)


@given(VALUES)
def test_what_is_digested_is_canonical_as_the_standard_library_writes_it_too(value: Any) -> None:
    """The stand-alone check has nothing else: keys are ASCII, and there are no fractions."""
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert written == canonical(value)


ANY_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.floats(-9, 9),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(ANY_VALUES)
def test_what_is_digested_is_canonical_as_the_standard_says(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value).decode()


# What is digested --------------------------------------------------------------------------------


def test_an_update_is_digested_with_its_evidence_and_reliance_and_without_names() -> None:
    action = published_action()
    earlier = published_update(action)
    update = published_update(action, "partly", relies_on=[earlier], note="In force.")
    item = items_of(newest())[f"update/{update.slug}"]
    assert item["note"] == "In force."
    assert item["status"] == "partly"
    assert item["relies_on"] == [earlier.slug]
    assert item["evidence"][0]["url"] == update.evidence.all()[0].url
    assert item["reviewer"] == Pseudonym.objects.get(person=update.reviewer).code
    assert item["author"] in item["editors"]
    text = json.dumps(items_of(newest()))
    for person in User.objects.all():
        assert person.username not in text


def test_what_only_the_staff_may_read_is_sealed_and_not_told() -> None:
    update = published_update(published_action(), note_to_reviewer="Between us alone.")
    row = EditionItem.objects.get(key=f"update/{update.slug}")
    assert "Between us" not in row.content
    assert len(row.nonce) == 32
    assert row.nonce not in row.content


def test_a_digest_follows_from_header_items_and_the_digest_before_it() -> None:
    published_update(published_action())
    first, second = EditionDigest.objects.order_by("edition_id")
    assert (first.previous, second.previous) == ("", first.digest)
    rows = EditionItem.objects.filter(edition=second.edition)
    digests = []
    for row in rows:
        item = canonical({"key": row.key, "content": json.loads(row.content)})
        digests.append(hashlib.sha256(item.encode()).hexdigest())
    whole = {
        "format": 2,
        "header": json.loads(second.header),
        "items": sorted(digests),
        "previous": first.digest,
    }
    assert hashlib.sha256(canonical(whole).encode()).hexdigest() == second.digest


def test_wording_enters_with_what_it_words_and_an_edit_with_the_next_edition() -> None:
    action = published_action()
    key = f"text/action/{action.pk}"
    assert items_of(newest())[key]["text"]["title"] == action.title
    published_update(action)
    assert not [one for one in items_of(newest()) if one.startswith("text/")]
    action.title = "Set up the office"
    action.save()
    assert mismatches() == []
    published_update(action, "partly")
    assert items_of(newest())[key]["text"]["title"] == "Set up the office"
    assert [one for one in items_of(newest()) if one.startswith("text/")] == [key]


def test_an_edit_that_rewords_nothing_is_bound_by_the_next_edition_too() -> None:
    action = published_action()
    action.save()
    published_update(action)
    assert [one for one in items_of(newest()) if one.startswith("text/")] == [
        f"text/action/{action.pk}"
    ]
    published_update(action, "partly")
    assert not [one for one in items_of(newest()) if one.startswith("text/")]


@pytest.mark.parametrize("change", ["changed", "deleted", "put before"])
def test_the_history_of_a_text_is_bound_with_its_wording(change: str) -> None:
    action = published_action()
    action.title = "Set up the office"
    action.save()
    published_update(action)
    lines = Action.history.model.objects.filter(id=action.pk).order_by("history_id")
    first = lines[0]
    triggers.remove(connection)
    match change:
        case "changed":
            lines.filter(pk=first.pk).update(history_date=noon(date(2020, 1, 1)))
        case "deleted":
            lines.filter(pk=first.pk)._raw_delete("default")
        case _:
            first.pk -= 29_000
            first.save(force_insert=True)
    assert f"text/action/{action.pk}: the history of the text was changed" in mismatches()[0]


def test_a_line_that_waits_for_its_edition_is_no_difference() -> None:
    action = published_action()
    published_update(action)
    action.title = "Set up the office"
    action.save()
    assert mismatches() == []


def test_an_edit_that_was_under_way_is_digested_with_the_next_edition(unguarded: None) -> None:
    """Its line came below what the edition before had looked at, and was not there yet then."""
    action = published_action()
    row = EditionDigest.objects.get(edition=newest())
    marks = {**row.text_marks, "action": row.text_marks["action"] + 10}
    EditionDigest.objects.filter(pk=row.pk).update(text_marks=marks)
    action.title = "Set up the office"
    action.save()
    published_update(action)
    found = items_of(newest())
    assert found[f"text/action/{action.pk}"]["text"]["title"] == "Set up the office"


def test_grouping_brings_the_name_of_an_area_that_was_not_public_before() -> None:
    action = published_action()
    area = PolicyAreaFactory()
    action.recommendation.areas.add(area)
    published_update(action)
    found = items_of(newest())
    assert found[f"text/area/{area.pk}"]["text"]["name"] == area.name
    assert found[f"text/recommendation/{action.recommendation_id}"]["text"]["areas"] == [area.pk]
    action.recommendation.areas.clear()
    published_update(action, "partly")
    assert items_of(newest())[f"text/area/{area.pk}"]["text"] is None
    assert mismatches() == []


def test_what_comes_and_goes_is_digested_with_the_reason() -> None:
    action = published_action()
    other = ActionFactory(recommendation=action.recommendation)
    include(actions=[other])
    set_verifiable(other, is_verifiable=False, reason="Nobody could tell.")
    name = f"{action.recommendation.report.slug}/{other.label}"
    found = items_of(newest())
    assert found[f"verifiable/{name}"] == {"from": False, "until": True}
    assert found[f"text/action/{other.pk}"]["text"]["verifiability_note"] == "Nobody could tell."
    withdraw(other, reason="It was counted twice.")
    assert items_of(newest())[f"out/action/{name}"] == {
        "reason": "It was counted twice.",
        "succeeded_by": [],
    }


def test_a_step_is_digested_with_who_asked_for_it_and_who_confirmed_it() -> None:
    action = published_action()
    withdraw(action, reason="It was counted twice.")
    request = StructureRequest.objects.get(edition=newest())
    code = dict(Pseudonym.objects.values_list("person_id", "code"))
    assert items_of(newest())["step"] == {
        "step": "withdraw",
        "reason": "It was counted twice.",
        "reports": [],
        "recommendations": [],
        "actions": [f"{action.recommendation.report.slug}/{action.label}"],
        "into": [],
        "asked_by": code[request.requested_by_id],
        "confirmed_by": code[request.decided_by_id],
        "sealed": items_of(newest())["step"]["sealed"],
    }


# What the digest of no edition covers, with the reason.
NOT_DIGESTED = {
    # Which item it is: in the key, or in the name of the action.
    "statusupdate": {"slug", "action", "edition", "review_state", "author", "reviewer", "replaces"},
    "evidence": {"id", "update"},
    "edition": {"report", "made_by"},
    "structurerequest": {"edition", "requested_by", "decided_by"},
    "coding": {"id", "action", "edition", "person", "compared_with", "draft"},
    # Which edition took it in or out: items of their own. What is derived.
    "report": {"id", "from_edition", "until_edition", "withdrawal_reason"}
    # Where it is shown, and what is no part of the record.
    | {"is_featured", "is_bibliographic"},
    "section": {"id", "position"},
    "recommendation": {"id", "from_edition", "until_edition", "withdrawal_reason"}
    | {"position", "status", "status_since", "fell_from"},
    "action": {"id", "from_edition", "until_edition", "withdrawal_reason"}
    | {"status", "status_since", "fell_from", "implemented_on", "last_reviewed_on", "addressee"}
    | {"due_on", "evidence_kind", "evidence_counts"}
    # Moved by staff without an edition.
    | {"review_due_on", "first_review_due_on"},
    "policyarea": {"id", "position"},
    "party": {"id", "position"},
    "body": {"id", "position"},
    "recommendationrelation": {"id", "recorded_at"},
    "contextevent": {"id"},
    "actionbody": {"id", "action"},
    "deadline": {"id", "action"},
}
# They are digested by another column than their own.
ENDS = {"ended_in_edition", "end_reason", "end_note"}


def digested_columns() -> dict[str, set[str]]:
    found = {
        "statusupdate": {*contents.UPDATE, *contents.UPDATE_SEALED, *ENDS},
        "evidence": {*contents.EVIDENCE, "source", "capture_sha256"},
        "edition": {*contents.HEADER},
        "structurerequest": {*counted_items.STEP, *counted_items.STEP_SEALED},
        "coding": {*contents.CODING},
        "actionbody": {*wording.LEAD},
        "deadline": {*wording.DEADLINE},
    }
    for kind in wording.KINDS.values():
        found[kind.model.lower()] = {*kind.columns}
    return found


@pytest.mark.parametrize("name", NOT_DIGESTED)
def test_of_each_column_it_is_decided_whether_it_is_digested(name: str) -> None:
    columns = {name.removesuffix("_id") for name in digested_columns()[name]}
    there = {field.name for field in apps.get_model("recommendations", name)._meta.concrete_fields}
    assert columns | NOT_DIGESTED[name] == there
    assert not columns & NOT_DIGESTED[name]


def test_drafts_are_no_part_of_it() -> None:
    action = published_action()
    draft = draft_update(action, note="A draft.")
    hidden = ActionFactory(recommendation=action.recommendation, title="A hidden draft")
    published_update(action)
    whole = "".join(EditionItem.objects.values_list("content", flat=True))
    assert "A draft." not in whole
    assert "A hidden draft" not in whole
    assert not EditionItem.objects.filter(key__contains=draft.slug).exists()
    assert hidden.pk


def test_a_publication_asks_as_many_queries_in_a_long_record_as_in_a_short_one() -> None:
    """It costs what it publishes: nothing that was digested is digested again."""
    action = published_action()
    taken = []
    for _n in range(8):
        published_update(action, on=date(2025, 3, 1 + _n))
        with CaptureQueriesContext(connection) as queries:
            published_update(published_action())
        taken.append(len(queries))
    assert taken[-1] <= taken[0]
    assert EditionItem.objects.filter(edition=newest()).count() == 1


# Changed behind its back -------------------------------------------------------------------------


def make_record() -> None:
    """One of everything: updates that rest on others, ends of both kinds, a coding."""
    action = published_action()
    first = published_update(action, "in_progress", note="A bill.")
    second = published_update(action, "partly", relies_on=[first], on=date(2025, 4, 1))
    retracted(corrected(second, note="Half of it is in force."))
    set_verifiable(action, is_verifiable=False, reason="Nobody could tell.")
    set_verifiable(action, is_verifiable=True, reason="Somebody could.")
    other = ActionFactory(recommendation=action.recommendation)
    include(actions=[other])
    split(
        other,
        into=[
            ActionFactory(recommendation=action.recommendation),
            ActionFactory(recommendation=action.recommendation),
        ],
        reason="Two laws.",
    )
    researched(published_action())


@pytest.fixture
def record() -> Action:
    """The first action of a record with one of everything."""
    snapshots.begin_with("to be digested", make_record)
    return Action.objects.earliest("pk")


def researched(action: Action) -> Edition:
    """An edition of research, with a finding and a coding."""
    finding = StatusUpdate.objects.create(
        action=action,
        is_baseline=True,
        status="partly",
        effective_on=date(2025, 3, 1),
        search_note="Two archives.",
    )
    EvidenceFactory(update=finding, kind="primary")
    return publishing.publish_research(
        action.recommendation.report,
        slug="second-coding",
        method="Two codings.",
        horizon_on=date(2026, 6, 17),
        note="What two coders found.",
        update_ids=[finding.pk],
        retractions={},
        codings=[Coding(action=action, coder="first", status="partly")],
    )


def test_the_honest_record_passes(record: Action) -> None:
    assert mismatches() == []


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def owner(record: Action) -> Iterator[None]:
    """The owner of the database: no guard and no constraint is in the way."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT conrelid::regclass, conname FROM pg_constraint "
                "WHERE contype IN ('c', 'f') AND connamespace = current_schema()::regnamespace"
            )
            for table, name in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def another(field: models.Field, value: Any) -> Any:
    """Another value that the column takes."""
    match field:
        case models.BooleanField():
            return not value
        case models.DateTimeField():
            return noon(date(2020, 1, 1))
        case models.DateField():
            return date(2020, 1, 1)
        case models.OneToOneField() | models.IntegerField():
            return 29_000
        case models.ForeignKey():
            others = field.related_model._default_manager.exclude(pk=value)
            return others.order_by("pk").values_list("pk", flat=True)[0]
        case models.JSONField():
            return {"action": 1}
    return "another"


Rows = models.QuerySet[Any]


def silent_columns(rows: Rows) -> list[str]:
    """Change column after column of a row, each time back again; return what nobody noticed."""
    row = rows.order_by("pk").values()[0]
    table, key = rows.model._meta.db_table, rows.model._meta.pk
    silent = []
    for field in rows.model._meta.concrete_fields:
        value = field.get_db_prep_save(another(field, row[field.attname]), connection)
        statement = f'UPDATE {table} SET "{field.column}" = %s WHERE "{key.column}" = %s'
        with undone():
            with connection.cursor() as cursor:
                cursor.execute(statement, [value, row[key.attname]])
            if not mismatches():
                silent.append(field.column)
    return silent


@pytest.mark.parametrize(
    "rows",
    [
        StatusUpdate.objects.filter(review_state="published", replaces=None),
        StatusUpdate.objects.filter(review_state="published").exclude(replaces=None),
        Evidence.objects.all(),
        Edition.objects.filter(kind="structure").exclude(note=""),
        Edition.objects.filter(kind="research"),
        Coding.objects.all(),
        StatusUpdate.relies_on.through.objects.all(),
        StatusUpdate.editors.through.objects.all(),
        RetractionRequest.objects.all(),
        StructureRequest.objects.all(),
        StructureRequest.reports.through.objects.all(),
        StructureRequest.actions.through.objects.all(),
        StructureRequest.into.through.objects.all(),
        VerifiabilityPeriod.objects.exclude(until_edition=None),
        EditionItem.objects.exclude(nonce=""),
        Pseudonym.objects.all(),
        Action.successors.through.objects.all(),
    ],
    ids=lambda rows: f"{rows.model._meta.db_table.removeprefix('recommendations_')}",
)
@pytest.mark.usefixtures("owner")
def test_each_column_that_is_changed_is_named(rows: Rows) -> None:
    silent = silent_columns(rows.all())
    # By the number of a row nothing is known, where nothing points to it.
    unbound = {"id"} if rows.model in (VerifiabilityPeriod, EditionItem) else set()
    if rows.model is Action.successors.through:
        unbound = {"id"}
    assert set(silent) == unbound


@pytest.mark.usefixtures("owner")
def test_each_column_of_a_digest_but_its_bookmarks_is_bound() -> None:
    assert silent_columns(EditionDigest.objects.all()) == ["text_marks"]


@pytest.mark.usefixtures("owner")
def test_a_change_is_named_by_edition_update_and_field(record: Action) -> None:
    update = StatusUpdate.objects.published().earliest("pk")
    StatusUpdate.objects.filter(pk=update.pk).update(note="A law.")
    [found] = mismatches()
    where = f"Edition {update.edition_id}: update/{update.slug}"
    assert found == f'{where}: note was "A bill.", and is "A law."'
    Evidence.objects.filter(update=update).update(url="https://example.org/other")
    [found] = mismatches()
    assert found.startswith(f"{where}: evidence.1.url was ")


@pytest.mark.usefixtures("owner")
def test_a_wording_that_no_edit_explains_is_named(record: Action) -> None:
    Action.objects.filter(pk=record.pk).update(title="Another ask")
    [found] = mismatches()
    assert f"text/action/{record.pk}: title was" in found


@pytest.mark.usefixtures("owner")
def test_rows_that_are_gone_or_new_are_named(record: Action) -> None:
    update = StatusUpdate.objects.published().latest("pk")
    with undone():
        StatusUpdate.objects.filter(pk=update.pk)._raw_delete("default")
        assert f"update/{update.slug}: it is there no more" in "\n".join(mismatches())
    with undone():
        StatusUpdate.objects.filter(pk=update.pk).update(slug="u-forged")
        assert any("u-forged: it was no part" in one for one in mismatches())
    with undone():
        Edition.objects.filter(pk=newest())._raw_delete("default")
        assert f"Edition {update.edition_id}" in "\n".join(mismatches()) or mismatches()
    with undone():
        EditionDigest.objects.order_by("-edition")[:1].get()
        EditionDigest.objects.filter(edition=newest())._raw_delete("default")
        assert mismatches() == [f"Edition {newest()}: it has no digest"]


# Whatever is published ---------------------------------------------------------------------------


REWORD = st.tuples(st.just("reword"), NTH)


class Rewording(Publisher):
    def reword(self, nth: int) -> None:
        """Edit an action and the grouping of its recommendation, which opens no edition."""
        action = nth_of(Action.objects.all(), nth)
        action.title = f"{action.title} ({self.today})"
        action.save()
        areas = action.recommendation.areas
        if areas.exists():
            areas.clear()
        else:
            areas.add(PolicyAreaFactory())


@examples(short=5, long=80, derandomize=True)
@given(PUBLISH, st.lists(st.tuples(STEPS | REWORD, st.integers(0, 40)), min_size=6, max_size=10))
def test_any_history_is_what_was_digested_after_each_step(first: tuple, others: list) -> None:
    with undone():
        publisher = Rewording()
        publisher.start()
        for step, days in [(first, 0), *others]:
            publisher.take(step, days=days)
            assert mismatches() == [], step
        # Edits that wait are digested with the next edition, and nothing waits then.
        published_action()
        told = verification.all_digested_texts(verification.present_model)
        now = verification.all_texts(verification.present_model)
        assert {key: text for key, (_n, text) in told.items() if text is not None} == now
