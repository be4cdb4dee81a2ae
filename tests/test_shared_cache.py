"""The cache that machines share, and what each process does by itself while it is away."""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client
from django.utils import timezone

from alliance.models import SharedCacheEntry
from alliance.redis_cache import Packed, SharedOrOwnCache, server
from alliance.services import cache_aliases
from alliance.throttle import seconds_to_wait

from .test_settings import PRODUCTION, manage

# One of the machine, if there is one; what is written there is removed.
REAL = "redis://127.0.0.1:6379/15"
# Nothing listens there.
AWAY = "redis://127.0.0.1:1/0"


def answers(url: str) -> bool:
    try:
        return redis.Redis.from_url(url, socket_connect_timeout=1).ping()
    except redis.exceptions.RedisError:
        return False


@pytest.fixture(autouse=True)
def server_is_asked() -> Iterator[None]:
    yield
    server.circuit.close()
    server.is_away = False


def shared(settings: Any, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("CACHE_URL", url)
    aliases = cache_aliases()
    for alias in ("default", "pages"):
        aliases[alias]["KEY_PREFIX"] = f"tests-{os.getpid()}-{alias}"
    settings.CACHES = aliases


@pytest.fixture
def away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shared(settings, monkeypatch, AWAY)
    caches["pages_here"].clear()


@pytest.fixture
def there(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not answers(REAL):
        pytest.skip("no Redis or Valkey answers on this machine")
    shared(settings, monkeypatch, REAL)
    yield
    client = redis.Redis.from_url(REAL)
    for key in client.scan_iter(f"tests-{os.getpid()}-*"):
        client.delete(key)


def test_without_an_address_each_process_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CACHE_URL", raising=False)
    assert set(cache_aliases()) == {"default", "pages"}


def test_a_kept_page_comes_back_as_it_was(there: None) -> None:
    caches["pages"].set("tag", (b"\x1f\x8b\x00 page", {"Content-Type": "text/html"}))
    body, headers = caches["pages"].get("tag")
    assert (body, headers) == (b"\x1f\x8b\x00 page", {"Content-Type": "text/html"})


def test_attempts_are_counted_in_it(there: None, db: None) -> None:
    now = timezone.now()
    waits = [seconds_to_wait("t", "::1", limit=2, period=60, now=now) for _n in range(3)]
    assert waits == [0, 0, 60]
    assert not SharedCacheEntry.objects.exists()


def test_what_django_allauth_counts_comes_back_as_a_list_of_moments(there: None) -> None:
    cache.set("history", [1.5, 2.25], 60)
    assert cache.get("history") == [1.5, 2.25]
    assert cache.add("lock", True, 10) and not cache.add("lock", True, 10)


def test_nothing_in_it_is_run() -> None:
    class Evil:
        def __reduce__(self) -> Any:
            return print, ("run",)

    with pytest.raises(Exception, match="(?i)msgpack|malformed|invalid"):
        Packed().loads(pickle.dumps(Evil()))


@pytest.mark.parametrize("value", [1, 0, True, None, 1.5, "text", b"bytes", [1, 2.5], {"a": "b"}])
def test_a_value_is_packed_and_unpacked(value: object) -> None:
    packed = Packed().dumps(value)
    assert Packed().loads(packed if isinstance(packed, bytes) else str(packed).encode()) == value


@pytest.mark.run_once
def test_pages_are_made_while_it_is_away(client: Client, baseline: None, away: None) -> None:
    first = client.get("/")
    assert first.status_code == 200
    assert client.get("/").content == first.content


def test_its_absence_is_logged_once(away: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "alliance.redis_cache")
    for _n in range(3):
        server.circuit.close()
        assert caches["pages"].get("tag") is None
    assert [record.getMessage() for record in caplog.records] == [
        "The shared cache does not answer (ConnectionError)."
    ]


def test_it_is_not_asked_again_for_a_while(away: None, monkeypatch: pytest.MonkeyPatch) -> None:
    caches["pages"].get("tag")
    asked: list[str] = []
    monkeypatch.setattr(RedisCache, "get", lambda *args, **kwargs: asked.append("get"))
    caches["pages"].get("tag")
    assert asked == []


def test_attempts_are_counted_in_the_database_while_it_is_away(away: None, db: None) -> None:
    now = timezone.now()
    waits = [seconds_to_wait("t", "::1", limit=2, period=60, now=now) for _n in range(3)]
    assert waits == [0, 0, 60]
    assert SharedCacheEntry.objects.count() == 2


def test_a_sixth_password_is_refused_while_it_is_away(
    client: Client, analyst: Any, away: None
) -> None:
    data = {"login": "analyst", "password": "wrong"}
    said = [client.post("/accounts/login/", data).content.decode() for _n in range(6)]
    assert "Too many" not in said[0]
    assert "Too many" in said[-1]


def test_it_is_used_again_when_it_answers(there: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "alliance.redis_cache")
    server.fails(redis.exceptions.ConnectionError())
    counts = caches["default"]
    assert isinstance(counts, SharedOrOwnCache) and counts.ping()
    assert not server.circuit.is_open
    assert caplog.messages[-1] == "The shared cache answers again."


@pytest.mark.parametrize("url", ["memcached://h/0", "redis://u:hunter2@h:port/0", "h:6379"])
def test_an_address_that_makes_no_sense_is_refused(tmp_path: Any, url: str) -> None:
    done = manage("check", var=tmp_path, CACHE_URL=url, **PRODUCTION)
    assert done.returncode != 0
    assert "CACHE_URL must be redis:// or rediss://" in done.stderr
    assert "hunter2" not in done.stderr
