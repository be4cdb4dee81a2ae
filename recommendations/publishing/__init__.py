"""The only writers of a status, and of what is counted.

Each function is one transaction. Each that publishes locks the single TrackerState row first, so
that two publications queue and each opens an edition of its own.
"""

from recommendations.acts import told
from recommendations.models.act import Event

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
from .claims import CitedSource, Claim, draft_claims, replace_untouched
from .codings import Code, code_again, propose
from .discarding import DISCARDED_LAST, discard, discarded_by, restore
from .drafts import (
    Stale,
    begin,
    claim_reference,
    correct,
    default_reliance,
    lock_draft,
    record_save,
)
from .editions import Refused, lock_state, settle_wording, touch
from .inheritance import begin_with_evidence, inheritances_of
from .research import beyond_research, open_work_on, publish_research
from .restructuring import Restructuring, restructure
from .retractions import decline_retraction, request_retraction, retract
from .structure_requests import (
    Step,
    confirm_step,
    decline_step,
    recall_step,
    request_step,
)
from .succession import draft_successor, free_slug, next_number
from .updates import confirm, publish, recall, return_, submit

# Each step that others call leaves its line in the log of acts. A step within another leaves none.
code_again = told(Event.CODING, code_again)
propose = told(Event.CODING, propose)
begin_with_evidence = told(Event.DRAFT, begin_with_evidence)
correct = told(Event.DRAFT, correct)
discard = told(Event.DRAFT, discard)
draft_claims = told(Event.DRAFT, draft_claims)
record_save = told(Event.DRAFT, record_save)
restore = told(Event.DRAFT, restore)
submit = told(Event.SUBMISSION, submit)
confirm = told(Event.SUBMISSION, confirm)
return_ = told(Event.RETURN, return_)
recall = told(Event.SUBMISSION, recall)
publish = told(Event.PUBLICATION, publish)
publish_baseline = told(Event.PUBLICATION, publish_baseline)
publish_research = told(Event.PUBLICATION, publish_research)
request_retraction = told(Event.RETRACTION, request_retraction)
retract = told(Event.RETRACTION, retract)
decline_retraction = told(Event.RETRACTION, decline_retraction)
request_step = told(Event.STRUCTURE, request_step)
confirm_step = told(Event.STRUCTURE, confirm_step)
decline_step = told(Event.STRUCTURE, decline_step)
recall_step = told(Event.STRUCTURE, recall_step)
restructure = told(Event.STRUCTURE, restructure)

__all__ = [
    "DISCARDED_LAST",
    "CitedSource",
    "Claim",
    "Code",
    "Refused",
    "Restructuring",
    "Stale",
    "Step",
    "addresses_cited_of",
    "authors_of",
    "begin",
    "begin_with_evidence",
    "beside",
    "beyond_research",
    "claim_reference",
    "code_again",
    "confirm",
    "confirm_step",
    "correct",
    "decline_retraction",
    "decline_step",
    "default_reliance",
    "discard",
    "discarded_by",
    "draft_claims",
    "draft_successor",
    "free_slug",
    "has_source_of_its_own",
    "inheritances_of",
    "lock_draft",
    "lock_state",
    "next_number",
    "obstacles_to",
    "open_work_on",
    "own_draft",
    "problems_of",
    "propose",
    "publish",
    "publish_baseline",
    "publish_research",
    "recall",
    "recall_step",
    "record_save",
    "replace_untouched",
    "request_retraction",
    "request_step",
    "restore",
    "restructure",
    "retract",
    "return_",
    "seen_version",
    "settle_wording",
    "submit",
    "touch",
]
