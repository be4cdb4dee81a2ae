"""Status history to periods: what is derived from the published updates, and its upkeep."""

from .spans import Claim, Span, ToldSpan, spans_of, status_on
from .stored import (
    action_columns,
    current_status,
    expected_action_rows,
    expected_recommendation_rows,
    refresh,
    store,
    stored_rows,
)

__all__ = [
    "Claim",
    "ToldSpan",
    "Span",
    "action_columns",
    "current_status",
    "expected_action_rows",
    "expected_recommendation_rows",
    "refresh",
    "spans_of",
    "status_on",
    "store",
    "stored_rows",
]
