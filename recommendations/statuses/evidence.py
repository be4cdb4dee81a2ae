"""The evidence rule: what a status needs before it can be published."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .vocabulary import EvidenceKind, Proof, Status, statuses_that_need


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """What the evidence rule has to know of an item."""

    kind: str
    publisher: str
    is_state_media: bool = False

    @property
    def voice(self) -> str:
        """Who speaks: two state media count as one publisher."""
        if self.is_state_media:
            return "state media"
        return " ".join(unicodedata.normalize("NFKC", self.publisher).casefold().split())


STRONG = {EvidenceKind.PRIMARY, EvidenceKind.OFFICIAL}
SECONDARY = {EvidenceKind.INDEPENDENT, EvidenceKind.PRESS}
SETTLED = statuses_that_need(Proof.STRONG)
STEPPED = statuses_that_need(Proof.ANY_STEP)

# For readers: what missing_evidence() asks for, and of which statuses.
EVIDENCE_RULES = [
    (
        SETTLED,
        gettext_lazy(
            "one primary or official item, or two items of the independent or press kind from "
            "different publishers."
        ),
    ),
    (STEPPED, gettext_lazy("one item of any kind but an announcement.")),
    (
        statuses_that_need(Proof.SEARCH),
        gettext_lazy("a note of where was searched, and the date of the search."),
    ),
    (statuses_that_need(Proof.NOTHING), gettext_lazy("nothing.")),
]


def missing_evidence(
    status: str,
    items: Iterable[EvidenceItem],
    *,
    has_search_note: bool,
    is_confirmation: bool = False,
    has_own_items: bool = True,
    new_items: Iterable[EvidenceItem] | None = None,
    is_correction: bool = False,
) -> list[str]:
    """Return what is still missing before this status can be published, as sentences.

    `items` are those of the update and of the updates that it relies on. `has_search_note` says
    that it names where was searched, and the date. A confirmation is an update that repeats the
    present status without an item of its own. `has_own_items` is False where all of them are of
    earlier updates: then no halt is documented. `new_items` are its own at an address that the
    action does not cite yet, all of its own in a correction; None where the status is unchanged.
    The empty list means that the rule is met.
    """
    items = list(items)
    missing = []
    if status in SETTLED and not _is_settled_by(items):
        missing.append(_settled_sentence(status, items))
    if status in STEPPED and all(item.kind == EvidenceKind.ANNOUNCEMENT for item in items):
        missing.append(_stepped_sentence(status, items))
    if new_items is not None and not has_new_source(new_items):
        if status in SETTLED | STEPPED - {Status.STALLED} and not missing:
            missing.append(_new_source_sentence(status, is_correction=is_correction))
        has_own_items = False
    searched_sentence = _search_sentence(
        status,
        is_confirmation=is_confirmation,
        is_halt_undocumented=bool(items) and not has_own_items,
        is_change=new_items is not None,
    )
    if searched_sentence and not has_search_note:
        missing.append(searched_sentence)
    return missing


def has_new_source(new_items: Iterable[EvidenceItem]) -> bool:
    """Whether any of these documents something: a promise changes no status."""
    return any(item.kind != EvidenceKind.ANNOUNCEMENT for item in new_items)


def _search_sentence(
    status: str, *, is_confirmation: bool, is_halt_undocumented: bool, is_change: bool
) -> str:
    """Return what asks for a note of the search, where the rule does."""
    words = {"status": Status(status).label}
    if is_confirmation:
        return _("A confirmation needs a note of where was searched, and the date of the search.")
    if status == Status.NO_ACTION or (status == Status.NOT_ASSESSED and is_change):
        return (
            _("“%(status)s” needs a note of where was searched, and the date of the search.")
            % words
        )
    if status == Status.STALLED and is_halt_undocumented:
        return (
            _(
                "“%(status)s” without an item that documents the halt needs a note of where was "
                "searched, and the date of the search."
            )
            % words
        )
    return ""


def _new_source_sentence(status: str, *, is_correction: bool) -> str:
    words = {"status": Status(status).label}
    if is_correction:
        return (
            _("“%(status)s” changes the status: add a source of its own, not an announcement.")
            % words
        )
    return (
        _(
            "“%(status)s” changes the status: add a source of its own that no update of this "
            "action cites yet, not an announcement."
        )
        % words
    )


def _is_settled_by(items: Sequence[EvidenceItem]) -> bool:
    if any(item.kind in STRONG for item in items):
        return True
    secondary = [item for item in items if item.kind in SECONDARY]
    return any(one.voice != other.voice for one, other in combinations(secondary, 2))


def _settled_sentence(status: str, items: Sequence[EvidenceItem]) -> str:
    label = Status(status).label
    if any(item.kind in SECONDARY for item in items):
        return _(
            "“%(status)s” rests on one publisher so far: add a primary or official source, or a "
            "second independent or press item from a different publisher."
        ) % {"status": label}
    return _(
        "“%(status)s” needs one primary or official source, or two independent or press items "
        "from different publishers."
    ) % {"status": label}


def _stepped_sentence(status: str, items: Sequence[EvidenceItem]) -> str:
    label = Status(status).label
    if items:
        return _(
            "“%(status)s” cannot rest on announcements alone: add one item that documents a step."
        ) % {"status": label}
    return _("“%(status)s” needs one item of evidence that is not an announcement.") % {
        "status": label
    }
