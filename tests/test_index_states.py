"""The index in its file follows every change of the record, and only what was committed."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import date, timedelta
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import ContextList
from pyroaring import BitMap

from recommendations import integrity, publishing
from recommendations.filters import RecommendationFilterSet
from recommendations.index import (
    building,
    checking,
    frequent,
    in_process,
    keeping,
    structure,
)
from recommendations.index.names import KEY
from recommendations.index.store import Store, opened, sealed, thrown_away
from recommendations.index.view import key_of
from recommendations.models import (
    Action,
    ContentChange,
    Edition,
    Recommendation,
    Report,
    StatusUpdate,
)
from recommendations.publishing import breakdown_tree, editions, touch
from recommendations.translating.record_texts import settle as settle_translations
from recommendations.viewpoint import Viewpoint, today

from . import snapshot
from .conftest import snapshots
from .factories import (
    ActionFactory,
    BodyFactory,
    DeadlineFactory,
    EvidenceFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    SectionFactory,
    TranslationFactory,
    UserFactory,
    corrected,
    draft_update,
    include,
    merge,
    moment,
    published_action,
    published_actions,
    published_update,
    retracted,
    set_verifiable,
    split,
    submitted_update,
    withdraw,
)
from .indexed import another_process, counted, ended, listed
from .test_concurrency import at_once, publishing_of

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 10, 20)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Each test has an index folder of its own."""
    settings.INDEX_DIR = tmp_path / "index"
    return settings.INDEX_DIR


@pytest.fixture(autouse=True)
def all_words_are_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their sets follow each change too."""
    monkeypatch.setattr(frequent, "LEAST", 1)


def make_record() -> None:
    """Two reports, one of them with three actions of two recommendations, and two updates."""
    first = published_actions(2, title="Count the otters")
    published_action(recommendation=RecommendationFactory(report=first[0].recommendation.report))
    other = published_action(title="Count the badgers")
    published_update(first[0], "in_progress", note="Herons were counted.")
    published_update(other, "partly", note="Newts were counted.")


@pytest.fixture
def record() -> list[Action]:
    snapshots.begin_with("otters and badgers", make_record)
    return list(Action.objects.order_by("pk"))


def viewpoints() -> list[Viewpoint]:
    first = Edition.objects.order_by("number").first()
    return [Viewpoint.present(), Viewpoint(DAY, as_of=DAY), Viewpoint(today(), edition=first)]


def asked(query: str, seen: Viewpoint | None = None) -> RecommendationFilterSet:
    filterset = RecommendationFilterSet(QueryDict(query), viewpoint=seen or Viewpoint.present())
    assert filterset.is_valid(), filterset.problems
    return filterset


def look() -> None:
    """Ask from each viewpoint, so that there are sets of it to be brought up to date."""
    for seen in viewpoints():
        listed(asked("", seen))


def found(query: str) -> set[int]:
    return set(listed(asked(f"q={query}")))


def file() -> Store:
    return opened(keeping.path_of_index())


def is_right() -> None:
    """The file, brought up to date, is one made from nothing; and answers as the database does."""
    look()
    assert [str(one) for one in checking.differences()] == []
    for seen in viewpoints():
        for unit in ("actions", "recommendations"):
            filterset = asked(f"unit={unit}", seen)
            assert listed(filterset) == [row.pk for row in filterset.qs]


# Each change -----------------------------------------------------------------------------------


def publication(record: list[Action]) -> None:
    published_update(record[1], "implemented", note="Eels were counted.")
    assert found("eels") == {record[1].pk}


def correction(record: list[Action]) -> None:
    corrected(StatusUpdate.objects.order_by("pk")[0], note="Eels were counted.")
    assert (found("herons"), found("eels")) == (set(), {record[0].pk})


def retraction(record: list[Action]) -> None:
    retracted(StatusUpdate.objects.order_by("pk")[0])
    assert found("herons") == set()


def confirmation(record: list[Action]) -> None:
    now = moment(date(2026, 11, 1))
    draft = publishing.confirm(
        record[0],
        by=StatusUpdate.objects.order_by("pk")[0].author,
        search_note="Two archives.",
        searched_on=date(2026, 10, 30),
        now=now,
    )
    publishing.publish([draft], reviewer=StatusUpdate.objects.order_by("pk")[1].author, now=now)


def new_report(record: list[Action]) -> None:
    published_action(
        recommendation=RecommendationFactory(report=ReportFactory(published_on=date(2025, 1, 1)))
    )


def new_recommendation(record: list[Action]) -> None:
    recommendation = RecommendationFactory(report=record[0].recommendation.report)
    action = ActionFactory(recommendation=recommendation)
    include(recommendations=[recommendation])
    assert action.pk in listed(asked(""))


def new_action(record: list[Action]) -> None:
    include(actions=[ActionFactory(recommendation=record[0].recommendation, title="Eels")])
    assert found("eels") == {Action.objects.latest("pk").pk}


def withdrawn_action(record: list[Action]) -> None:
    withdraw(record[0], reason="It was counted twice.")
    assert record[0].pk not in listed(asked(""))


def withdrawn_recommendation(record: list[Action]) -> None:
    withdraw(record[0].recommendation, reason="It was counted twice.")
    assert listed(asked("")) == [record[2].pk, record[3].pk]


def withdrawn_report(record: list[Action]) -> None:
    withdraw(record[0].recommendation.report, reason="It was counted twice.")
    assert listed(asked("")) == [record[3].pk]


def succession_by_split(record: list[Action]) -> None:
    into = [ActionFactory(recommendation=record[0].recommendation) for _n in range(2)]
    split(record[0], into=into, reason="It asked for two things.")


def succession_by_merger(record: list[Action]) -> None:
    into = ActionFactory(recommendation=record[0].recommendation)
    merge(record[:2], into=into, reason="Both asked for one thing.")


def not_verifiable(record: list[Action]) -> None:
    set_verifiable(record[0], is_verifiable=False, reason="Nobody could tell.")
    assert counted(asked("")).uncounted == 1


def verifiable_again(record: list[Action]) -> None:
    not_verifiable(record)
    set_verifiable(record[0], is_verifiable=True, reason="Somebody could tell.")


def research(record: list[Action]) -> None:
    draft = StatusUpdate.objects.create(
        action=record[2],
        is_baseline=True,
        status="partly",
        effective_on=date(2025, 3, 1),
        search_note="Two archives.",
        note="Eels were counted.",
    )
    EvidenceFactory(update=draft, kind="primary")
    publishing.publish_research(
        record[2].recommendation.report,
        slug="second",
        method="two codings",
        horizon_on=date(2026, 9, 1),
        update_ids=[draft.pk],
        retractions={},
        now=moment(date(2026, 11, 1)),
    )
    assert found("eels") == {record[2].pk}


def settled(recommendations: Any) -> None:
    publishing.settle_wording(recommendations)


def wording(record: list[Action]) -> None:
    Action.objects.filter(pk=record[0].pk).update(title="Count the eels")
    settled(Recommendation.objects.filter(actions=record[0]))
    assert (found("otters"), found("eels")) == ({record[1].pk}, {record[0].pk})


def labels(record: list[Action]) -> None:
    area, body = PolicyAreaFactory(name="Eels"), BodyFactory(name="Voles")
    record[0].recommendation.areas.add(area)
    record[3].leads.create(body=body, basis="named")
    settled(Recommendation.objects.filter(actions__in=[record[0], record[3]]))
    assert (found("eels"), found("voles")) == ({record[0].pk, record[1].pk}, {record[3].pk})
    assert set(listed(asked(f"area={area.slug}"))) == found("eels")


def label_renamed_and_taken_away(record: list[Action]) -> None:
    labels(record)
    area = record[0].recommendation.areas.get()
    area.name = "Moles"
    area.save()
    settled(Recommendation.objects.filter(areas=area))
    assert (found("eels"), len(found("moles"))) == (set(), 2)
    record[0].recommendation.areas.clear()
    settled(Recommendation.objects.filter(actions=record[0]))
    assert found("moles") == set()


def section(record: list[Action]) -> None:
    recommendation = record[0].recommendation
    into = SectionFactory(report=recommendation.report, title="Of eels")
    Recommendation.objects.filter(pk=recommendation.pk).update(section=into)
    settled(Recommendation.objects.filter(pk=recommendation.pk))
    assert set(listed(asked(f"section={into.slug}"))) == {record[0].pk, record[1].pk}
    assert found("eels") == {record[0].pk, record[1].pk}


def place_of_a_recommendation(record: list[Action]) -> None:
    report = record[0].recommendation.report
    Recommendation.objects.filter(report=report).update(section=record[0].recommendation.section)
    settled(Recommendation.objects.filter(report=report))
    look()
    before = listed(asked(""))
    breakdown_tree.move(
        report,
        kind="recommendation",
        pk=record[2].recommendation_id,
        before=record[0].recommendation_id,
        version=breakdown_tree.tree_of(report).version,
    )
    assert listed(asked("")) != before


def order_of_reports(record: list[Action]) -> None:
    before = listed(asked(""))
    report = record[0].recommendation.report
    Report.objects.filter(pk=report.pk).update(published_on=date(2024, 1, 1))
    settled(Recommendation.objects.filter(report=report))
    assert listed(asked("")) == [before[-1], *before[:-1]]


def translation(record: list[Action]) -> None:
    TranslationFactory(kind="action.title", original=record[0].title, text="うなぎを数える")
    settle_translations({"action.title": [record[0].title]})
    assert found("うなぎ") == {record[0].pk, record[1].pk}


def deadline(record: list[Action]) -> None:
    DeadlineFactory(action=record[0], on=date(2026, 1, 1))
    settled(Recommendation.objects.filter(actions=record[0]))
    assert listed(asked("schedule=overdue")) == [record[0].pk]


def review_date(record: list[Action]) -> None:
    Action.objects.filter(pk=record[0].pk).update(review_due_on=date(2026, 1, 1))
    touch([record[0].recommendation_id])
    assert record[0].pk in listed(asked("review=needs_review"))


def draft_made_and_deleted(record: list[Action]) -> None:
    action = ActionFactory(recommendation=record[0].recommendation)
    recommendation = RecommendationFactory(report=record[0].recommendation.report)
    update = draft_update(record[0])
    keys = [record[0].recommendation_id, recommendation.pk]
    settled(Recommendation.objects.filter(pk__in=keys))
    look()
    update.delete()
    action.delete()
    recommendation.delete()
    touch(keys)


def rebuild(record: list[Action]) -> None:
    integrity.rebuild()


def something_of_no_recommendation(record: list[Action]) -> None:
    touch(())


def change_of_all_after_others(record: list[Action]) -> None:
    published_update(record[1], "implemented", note="Eels were counted.")
    new_report(record)
    touch(None)


CHANGES = [
    publication, correction, retraction, confirmation, new_report, new_recommendation, new_action,
    withdrawn_action, withdrawn_recommendation, withdrawn_report, succession_by_split,
    succession_by_merger, not_verifiable, verifiable_again, research, wording, labels,
    label_renamed_and_taken_away, section, place_of_a_recommendation, order_of_reports,
    translation, deadline, review_date, draft_made_and_deleted, rebuild,
    something_of_no_recommendation, change_of_all_after_others,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_index_after_a_change_is_one_made_from_nothing(
    record: list[Action], change: Callable[[list[Action]], None]
) -> None:
    look()
    change(record)
    is_right()


def test_change_of_one_recommendation_leaves_the_rest_of_the_file(
    record: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    look()
    made = file().made()
    monkeypatch.setattr(building, "begin", None)
    publication(record)
    look()
    assert file().made() == made


# What was not committed, and what is of another state -------------------------------------------


class Undone(Exception):
    """Ends a transaction without its changes."""


def test_what_is_not_committed_is_answered_and_leaves_nothing_behind(
    record: list[Action],
) -> None:
    look()
    before = file().state()
    with pytest.raises(Undone), transaction.atomic():
        publication(record)
        assert listed(asked("status=implemented")) == [record[1].pk]
        raise Undone
    assert file().state() == before
    assert listed(asked("status=implemented")) == []
    assert found("eels") == set()
    is_right()


def restore(backup: dict[str, snapshot.Rows]) -> None:
    call_command("flush", interactive=False, verbosity=0)
    snapshot.put_back(backup)


def test_older_backup_that_is_put_back_is_told_by_its_token(record: list[Action]) -> None:
    look()
    backup = snapshot.take()
    publication(record)
    look()
    restore(backup)
    assert found("eels") == set()
    is_right()


def test_other_change_after_a_restore_is_told_though_it_has_the_same_number(
    record: list[Action],
) -> None:
    backup = snapshot.take()
    publication(record)
    look()
    first = keeping.state_of_database()
    restore(backup)
    published_update(record[2], "partly", note="Voles were counted.")
    second = keeping.state_of_database()
    assert (second.revision, second.token != first.token) == (first.revision, True)
    assert (found("eels"), found("voles")) == (set(), {record[2].pk})
    is_right()


def test_two_databases_in_turn_on_one_folder_each_get_their_own_answers(
    record: list[Action],
) -> None:
    """Both have updates of the same keys, which are of other actions."""
    neither = snapshot.take()
    publication(record)
    one = snapshot.take()
    restore(neither)
    published_update(record[2], "implemented", note="Voles were counted.")
    other = snapshot.take()
    for _n in range(2):
        for backup, words, action in ((one, "eels", record[1]), (other, "voles", record[2])):
            restore(backup)
            assert found(words) == set(listed(asked("status=implemented"))) == {action.pk}
            is_right()


def test_index_that_missed_more_changes_than_are_kept_is_made_anew(
    record: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "CHANGES_KEPT", 2)
    look()
    made = file().made()
    publication(record)
    for _n in range(4):
        touch(())
    assert ContentChange.objects.count() == 3
    is_right()
    assert file().made() != made


def days(n: int) -> list[Viewpoint]:
    return [
        Viewpoint(day, as_of=day) for day in (DAY + timedelta(days=one) for one in range(1, n + 1))
    ]


def views() -> set[str]:
    known = in_process.known_of(keeping.path_of_index(), file())
    return {key for key, _digest in known.made}


def test_no_more_views_are_kept_than_so_many(
    record: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_process.MOST_VIEWS == 8
    monkeypatch.setattr(in_process, "MOST_VIEWS", 3)
    listed(asked(""))
    asked_from = days(5)
    for seen in asked_from:
        assert listed(asked("", seen)) == [action.pk for action in record]
    assert views() == {"present", *(key_of(seen) for seen in asked_from[3:])}


def test_view_that_was_left_out_and_made_again_is_of_the_present_state(
    record: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_process, "MOST_VIEWS", 2)
    first, *others = days(3)
    assert listed(asked("status=implemented", first)) == []
    published_update(record[1], "implemented", published_on=date(2026, 10, 1))
    for seen in others:
        listed(asked("", seen))
    assert key_of(first) not in views()
    assert listed(asked("status=implemented", first)) == [record[1].pk]
    is_right()


def test_day_before_all_reports_has_nothing(record: list[Action]) -> None:
    seen = Viewpoint(date(1999, 1, 1), as_of=date(1999, 1, 1))
    for unit in ("actions", "recommendations"):
        totals = counted(asked(f"unit={unit}", seen))
        assert (totals.total, totals.counts.total, totals.uncounted) == (0, 0, 0)
        assert listed(asked(f"unit={unit}&q=otters", seen)) == []


# Damage that the check names --------------------------------------------------------------------


def rows_of(name: str) -> tuple[str, ...]:
    return ("action", "status", name)


def put_set(name: str, keys: list[int]) -> None:
    """Write a set as if it had been computed so."""
    key = rows_of(name)
    building._write_sets(file(), {key: BitMap(keys)})


def changed_set(record: list[Action]) -> str:
    put_set("in_progress", [record[1].pk])
    return "action status in_progress has 1 rows, not these 1"


def missing_set(record: list[Action]) -> str:
    put_set("in_progress", [])
    return "action status in_progress has 0 rows, not these 1"


def extra_set(record: list[Action]) -> str:
    put_set("rejected", [record[1].pk])
    return "action status rejected has 1 rows, not these 0"


def set_under_another_name(record: list[Action]) -> str:
    file().execute("UPDATE sets SET value = 'rejected' WHERE value = 'in_progress'")
    return "the sets of status are not those that were written"


def set_that_is_gone(record: list[Action]) -> str:
    file().execute("DELETE FROM sets WHERE value = 'in_progress' AND unit = 'action'")
    return "the sets of status are not those that were written"


def name_that_is_gone(record: list[Action]) -> str:
    file().execute("DELETE FROM names WHERE name = 'status'")
    return "the sets are not those that were written"


def changed_document(record: list[Action]) -> str:
    file().execute("UPDATE action_words SET title = 'x' WHERE rowid = ?", [record[1].pk])
    return f"action_words {record[1].pk}: its text is not what is indexed"


def missing_document(record: list[Action]) -> str:
    file().execute("DELETE FROM action_words WHERE rowid = ?", [record[1].pk])
    return f"action_words {record[1].pk}: its text is not indexed"


def extra_document(record: list[Action]) -> str:
    file().execute("INSERT INTO update_words (rowid, note) VALUES (999999, 'otter')")
    return "update_words 999999: there is no such row"


def words_that_are_not_those_of_their_text(record: list[Action]) -> str:
    text = "SELECT c2 FROM action_words_content WHERE id = ?"
    [[before]] = file().execute(text, [record[1].pk]).fetchall()
    changed_document(record)
    values = (before, record[1].pk)
    file().execute("UPDATE action_words_content SET c2 = ? WHERE id = ?", values)
    return "action_words: database disk image is malformed"


def changed_order(record: list[Action]) -> str:
    put_order([record[1].pk, record[0].pk, record[2].pk])
    return "the order of actions"


def put_order(actions: list[int]) -> None:
    report = Action.objects.get(pk=actions[0]).recommendation.report_id
    content = sealed(array(KEY, actions).tobytes(), report)
    file().execute("UPDATE reports SET actions = ? WHERE report = ?", (content, report))
    file().execute("UPDATE state SET structure = ?", [structure.written(file())])


def order_that_nobody_wrote(record: list[Action]) -> str:
    file().execute("UPDATE reports SET place = 7 - place")
    return "the order is not what was written"


def changed_owner(record: list[Action]) -> str:
    report = record[0].recommendation.report_id
    of_report = ("update", report)
    of_updates = "WHERE unit = ? AND report = ?"
    [[written]] = file().execute(f"SELECT written FROM owners {of_updates}", of_report)
    content = sealed(array(KEY, [record[1].pk]).tobytes(), *of_report, written)
    file().execute(f"UPDATE owners SET owners = ? {of_updates}", (content, *of_report))
    return "what belongs to which action"


def owners_that_are_gone(record: list[Action]) -> str:
    file().execute("DELETE FROM owners WHERE unit = 'status period'")
    return "what belongs to which action"


DAMAGES = [
    changed_set, missing_set, extra_set, set_under_another_name, set_that_is_gone,
    name_that_is_gone,
    changed_document, missing_document, extra_document, words_that_are_not_those_of_their_text,
    changed_order, order_that_nobody_wrote, changed_owner, owners_that_are_gone,
]  # fmt: skip


def test_check_names_each_kind_of_damage(record: list[Action]) -> None:
    silent = []
    for damage in DAMAGES:
        thrown_away(keeping.path_of_index())
        listed(asked(""))
        assert [str(one) for one in checking.differences()] == []
        told = damage(record)
        lines = [str(one) for one in checking.differences()]
        if not any(told in line for line in lines):
            silent.append((damage.__name__, told, lines))
    assert silent == []


# While others publish ---------------------------------------------------------------------------

PAGES = [
    "/recommendations/",
    "/recommendations/?status=implemented",
    "/recommendations/?q=counted&sort=status",
    "/recommendations/?unit=recommendations&sort=changed",
    "/deadlines/",
]


def read_pages(client: Client) -> None:
    for address in PAGES:
        with rendered_here() as given:
            response = client.get(address)
        assert response.status_code == 200, (address, response.content)
        if "totals" in given:
            adds_up(given)


@contextmanager
def rendered_here() -> Iterator[list[Any]]:
    """Yield what templates were given by this thread, the last first.

    A test's client hears of every thread's, and of the attempts that were made again.
    """
    given, here = ContextList(), get_ident()

    def keep(context: Any, **kwargs: Any) -> None:
        if get_ident() == here:
            given.insert(0, copy(context))

    template_rendered.connect(keep)
    try:
        yield given
    finally:
        template_rendered.disconnect(keep)


def adds_up(shown: Any) -> None:
    """Every number and row of a page is of one state."""
    filterset, totals, page = shown["filterset"], shown["totals"], shown["page"]
    assert sum(totals.counts.by_status.values()) == totals.counts.total == page.paginator.count
    rows = list(page.object_list)
    assert len(rows) == page.paginator.count <= totals.total
    assert Counter(row.status for row in rows) == +Counter(totals.counts.by_status)
    [of_status] = [one for one in totals.facets if one.name == "status"] or [None]
    if of_status and not filterset.values.get("status"):
        told = {value.option.code: value.n for value in of_status.values if value.n}
        assert told == +Counter(totals.counts.by_status)


def publications() -> list[Callable[[], Any]]:
    actions = [action for _n in range(2) for action in published_actions(3)]
    updates = [
        submitted_update(action, status, note="Eels were counted.")
        for action, status in zip(actions, ["implemented", "partly"] * 3, strict=True)
    ]
    return [publishing_of(update) for update in updates]


def test_pages_that_a_thread_reads_while_another_publishes_add_up(record: list[Action]) -> None:
    steps, client = publications(), Client()
    taken: list[Any] = []

    def publish_all() -> None:
        taken.extend(step() for step in steps)

    def read_meanwhile() -> None:
        while len(taken) < len(steps):
            read_pages(client)

    at_once(publish_all, read_meanwhile, read_meanwhile)
    read_pages(client)
    is_right()


PUBLISHER = """
from recommendations.models import StatusUpdate
from recommendations.publishing import publish
from recommendations.filters import RecommendationFilterSet
from django.http import QueryDict
from django.contrib.auth.models import User
from tests.factories import PUBLISHED_ON, moment
from tests.indexed import counted
reviewer = User.objects.get(username=sys.argv[2])
for update in StatusUpdate.objects.filter(edition=None).order_by("pk"):
    publish([update], reviewer=reviewer, now=moment(PUBLISHED_ON))
    totals = counted(RecommendationFilterSet(QueryDict("q=eels")))
    print(totals.counts.total)
"""


def test_pages_that_are_read_while_a_process_publishes_and_reads_add_up(
    record: list[Action], folder: Path
) -> None:
    publications()
    publisher = another_process(PUBLISHER, folder, UserFactory().username)
    client = Client()
    while publisher.poll() is None:
        read_pages(client)
    assert ended(publisher).split() == ["1", "2", "3", "4", "5", "6"]
    assert len(found("eels")) == 6
    is_right()
