"""Every question about many rows."""

from .actions import ActionBodyQuerySet, ActionQuerySet, DeadlineQuerySet
from .labels import BodyQuerySet, PartyQuerySet, PolicyAreaQuerySet
from .record import EditionQuerySet, EvidenceQuerySet, PeriodQuerySet, StatusUpdateQuerySet
from .structure import RecommendationQuerySet, ReportQuerySet, SectionQuerySet

__all__ = [
    "ActionBodyQuerySet",
    "ActionQuerySet",
    "BodyQuerySet",
    "DeadlineQuerySet",
    "EditionQuerySet",
    "EvidenceQuerySet",
    "PartyQuerySet",
    "PeriodQuerySet",
    "PolicyAreaQuerySet",
    "RecommendationQuerySet",
    "ReportQuerySet",
    "SectionQuerySet",
    "StatusUpdateQuerySet",
]
