"""Every figure shown anywhere: querysets and lists in, dataclasses of numbers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import Action
from recommendations.querysets import ActionQuerySet
from recommendations.statuses import STATUS_MEANINGS, STRONG, Basis, Schedule, Status
from recommendations.text.kept import kept_by_language

STATUSES = tuple(Status)


@dataclass(frozen=True)
class StatusCount:
    """One status of a distribution. `percent` is rounded to a whole number."""

    status: Status
    n: int
    percent: int

    @property
    def label(self) -> str:
        return str(self.status.label)


@dataclass(frozen=True)
class Counts:
    """How many of a set of actions, or recommendations, have each status."""

    by_status: Mapping[str, int]

    @classmethod
    def of(cls, statuses: Iterable[str]) -> Counts:
        return cls(Counter(statuses))

    @cached_property
    def total(self) -> int:
        return sum(self.by_status.values())

    @cached_property
    def rows(self) -> list[StatusCount]:
        """Every status in the fixed order, those with none too."""
        total = self.total or 1
        return [
            StatusCount(status, n, round(100 * n / total))
            for status, n in zip(STATUSES, self.numbers, strict=True)
        ]

    @property
    def numbers(self) -> list[int]:
        """How many have each status, in the fixed order."""
        return [self.by_status.get(status, 0) for status in STATUSES]

    @property
    def implemented(self) -> int:
        return self.n(Status.IMPLEMENTED)

    def n(self, status: str) -> int:
        """How many have this status. Not `counts[status]`: templates would look up names so."""
        return self.by_status.get(status, 0)

    def __bool__(self) -> bool:
        return self.total > 0


def counts_by_report(actions: ActionQuerySet) -> dict[int, Counts]:
    """Return the statuses of the counted actions, by the key of their report (one query)."""
    found: dict[int, Counter[str]] = {}
    rows = actions.counted().order_by().values_list("recommendation__report", "status")
    for report_id, status, n in rows.annotate(n=Count("pk")):
        found.setdefault(report_id, Counter())[status] = n
    return {report_id: Counts(counter) for report_id, counter in found.items()}


@dataclass
class Group:
    """Actions that share something (an addressee, a body, an area), for one row of a table.

    Too many to be fetched, they are counted alone: `of_all` has their statuses.
    """

    slug: str
    label: str
    actions: list[Action] = field(default_factory=list)
    of_all: Counts | None = None

    @cached_property
    def counts(self) -> Counts:
        return self.of_all or Counts.of(action.status for action in self.actions)


def grouped(pairs: Iterable[tuple[tuple[str, str], Action]]) -> list[Group]:
    """Gather (slug, label) and action pairs in groups, in order of first appearance."""
    groups: dict[str, Group] = {}
    for (slug, label), action in pairs:
        groups.setdefault(slug, Group(slug, label)).actions.append(action)
    return list(groups.values())


@dataclass(frozen=True)
class ScheduleCounts:
    """How many of a set of actions stand where against their deadlines."""

    by_schedule: Mapping[str, int]

    @cached_property
    def total(self) -> int:
        return sum(self.by_schedule.values())

    @property
    def with_deadline(self) -> int:
        return self.total - self.n(Schedule.NO_DEADLINE)

    def n(self, schedule: str) -> int:
        return self.by_schedule.get(str(schedule), 0)

    @property
    def sentence(self) -> str:
        """How many have which schedule, in words; nothing where none has a deadline."""
        parts = [
            schedule_phrase(schedule, self.n(schedule))
            for schedule in Schedule
            if schedule != Schedule.NO_DEADLINE and self.n(schedule)
        ]
        return _("%(parts)s.") % {"parts": _join(parts)} if parts else ""


def deadline_headline(counts: ScheduleCounts, *, is_filtered: bool) -> str:
    """Return the sentence that the page of deadlines opens with, denominator included."""
    if not counts.total:
        if is_filtered:
            return _("No verifiable action meets these filters")
        return _("No verifiable action is in the record")
    if is_filtered:
        words = ngettext(
            "%(n)d of %(total)d verifiable actions that meet these filters has a deadline",
            "%(n)d of %(total)d verifiable actions that meet these filters have a deadline",
            counts.with_deadline,
        )
    else:
        words = ngettext(
            "%(n)d of %(total)d verifiable actions has a deadline",
            "%(n)d of %(total)d verifiable actions have a deadline",
            counts.with_deadline,
        )
    return words % {"n": counts.with_deadline, "total": counts.total}


def headline(counts: Counts) -> str:
    """Return the sentence that a page opens with, denominator included."""
    return ngettext(
        "%(n)d of %(total)d verifiable actions is implemented",
        "%(n)d of %(total)d verifiable actions are implemented",
        counts.implemented,
    ) % {"n": counts.implemented, "total": counts.total}


def remainder(counts: Counts) -> str:
    """Return the sentence on all actions that are not implemented, or nothing."""
    parts = [phrase(row.status, row.n) for row in counts.rows if row.n]
    rest = counts.total - counts.implemented
    if counts.implemented:
        parts = parts[1:]
    if not rest:
        return ""
    if not counts.implemented:
        return _("%(parts)s.") % {"parts": sentence_case(_join(parts))}
    return ngettext("Of the other %(n)d: %(parts)s.", "Of the other %(n)d: %(parts)s.", rest) % {
        "n": rest,
        "parts": _join(parts),
    }


def phrase(status: str, n: int) -> str:
    """Return "12 partly implemented": a count with the words of its status inside a sentence."""
    return STATUS_MEANINGS[Status(status)].phrase(n) % {"n": n}


def phrases_of(counts: Counts) -> str:
    """Return all counts in words: "3 implemented, 1 rejected"."""
    return _phrases(tuple(counts.n(status) for status in Status))


def verdict_on(counts: Counts) -> str:
    """Return the counts that a status was derived from, as a sentence."""
    if not counts:
        return _("It has no verifiable action.")
    return ngettext(
        "Of %(n)d verifiable action: %(parts)s.",
        "Of %(n)d verifiable actions: %(parts)s.",
        counts.total,
    ) % {"n": counts.total, "parts": phrases_of(counts)}


@kept_by_language
def _phrases(numbers: tuple[int, ...]) -> str:
    return _join([phrase(status, n) for status, n in zip(Status, numbers, strict=True) if n])


@kept_by_language
def basis_text(basis: Basis, status: str) -> str:
    """Return "1 primary, 2 press": what a status rests on. Promises are said apart."""
    if basis.phrases and basis.announced:
        return _("%(sources)s; besides, %(announced)s") % {
            "sources": _join(basis.phrases),
            "announced": basis.announced,
        }
    if basis.phrases:
        return _join(basis.phrases)
    if basis.announced:
        return _("%(announced)s alone") % {"announced": basis.announced}
    if status == Status.NOT_ASSESSED:
        return ""
    return _("a search alone") if status == Status.NO_ACTION else _("no source")


def firmly_implemented(actions: Iterable[Action]) -> int:
    """Return how many are implemented by a primary or an official source."""
    implemented = (one for one in actions if one.status == Status.IMPLEMENTED)
    return sum(1 for one in implemented if one.evidence_kind in STRONG)


def firmness(n: int, counts: Counts) -> str:
    """Return the sentence on how many of the implemented have a strong source, or nothing."""
    if not counts.implemented:
        return ""
    return ngettext(
        "Of %(total)d implemented, %(n)d rests on a primary or official source.",
        "Of %(total)d implemented, %(n)d rest on a primary or official source.",
        n,
    ) % {"n": n, "total": counts.implemented}


def schedule_phrase(schedule: str, n: int) -> str:
    """Return "3 missed": a count with the words of its schedule inside a sentence."""
    phrases = {
        Schedule.OVERDUE: ngettext("%(n)d missed", "%(n)d missed", n),
        Schedule.DUE: ngettext("%(n)d to come", "%(n)d to come", n),
        Schedule.MET: ngettext("%(n)d met", "%(n)d met", n),
        Schedule.MET_LATE: ngettext("%(n)d met late", "%(n)d met late", n),
        Schedule.CLOSED: ngettext("%(n)d closed unmet", "%(n)d closed unmet", n),
    }
    return phrases[Schedule(schedule)] % {"n": n}


def _join(parts: list[str]) -> str:
    return _(", ").join(parts)


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
