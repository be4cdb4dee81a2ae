from .edition import Edition, TrackerState
from .period import StatusPeriod, VerifiabilityPeriod
from .recommendation import Action, ActionBody, Deadline, Recommendation
from .report import Report, Section
from .search import SearchDocument
from .status_update import Evidence, RetractionRequest, StatusUpdate
from .vocabulary import Body, Party, PolicyArea

__all__ = [
    "Action",
    "ActionBody",
    "Body",
    "Deadline",
    "Edition",
    "Evidence",
    "Party",
    "PolicyArea",
    "Recommendation",
    "Report",
    "RetractionRequest",
    "SearchDocument",
    "Section",
    "StatusPeriod",
    "StatusUpdate",
    "TrackerState",
    "VerifiabilityPeriod",
]
