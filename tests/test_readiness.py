"""/readyz says how each server is, and 503 only while no page can be answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from alliance import replica
from alliance.background import queue
from alliance.models import SeenWorker
from alliance.replica_state import Condition, Seen, watch
from recommendations import site_row
from recommendations.views import health
from recommendations.web import public_request

ANSWERS, AWAY, PENDING = health.ANSWERS, health.AWAY, health.PENDING
REPLICA_ANSWERS = Seen(Condition.ANSWERS, 6, 7, lag_seconds=1.5)
REPLICA_ALONE = Seen(Condition.ANSWERS, 6)
REPLICA_AWAY = Seen(Condition.AWAY, primary_revision=7)


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Says how the databases are: `servers(primary, of_replica, seen)`."""

    def are(primary: str, of_replica: str = AWAY, seen: Seen | None = None) -> dict[str, Any]:
        states = {"default": primary, "replica": of_replica}
        monkeypatch.setattr(health, "state_of_database", states.__getitem__)
        monkeypatch.setattr(health, "state_of_worker", lambda primary: AWAY)
        monkeypatch.setattr(replica, "is_set_up", lambda: seen is not None)
        monkeypatch.setattr(watch, "look", lambda: seen)
        response = Client().get("/readyz")
        said = response.json()
        assert said["ready"] is (response.status_code == 200)
        return said

    return are


@pytest.mark.django_db
def test_one_machine_has_no_replica_and_no_shared_cache(client: Client) -> None:
    response = client.get("/readyz")
    assert response.json() == {
        "ready": True,
        "primary": {"state": "answers"},
        "replica": {"state": "none"},
        "cache": {"state": "none"},
        "worker": {"state": "away"},
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_it_tells_whether_a_worker_is_there_and_needs_none(client: Client) -> None:
    SeenWorker.objects.create(name="node-1", seen_at=timezone.now() - queue.SEEN_WITHIN)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (200, {"state": "away"})
    SeenWorker.objects.update(seen_at=timezone.now())
    assert client.get("/readyz").json()["worker"] == {"state": "answers"}


def test_operators_are_answered_without_a_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither who watches the process nor who counts waits for a server that is away."""

    def away(*args: Any) -> None:
        raise OperationalError("The database is away.")

    # What names the site on the page of the refusal.
    monkeypatch.setattr(site_row, "_read", away)
    monkeypatch.setattr(public_request, "has_several_reports", away)
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 404


def test_it_tells_how_far_the_replica_is_behind(servers) -> None:
    said = servers(ANSWERS, ANSWERS, REPLICA_ANSWERS)
    assert said["replica"] == {"state": "answers", "lag_seconds": 1.5, "revisions_behind": 1}


@pytest.mark.parametrize(
    ("primary", "of_replica", "seen", "is_ready"),
    [
        (ANSWERS, AWAY, None, True),
        (AWAY, AWAY, None, False),
        (PENDING, AWAY, None, False),
        (ANSWERS, AWAY, REPLICA_AWAY, True),
        (AWAY, ANSWERS, REPLICA_ALONE, True),
        (AWAY, AWAY, REPLICA_AWAY, False),
        (AWAY, PENDING, REPLICA_ALONE, False),
        (PENDING, ANSWERS, REPLICA_ANSWERS, False),
    ],
)
def test_it_is_ready_while_pages_can_be_answered(servers, primary, of_replica, seen, is_ready):
    assert servers(primary, of_replica, seen)["ready"] is is_ready


@pytest.mark.django_db
def test_a_cache_that_is_away_is_told_and_no_reason_to_take_no_readers(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alliance.redis_cache import server
    from alliance.services import cache_aliases

    monkeypatch.setenv("CACHE_URL", "redis://127.0.0.1:1/0")
    settings.CACHES = cache_aliases()
    response = client.get("/readyz")
    server.circuit.close()
    server.is_away = False
    assert response.status_code == 200
    assert response.json()["cache"] == {"state": "away"}
