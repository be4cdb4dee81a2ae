"""Hosts whose publisher, kind and language are known."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from django.db import models

from recommendations.text.listed_hosts import host_of


class KnownHostQuerySet(models.QuerySet):
    def covering(self, addresses: Collection[str]) -> Self:
        """Those that say something of one of these addresses."""
        hosts = {host for address in addresses for host in with_parents(host_of(address))}
        return self.filter(host__in=hosts)


def with_parents(host: str) -> list[str]:
    """Return a host and what it is a subdomain of, the nearest first."""
    found = []
    while host:
        found.append(host)
        host = host.partition(".")[2]
    return found
