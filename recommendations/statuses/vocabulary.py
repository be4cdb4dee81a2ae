"""The vocabulary and the rules of the methodology, as pure functions of their arguments.

Nothing here reads the database or the clock. docs/methodology.md explains each rule;
the public methodology page is made from the definitions below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

REVIEW_INTERVAL = timedelta(days=180)


class Status(models.TextChoices):
    """Status of an action, in the fixed order of every chart and legend."""

    IMPLEMENTED = "implemented", gettext_lazy("Implemented")
    PARTLY = "partly", gettext_lazy("Partly implemented")
    IN_PROGRESS = "in_progress", gettext_lazy("In progress")
    NO_ACTION = "no_action", gettext_lazy("No action found")
    NOT_ASSESSED = "not_assessed", gettext_lazy("Not assessed")
    OVERTAKEN = "overtaken", gettext_lazy("Overtaken by events")
    STALLED = "stalled", gettext_lazy("Stalled")
    REJECTED = "rejected", gettext_lazy("Rejected")


class Proof(Enum):
    """What a status needs before it can be published (EVIDENCE_RULES has it in words)."""

    STRONG = "strong"
    ANY_STEP = "any step"
    SEARCH = "search"
    NOTHING = "nothing"


@dataclass(frozen=True)
class StatusMeaning:
    """What goes with a status, whatever shows or counts it.

    `phrase` is the status with a number inside a sentence. `progress` says how far it is on the
    way; those that are not on it, since nothing was found or it has ended, have none. `is_end` is
    an end without being implemented.
    """

    definition: Promise
    phrase: Callable[[int], str]
    proof: Proof
    progress: int = 0
    is_end: bool = False


STATUS_MEANINGS: dict[Status, StatusMeaning] = {
    Status.IMPLEMENTED: StatusMeaning(
        gettext_lazy("All of what was asked is in force or in operation."),
        lambda n: ngettext("%(n)d implemented", "%(n)d implemented", n),
        Proof.STRONG,
        progress=3,
    ),
    Status.PARTLY: StatusMeaning(
        gettext_lazy("Part of what was asked is in force or in operation."),
        lambda n: ngettext("%(n)d partly implemented", "%(n)d partly implemented", n),
        Proof.ANY_STEP,
        progress=2,
    ),
    Status.IN_PROGRESS: StatusMeaning(
        gettext_lazy(
            "A documented step has been taken (a bill passed a committee or a chamber, talks "
            "opened, an office is being set up, money was appropriated), and nothing asked for is "
            "complete."
        ),
        lambda n: ngettext("%(n)d in progress", "%(n)d in progress", n),
        Proof.ANY_STEP,
        progress=1,
    ),
    Status.NO_ACTION: StatusMeaning(
        gettext_lazy(
            "A dated search found no documented step. This is absence of evidence, and is stated "
            "as that. An announcement, a speech or a budget request alone is still this status."
        ),
        lambda n: ngettext("%(n)d with no action found", "%(n)d with no action found", n),
        Proof.SEARCH,
    ),
    Status.NOT_ASSESSED: StatusMeaning(
        gettext_lazy("Nobody has looked yet."),
        lambda n: ngettext("%(n)d not assessed", "%(n)d not assessed", n),
        Proof.NOTHING,
    ),
    Status.OVERTAKEN: StatusMeaning(
        gettext_lazy("What was asked can no longer be done, or its reason is gone."),
        lambda n: ngettext("%(n)d overtaken by events", "%(n)d overtaken by events", n),
        Proof.STRONG,
        is_end=True,
    ),
    Status.STALLED: StatusMeaning(
        gettext_lazy(
            "There was a step, and then a documented halt, or a dated search that found no step "
            "for 12 months. The clock alone never sets it."
        ),
        lambda n: ngettext("%(n)d stalled", "%(n)d stalled", n),
        Proof.ANY_STEP,
    ),
    Status.REJECTED: StatusMeaning(
        gettext_lazy("The addressee has declined, or has done the opposite."),
        lambda n: ngettext("%(n)d rejected", "%(n)d rejected", n),
        Proof.STRONG,
        is_end=True,
    ),
}
STATUS_DEFINITIONS = {status: meaning.definition for status, meaning in STATUS_MEANINGS.items()}
ENDS = [status for status, meaning in STATUS_MEANINGS.items() if meaning.is_end]


def statuses_that_need(proof: Proof) -> set[Status]:
    return {status for status, meaning in STATUS_MEANINGS.items() if meaning.proof == proof}


class EvidenceKind(models.TextChoices):
    """Kinds of evidence, strongest first."""

    PRIMARY = "primary", gettext_lazy("Primary source")
    OFFICIAL = "official", gettext_lazy("Official statement")
    INDEPENDENT = "independent", gettext_lazy("Independent study")
    PRESS = "press", gettext_lazy("Press report")
    ANNOUNCEMENT = "announcement", gettext_lazy("Announcement")


class EvidenceStrength(models.TextChoices):
    """The strongest kind of evidence that a status rests on, or that there is none."""

    PRIMARY = "primary", EvidenceKind.PRIMARY.label
    OFFICIAL = "official", EvidenceKind.OFFICIAL.label
    INDEPENDENT = "independent", EvidenceKind.INDEPENDENT.label
    PRESS = "press", EvidenceKind.PRESS.label
    ANNOUNCEMENT = "announcement", gettext_lazy("Announcements alone")
    NONE = "none", gettext_lazy("No source")


EVIDENCE_DEFINITIONS = {
    EvidenceKind.PRIMARY: gettext_lazy(
        "Law, treaty, order, regulation, appropriation, or the official record of a decision."
    ),
    EvidenceKind.OFFICIAL: gettext_lazy("Statement or document of the addressee."),
    EvidenceKind.INDEPENDENT: gettext_lazy(
        "Audit, parliamentary research, court, or scholarly work."
    ),
    EvidenceKind.PRESS: gettext_lazy("Report by a news medium or the trade press."),
    EvidenceKind.ANNOUNCEMENT: gettext_lazy("A promise, whoever reports it."),
}


class Schedule(models.TextChoices):
    OVERDUE = "overdue", gettext_lazy("Overdue")
    DUE = "due", gettext_lazy("Due")
    MET = "met", gettext_lazy("Met")
    MET_LATE = "met_late", gettext_lazy("Met late")
    CLOSED = "closed", gettext_lazy("Closed unmet")
    NO_DEADLINE = "no_deadline", gettext_lazy("No deadline")


SCHEDULE_DEFINITIONS = {
    Schedule.OVERDUE: gettext_lazy(
        "The last day of the deadline has passed; the action was never implemented and is neither "
        "rejected nor overtaken."
    ),
    Schedule.DUE: gettext_lazy("The deadline lies ahead."),
    Schedule.MET: gettext_lazy(
        "Implemented on or before the last day of the deadline, even if it lapsed since."
    ),
    Schedule.MET_LATE: gettext_lazy("Implemented after the last day of the deadline."),
    Schedule.CLOSED: gettext_lazy("Ended without being met: rejected or overtaken by events."),
    Schedule.NO_DEADLINE: gettext_lazy("Neither the report nor a responsible party set a date."),
}


class Precision(models.TextChoices):
    """How exactly a date is known. An effective date is a day, a month or a year."""

    DAY = "day", gettext_lazy("Day")
    MONTH = "month", gettext_lazy("Month")
    QUARTER = "quarter", gettext_lazy("Quarter")
    YEAR = "year", gettext_lazy("Year")
    FISCAL_YEAR = "fiscal_year", gettext_lazy("Fiscal year, by its first day")
    FISCAL_YEAR_JAPAN = "fiscal_year_japan", gettext_lazy("Fiscal year of Japan (to 31 March)")
    FISCAL_YEAR_US = (
        "fiscal_year_us",
        gettext_lazy("Fiscal year of the United States (to 30 September)"),
    )


# Fiscal years that have a code of their own, by the slug of the party whose they are. They are
# offered where there is such a party.
NAMED_FISCAL_YEARS = {
    "japan": Precision.FISCAL_YEAR_JAPAN,
    "united-states": Precision.FISCAL_YEAR_US,
}
EFFECTIVE_PRECISIONS = (Precision.DAY, Precision.MONTH, Precision.YEAR)


class Confidence(models.TextChoices):
    HIGH = "high", pgettext_lazy("confidence", "High")
    MEDIUM = "medium", pgettext_lazy("confidence", "Medium")
    LOW = "low", pgettext_lazy("confidence", "Low")


class Attribution(models.TextChoices):
    REPORT = "report", gettext_lazy("The addressee cites the report")
    ALIGNED = "aligned", gettext_lazy("In line with the report")
    INDEPENDENT = "independent", gettext_lazy("Unrelated to the report")
