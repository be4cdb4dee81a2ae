"""What is known of hosts: a first guess at the publisher, kind and language of a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from recommendations.models import KnownHost, Source
from recommendations.querysets.known_hosts import with_parents
from recommendations.text.host_words import words_of_hosts
from recommendations.text.listed_hosts import host_of

LEARNT = ("publisher", "kind", "language")


@dataclass(frozen=True, slots=True)
class HostGuess:
    """What is known of the hosts of some addresses. The nearest name decides."""

    known: Mapping[str, KnownHost]

    @classmethod
    def of(cls, addresses: Collection[str]) -> HostGuess:
        """Look the hosts of addresses up (one query)."""
        rows = KnownHost.objects.covering([one for one in addresses if one])
        return cls({row.host: row for row in rows})

    def at(self, address: str) -> KnownHost | None:
        parents = with_parents(host_of(address))
        return next((self.known[host] for host in parents if host in self.known), None)


def learn_hosts() -> int:
    """Name the hosts of whose sources most say the same, and return how many are new.

    What editors named stays as it is.
    """
    words = words_of_hosts(Source.objects.order_by("pk").values_list("host", *LEARNT))
    named = set(KnownHost.objects.values_list("host", flat=True))
    new = [KnownHost(host=host, **said) for host, said in words.items() if host not in named]
    KnownHost.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
