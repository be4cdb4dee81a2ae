"""Django's database cache, which says when it could not write, and counts in one step."""

from __future__ import annotations

import base64
import pickle
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import OperationalError, router, transaction
from django.utils import timezone

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

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count, and leave the time at which the count ends as it is.

        Django's reads and writes apart, so that processes count over each other, and begins the
        default time anew. Raises ValueError where there is no count.
        """
        from .models import SharedCacheEntry

        known = self.make_and_validate_key(key, version=version)
        using = router.db_for_write(self.cache_model_class)
        entries = SharedCacheEntry.objects.using(using)
        with transaction.atomic(using=using):
            # A row that is locked as it is read. On SQLite the transaction has locked the file.
            found = entries.select_for_update().filter(cache_key=known, expires__gt=timezone.now())
            row = found.first()
            if row is None:
                raise ValueError(f"Key '{key}' not found")
            count: int = pickle.loads(base64.b64decode(row.value)) + delta
            value = base64.b64encode(pickle.dumps(count, self.pickle_protocol)).decode()
            entries.filter(cache_key=known).update(value=value)
        return count
