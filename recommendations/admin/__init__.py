"""The staff's side, one module a group of models."""

from . import edition, recommendation, report, status_update, vocabulary

__all__ = ["edition", "recommendation", "report", "status_update", "vocabulary"]
