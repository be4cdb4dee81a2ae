"""The only writers of a status, and of what is counted.

Each function is one transaction. Each that publishes locks the single TrackerState row first, so
that two publications queue and each opens an edition of its own.
"""

from .baseline import publish_baseline
from .checks import (
    addresses_cited_of,
    authors_of,
    beside,
    has_source_of_its_own,
    obstacles_to,
    own_draft,
    problems_of,
    seen_version,
)
from .drafts import (
    Stale,
    begin,
    claim_reference,
    correct,
    default_reliance,
    lock_draft,
    record_save,
)
from .editions import Refused, settle_wording, touch
from .research import beyond_research, open_work_on, publish_research
from .restructuring import Restructuring, restructure
from .retractions import decline_retraction, request_retraction, retract
from .structure import include, set_verifiable, withdraw
from .succession import draft_successor, free_slug, merge, next_number, split
from .updates import confirm, publish, return_, submit

__all__ = [
    "Refused",
    "Restructuring",
    "Stale",
    "addresses_cited_of",
    "authors_of",
    "begin",
    "beside",
    "beyond_research",
    "claim_reference",
    "confirm",
    "correct",
    "decline_retraction",
    "default_reliance",
    "draft_successor",
    "free_slug",
    "has_source_of_its_own",
    "include",
    "lock_draft",
    "merge",
    "next_number",
    "obstacles_to",
    "open_work_on",
    "own_draft",
    "problems_of",
    "publish",
    "publish_baseline",
    "publish_research",
    "record_save",
    "request_retraction",
    "restructure",
    "retract",
    "return_",
    "set_verifiable",
    "seen_version",
    "settle_wording",
    "split",
    "submit",
    "touch",
    "withdraw",
]
