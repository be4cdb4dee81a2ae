"""What a delivery says otherwise than the last one did, and than what stands here now.

What a colleague changed since is never overwritten: the last delivery says what it was before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from recommendations.importing.addressees import Addressees
from recommendations.importing.tables.breakdown import ReadAction, ReadRecommendation
from recommendations.models import Action, DeliveryRow, Recommendation
from recommendations.models.deadline import DeadlineOrigin
from recommendations.statuses import first_day

from .matching import cut_text, is_cut

# What a table may say otherwise, of which of the two.
FIELDS = ("headline", "title", "due", "owners", "areas", "kind")
OF_RECOMMENDATION = ("headline", "areas")


@dataclass(frozen=True)
class Change:
    """`was` and `becomes` are values as `said` of a delivery's row has them.

    `is_others` where a colleague changed it since, `is_fixed` where nothing may change it: those
    are shown and never taken over. What `is_recorded` is public as soon as it is taken over; of a
    draft, what the last delivery said is taken over unless somebody says otherwise.
    """

    key: str
    row: int
    name: str
    found: Recommendation | Action
    was: Any
    becomes: Any
    is_others: bool = False
    is_fixed: bool = False
    has_last: bool = True

    @property
    def is_recorded(self) -> bool:
        return not self.found.is_draft

    @property
    def may_be_taken(self) -> bool:
        return not (self.is_others or self.is_fixed)

    @property
    def is_chosen_by_itself(self) -> bool:
        return self.may_be_taken and self.has_last and not self.is_recorded


def said_by(one: ReadRecommendation, action: ReadAction, who: Addressees) -> dict[str, Any]:
    """Return what a row says of an action, to be compared with the next delivery."""
    row = action.said
    return {
        "number": one.number,
        "headline": cut_text(one.headline),
        "title": cut_text(action.title),
        "section": one.section,
        "owners": _owners(who),
        "due": [first_day(*row.due).isoformat(), row.due.precision] if row.due else [],
        "due_words": row.due_words,
        "status": row.status,
        "since": [row.since.on.isoformat(), row.since.precision] if row.since else [],
        "since_words": row.since_words,
        "response": row.response,
        "areas": sorted(one.all_areas),
        "kind": row.kind,
        "sources": row.sources,
        "notes": [list(note) for note in row.notes],
        "text": _whole_text(one.headline, action.title),
    }


def _whole_text(*texts: str) -> str:
    """Return what is too long to stand here whole, once."""
    return "\n\n".join(dict.fromkeys(text for text in texts if is_cut(text)))


def _owners(who: Addressees) -> list[str]:
    return sorted(
        [f"party:{slug}" for slug in who.parties] + [f"body:{slug}" for slug in who.bodies]
    )


def present(action: Action) -> dict[str, Any]:
    """Return what stands here now in the fields that a table may say otherwise.

    Where the report set no deadline, an official target is what our own lists say.
    """
    deadlines = sorted(action.deadlines.all(), key=lambda one: one.origin != DeadlineOrigin.REPORT)
    due = next(iter(deadlines), None)
    who = Addressees(
        tuple(party.slug for party in action.parties.all()),
        tuple(body.slug for body in action.bodies.all()),
    )
    return {
        "headline": action.recommendation.headline,
        "title": action.title,
        "owners": _owners(who),
        "areas": sorted(area.slug for area in action.recommendation.areas.all()),
        "kind": action.kind,
        "due": [first_day(due.on, due.precision).isoformat(), due.precision] if due else [],
    }


def changes_of(
    action: Action, said: dict[str, Any], last: DeliveryRow | None, *, row: int
) -> Iterator[Change]:
    """Yield what a row says otherwise than what stands, of an action and its recommendation.

    A cell that is empty says nothing, and one that says what it said before nothing new. Without a
    delivery before, whatever differs may have been changed by a colleague, or never been so: it is
    offered, and nothing of it chosen.
    """
    now = present(action)
    for name in FIELDS:
        # An earlier delivery may have been kept before this was read.
        is_known = last is not None and name in last.said.get("here", {})
        before = last.said.get(name) if last else None
        stood = last.said.get("here", {}).get(name) if last else None
        becomes, stands = said[name], now[name]
        if not becomes or becomes in (stands, before):
            continue
        found = action.recommendation if name in OF_RECOMMENDATION else action
        yield Change(
            f"{found._meta.model_name}-{found.pk}-{name}",
            row,
            name,
            found,
            stands,
            becomes,
            is_others=is_known and stood != stands,
            is_fixed=name == "due" and bool(stands) and not action.is_draft,
            has_last=is_known,
        )
