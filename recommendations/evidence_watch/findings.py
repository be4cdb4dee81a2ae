"""What speaks against the evidence of actions: pure functions of rows, a day and a list of hosts.

Each kind of finding is a function that yields one for an action, or none.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.models.listed_host import HostMark
from recommendations.periods.bases import Source, SourcedClaim, Support, decisive, supports_of
from recommendations.statuses import (
    SECONDARY,
    SETTLED,
    STEPPED,
    STRONG,
    EvidenceItem,
    EvidenceKind,
    Status,
    has_new_source,
)
from recommendations.text.listed_hosts import HostList, host_of
from recommendations.text.web_addresses import comparable

MOST_MONTHS = 12
# From how many actions on one search note is no note of a search for each of them.
SAME_NOTE = 3


class FindingKind(TextChoices):
    LISTED_HOST = "listed_host", gettext_lazy("A source on a host that is never evidence")
    NO_ACTION = "no_action", gettext_lazy("No action found, with a source that is no announcement")
    ANNOUNCEMENTS = "announcements", gettext_lazy("A status that rests on announcements alone")
    COPIES = "copies", gettext_lazy("A status that rests on copies")
    ONE_PUBLISHER = "one_publisher", gettext_lazy("One publisher under two names")
    STATE_MEDIA = "state_media", gettext_lazy("State media that is not marked as such")
    NO_NEW_SOURCE = "no_new_source", gettext_lazy("A changed status without a new source")
    SAME_NOTE = "same_note", gettext_lazy("One search note for many actions")
    OLD = "old", gettext_lazy("No evidence of the last 12 months: stalled to be weighed")
    UNTITLED = "untitled", gettext_lazy("Sources without a title")
    UNDATED = "undated", gettext_lazy("Sources without a date")
    UNARCHIVED = "unarchived", gettext_lazy("Sources without an archived copy")


@dataclass(frozen=True, slots=True)
class WatchedItem(Source):
    """An item of evidence. `published_day` is the last day of its date, as exact as it is."""

    publisher: str
    title: str
    archived_url: str
    is_state_media: bool
    published_day: date | None

    @property
    def addresses(self) -> list[str]:
        """Return where it stands and where its copy does, in the spelling that is compared."""
        return [comparable(address) for address in (self.address, self.archived_url) if address]

    @property
    def as_item(self) -> EvidenceItem:
        return EvidenceItem(self.kind, self.publisher, self.is_state_media)


@dataclass(frozen=True, slots=True)
class Statement(SourcedClaim):
    """A counting update, with what the watch has to know of it beyond its claim."""

    slug: str = ""
    search_note: str = ""
    is_correction: bool = False
    sources: tuple[WatchedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchedAction:
    """An action in the record, with its counting updates."""

    pk: int
    label: str
    title: str
    address: str
    statements: tuple[Statement, ...]
    report: str = ""

    @property
    def name(self) -> str:
        return f"{self.label} {self.title}"


@dataclass(frozen=True, slots=True)
class Finding:
    kind: FindingKind
    action: WatchedAction
    detail: str


@dataclass(frozen=True, slots=True)
class Look:
    """One action as it is looked at: what its present status rests on, and what is known besides.

    `notes` says how many actions have each search note.
    """

    action: WatchedAction
    support: Support
    on: date
    hosts: HostList
    notes: Counter[str]

    @property
    def status(self) -> str:
        return self.support.claim.status

    @property
    def items(self) -> list[WatchedItem]:
        return [item for item in self.support.sources if isinstance(item, WatchedItem)]

    @property
    def counting(self) -> list[WatchedItem]:
        """Return what proves a step: a promise proves none."""
        return [item for item in self.items if item.kind != EvidenceKind.ANNOUNCEMENT]


def findings_of(actions: Iterable[WatchedAction], *, on: date, hosts: HostList) -> list[Finding]:
    """Return all findings, in the order of their kinds and of the actions."""
    looks = []
    for action in actions:
        by_then = [one for one in action.statements if one.effective_day <= on]
        if supports := supports_of(by_then):
            looks.append((action, supports[-1]))
    notes = Counter(note_of(support.claim) for _action, support in looks)
    return [
        Finding(kind, action, detail)
        for kind, find in FINDERS.items()
        for action, support in looks
        for detail in find(Look(action, support, on, hosts, notes))
    ]


def note_of(claim: SourcedClaim) -> str:
    return " ".join(claim.search_note.split()) if isinstance(claim, Statement) else ""


# What each kind looks for -----------------------------------------------------------------------


def _listed_host(look: Look) -> Iterator[str]:
    found = [i for i in look.items if look.hosts.mark_of(i.address) == HostMark.NEVER_EVIDENCE]
    yield from _named(found, lambda item: host_of(item.address))


def _no_action(look: Look) -> Iterator[str]:
    if look.status == Status.NO_ACTION:
        yield from _named(look.counting, lambda item: f"{item.publisher} ({item.kind})")


def _announcements(look: Look) -> Iterator[str]:
    if look.status in SETTLED | STEPPED and look.items and not look.counting:
        yield from _named(look.items, lambda item: item.publisher)


def _copies(look: Look) -> Iterator[str]:
    """One graded higher than press, or nothing but copies: as press of its own site one counts."""
    copies = [item for item in look.counting if _is_copy(item, look.hosts)]
    graded = [item for item in copies if item.kind != EvidenceKind.PRESS]
    if graded or (copies and len(copies) == len(look.counting)):
        yield from _named(graded or copies, lambda item: f"{item.publisher} ({item.kind})")


# How publishers are written that publish another's text.
COPY = re.compile(r"\bcop(?:y|ies) (?:at|of)\b|\btext of\b|\bmachine translation\b|転載", re.I)


def _is_copy(item: WatchedItem, hosts: HostList) -> bool:
    on_copying_host = hosts.mark_of(item.address) == HostMark.COPIES
    return on_copying_host or bool(COPY.search(item.publisher))


def _one_publisher(look: Look) -> Iterator[str]:
    """Two names were taken for two publishers, and are those of one."""
    if look.status not in SETTLED or any(item.kind in STRONG for item in look.items):
        return
    items = [item for item in look.items if item.kind in SECONDARY]
    pairs = list(combinations(items, 2))
    apart = [pair for pair in pairs if pair[0].as_item.voice != pair[1].as_item.voice]
    if apart and all(_are_one(*pair) for pair in pairs):
        yield from _named(items, lambda item: item.publisher)


def _are_one(one: WatchedItem, other: WatchedItem) -> bool:
    if one.as_item.voice == other.as_item.voice:
        return True
    if host_of(one.address).removeprefix("www.") == host_of(other.address).removeprefix("www."):
        return True
    return any(
        first <= second or second <= first
        for first in _names(one.publisher)
        for second in _names(other.publisher)
    )


def _names(publisher: str) -> list[set[str]]:
    """Return each name in "Shine (Xinhua)" as its words, without those that tell nobody apart."""
    plain = unicodedata.normalize("NFKC", publisher).casefold()
    parts = re.split(r"[(),;/]| via | citing ", plain)
    words = [set(re.findall(r"\w+", part)) - {"the"} for part in parts]
    return [found for found in words if found]


def _state_media(look: Look) -> Iterator[str]:
    unmarked = [item for item in look.items if not item.is_state_media]
    found = [i for i in unmarked if look.hosts.mark_of(i.address) == HostMark.STATE_MEDIA]
    yield from _named(found, lambda item: item.publisher)


def _no_new_source(look: Look) -> Iterator[str]:
    """What was published before a changed status had to have a source of its own."""
    before = str(Status.NOT_ASSESSED)
    by_then = [one for one in look.action.statements if one.effective_day <= look.on]
    for claim in decisive(by_then):
        new = [item.as_item for item in _new_items(claim, look)]
        if claim.status != before and _needs_source(claim) and not has_new_source(new):
            yield _("%(status)s, by %(update)s") % {
                "status": Status(claim.status).label,
                "update": claim.slug,
            }
        before = claim.status


def _needs_source(claim: Statement) -> bool:
    """Say whether a changed status has to have an item of its own: a search can do instead."""
    is_searched = claim.status == Status.STALLED and bool(claim.search_note)
    return claim.status in SETTLED | STEPPED and not is_searched


def _new_items(claim: Statement, look: Look) -> list[WatchedItem]:
    """Return its items at addresses that no update of an earlier edition cites.

    A correction may cite again what was cited.
    """
    earlier = [one for one in look.action.statements if one.edition < claim.edition]
    cited = {address for one in earlier for item in one.sources for address in item.addresses}
    return [
        item
        for item in claim.sources
        if claim.is_correction or comparable(item.address) not in cited
    ]


def _same_note(look: Look) -> Iterator[str]:
    n = look.notes[note := note_of(look.support.claim)]
    if note and n >= SAME_NOTE:
        yield ngettext(
            "The same note on %(n)d action: “%(note)s”",
            "The same note on %(n)d actions: “%(note)s”",
            n,
        ) % {"n": n, "note": note if len(note) <= 120 else f"{note[:120]}…"}


def _old(look: Look) -> Iterator[str]:
    """A step that nothing followed for a year. What is in force, or has ended, may stay so."""
    if look.status not in (Status.IN_PROGRESS, Status.PARTLY):
        return
    dated = [item.published_day for item in look.counting if item.published_day]
    newest = max([*dated, *(() if dated else [look.support.claim.effective_day])])
    if newest < _months_before(look.on, MOST_MONTHS):
        yield _("the newest is of %(day)s") % {"day": newest.isoformat()}


def _months_before(on: date, months: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on.day, last))


def _without(fact: str) -> Callable[[Look], Iterator[str]]:
    def find(look: Look) -> Iterator[str]:
        lacking = [item for item in look.items if not getattr(item, fact)]
        yield from _named(lacking, lambda item: item.publisher)

    return find


def _named(items: Collection[WatchedItem], name: Callable[[WatchedItem], str]) -> Iterator[str]:
    """Yield the names of items as one sentence, if there are any."""
    if items:
        yield "; ".join(dict.fromkeys(name(item) for item in items))


FINDERS: dict[FindingKind, Callable[[Look], Iterable[str]]] = {
    FindingKind.LISTED_HOST: _listed_host,
    FindingKind.NO_ACTION: _no_action,
    FindingKind.ANNOUNCEMENTS: _announcements,
    FindingKind.COPIES: _copies,
    FindingKind.ONE_PUBLISHER: _one_publisher,
    FindingKind.STATE_MEDIA: _state_media,
    FindingKind.NO_NEW_SOURCE: _no_new_source,
    FindingKind.SAME_NOTE: _same_note,
    FindingKind.OLD: _old,
    FindingKind.UNTITLED: _without("title"),
    FindingKind.UNDATED: _without("published_day"),
    FindingKind.UNARCHIVED: _without("archived_url"),
}
