import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.utils import timezone, translation
from hypothesis import settings as hypothesis_settings

from alliance import active_language
from alliance.database_away import circuit
from recommendations import addressee_groups, site_row
from recommendations.index import keeping
from recommendations.loading.series import series_of
from recommendations.text.languages import forget

from . import snapshot
from .as_migrated import as_migrated
from .factories import published_actions
from .indexes import HELD, Indexes
from .lengths import IS_LONG
from .ready_made import ready_made

# A deadline per example fails on a busy machine, which says nothing about the code.
hypothesis_settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A Japanese page leaves its language active behind it, and translations in memory.

    After a change of LANGUAGES or LANGUAGE_CODE Django's test signals put their own keeper of the
    active language in place of ours.
    """
    yield
    active_language.connect()
    translation.activate(settings.LANGUAGE_CODE)
    forget()
    site_row.forget()
    addressee_groups.forget()


@pytest.fixture(autouse=True)
def indexes_are_kept(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """What nothing was written to meanwhile is indexed once."""
    indexes.begin(HELD if held.is_there and held.is_wanted else request.node.nodeid)
    monkeypatch.setattr(keeping, "_in_memory", indexes.at)
    with connection.execute_wrapper(indexes.count):
        yield
    indexes.end()


@pytest.fixture(autouse=True)
def database_is_asked() -> Iterator[None]:
    """A test of a database that is away leaves it unasked for a while."""
    yield
    circuit.open_until = 0.0


@pytest.fixture
def staff_member(db: None) -> Callable[[str, str], User]:
    """Makes `staff_member("ada", "Analyst")`, able to sign in with the password "secret"."""
    from recommendations.accounts.roles import synchronise_roles

    synchronise_roles()

    def make(name: str, role: str) -> User:
        user = User.objects.create_user(name, password="secret", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def analyst(staff_member: Callable[[str, str], User]) -> User:
    return staff_member("analyst", "Analyst")


@pytest.fixture
def reviewer(staff_member: Callable[[str, str], User]) -> User:
    return staff_member("reviewer", "Reviewer")


@pytest.fixture
def editor(staff_member: Callable[[str, str], User]) -> User:
    return staff_member("editor", "Editor")


@pytest.fixture
def administrator(staff_member: Callable[[str, str], User]) -> User:
    return staff_member("administrator", "Administrator")


@pytest.fixture
def unguarded(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a test write past publishing: no triggers, and a check that asks for none."""
    from recommendations import triggers
    from recommendations.triggers import installing

    triggers.remove(connection)
    monkeypatch.setattr(installing, "guards", lambda connection: [])


snapshots = snapshot.Snapshots()
held = snapshot.Held()
indexes = Indexes()


FIXTURE = settings.BASE_DIR / "fixtures/us_japan_alliance_2024.yaml"


def load_files(paths: Iterable[Path]) -> None:
    from recommendations.loading import load
    from recommendations.translating.po_files import load_catalogue

    for path in paths:
        load(path.read_text(encoding="utf-8"))
        if (catalogue := path.with_suffix(".ja.po")).exists():
            load_catalogue(catalogue.read_bytes(), now=timezone.now())


def load_baseline() -> None:
    load_files([FIXTURE])


def begin_with_baseline() -> None:
    snapshots.begin_with("baseline", load_baseline)


def load_second_coding() -> None:
    begin_with_baseline()
    load_files(series_of(FIXTURE)[1:2])


def begin_with_second_coding() -> None:
    snapshots.begin_with("second coding", load_second_coding)


def load_the_rest() -> None:
    begin_with_second_coding()
    load_files(series_of(FIXTURE)[2:])


# Fixtures by which a test comes to the database. pytest-django gives its own ones a mark.
DATABASE = {"db", "transactional_db", "live_server"}
ASKS_NONE = pytest.mark.skip(reason="asks no database: run on SQLite")
RUN_ONCE = pytest.mark.skip(reason="is about words, forms or pages, not queries: run on SQLite")


def asks_the_database(item: pytest.Item) -> bool:
    marks = ("django_db", "about_databases")
    fixtures = DATABASE & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or any(item.get_closest_marker(mark) for mark in marks)


def is_run_once(item: pytest.Item) -> bool:
    if item.get_closest_marker("about_databases"):
        return False
    return any(item.get_closest_marker(mark) for mark in ("browser", "run_once"))


# Of a test with more examples than these, PostgreSQL is asked for some: SQLite has them all.
MOST_EXAMPLES, EVERY = 4, 4
ONE_OF_MANY = pytest.mark.skip(reason="is one of many examples: all run on SQLite, or long")
# What the database itself refuses is tried with every example on both.
OF_GUARDS = ("constraints", "triggers", "growing_tables", "silent_ways", "postgresql_roles")


def spare_examples(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield those that say with other values what a test with many examples says already."""
    examples: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        module = item.path.stem.removeprefix("test_")
        if not IS_LONG and module not in OF_GUARDS:
            examples[item.nodeid.partition("[")[0]].append(item)
    for alike in examples.values():
        if len(alike) > MOST_EXAMPLES:
            yield from (item for n, item in enumerate(alike) if n % EVERY)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that begin with the baseline come first and together, so that it is there once.

    What asks no database, or nothing that others do not ask, says the same on either and is run
    once; of what is seen in a browser the whole round alone is seen twice.
    """
    items.sort(key=lambda item: not snapshot.begins_with_baseline(item))
    if connection.vendor == "postgresql":
        for item in items:
            if not asks_the_database(item):
                item.add_marker(ASKS_NONE)
            elif is_run_once(item):
                item.add_marker(RUN_ONCE)
        for item in spare_examples(one for one in items if asks_the_database(one)):
            item.add_marker(ONE_OF_MANY)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    held.is_wanted = snapshot.begins_with_baseline(item)
    if held.is_wanted:
        held.hold(begin_with_baseline)
    else:
        held.release()


def end_other_sessions() -> None:
    """End those that keep PostgreSQL from dropping the test database.

    A thread of the live server may still be answering for a page that its test has left.
    """
    connection.close()
    connection.close_pool()
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [connection.settings_dict["NAME"]],
        )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    held.blocker = django_db_blocker
    with django_db_blocker.unblock():
        as_migrated.remember()
        for n in (1, 2):
            ready_made.make(n, lambda n=n: published_actions(n))
    # The first test of the process could not have it before there was a database, and what its
    # other fixtures make must not get into the record that later tests begin with.
    if held.is_wanted:
        held.hold(begin_with_baseline)
    yield
    held.release()
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            end_other_sessions()


@pytest.fixture
def baseline(db: None) -> None:
    """The record with its first edition alone."""
    if not held.is_there:
        begin_with_baseline()


@pytest.fixture
def second_coding(db: None) -> None:
    """The record with its first two editions."""
    begin_with_second_coding()


@pytest.fixture
def whole_record(db: None) -> None:
    """The record as it ships: the baseline, later research and the structure after it."""
    snapshots.begin_with("whole record", load_the_rest)


@pytest.fixture
def small_corpus(db: None) -> None:
    """An invented record with something of everything."""
    snapshots.begin_with("S", lambda: call_command("make_corpus", "--size", "S", verbosity=0))


@pytest.fixture
def service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """As in a service, which is no trial. Reviewers need a second factor."""
    settings.TRYOUT = False
    settings.MFA_REQUIRED = "reviewers"
    # The second half of a minute might pass between a code and its use.
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now)
    return settings
