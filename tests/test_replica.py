"""Readers' pages are read from a replica that is fresh, all else from the primary.

Both are the same test database here. tests/faults/ asks two real servers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, connection, connections
from django.test import Client, RequestFactory

from alliance import database_away, replica, replica_state, revision_cookie
from alliance.circuit import circuit
from alliance.replica_state import Condition, Seen, watch
from recommendations.models import PolicyArea, TrackerState

from .reading import post_change
from .test_settings import PRODUCTION, manage

COOKIE = "revision"
FRESH = Seen(Condition.ANSWERS, revision=7, primary_revision=7, lag_seconds=0)
BEHIND = Seen(Condition.BEHIND, revision=6, primary_revision=7, lag_seconds=90)
GONE = Seen(Condition.AWAY, primary_revision=7)
PROMOTED = Seen(Condition.PROMOTED, revision=7, primary_revision=7)
ALONE = Seen(Condition.ANSWERS, revision=7)
PROMOTED_ALONE = Seen(Condition.PROMOTED, revision=7)


@pytest.fixture
def replicated(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Seen], None]]:
    """A replica, as far as pages know: `replicated(BEHIND)` says how it is."""
    settings.DATABASE_ROUTERS = ["alliance.replica.Router"]
    monkeypatch.setattr(replica, "is_set_up", lambda: True)
    connections["replica"] = connections["default"]

    def is_now(seen: Seen) -> None:
        monkeypatch.setattr(replica_state, "look", lambda: seen)
        watch.until = 0.0

    is_now(FRESH)
    yield is_now
    del connections["replica"]
    watch.until = 0.0
    replica.forget()


@pytest.fixture
def servers_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From which servers rows are read, in their order."""
    found: list[str] = []

    def db_for_read(self: replica.Router, model: type, **hints: Any) -> str:
        found.append(replica.being_read())
        return found[-1]

    monkeypatch.setattr(replica.Router, "db_for_read", db_for_read)
    return found


@pytest.mark.parametrize(
    "address", ["/", "/ja/recommendations/", "/changes/feed.atom", "/areas/none/"]
)
def test_readers_read_the_replica_alone(client, baseline, replicated, servers_read, address):
    assert client.get(address).status_code in (200, 404)
    assert set(servers_read) == {"replica"}


@pytest.mark.parametrize("address", ["/recommendations.csv", "/editions/1/record.json"])
def test_a_file_is_read_to_its_end_where_it_was_begun(
    client, baseline, replicated, servers_read, address
):
    assert client.get(address).getvalue()
    assert set(servers_read) == {"replica"}
    assert replica.being_read() == "default"


def test_its_tag_and_page_are_read_from_one_server(client, baseline, replicated, servers_read):
    client.get("/")
    replicated(BEHIND)
    replica_first, servers_read[:] = set(servers_read), []
    client.get("/")
    assert (replica_first, set(servers_read)) == ({"replica"}, {"default"})


def test_who_is_signed_in_reads_the_primary(client, analyst, baseline, replicated, servers_read):
    client.force_login(analyst)
    servers_read.clear()
    client.get("/")
    client.get("/admin/")
    assert set(servers_read) == {"default"}


@pytest.mark.parametrize(
    ("method", "path", "is_reader"),
    [
        ("GET", "/", True),
        ("HEAD", "/ja/areas/taiwan/", True),
        ("GET", "/administration/", True),
        ("GET", "/areas/accounts/", True),
        ("POST", "/reports/a/1/report-an-error/", False),
        ("GET", "/admin/", False),
        ("GET", "/ja/admin/review/", False),
        ("GET", "/accounts/login/", False),
        ("GET", "/ja/accounts/password/abc/", False),
        ("GET", "/accounts/oidc/staff/login/callback/", False),
    ],
)
def test_what_counts_as_a_page_of_readers(method: str, path: str, is_reader: bool) -> None:
    assert replica.is_of_reader(RequestFactory().generic(method, path)) is is_reader


def test_any_cookie_of_a_session_leads_to_the_primary(settings: Any) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "made-up"
    assert not replica.is_of_reader(request)


@pytest.mark.parametrize(
    ("seen", "revision", "is_enough"),
    [
        (FRESH, 0, True),
        (FRESH, 7, True),
        (FRESH, 8, False),
        (BEHIND, 0, False),
        (GONE, 0, False),
        (PROMOTED, 0, False),
        # The primary is away: all that is left, but never less than somebody wrote.
        (ALONE, 0, True),
        (PROMOTED_ALONE, 0, True),
        (ALONE, 8, False),
    ],
)
def test_a_replica_is_read_while_it_is_fresh_enough(seen: Seen, revision: int, is_enough: bool):
    assert seen.is_enough_for(revision) is is_enough


# How fresh it is --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("primary", "row", "condition", "lag"),
    [
        # An hour without a publication is no lag.
        (("0/2", 7), (True, 7, 0), Condition.ANSWERS, 0),
        # Nor is what changes nothing that readers see.
        (("0/2", 7), (True, 7, 3600), Condition.ANSWERS, 3600),
        (("0/2", 7), (True, 6, 29), Condition.ANSWERS, 29),
        (("0/2", 7), (True, 6, 31), Condition.BEHIND, 31),
        (("0/2", 7), (True, 6, None), Condition.BEHIND, None),
        (("0/2", 7), (False, 7, None), Condition.PROMOTED, None),
        (("0/2", 7), None, Condition.AWAY, None),
        # The primary answers, and cannot say how far it is.
        ((None, None), (True, 6, 3600), Condition.BEHIND, None),
    ],
)
def test_lag_counts_where_readers_would_miss_something(monkeypatch, primary, row, condition, lag):
    monkeypatch.setattr(replica_state, "_ask_primary", lambda: primary)
    monkeypatch.setattr(replica_state, "_ask", lambda *args: row)
    seen = replica_state.look()
    assert (seen.condition, seen.lag_seconds) == (condition, lag)


def test_a_replica_that_is_alone_is_as_good_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit.open()
    monkeypatch.setattr(replica_state, "_ask", lambda *args: (True, 6, 3600))
    seen = replica_state.look()
    assert (seen.condition, seen.lag_seconds, seen.revisions_behind) == ("answers", None, None)
    assert seen.is_enough_for(6) and not seen.is_enough_for(7)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="is about PostgreSQL")
@pytest.mark.django_db
def test_a_server_that_is_no_standby_is_not_read(replicated) -> None:
    TrackerState.objects.create(pk=1, content_revision=3)
    position, revision = replica_state._ask_primary()
    assert position and revision == 3
    row = replica_state._ask("replica", replica_state.ASK_REPLICA, [position])
    assert row is not None and row[:2] == (False, 3)


def test_what_was_seen_holds_for_some_seconds(replicated, monkeypatch) -> None:
    assert watch.seen() == FRESH
    monkeypatch.setattr(replica_state, "look", lambda: GONE)
    assert watch.seen() == FRESH
    later = watch.until
    monkeypatch.setattr("alliance.replica_state.time.monotonic", lambda: later)
    assert watch.seen() == GONE


# What fails -------------------------------------------------------------------------------------


def test_a_page_that_the_replica_fails_is_read_from_the_primary(
    client, baseline, replicated, monkeypatch
):
    def db_for_read(self: replica.Router, model: type, **hints: Any) -> str:
        if replica.being_read() == "replica":
            raise OperationalError("canceling statement due to conflict with recovery")
        return "default"

    monkeypatch.setattr(replica.Router, "db_for_read", db_for_read)
    assert client.get("/").status_code == 200
    assert watch.seen().condition == Condition.AWAY


def test_a_page_that_the_primary_fails_is_read_from_the_replica(
    client, baseline, replicated, monkeypatch
):
    replicated(BEHIND)

    def db_for_read(self: replica.Router, model: type, **hints: Any) -> str:
        if replica.being_read() == "default":
            replicated(ALONE)
            raise OperationalError("terminating connection due to administrator command")
        return "replica"

    monkeypatch.setattr(replica.Router, "db_for_read", db_for_read)
    monkeypatch.setattr(database_away, "is_away", lambda alias: True)
    assert client.get("/").status_code == 200
    assert circuit.is_open


def test_a_mistake_of_ours_is_no_reason_to_leave_the_primary(
    client, baseline, replicated, monkeypatch
):
    replicated(BEHIND)

    def db_for_read(self: replica.Router, model: type, **hints: Any) -> str:
        raise ProgrammingError("no such column")

    monkeypatch.setattr(replica.Router, "db_for_read", db_for_read)
    client.raise_request_exception = False
    assert client.get("/").status_code == 500
    assert not circuit.is_open


def test_readers_are_answered_while_the_primary_is_away(client, baseline, replicated, servers_read):
    circuit.open()
    replicated(ALONE)
    assert client.get("/").status_code == 200
    assert set(servers_read) == {"replica"}
    assert client.get("/accounts/login/").status_code == 503
    assert client.post("/appearance/", {"theme": "dark"}).status_code == 503


def test_nobody_is_answered_while_both_are_away(client, baseline, replicated) -> None:
    circuit.open()
    replicated(GONE)
    response = client.get("/")
    assert response.status_code == 503
    assert response["Retry-After"] == str(database_away.SECONDS)


# The cookie -------------------------------------------------------------------------------------


def rename_area(client: Client, name: str) -> Any:
    area = PolicyArea.objects.get(slug="taiwan")
    data = {"name": name, "slug": "taiwan", "position": area.position}
    data |= {f"assignments-{part}": "0" for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return post_change(client, f"/admin/recommendations/policyarea/{area.pk}/change/", data)


def test_who_changes_public_content_takes_its_revision_along(
    client, baseline, editor, replicated, settings
):
    client.force_login(editor)
    response = rename_area(client, "Taiwan and its strait")
    cookie = response.cookies[COOKIE]
    assert int(cookie.value) == TrackerState.objects.get().content_revision
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    settings.SESSION_COOKIE_SECURE = True
    assert rename_area(client, "Taiwan").cookies[COOKIE]["secure"]


def test_who_changes_nothing_gets_none(client, baseline, editor, replicated) -> None:
    assert COOKIE not in client.get("/").cookies
    client.force_login(editor)
    assert COOKIE not in client.get("/admin/").cookies
    assert COOKIE not in rename_area(client, "").cookies


def test_without_a_replica_there_is_none(client, baseline, editor) -> None:
    client.force_login(editor)
    assert COOKIE not in rename_area(client, "Taiwan and its strait").cookies


def test_after_signing_out_they_never_see_less_than_they_wrote(
    client, baseline, editor, replicated, servers_read
):
    client.force_login(editor)
    rename_area(client, "Taiwan and its strait")
    revision = TrackerState.objects.get().content_revision
    client.post("/accounts/logout/")
    replicated(Seen(Condition.ANSWERS, revision - 1, revision, lag_seconds=1))
    servers_read.clear()
    assert "Taiwan and its strait" in client.get("/areas/taiwan/").content.decode()
    assert set(servers_read) == {"default"}
    Client().get("/")
    assert "replica" in servers_read
    replicated(Seen(Condition.ANSWERS, revision, revision, lag_seconds=0))
    servers_read.clear()
    client.get("/areas/taiwan/")
    assert set(servers_read) == {"replica"}


def test_the_cookie_changes_nothing_of_the_answer(client, baseline, replicated) -> None:
    plain = client.get("/")
    client.cookies[COOKIE] = "5"
    told = client.get("/")
    assert told.content == plain.content and dict(told.headers) == dict(plain.headers)
    assert client.get("/", headers={"If-None-Match": plain["ETag"]}).status_code == 304


@pytest.mark.parametrize("text", ["", "-1", "1e9", "٣", "9" * 19, "x"])
def test_a_cookie_that_says_nothing_counts_for_nothing(settings: Any, text: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[settings.REVISION_COOKIE_NAME] = text
    assert replica.revision_known_to(request) == 0


def test_a_cookie_that_cannot_be_made_does_not_undo_what_was_done(
    client, baseline, editor, replicated, monkeypatch
):
    def fail(response: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(revision_cookie, "remember_revision", fail)
    client.force_login(editor)
    assert rename_area(client, "Taiwan and its strait").status_code == 302


# Settings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"REPLICA_DATABASE_URL": "postgres://u@h/x"},
            "REPLICA_DATABASE_URL needs PostgreSQL",
        ),
        (
            {"DATABASE_URL": "postgres://u@h/x", "REPLICA_DATABASE_URL": "sqlite:///x"},
            "REPLICA_DATABASE_URL needs PostgreSQL",
        ),
        (
            {"DATABASE_URL": "postgres://u@h/x", "REPLICA_DATABASE_URL": "postgres://u:p@h:q/x"},
            "REPLICA_DATABASE_URL cannot be read.",
        ),
        ({"REPLICA_MAX_LAG": "0"}, "REPLICA_MAX_LAG must be at least 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Any, given: dict, sentence: str) -> None:
    done = manage("check", var=tmp_path, **PRODUCTION, **given)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_nothing_is_written_or_migrated_on_the_replica() -> None:
    router = replica.Router()
    assert router.db_for_write(PolicyArea) == "default"
    assert router.allow_migrate("replica", "recommendations") is False
    assert router.allow_migrate("default", "recommendations") is None
