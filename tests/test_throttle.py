"""So many within a period from one place, and not one more."""

from datetime import datetime, timedelta

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.utils import timezone

from alliance import throttle
from alliance.models import SharedCacheEntry
from alliance.throttle import seconds_to_wait


@pytest.fixture(autouse=True)
def now(db: None) -> datetime:
    return timezone.now()


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
    keys = SharedCacheEntry.objects.values_list("cache_key", flat=True)
    assert len(keys) == 1
    assert "198.51.100" not in keys[0]


def test_it_counts_in_a_cache_of_the_process_too(now, monkeypatch):
    monkeypatch.setattr(throttle, "cache", LocMemCache("throttle", {}))
    assert uses(4, now=now) == [0, 0, 0, 60]
