"""When fiscal years begin."""

from __future__ import annotations

from typing import Any

from django.db import models

from recommendations.fiscal_years import FiscalYearRule


class FiscalYearQuerySet(models.QuerySet):
    def get_by_natural_key(self: Any, party: str) -> Any:
        return self.get(party__slug=party) if party else self.get(party=None)

    def rules(self) -> dict[str, FiscalYearRule]:
        """Return what holds by the slug of the party; "" is for all others (one query)."""
        rows = self.select_related("party")
        return {row.party.slug if row.party else "": row.rule for row in rows}
