"""A brief to hand on: what became of each of some recommendations, a page for each.

The web page and the file for word processors are made of the same lines, as bare text in the
reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.filters.selection import Selection
from recommendations.models import Deadline, Evidence, Recommendation
from recommendations.models.listed_host import HostMark
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.record import Record
from recommendations.statuses import ROLL_UP_RULES, EvidenceKind, RollUp, Status, roll_up
from recommendations.text.dates import date_text
from recommendations.text.languages import plain
from recommendations.text.listed_hosts import HostList
from recommendations.text.punctuation import colon, comma, gap, stop
from recommendations.viewpoint import Viewpoint

from .caveats import Caveat, caveats_of
from .counts import Counts, verdict_on

if TYPE_CHECKING:
    from recommendations.rows import DetailedAction

# A page each: more is no brief.
MOST_PAGES = 30
# More would not stand on the page.
MOST_SOURCES = 8
# The strongest first.
KINDS = [str(kind) for kind in EvidenceKind]


@dataclass(frozen=True)
class SourceLine:
    """A source by its kind, its title and publisher, and its day, and where it is.

    That is nowhere if its host is never evidence: `reason` says so.
    """

    kind: str
    names: tuple[str, ...]
    day: str
    reason: str
    url: str

    @property
    def text(self) -> str:
        words = comma().join(filter(None, (*self.names, self.day)))
        text = f"{self.kind}{colon()}{words}{stop()}"
        return f"{text}{gap()}({self.reason})" if self.reason else text


@dataclass(frozen=True)
class ActionLine:
    label: str
    title: str
    status: str
    since: str
    deadline: str

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)


@dataclass(frozen=True)
class BriefPage:
    """A recommendation: the ask, its status and why, its actions, deadlines and sources."""

    recommendation: Recommendation
    rows: Sequence[DetailedAction]
    hosts: HostList

    @property
    def number(self) -> str:
        return self.recommendation.number

    @property
    def headline(self) -> str:
        return plain(self.recommendation.headline, "recommendation.headline")

    @property
    def ask(self) -> str:
        return plain(self.recommendation.summary, "recommendation.summary")

    @property
    def place(self) -> str:
        section = self.recommendation.section
        return f"{self.recommendation.report.known_as}{comma()}{section}"

    @cached_property
    def counted(self) -> list[DetailedAction]:
        return [one for one in self.rows if one.is_verifiable and not one.is_withdrawn]

    @cached_property
    def derived(self) -> RollUp:
        return roll_up(one.status for one in self.counted)

    @property
    def status(self) -> str:
        return str(self.derived.status)

    @property
    def status_label(self) -> str:
        return str(self.derived.status.label)

    @property
    def fell(self) -> str:
        """From what it fell, in words; nothing where it did not."""
        fell_from = self.recommendation.fell_from
        if not fell_from:
            return ""
        if fell_from == Status.IMPLEMENTED:
            return _("Lapsed")
        return _("Fell from “%(status)s”") % {"status": Status(fell_from).label}

    @property
    def why(self) -> str:
        """The counts that the status was derived from, and the rule, in one line."""
        rule = str(ROLL_UP_RULES[self.derived.rule])
        return f"{verdict_on(Counts(self.derived.counts))}{gap()}{rule}"

    @cached_property
    def actions(self) -> list[ActionLine]:
        return [
            ActionLine(
                one.label,
                plain(one.title, "action.title"),
                one.status,
                date_text(one.since_on, one.since_precision) if one.since_on else "",
                _deadline(one.stated_deadlines),
            )
            for one in self.counted
        ]

    @cached_property
    def _sources(self) -> list[SourceLine]:
        return list(dict.fromkeys(_lines(self.counted, self.hosts)))

    @property
    def sources(self) -> list[SourceLine]:
        return self._sources[:MOST_SOURCES]

    @property
    def more_sources(self) -> int:
        return len(self._sources) - len(self.sources)


@dataclass(frozen=True)
class Brief:
    """The pages of a list of recommendations, up to MOST_PAGES, and how many there are."""

    pages: list[BriefPage]
    total: int
    caveats: list[Caveat]

    @property
    def left_out(self) -> int:
        return self.total - len(self.pages)

    @property
    def numbers_sentence(self) -> str:
        words = ngettext(
            "%(n)d of %(total)d recommendation, a page each.",
            "%(n)d of %(total)d recommendations, a page each.",
            self.total,
        )
        return words % {"n": len(self.pages), "total": self.total}

    @property
    def left_out_sentence(self) -> str:
        """What a brief does not have, and what to do about it."""
        words = ngettext(
            "%(n)d more is left out: a brief has up to %(most)d. Narrow the list or take its CSV.",
            "%(n)d more are left out: a brief has up to %(most)d. Narrow the list or take its CSV.",
            self.left_out,
        )
        return words % {"n": self.left_out, "most": MOST_PAGES}


def brief_of(record: Record, selection: Selection) -> Brief:
    """Return the brief of a list (a fixed number of queries).

    Where the list is of actions, it is of the recommendations that they belong to.
    """
    keys, total = _keys(selection)
    viewpoint = record.viewpoint
    found = {one.pk: one for one in RECOMMENDATIONS(viewpoint, keys=keys)}
    rows: dict[int, list[DetailedAction]] = {key: [] for key in keys}
    for action in ACTIONS(viewpoint, keys=keys):
        rows[action.recommendation_id].append(action)
    hosts = record.listed_hosts()
    pages = [BriefPage(found[key], rows[key], hosts) for key in keys if key in found]
    counted = [action for page in pages for action in page.counted]
    return Brief(pages, total, caveats_of(record, counted))


def _keys(selection: Selection) -> tuple[list[int], int]:
    """Return the recommendations of the first pages in their order, and how many there are."""
    if not selection.filterset.is_of_actions:
        return selection.keys(0, MOST_PAGES), len(selection.kept())
    owners = selection.recommendations()
    in_order = selection.view.structure.recommendations_in_order(owners)
    return list(islice(in_order, MOST_PAGES)), len(owners)


def _actions(viewpoint: Viewpoint) -> QuerySet[DetailedAction]:
    actions = Record(viewpoint).actions().filter(recommendation__among=Parameter("keys"))
    return cast("QuerySet[DetailedAction]", actions.for_detail(on=viewpoint.on))


ACTIONS: Prepared[DetailedAction] = Prepared(_actions)
RECOMMENDATIONS: Prepared[Recommendation] = Prepared(
    lambda viewpoint: (
        Record(viewpoint)
        .recommendations()
        .filter(pk__among=Parameter("keys"))
        .select_related("report", "section")
    )
)


def _deadline(deadlines: Sequence[Deadline]) -> str:
    """Return the one that decides."""
    if not deadlines:
        return ""
    return date_text(deadlines[0].on, deadlines[0].precision)


def _lines(actions: Iterable[DetailedAction], hosts: HostList) -> Iterator[SourceLine]:
    """Return the sources on which statuses rest, those of the strongest kind first."""
    items = sorted(_evidence(actions), key=lambda item: KINDS.index(item.kind))
    return (_line(item, hosts) for item in items)


def _evidence(actions: Iterable[DetailedAction]) -> Iterator[Evidence]:
    for action in actions:
        standing = next((update for update in action.timeline if update.is_counting), None)
        yield from standing.evidence_shown if standing else ()


def _line(item: Evidence, hosts: HostList) -> SourceLine:
    day = date_text(item.published_on, item.published_precision) if item.published_on else ""
    is_linked = hosts.mark_of(item.url) != HostMark.NEVER_EVIDENCE
    return SourceLine(
        kind=str(item.get_kind_display()),
        names=tuple(filter(None, (item.title, plain(item.publisher, "evidence.publisher")))),
        day=day,
        reason="" if is_linked else _("not linked: this site is never evidence"),
        url=item.url if is_linked else "",
    )
