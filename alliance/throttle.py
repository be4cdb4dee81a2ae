"""How often something may come from one place, counted in the shared cache."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.utils.crypto import salted_hmac


def seconds_to_wait(name: str, source: str, *, limit: int, period: int, now: datetime) -> int:
    """Take one of `limit` slots for `period` seconds and return 0.

    Where all are taken, return after how many seconds one is free. The source is kept as a keyed
    hash alone. Slots are taken by `add`, which is one step in every cache of Django's; `incr` is
    two in its database cache, and forgets there when the count was to end.
    """
    key = salted_hmac(f"throttle:{name}", source, algorithm="sha256").hexdigest()
    second = int(now.timestamp())
    slots = [f"throttle:{name}:{key}:{n}" for n in range(limit)]
    if any(cache.add(slot, second + period, period) for slot in slots):
        return 0
    return max(1, min(cache.get_many(slots).values(), default=second) - second)
