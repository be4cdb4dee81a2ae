"""The groups by which actions are counted."""

from __future__ import annotations

from django.db import models

from recommendations.statuses import WITH_OTHERS, PartySet

from .base import KnownBySlug


class AddresseeGroupQuerySet(KnownBySlug, models.QuerySet):
    """Groups in the order that editors give them; “with others” is the last, if it has a row."""

    def with_party_slugs(self) -> list[tuple[str, str, str, frozenset[str]]]:
        """Return code, name, name beside others and parties of each (one query)."""
        found: dict[str, tuple[str, str, str, set[str]]] = {}
        columns = ("slug", "name", "row_name", "parties__slug")
        for slug, name, row_name, party in self.values_list(*columns):
            parties = found.setdefault(slug, (slug, name, row_name, set()))[3]
            parties |= {party} if party else set()
        rows = sorted(found.values(), key=lambda row: row[0] == WITH_OTHERS)
        return [(*row[:3], frozenset(row[3])) for row in rows]

    def party_sets(self) -> list[PartySet]:
        """Return the sets that decide in which group an action is (one query)."""
        return [
            PartySet(slug, parties)
            for slug, _name, _row_name, parties in self.with_party_slugs()
            if slug != WITH_OTHERS
        ]
