"""The vocabulary and the rules of the methodology, as pure functions of their arguments.

Nothing here reads the database or the clock. docs/methodology.md explains each rule;
the public methodology page is made from the definitions below.
"""

from __future__ import annotations

import calendar
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from django.db import models
from django.utils.translation import gettext as _
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


STATUS_DEFINITIONS = {
    Status.NOT_ASSESSED: gettext_lazy("Nobody has looked yet."),
    Status.NO_ACTION: gettext_lazy(
        "A dated search found no documented step. This is absence of evidence, and is stated as "
        "that. An announcement, a speech or a budget request alone is still this status."
    ),
    Status.IN_PROGRESS: gettext_lazy(
        "A documented step has been taken (a bill passed a committee or a chamber, talks opened, "
        "an office is being set up, money was appropriated), and nothing asked for is complete."
    ),
    Status.PARTLY: gettext_lazy("Part of what was asked is in force or in operation."),
    Status.IMPLEMENTED: gettext_lazy("All of what was asked is in force or in operation."),
    Status.STALLED: gettext_lazy(
        "There was a step, and then a documented halt, or a dated search that found no step for "
        "12 months. The clock alone never sets it."
    ),
    Status.REJECTED: gettext_lazy("The addressee has declined, or has done the opposite."),
    Status.OVERTAKEN: gettext_lazy("What was asked can no longer be done, or its reason is gone."),
}


class EvidenceKind(models.TextChoices):
    """Kinds of evidence, strongest first."""

    PRIMARY = "primary", gettext_lazy("Primary source")
    OFFICIAL = "official", gettext_lazy("Official statement")
    INDEPENDENT = "independent", gettext_lazy("Independent study")
    PRESS = "press", gettext_lazy("Press report")
    ANNOUNCEMENT = "announcement", gettext_lazy("Announcement")


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
    FISCAL_YEAR_JAPAN = "fiscal_year_japan", gettext_lazy("Fiscal year of Japan (to 31 March)")
    FISCAL_YEAR_US = (
        "fiscal_year_us",
        gettext_lazy("Fiscal year of the United States (to 30 September)"),
    )


EFFECTIVE_PRECISIONS = (Precision.DAY, Precision.MONTH, Precision.YEAR)


class Addressee(models.TextChoices):
    """Group of the responsible parties by which dashboards count."""

    UNITED_STATES = "united_states", gettext_lazy("United States")
    JAPAN = "japan", gettext_lazy("Japan")
    BOTH = "both", pgettext_lazy("addressee", "Both")
    WITH_OTHERS = "with_others", pgettext_lazy("addressee", "With others")


class Confidence(models.TextChoices):
    HIGH = "high", pgettext_lazy("confidence", "High")
    MEDIUM = "medium", pgettext_lazy("confidence", "Medium")
    LOW = "low", pgettext_lazy("confidence", "Low")


class Attribution(models.TextChoices):
    REPORT = "report", gettext_lazy("The addressee cites the report")
    ALIGNED = "aligned", gettext_lazy("In line with the report")
    INDEPENDENT = "independent", gettext_lazy("Unrelated to the report")


ADDRESSEE_PARTIES = {"united-states": Addressee.UNITED_STATES, "japan": Addressee.JAPAN}


def addressee_of(party_slugs: Iterable[str]) -> Addressee:
    """Return the addressee group of the responsible parties.

    Any third party that must act too makes it "with others"; so does having no party at all,
    which a published action never has.
    """
    groups = {ADDRESSEE_PARTIES.get(slug, Addressee.WITH_OTHERS) for slug in party_slugs}
    if groups == {Addressee.UNITED_STATES, Addressee.JAPAN}:
        return Addressee.BOTH
    return groups.pop() if len(groups) == 1 else Addressee.WITH_OTHERS


# Dates ---------------------------------------------------------------------------------------


def first_day(on: date, precision: str) -> date:
    """Return the first day of the period that a date of this precision stands for."""
    match precision:
        case Precision.DAY:
            return on
        case Precision.MONTH:
            return on.replace(day=1)
        case Precision.QUARTER:
            return date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
        case Precision.YEAR:
            return date(on.year, 1, 1)
        case Precision.FISCAL_YEAR_JAPAN:
            return date(on.year if on.month >= 4 else on.year - 1, 4, 1)
        case Precision.FISCAL_YEAR_US:
            return date(on.year if on.month >= 10 else on.year - 1, 10, 1)
    raise ValueError(f"Unknown precision {precision!r}.")


def last_day(on: date, precision: str) -> date:
    """Return the last day of the period that a date of this precision stands for."""
    first = first_day(on, precision)
    match precision:
        case Precision.DAY:
            return first
        case Precision.MONTH:
            months = 1
        case Precision.QUARTER:
            months = 3
        case _:
            months = 12
    years, month = divmod(first.month - 1 + months - 1, 12)
    year = first.year + years
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def effective_day(on: date, precision: str, *, cap: date) -> date:
    """Return the day from which an update counts.

    A month or a year counts from its last day, but never from later than `cap`, the day of
    publication (of the update first published with this date, where it was corrected since).
    """
    return min(last_day(on, precision), cap)


# Evidence ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """What the evidence rule has to know of an item."""

    kind: str
    publisher: str
    is_state_media: bool = False

    @property
    def voice(self) -> str:
        """Who speaks: two state media count as one publisher."""
        if self.is_state_media:
            return "state media"
        return " ".join(unicodedata.normalize("NFKC", self.publisher).casefold().split())


STRONG = {EvidenceKind.PRIMARY, EvidenceKind.OFFICIAL}
SECONDARY = {EvidenceKind.INDEPENDENT, EvidenceKind.PRESS}
SETTLED = {Status.IMPLEMENTED, Status.REJECTED, Status.OVERTAKEN}
STEPPED = {Status.PARTLY, Status.IN_PROGRESS, Status.STALLED}


def missing_evidence(
    status: str,
    items: Iterable[EvidenceItem],
    *,
    has_search_note: bool,
    is_confirmation: bool = False,
    has_own_items: bool = True,
) -> list[str]:
    """Return what is still missing before this status can be published, as sentences.

    `items` are those of the update and of the updates that it relies on. `has_search_note` says
    that it names where was searched, and the date. A confirmation is an update that repeats the
    present status without an item of its own. `has_own_items` is False where all of them are of
    earlier updates: then no halt is documented. The empty list means that the rule is met.
    """
    items = list(items)
    missing = []
    if status in SETTLED and not _is_settled_by(items):
        missing.append(_settled_sentence(status, items))
    if status in STEPPED and all(item.kind == EvidenceKind.ANNOUNCEMENT for item in items):
        missing.append(_stepped_sentence(status, items))
    if not has_search_note and (status == Status.NO_ACTION or is_confirmation):
        missing.append(
            _("“%(status)s” needs a note of where was searched, and the date of the search.")
            % {"status": Status(status).label}
            if not is_confirmation
            else _("A confirmation needs a note of where was searched, and the date of the search.")
        )
    elif status == Status.STALLED and items and not (has_own_items or has_search_note):
        missing.append(
            _(
                "“%(status)s” without an item that documents the halt needs a note of where was "
                "searched, and the date of the search."
            )
            % {"status": Status(status).label}
        )
    return missing


def _is_settled_by(items: Sequence[EvidenceItem]) -> bool:
    if any(item.kind in STRONG for item in items):
        return True
    secondary = [item for item in items if item.kind in SECONDARY]
    return any(one.voice != other.voice for one, other in combinations(secondary, 2))


def _settled_sentence(status: str, items: Sequence[EvidenceItem]) -> str:
    label = Status(status).label
    if any(item.kind in SECONDARY for item in items):
        return _(
            "“%(status)s” rests on one publisher so far: add a primary or official source, or a "
            "second independent or press item from a different publisher."
        ) % {"status": label}
    return _(
        "“%(status)s” needs one primary or official source, or two independent or press items "
        "from different publishers."
    ) % {"status": label}


def _stepped_sentence(status: str, items: Sequence[EvidenceItem]) -> str:
    label = Status(status).label
    if items:
        return _(
            "“%(status)s” cannot rest on announcements alone: add one item that documents a step."
        ) % {"status": label}
    return _("“%(status)s” needs one item of evidence that is not an announcement.") % {
        "status": label
    }


# Roll-up -------------------------------------------------------------------------------------

ROLL_UP_RULES = {
    1: gettext_lazy("It has no verifiable action, or all of them are not assessed."),
    2: gettext_lazy(
        "Every action was overtaken. From here on, overtaken ones are left out; if all that are "
        "left are not assessed, so is the recommendation."
    ),
    3: gettext_lazy("Every action is implemented."),
    4: gettext_lazy("Every action was rejected."),
    5: gettext_lazy("At least one action is implemented or partly implemented."),
    6: gettext_lazy("At least one action is in progress."),
    7: gettext_lazy("At least one action has stalled."),
    8: gettext_lazy("For at least one action a search found no step."),
    9: gettext_lazy("Otherwise: only rejected and not assessed actions."),
}

RULE_RESULTS = {
    1: [Status.NOT_ASSESSED],
    2: [Status.OVERTAKEN, Status.NOT_ASSESSED],
    3: [Status.IMPLEMENTED],
    4: [Status.REJECTED],
    5: [Status.PARTLY],
    6: [Status.IN_PROGRESS],
    7: [Status.STALLED],
    8: [Status.NO_ACTION],
    9: [Status.NOT_ASSESSED],
}


@dataclass(frozen=True, slots=True)
class RollUp:
    """Status of a recommendation, the rule that gave it, and the counts that it was given on."""

    status: Status
    rule: int
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def roll_up(statuses: Iterable[str]) -> RollUp:
    """Derive a recommendation's status from those of its verifiable actions.

    The first rule that fits, of ROLL_UP_RULES:

    >>> roll_up(["implemented", "overtaken"]).rule
    3
    """
    counts = Counter(str(status) for status in statuses)
    found = set(counts)
    left = found - {Status.OVERTAKEN}
    status, rule = Status.NOT_ASSESSED, 9
    if found <= {Status.NOT_ASSESSED}:
        rule = 1
    elif not left:
        status, rule = Status.OVERTAKEN, 2
    elif left == {Status.NOT_ASSESSED}:
        rule = 2
    elif left == {Status.IMPLEMENTED}:
        status, rule = Status.IMPLEMENTED, 3
    elif left == {Status.REJECTED}:
        status, rule = Status.REJECTED, 4
    elif left & {Status.IMPLEMENTED, Status.PARTLY}:
        status, rule = Status.PARTLY, 5
    else:
        for number, one in ((6, Status.IN_PROGRESS), (7, Status.STALLED), (8, Status.NO_ACTION)):
            if one in left:
                status, rule = one, number
                break
    return RollUp(status, rule, dict(counts))


def count_words(counts: dict[str, int]) -> str:
    """Return the counts as words, in the fixed order: "3 Implemented, 1 Rejected"."""
    return ", ".join(
        ngettext("%(n)d %(status)s", "%(n)d %(status)s", counts[status])
        % {"n": counts[status], "status": status.label}
        for status in Status
        if counts.get(status)
    )


# Schedule ------------------------------------------------------------------------------------


def schedule_of(
    *, due_on: date | None, on: date, implemented_on: date | None, status: str
) -> Schedule:
    """Return where an action stands against its deadline on a day.

    `due_on` is the last day of the deadline, `implemented_on` the first day on which the action
    was implemented (as of `on`), `status` its status on that day.
    """
    if due_on is None:
        return Schedule.NO_DEADLINE
    if implemented_on is not None:
        return Schedule.MET if implemented_on <= due_on else Schedule.MET_LATE
    if status in {Status.REJECTED, Status.OVERTAKEN}:
        return Schedule.CLOSED
    return Schedule.OVERDUE if on > due_on else Schedule.DUE
