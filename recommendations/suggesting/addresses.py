"""What the record knows of an address: who cites it, and what it was quoted with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from recommendations.models import Action, Evidence
from recommendations.models.status_update import ReviewState
from recommendations.text.web_addresses import comparable

ADDRESS = re.compile(r"https?://[^\s<>\"“”「」『』、。）]+", re.IGNORECASE)
# What ends a sentence, not an address.
BEHIND = ".,;:!?)]'’"
MOST_ADDRESSES = 50


@dataclass(frozen=True, slots=True)
class Known:
    """The actions in the record that cite some addresses, and titles and quotations of these."""

    citing: Mapping[int, tuple[str, ...]]
    text: str


def addresses_in(text: str) -> tuple[list[str], str]:
    """Return the addresses of the web in a text, each once, and the text without them."""
    found = (one.rstrip(BEHIND) for one in ADDRESS.findall(text))
    return list(dict.fromkeys(found))[:MOST_ADDRESSES], ADDRESS.sub(" ", text)


def known_of(addresses: Collection[str]) -> Known:
    """Look addresses up among the sources of published updates, of any edition (2 queries)."""
    wanted = {comparable(address): address for address in addresses}
    citing: dict[int, dict[str, None]] = defaultdict(dict)
    said: dict[str, None] = {}
    if not wanted:
        return Known({}, "")
    spelled = list(dict.fromkeys(one for address in addresses for one in _spellings(address)))
    items = Evidence.objects.filter(
        Q(url__in=spelled) | Q(archived_url__in=spelled),
        update__review_state=ReviewState.PUBLISHED,
    )
    columns = ("update__action", "url", "archived_url", "title", "quotation")
    for action, url, archived, title, quotation in items.order_by("pk").values_list(*columns):
        for one in filter(None, (url, archived)):
            if address := wanted.get(comparable(one)):
                citing[action][address] = None
                said.update(dict.fromkeys(filter(None, (title, quotation))))
    return Known(_of_successors(citing), "\n".join(said))


def _of_successors(citing: Mapping[int, Iterable[str]]) -> dict[int, tuple[str, ...]]:
    """Return them by the actions in the record: what was withdrawn leads on to what came of it."""
    links = Action.successors.through.objects.filter(from_action__in=citing)
    came_of: dict[int, list[int]] = defaultdict(list)
    for earlier, later in links.values_list("from_action", "to_action"):
        came_of[earlier].append(later)
    found: dict[int, tuple[str, ...]] = {}
    for action, addresses in citing.items():
        for one in (action, *came_of[action]):
            found[one] = tuple(dict.fromkeys([*found.get(one, ()), *addresses]))
    return found


def _spellings(address: str) -> list[str]:
    """Return how an address may be written that leads to the same page."""
    rest = address.partition("://")[2].partition("#")[0].rstrip("/")
    host, slash, path = rest.partition("/")
    return [
        f"{scheme}://{name}{slash}{path}{end}"
        for scheme in ("https", "http")
        for name in dict.fromkeys((host, host.lower()))
        for end in ("", "/")
    ]
