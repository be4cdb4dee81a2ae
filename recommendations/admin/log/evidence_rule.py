"""The evidence rule as data for the form's script, so that it is told without a round trip.

The sentences are those of the rule itself, asked for with the least that lacks each thing; the
server asks the rule again.
"""

from __future__ import annotations

from recommendations.statuses import EvidenceItem, EvidenceKind, Status, missing_evidence
from recommendations.statuses.evidence import SECONDARY, SETTLED, STEPPED, STRONG

STRONG_ITEM = EvidenceItem(EvidenceKind.PRIMARY, "")
PRESS_ITEM = EvidenceItem(EvidenceKind.PRESS, "")
PROMISE = EvidenceItem(EvidenceKind.ANNOUNCEMENT, "")


def rule_for_script() -> dict[str, object]:
    return {
        "strong": [str(kind) for kind in EvidenceKind if kind in STRONG],
        "secondary": [str(kind) for kind in EvidenceKind if kind in SECONDARY],
        "promise": str(EvidenceKind.ANNOUNCEMENT),
        "confirmation": _only(Status.IMPLEMENTED, STRONG_ITEM, is_confirmation=True),
        "statuses": {str(status): _needs(status) for status in Status},
    }


def _needs(status: Status) -> dict[str, str]:
    if status in SETTLED:
        return {
            "group": "settled",
            "none": _only(status, has_search_note=True),
            "one": _only(status, PRESS_ITEM, has_search_note=True),
            **_needs_of_change(status, STRONG_ITEM),
        }
    if status in STEPPED:
        needs = {
            "group": "stepped",
            "none": _only(status, has_search_note=True),
            "promises": _only(status, PROMISE, has_search_note=True),
        }
        if status == Status.STALLED:
            needs["search"] = _only(status, PRESS_ITEM, has_own_items=False)
            return needs
        return needs | _needs_of_change(status, PRESS_ITEM)
    if status == Status.NO_ACTION:
        return {"group": "searched", "search": _only(status)}
    return {"group": "free", "search": _only(status, new_items=())}


def _needs_of_change(status: Status, item: EvidenceItem) -> dict[str, str]:
    """Return what is said of a change that rests on the evidence of earlier updates alone."""
    return {
        "change": _only(status, item, new_items=()),
        "changeByCorrection": _only(status, item, new_items=(), is_correction=True),
    }


def _only(status: Status, *items: EvidenceItem, has_search_note: bool = False, **facts) -> str:
    [sentence] = missing_evidence(status, items, has_search_note=has_search_note, **facts)
    return sentence
