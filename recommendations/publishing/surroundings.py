"""What the record says around updates that are judged: each part is read once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from recommendations.models import Action, Capture, Evidence, ListedHost, StatusUpdate
from recommendations.text.listed_hosts import HostList
from recommendations.text.source_keys import source_key
from recommendations.text.web_addresses import comparable

from .drafts import reliance_keys


@dataclass(frozen=True, slots=True)
class Standing:
    """An update that counts, as far as another of its action is compared with it."""

    pk: int
    status: str
    effective_day: date


class Surroundings:
    """Make it under the lock, and let nothing be published as long as it is asked.

    However many updates it is made for, each part takes as many queries.
    """

    def __init__(self, updates: Iterable[StatusUpdate]) -> None:
        self._updates = list(updates)
        self.action_ids = sorted({update.action_id for update in self._updates})

    @cached_property
    def actions_in_record(self) -> set[int]:
        found = Action.objects.in_record().filter(pk__in=self.action_ids)
        return set(found.order_by().values_list("pk", flat=True))

    @cached_property
    def _counting(self) -> dict[int, list[Standing]]:
        counting = StatusUpdate.objects.counting().filter(action__in=self.action_ids)
        rows = counting.latest_first().values_list("action_id", "pk", "status", "effective_day")
        found: dict[int, list[Standing]] = defaultdict(list)
        for action_id, *facts in rows:
            found[action_id].append(Standing(*facts))
        return found

    def counting(self, action_id: int) -> Collection[Standing]:
        """Return what counts of an action; what gives it its present status comes first."""
        return self._counting.get(action_id, [])

    @cached_property
    def addresses_cited(self) -> dict[int, set[str]]:
        """Return by action the addresses that its counting updates cite, copies too."""
        counting = {one.pk: action_id for action_id, rows in self._counting.items() for one in rows}
        items = Evidence.objects.filter(update__in=counting).order_by()
        found: dict[int, set[str]] = {action_id: set() for action_id in self.action_ids}
        for update_id, *addresses in items.values_list("update_id", "url", "archived_url"):
            cited = (comparable(address) for address in addresses if address)
            found[counting[update_id]].update(cited)
        return found

    @cached_property
    def reliance(self) -> dict[int, set[int]]:
        """Return by action the keys of what a confirmation relies on (drafts.default_reliance)."""
        return reliance_keys(self.action_ids)

    @cached_property
    def _copies(self) -> set[tuple[str, str]]:
        """Return keys of sources with SHA-256, of all copies that the updates may name."""
        named = {item.capture_sha256 for one in self._updates for item in one.evidence.all()}
        found = Capture.objects.filter(sha256__in=named).order_by()
        return set(found.values_list("source__key", "sha256"))

    def has_copy(self, item: Evidence) -> bool:
        """Whether the source of an item has the copy that it names."""
        return (source_key(item.url), item.capture_sha256) in self._copies

    @cached_property
    def hosts(self) -> HostList:
        return ListedHost.objects.as_list()
