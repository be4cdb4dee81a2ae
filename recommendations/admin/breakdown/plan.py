"""What a split or a merger would do, told before it happens."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from recommendations.figures.effects_of_publishing import Effects, effects_of_succession
from recommendations.models import Action, Recommendation, StatusUpdate


@dataclass(frozen=True)
class Plan:
    withdrawn: Sequence[Action]
    added: Sequence[str]
    staying: Action | None
    effects: Effects
    open_drafts: int
    mark: str
    """Changes with everything that was typed and with what would follow from it."""


def plan_of(
    old: Collection[Action],
    *,
    typed: Sequence[dict[str, Any]],
    drafts: Collection[Action] = (),
    staying: Action | None = None,
    reason: str,
) -> Plan:
    """Return the plan of splitting or merging these actions; typed ones go with the first.

    They need their recommendation and report at hand.
    """
    old = sorted(old, key=lambda action: action.pk)
    added = Counter(draft.recommendation_id for draft in drafts if draft.is_verifiable)
    if typed and old[0].is_verifiable:
        added[old[0].recommendation_id] += len(typed)
    homes = _homes([*old, *drafts])
    effects = effects_of_succession(old, homes=homes, added=added)
    titles = [*(str(draft) for draft in drafts), *(row["title"] for row in typed)]
    waiting = StatusUpdate.objects.filter(action__in=old).exclude(review_state="published")
    facts = [
        [action.pk for action in old],
        [draft.pk for draft in drafts],
        [(row["title"], sorted(party.pk for party in row["parties"])) for row in typed],
        staying.pk if staying else None,
        reason,
        [(one.before, one.after) for one in effects.recommendations],
        [(one.before, one.after) for one in effects.reports],
    ]
    mark = hashlib.sha256(repr(facts).encode()).hexdigest()[:20]
    return Plan(old, titles, staying, effects, waiting.count(), mark)


def _homes(actions: Iterable[Action]) -> list[Recommendation]:
    return list({one.recommendation_id: one.recommendation for one in actions}.values())
