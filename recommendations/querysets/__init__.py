"""Every question about many rows."""

from .actions import ActionQuerySet
from .acts import ActQuerySet
from .addressee_groups import AddresseeGroupQuerySet
from .checked_links import CheckedLinkQuerySet
from .deadlines import DeadlineQuerySet
from .feeds import FeedItemQuerySet, FeedQuerySet
from .fiscal_years import FiscalYearQuerySet
from .inbox_items import InboxItemQuerySet
from .known_hosts import KnownHostQuerySet
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
from .sources import (
    CaptureQuerySet,
    CaptureRemovalQuerySet,
    CaptureRequestQuerySet,
    SourceQuerySet,
)
from .staff import AssignmentQuerySet, NoticeQuerySet, ReaderReportQuerySet, assigned_to
from .structure import RecommendationQuerySet, ReportQuerySet, SectionQuerySet
from .topics import TopicQuerySet
from .updates import StatusUpdateQuerySet

__all__ = [
    "ActQuerySet",
    "ActionBodyQuerySet",
    "ActionQuerySet",
    "AddresseeGroupQuerySet",
    "AssignmentQuerySet",
    "BodyQuerySet",
    "CaptureQuerySet",
    "CaptureRemovalQuerySet",
    "CaptureRequestQuerySet",
    "CheckedLinkQuerySet",
    "CodingQuerySet",
    "ContextEventQuerySet",
    "DeadlineQuerySet",
    "EditionQuerySet",
    "EvidenceQuerySet",
    "FactorResetQuerySet",
    "FeedItemQuerySet",
    "FeedQuerySet",
    "FiscalYearQuerySet",
    "InboxItemQuerySet",
    "KnownHostQuerySet",
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
    "SourceQuerySet",
    "StatusUpdateQuerySet",
    "StructureRequestQuerySet",
    "TopicQuerySet",
    "assigned_to",
]
