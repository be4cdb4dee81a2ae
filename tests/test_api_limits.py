"""A network may ask so often and no oftener, wherever it is counted."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from alliance import throttle
from alliance.circuit import circuit
from alliance.models import SharedCacheEntry
from alliance.throttle import times_within

from .factories import published_actions

ACTIONS = "/api/v1/actions"


@pytest.fixture
def record(db: None) -> None:
    published_actions(2)


def asked(n: int, **headers: str) -> list[Any]:
    return [Client().get(ACTIONS, {"limit": 1 + one}, headers=headers) for one in range(n)]


def test_the_limit_is_said_and_kept(record, settings):
    settings.API_REQUESTS = 2
    first, second, third = asked(3)
    assert first["RateLimit-Policy"] == '"requests";q=2;w=300'
    left = [one["RateLimit"].split(";")[1] for one in (first, second, third)]
    assert left == ["r=1", "r=0", "r=0"]
    assert (second.status_code, third.status_code) == (200, 429)
    assert json.loads(third.content)["type"].endswith("#too-many-requests")
    assert 0 < int(third["Retry-After"]) <= 300
    assert "ETag" not in third


def test_refusals_count_and_what_is_asked_first_does_not(record, settings):
    settings.API_REQUESTS = 1
    client = Client()
    for address in ("/api/v1/", "/api/v1/openapi.json", "/api/v1/docs/"):
        assert client.get(address).status_code == 200
    assert client.options(ACTIONS).status_code == 204
    assert client.get(ACTIONS, {"status": "zzz"}).status_code == 400
    assert client.get(ACTIONS).status_code == 429


def test_networks_are_counted_apart_behind_a_proxy(record, settings):
    settings.API_REQUESTS, settings.NUM_PROXIES = 1, 1
    statuses = [
        asked(1, **{"X-Forwarded-For": told})[0].status_code
        for told in ("192.0.2.1", "192.0.2.2", "192.0.2.9, 192.0.2.1", "2001:db8::1", "2001:db8::2")
    ]
    assert statuses == [200, 200, 429, 200, 429]


def test_without_a_limit_nothing_is_counted(record, settings):
    settings.API_REQUESTS = 0
    [response] = asked(1)
    assert "RateLimit" not in response
    assert "RateLimit-Policy" not in response
    assert not SharedCacheEntry.objects.exists()


def test_where_it_cannot_be_counted_everybody_is_answered(record, settings, monkeypatch):
    settings.API_REQUESTS = 1

    def away(*args: Any) -> None:
        raise DatabaseError("it is away")

    monkeypatch.setattr(throttle.cache, "incr", away)
    responses = asked(3)
    assert [one.status_code for one in responses] == [200] * 3
    assert "RateLimit" not in responses[0]


def test_while_the_database_is_away_it_is_not_asked(db):
    circuit.open()
    assert times_within("test", "192.0.2.1", period=60, now=timezone.now()) is None


@pytest.mark.parametrize("is_shared", [True, False])
def test_times_are_counted_until_their_stretch_ends(db, monkeypatch, is_shared):
    if not is_shared:
        monkeypatch.setattr(throttle, "cache", LocMemCache("times", {}))
    now = timezone.now()

    def times(source: str, now: Any = now) -> int | None:
        return times_within("test", source, period=60, now=now)

    assert [times("192.0.2.1") for _n in range(3)] == [1, 2, 3]
    assert times("192.0.2.2") == 1
    assert times("192.0.2.1", now + timedelta(seconds=61)) == 1


def test_a_count_of_the_shared_cache_keeps_its_end(db):
    cache = caches["default"]
    with pytest.raises(ValueError, match="not found"):
        cache.incr("n")
    cache.add("n", 1, 3_600)
    before = SharedCacheEntry.objects.get().expires
    assert (cache.incr("n"), cache.incr("n", 5), cache.decr("n")) == (2, 7, 6)
    assert cache.get("n") == 6
    assert SharedCacheEntry.objects.get().expires == before
    SharedCacheEntry.objects.update(expires=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ValueError, match="not found"):
        cache.incr("n")
