from .action import Action, ActionBody
from .deadline import Deadline
from .edition import Edition, TrackerState
from .evidence import Evidence
from .period import StatusPeriod, VerifiabilityPeriod
from .recommendation import Recommendation
from .report import Report, Section
from .retraction import RetractionRequest
from .search import SearchDocument
from .status_update import StatusUpdate
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
