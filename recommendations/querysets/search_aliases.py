"""The names that editors keep for search."""

from __future__ import annotations

from django.db import models

from recommendations.text.search_names import SearchNames


class SearchAliasQuerySet(models.QuerySet):
    def as_names(self) -> SearchNames:
        """Return which names mean the same, and which are of a report (one query)."""
        return SearchNames.of(self.order_by("pk").values_list("names", "report_id"))
