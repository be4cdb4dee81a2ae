"""The staff's side, one module a group of models."""

from . import (
    act,
    assignment,
    coding,
    edition,
    listed_host,
    people,
    recommendation,
    report,
    retraction,
    search_alias,
    status_update,
    structure_requests,
    vocabulary,
)

__all__ = [
    "act",
    "assignment",
    "coding",
    "edition",
    "listed_host",
    "people",
    "recommendation",
    "report",
    "retraction",
    "search_alias",
    "status_update",
    "structure_requests",
    "vocabulary",
]
