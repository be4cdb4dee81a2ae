"""A relation to another update that a queryset works out, with no column of its own."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .status_update import StatusUpdate


class NotFetched(RuntimeError):
    """A row was asked for what its queryset did not fetch."""


class NamedUpdate:
    """Another update, by its key that a queryset annotates: fetched with the rows or not at all."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, update: StatusUpdate | None, owner: type) -> Any:
        if update is None:
            return self
        if not self.is_cached(update):
            raise NotFetched(f"{self.name} needs with_basis().")
        return update._state.fields_cache[self.name]

    def is_cached(self, update: StatusUpdate) -> bool:
        return self.name in update._state.fields_cache

    def get_prefetch_querysets(self, instances: Sequence[StatusUpdate], querysets=None) -> tuple:
        """Answer Django's prefetch_related() as its own relations do."""
        assert querysets, "with_basis() says of which rows."
        key = attrgetter(f"{self.name}_key")
        found = querysets[0].filter(pk__in={key(one) for one in instances} - {None})
        return found, attrgetter("pk"), key, True, self.name, False
