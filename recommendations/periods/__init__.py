"""Status history to periods: what is derived from the published updates, and its upkeep."""

from .spans import Row
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
    "Row",
    "action_columns",
    "current_status",
    "expected_action_rows",
    "expected_recommendation_rows",
    "refresh",
    "store",
    "stored_rows",
]
