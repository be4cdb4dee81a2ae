"""The only writers of a status, and of what is counted.

Each function is one transaction. Each that publishes locks the single TrackerState row first, so
that two publications queue and each opens an edition of its own.
"""

from .baseline import publish_baseline
from .editions import Refused, settle_wording, touch
from .judging import authors_of, problems_of
from .retractions import decline_retraction, request_retraction, retract
from .structure import include, set_verifiable, withdraw
from .updates import begin, correct, publish, record_save, return_, submit

__all__ = [
    "Refused",
    "authors_of",
    "begin",
    "correct",
    "decline_retraction",
    "include",
    "problems_of",
    "publish",
    "publish_baseline",
    "record_save",
    "request_retraction",
    "retract",
    "return_",
    "set_verifiable",
    "settle_wording",
    "submit",
    "touch",
    "withdraw",
]
