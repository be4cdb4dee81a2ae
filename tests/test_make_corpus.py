"""The made-up record: the same for a seed, sound, and never written by accident."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from random import Random
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from recommendations import integrity
from recommendations.corpus import workers
from recommendations.corpus.bulk import without_indexes
from recommendations.corpus.history import history
from recommendations.corpus.management.commands import make_corpus
from recommendations.corpus.people import sample_cast
from recommendations.corpus.plan import SIZES, Size, planned_editions
from recommendations.corpus.reports import WRITTEN
from recommendations.corpus.store import AlreadyThere
from recommendations.corpus.store import make as make_record
from recommendations.corpus.tables import lines_to_copy
from recommendations.corpus.vocabulary import ONLY_ONCE
from recommendations.digests import verification
from recommendations.models import (
    Action,
    Assignment,
    Deadline,
    Edition,
    EditionDigest,
    Evidence,
    ReaderReport,
    Recommendation,
    Report,
    StatusUpdate,
)
from recommendations.publishing.editions import settle_wording
from recommendations.text.web_addresses import comparable

from .factories import published_action, published_update

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def make(seed: int = 1) -> None:
    make_record(SIZES["S"], seed=seed, end_at=NOW, say=lambda _text: None)


@pytest.mark.django_db
def test_small_record_is_whole_and_the_check_is_silent() -> None:
    make()
    assert (Report.objects.count(), Recommendation.objects.count()) == (1, 24)
    assert 72 <= Action.objects.count() <= 120
    assert 250 <= StatusUpdate.objects.published().count() <= 500
    for model in (Evidence, Deadline, Assignment, ReaderReport):
        assert model.objects.exists(), model
    states = set(StatusUpdate.objects.values_list("review_state", flat=True))
    assert states >= {"draft", "submitted", "published"}
    assert StatusUpdate.objects.filter(end_reason="corrected").exists()
    assert StatusUpdate.objects.filter(end_reason="retracted").exists()
    assert Action.objects.filter(title__contains=ONLY_ONCE).count() == 1
    assert_sound()


def assert_sound() -> None:
    """As check_integrity and verify_record find it, and with nothing left to digest."""
    assert [str(difference) for difference in integrity.differences()] == []
    assert [str(mismatch) for mismatch in verification.everything()] == []
    assert not any(verification.waiting_edits().values())


@pytest.mark.django_db
def test_record_is_added_beside_another_and_the_check_is_silent() -> None:
    published_update(published_action())
    before = Edition.objects.count()
    make()
    make(seed=2)
    assert Report.objects.count() == 3
    assert Edition.objects.latest("number").number == before + 2 * 21
    assert_sound()


@pytest.mark.django_db
def test_what_was_edited_before_is_digested_with_the_first_edition() -> None:
    action = published_action()
    published_update(action)
    action.title = "Another wording"
    action.save(update_fields=["title"])
    settle_wording(Recommendation.objects.filter(actions=action))
    make()
    assert_sound()


@pytest.mark.django_db
def test_publishing_goes_on_after_it() -> None:
    make()
    action = Action.objects.filter(is_verifiable=True).first()
    assert action is not None
    published_update(action)
    published_update(published_action())
    assert_sound()


@pytest.mark.django_db
def test_database_guards_what_was_written() -> None:
    make()
    update = StatusUpdate.objects.published().first()
    assert update is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        StatusUpdate.objects.filter(pk=update.pk).update(note="Otherwise")


@pytest.mark.django_db
def test_database_knows_its_tables_afterwards() -> None:
    make()
    known = {
        "sqlite": "SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'recommendations_action'",
        "postgresql": "SELECT COUNT(*) FROM pg_stats WHERE tablename = 'recommendations_action'",
    }
    with connection.cursor() as cursor:
        cursor.execute(known[connection.vendor])
        assert cursor.fetchone()[0] > 0


SCHEMA = {
    "sqlite": ["SELECT name, sql FROM sqlite_master ORDER BY name"],
    "postgresql": [
        "SELECT indexname, indexdef FROM pg_indexes ORDER BY indexname",
        "SELECT conname, conrelid, pg_get_constraintdef(oid) FROM pg_constraint "
        "ORDER BY conname, conrelid",
    ],
}


def schema() -> list[list[tuple]]:
    found = []
    with connection.cursor() as cursor:
        for query in SCHEMA[connection.vendor]:
            cursor.execute(query)
            found.append(cursor.fetchall())
    return found


@pytest.mark.django_db
def test_indexes_and_keys_are_as_before_a_load() -> None:
    before = schema()
    with without_indexes([model._meta.db_table for model in WRITTEN]):
        assert len(schema()[0]) < len(before[0]) - 20
    assert schema() == before


@pytest.mark.django_db
def test_processes_make_the_record_that_one_alone_makes(monkeypatch) -> None:
    class Undo(Exception):
        pass

    size = Size(reports=3, recommendations=2, editions=2, updates=1)
    sample_cast(at=NOW)
    found = []
    for enough in (2, 99):
        monkeypatch.setattr(workers, "WORTHWHILE", enough)
        with pytest.raises(Undo), transaction.atomic():
            make_record(size, seed=1, end_at=NOW, say=lambda _text: None)
            found.append(EditionDigest.objects.latest("edition_id").digest)
            raise Undo
    assert found[0] == found[1]


def test_text_that_would_break_a_line_is_not_copied() -> None:
    assert lines_to_copy(iter([("a\\b", None, 1)])) == b"a\\\\b\t\x01\t1\n"
    for text in ("a\nb", "a\tb"):
        with pytest.raises(ValueError):
            lines_to_copy(iter([(text, 1)]))


def told() -> list[tuple]:
    updates = StatusUpdate.objects.order_by("slug")
    return list(
        updates.values_list("slug", "status", "effective_on", "edition", "note", "action__title")
    )


@pytest.mark.django_db
def test_same_seed_makes_the_same_record() -> None:
    class Undo(Exception):
        pass

    sample_cast(at=NOW)  # PostgreSQL gives no key a second time.
    found, chains = [], []
    for seed in (1, 1, 2):
        try:
            with transaction.atomic():
                make(seed)
                found.append(told())
                chains.append(EditionDigest.objects.latest("edition_id").digest)
                raise Undo
        except Undo:
            pass
    assert found[0] == found[1]
    assert chains[0] == chains[1] != chains[2]
    assert [row[1:] for row in found[0]] != [row[1:] for row in found[2]]


@pytest.mark.django_db
def test_record_is_the_same_at_any_hour_of_a_day(monkeypatch) -> None:
    class Undo(Exception):
        pass

    found = []
    for hour in (1, 23):
        clock = SimpleNamespace(now=lambda hour=hour: datetime(2026, 11, 24, hour, 30, tzinfo=UTC))
        monkeypatch.setattr(make_corpus, "timezone", clock)
        with pytest.raises(Undo), transaction.atomic():
            call_command("make_corpus", "--size", "S", verbosity=0)
            editions = Edition.objects.order_by("number").values_list("number", "published_at")
            found.append((told(), list(editions)))
            raise Undo
    assert found[0] == found[1]
    assert max(at for _number, at in found[0][1]) <= datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.django_db
def test_seed_is_used_once() -> None:
    make()
    with pytest.raises(AlreadyThere):
        make()


@pytest.mark.django_db
def test_nobody_can_sign_in_as_a_made_up_person() -> None:
    make()
    people = User.objects.filter(username__startswith="sample-")
    assert people.count() == 8
    assert not any(person.has_usable_password() for person in people)


@pytest.mark.django_db
def test_command_refuses_a_database_with_reports_unless_told(capsys) -> None:
    published_action()
    with pytest.raises(CommandError, match="--add"):
        call_command("make_corpus", "--size", "S")
    assert Report.objects.count() == 1
    call_command("make_corpus", "--size", "S", "--add")
    assert Report.objects.count() == 2
    assert "1 made-up reports with 24 recommendations" in capsys.readouterr().out


def test_sizes_are_those_of_the_design() -> None:
    assert SIZES["M"].n_recommendations == 5_000
    assert SIZES["M"].n_updates == 80_000
    assert SIZES["L"].n_recommendations == 250_000


def test_editions_are_numbered_in_order_of_time_and_begin_with_their_report() -> None:
    size = Size(reports=3, recommendations=1, editions=5, updates=1)
    start, end = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    plan = planned_editions(size, seed=1, first=7, start=start, end=end)
    assert [one.number for one in plan] == list(range(7, 25))
    assert [one.at for one in plan] == sorted(one.at for one in plan)
    for report in range(3):
        assert [one.place for one in plan if one.report == report] == [0, 1, 2, 3, 4, 5]


def test_histories_use_every_status_and_correct_and_retract_some() -> None:
    days = [(n, date(2025, 1, 1 + n)) for n in range(1, 13)]
    steps = [
        step
        for seed in range(300)
        for step in history(Random(seed), editions=days, since=date(2024, 1, 1))
    ]
    assert len(Counter(step.status for step in steps)) == 7
    assert any(step.replaces is not None for step in steps)
    assert any(step.is_retracted for step in steps)
    assert all(step.effective_on <= step.day_of for step in steps)


@pytest.mark.django_db
def test_what_is_made_up_could_have_been_published() -> None:
    """A changed status cites what its action did not cite, and a confirmation says what it is."""
    make()
    for action in Action.objects.all():
        cited: set[str] = set()
        for update in action.updates.published().order_by("edition", "pk"):
            addresses = {comparable(item.url) for item in update.evidence.all()}
            if update.status not in (update.status_at_draft, "no_action"):
                assert addresses - cited, update
            elif not addresses:
                assert update.has_search_note, update
                same = {other.status for other in update.relies_on.all()}
                assert same <= {update.status}, update
            cited |= addresses
