"""The staff's side, one module a group of models."""

from . import edition, person, recommendation, report, status_update, vocabulary

__all__ = ["edition", "person", "recommendation", "report", "status_update", "vocabulary"]
