"""Django's database cache, which says when it could not write."""

from __future__ import annotations

import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import OperationalError

TRIES = 3
# Longer than that nobody waits for another row: the database was locked.
SECONDS = 1.0


class SharedCache(DatabaseCache):
    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Return False where the key is there, and nowhere else.

        Django's does so too where the database is locked: to whoever counts attempts by keys it
        then looks as if there had been too many. A key may also go between the two questions.
        """
        for _try in range(TRIES):
            began = time.monotonic()
            if super().add(key, value, timeout, version):
                return True
            if self.get(key, version=version) is not None:
                return False
            if time.monotonic() - began > SECONDS:
                break
        raise OperationalError("The shared cache could not be written.")
