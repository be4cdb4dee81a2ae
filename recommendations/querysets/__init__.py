"""Every question about many rows."""

from .actions import ActionQuerySet
from .acts import ActQuerySet
from .deadlines import DeadlineQuerySet
from .labels import ActionBodyQuerySet, BodyQuerySet, PartyQuerySet, PolicyAreaQuerySet
from .listed_hosts import ListedHostQuerySet
from .record import (
    CodingQuerySet,
    ContextEventQuerySet,
    EditionQuerySet,
    EvidenceQuerySet,
    PassageQuerySet,
    PeriodQuerySet,
)
from .relations import RelationQuerySet
from .requests import (
    FactorResetQuerySet,
    RetractionRequestQuerySet,
    StructureRequestQuerySet,
)
from .search_aliases import SearchAliasQuerySet
from .staff import AssignmentQuerySet, NoticeQuerySet, ReaderReportQuerySet, assigned_to
from .structure import RecommendationQuerySet, ReportQuerySet, SectionQuerySet
from .updates import StatusUpdateQuerySet

__all__ = [
    "ActQuerySet",
    "ActionBodyQuerySet",
    "ActionQuerySet",
    "AssignmentQuerySet",
    "BodyQuerySet",
    "CodingQuerySet",
    "ContextEventQuerySet",
    "DeadlineQuerySet",
    "EditionQuerySet",
    "EvidenceQuerySet",
    "FactorResetQuerySet",
    "ListedHostQuerySet",
    "NoticeQuerySet",
    "PartyQuerySet",
    "PassageQuerySet",
    "PeriodQuerySet",
    "PolicyAreaQuerySet",
    "ReaderReportQuerySet",
    "RecommendationQuerySet",
    "RelationQuerySet",
    "ReportQuerySet",
    "RetractionRequestQuerySet",
    "SearchAliasQuerySet",
    "SectionQuerySet",
    "StatusUpdateQuerySet",
    "StructureRequestQuerySet",
    "assigned_to",
]
