"""The list of hosts that editors keep."""

from __future__ import annotations

from django.db import models

from recommendations.text.listed_hosts import HostList


class ListedHostQuerySet(models.QuerySet):
    def as_list(self) -> HostList:
        """Return what each host is listed as (one query)."""
        return HostList(dict(self.order_by().values_list("host", "mark")))
