"""So many within a period from one place, and not one more."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.utils import timezone

from alliance import throttle
from alliance.throttle import seconds_to_wait


@pytest.fixture(autouse=True)
def now():
    cache.clear()
    yield timezone.now()
    cache.clear()


def uses(n: int, *, source: str = "198.51.100.7", now: datetime) -> list[int]:
    return [seconds_to_wait("test", source, limit=3, period=60, now=now) for _n in range(n)]


def test_the_limit_is_the_limit(now):
    assert uses(4, now=now) == [0, 0, 0, 60]


def test_the_wait_ends_when_the_first_use_is_old_enough(now):
    uses(1, now=now)
    later = now + timedelta(seconds=20)
    assert uses(3, now=later) == [0, 0, 40]


def test_places_are_counted_apart(now):
    uses(3, now=now)
    assert uses(1, source="198.51.100.8", now=now) == [0]
    assert seconds_to_wait("other", "198.51.100.7", limit=3, period=60, now=now) == 0


def test_a_slot_is_free_again_once_its_period_is_over(now):
    def wait(period: int) -> int:
        return seconds_to_wait("test", "198.51.100.7", limit=1, period=period, now=now)

    assert [wait(0), wait(60), wait(60)] == [0, 0, 60]


def test_the_address_itself_is_kept_nowhere(now):
    uses(1, now=now)
    assert not any("198.51.100" in key for key in cache._cache)


@pytest.mark.django_db
def test_it_counts_in_the_database_cache_too(now, settings, monkeypatch):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "throttle_cache",
        }
    }
    call_command("createcachetable")
    monkeypatch.setattr(throttle, "cache", DatabaseCache("throttle_cache", {}))
    assert uses(4, now=now) == [0, 0, 0, 60]
