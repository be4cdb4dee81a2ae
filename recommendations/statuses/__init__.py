"""The vocabulary and the rules of the methodology, as pure functions of their arguments.

Nothing here reads the database or the clock. docs/methodology.md explains each rule;
the public methodology page is made from the definitions here.
"""

from .addressees import WITH_OTHERS, PartySet, addressee_of
from .basis import Basis, basis_of
from .dates import effective_day, first_day, last_day
from .evidence import (
    EVIDENCE_RULES,
    SECONDARY,
    SETTLED,
    STEPPED,
    STRONG,
    EvidenceItem,
    has_new_source,
    missing_evidence,
)
from .moves import MOVE_DEFINITIONS, Move, fallen_from, move, progress
from .roll_up import ROLL_UP_RULES, RULE_RESULTS, RollUp, roll_up, rule_for
from .vocabulary import (
    EFFECTIVE_PRECISIONS,
    ENDS,
    EVIDENCE_DEFINITIONS,
    NAMED_FISCAL_YEARS,
    REVIEW_INTERVAL,
    SCHEDULE_DEFINITIONS,
    STATUS_DEFINITIONS,
    STATUS_MEANINGS,
    Attribution,
    Confidence,
    EvidenceKind,
    EvidenceStrength,
    Precision,
    Schedule,
    Status,
)

__all__ = [
    "PartySet",
    "WITH_OTHERS",
    "Attribution",
    "Basis",
    "Confidence",
    "EFFECTIVE_PRECISIONS",
    "ENDS",
    "EVIDENCE_DEFINITIONS",
    "EVIDENCE_RULES",
    "EvidenceItem",
    "EvidenceKind",
    "EvidenceStrength",
    "MOVE_DEFINITIONS",
    "Move",
    "NAMED_FISCAL_YEARS",
    "Precision",
    "REVIEW_INTERVAL",
    "ROLL_UP_RULES",
    "RULE_RESULTS",
    "RollUp",
    "SCHEDULE_DEFINITIONS",
    "SECONDARY",
    "SETTLED",
    "STATUS_DEFINITIONS",
    "STATUS_MEANINGS",
    "STEPPED",
    "STRONG",
    "Schedule",
    "Status",
    "addressee_of",
    "basis_of",
    "effective_day",
    "fallen_from",
    "first_day",
    "has_new_source",
    "last_day",
    "missing_evidence",
    "move",
    "progress",
    "roll_up",
    "rule_for",
]
