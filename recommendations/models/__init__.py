from .act import Act
from .action import Action, ActionBody
from .addressee_group import AddresseeGroup
from .capture import Capture, CaptureRemoval
from .capture_request import CaptureRequest
from .checked_link import CheckedLink, LinkCheck
from .coding import Coding
from .content_change import ContentChange
from .context import ContextEvent
from .deadline import Deadline
from .delivery import AddresseeAlias, Delivery, DeliveryRow, TableImport, TableMapping
from .digest import EditionDigest, EditionItem, Pseudonym
from .discarded_draft import DiscardedDraft
from .edition import Edition, TrackerState
from .evidence import Evidence
from .factor_reset import FactorReset
from .feed import Feed, FeedItem
from .file_to_read import FileToRead
from .fiscal_year import FiscalYear
from .inbox_item import InboxItem
from .known_host import KnownHost
from .listed_host import ListedHost
from .lowered_host import LoweredHost
from .period import EvidencePeriod, StatusPeriod, VerifiabilityPeriod
from .reader_report import ReaderReport
from .recommendation import Recommendation
from .relation import RecommendationRelation
from .report import Report, Section
from .retraction import RetractionRequest
from .returned_version import ReturnedVersion
from .search_alias import SearchAlias
from .site import Site, SiteLogo
from .source import Source
from .staff import Assignment, Notice, Preference, SavedFilter
from .status_update import StatusUpdate
from .structure_request import StructureRequest
from .text import Mark, Passage, ReportImport, ReportText
from .topic import Topic
from .translation import Translation
from .vocabulary import Body, Party, PolicyArea

__all__ = [
    "Act",
    "Action",
    "ActionBody",
    "AddresseeAlias",
    "AddresseeGroup",
    "Assignment",
    "Body",
    "Capture",
    "CaptureRemoval",
    "CaptureRequest",
    "CheckedLink",
    "Coding",
    "ContentChange",
    "ContextEvent",
    "Deadline",
    "Delivery",
    "DeliveryRow",
    "DiscardedDraft",
    "Edition",
    "EditionDigest",
    "EditionItem",
    "Evidence",
    "EvidencePeriod",
    "FactorReset",
    "Feed",
    "FeedItem",
    "FileToRead",
    "FiscalYear",
    "InboxItem",
    "KnownHost",
    "LinkCheck",
    "ListedHost",
    "LoweredHost",
    "Mark",
    "Notice",
    "Party",
    "Passage",
    "PolicyArea",
    "Preference",
    "Pseudonym",
    "ReaderReport",
    "Recommendation",
    "RecommendationRelation",
    "Report",
    "ReportImport",
    "ReportText",
    "RetractionRequest",
    "ReturnedVersion",
    "SavedFilter",
    "SearchAlias",
    "Section",
    "Site",
    "SiteLogo",
    "Source",
    "StatusPeriod",
    "StatusUpdate",
    "StructureRequest",
    "TableImport",
    "TableMapping",
    "Topic",
    "TrackerState",
    "Translation",
    "VerifiabilityPeriod",
]
