"""The staff's side, one module a group of models."""

from . import (
    assignment,
    coding,
    edition,
    listed_host,
    person,
    recommendation,
    report,
    retraction,
    status_update,
    vocabulary,
)

__all__ = [
    "assignment",
    "coding",
    "edition",
    "listed_host",
    "person",
    "recommendation",
    "report",
    "retraction",
    "status_update",
    "vocabulary",
]
