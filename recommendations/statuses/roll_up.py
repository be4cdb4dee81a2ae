"""Status of a recommendation, derived from those of its actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy

from .vocabulary import Status

ROLL_UP_RULES = {
    1: gettext_lazy("It has no verifiable action, or all of them are not assessed."),
    2: gettext_lazy(
        "Every action was overtaken. From here on, overtaken ones are left out; if all that are "
        "left are not assessed, so is the recommendation."
    ),
    3: gettext_lazy("Every action is implemented."),
    4: gettext_lazy("Every action was rejected."),
    5: gettext_lazy("At least one action is implemented or partly implemented."),
    6: gettext_lazy("At least one action is in progress."),
    7: gettext_lazy("At least one action has stalled."),
    8: gettext_lazy("For at least one action a search found no step."),
    9: gettext_lazy("Otherwise: only rejected and not assessed actions."),
}

RULE_RESULTS = {
    1: [Status.NOT_ASSESSED],
    2: [Status.OVERTAKEN, Status.NOT_ASSESSED],
    3: [Status.IMPLEMENTED],
    4: [Status.REJECTED],
    5: [Status.PARTLY],
    6: [Status.IN_PROGRESS],
    7: [Status.STALLED],
    8: [Status.NO_ACTION],
    9: [Status.NOT_ASSESSED],
}


@dataclass(frozen=True, slots=True)
class RollUp:
    """Status of a recommendation, the rule that gave it, and the counts that it was given on."""

    status: Status
    rule: int
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def roll_up(statuses: Iterable[str]) -> RollUp:
    """Derive a recommendation's status from those of its verifiable actions.

    The first rule that fits, of ROLL_UP_RULES:

    >>> roll_up(["implemented", "overtaken"]).rule
    3
    """
    counts = Counter(str(status) for status in statuses)
    status, rule = rule_for(frozenset(counts))
    return RollUp(status, rule, dict(counts))


@cache
def rule_for(found: frozenset[str]) -> tuple[Status, int]:
    """Return the status and its rule: they depend on which statuses there are, not on how many."""
    left = found - {Status.OVERTAKEN}
    if found <= {Status.NOT_ASSESSED}:
        return Status.NOT_ASSESSED, 1
    if not left:
        return Status.OVERTAKEN, 2
    if left == {Status.NOT_ASSESSED}:
        return Status.NOT_ASSESSED, 2
    if left == {Status.IMPLEMENTED}:
        return Status.IMPLEMENTED, 3
    if left == {Status.REJECTED}:
        return Status.REJECTED, 4
    if left & {Status.IMPLEMENTED, Status.PARTLY}:
        return Status.PARTLY, 5
    for rule, one in ((6, Status.IN_PROGRESS), (7, Status.STALLED), (8, Status.NO_ACTION)):
        if one in left:
            return one, rule
    return Status.NOT_ASSESSED, 9
