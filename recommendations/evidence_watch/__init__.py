"""What staff should look at again: statuses whose evidence is weak, old or badly recorded.

Unlike `integrity/` it finds no damage: what it names was published by the rules of its day.
"""

from .findings import MOST_MONTHS, SAME_NOTE, Finding, FindingKind, findings_of
from .watched import watched_actions

__all__ = [
    "MOST_MONTHS",
    "SAME_NOTE",
    "Finding",
    "FindingKind",
    "findings_of",
    "watched_actions",
]
