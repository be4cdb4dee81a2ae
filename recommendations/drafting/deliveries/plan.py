"""What would come of a spreadsheet: what is new, changed, gone, and what is left to be said."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from recommendations.importing.addressees import Addressees
from recommendations.importing.tables.breakdown import (
    ReadRecommendation,
    breakdown_of,
)
from recommendations.importing.tables.heads import folded
from recommendations.importing.tables.mapping import Mapping
from recommendations.importing.tables.mapping import from_json as mapping_from_json
from recommendations.importing.tables.rows import Problem, Reader, ReadRow, names_in
from recommendations.importing.tables.table import UnreadableTable, unpacked
from recommendations.models import Action, PolicyArea, Recommendation, Report, TableImport
from recommendations.statuses import first_day
from recommendations.viewpoint import today

from .addressees import Directory, own_parties
from .changes import Change
from .comparison import compare
from .decisions import Decisions, ReportChoice
from .decisions import from_json as decisions_from_json
from .matching import Known, Likely, Matches
from .row_checks import check_dates, check_lengths, look_up


@dataclass(frozen=True)
class Name:
    """A name of somebody responsible: how often it stands there, and whom it means."""

    key: str
    spelling: str
    n: int
    meaning: str


@dataclass(frozen=True)
class NamedReport:
    """A report of the table by its name there, "" in a table of one report."""

    key: str
    name: str
    choice: ReportChoice
    report: Report | None
    n: int

    @property
    def is_decided(self) -> bool:
        return self.report is not None or (not self.choice.slug and self.choice.is_whole)


@dataclass
class Plan:
    """All of it. `open_groups` are the problems that nobody decided on, by group."""

    reader: Reader
    mapping: Mapping
    decisions: Decisions
    rows: list[ReadRow]
    recommendations: list[ReadRecommendation]
    reports: list[NamedReport] = field(default_factory=list)
    directory: Directory = field(default_factory=Directory)
    own: set[str] = field(default_factory=set)
    names: list[Name] = field(default_factory=list)
    statuses: dict[str, tuple[str, int]] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    matches: dict[str, Matches] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    gone: list[Action] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    areas: dict[str, PolicyArea] = field(default_factory=dict)

    @property
    def open_groups(self) -> dict[str, list[Problem]]:
        found: dict[str, list[Problem]] = defaultdict(list)
        for problem in self.reader.problems:
            if problem.group not in self.decisions.groups and problem.row not in self.skipped:
                found[problem.group].append(problem)
        return dict(found)

    @property
    def open_names(self) -> list[Name]:
        return [name for name in self.names if not name.meaning]

    @property
    def open_statuses(self) -> list[str]:
        return [word for word in self.statuses if word not in self.mapping.statuses]

    @property
    def likely(self) -> list[Likely[Recommendation] | Likely[Action]]:
        return [one for matches in self.matches.values() for one in matches.likely]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to be said."""
        return not (
            self.open_groups
            or self.open_names
            or self.open_statuses
            or self.likely
            or not self.recommendations
            or any(not report.is_decided for report in self.reports)
            or self.decisions.source is None
        )

    @property
    def n_new(self) -> Counter[str]:
        """How many recommendations and actions are not here yet."""
        n: Counter[str] = Counter()
        for one in self.recommendations:
            found = self.matches.get(one.report, Matches())
            n["recommendations"] += one.row not in found.whole
            n["actions"] += sum(action.said.row not in found.part for action in one.actions)
        return n

    @property
    def n_same(self) -> int:
        """How many actions are here and are said to be as they are."""
        changed = {change.row for change in self.changes}
        rows = [row for found in self.matches.values() for row in found.part]
        return sum(row not in changed for row in rows)

    def addressees(self, row: ReadRow) -> Addressees:
        """Return who is responsible by a row; who is new stands there by the name in the table."""
        meanings = [(self._meaning_by_key.get(folded(name), ""), name) for name in row.owners]
        known = self.directory.addressees(meaning for meaning, _name in meanings)
        new = (f"“{name}”" for meaning, name in meanings if meaning.startswith("new-"))
        return Addressees((*known.parties, *new), known.bodies)

    @cached_property
    def _meaning_by_key(self) -> dict[str, str]:
        return {name.key: name.meaning for name in self.names}

    def is_taken(self, change: Change) -> bool:
        """Whether a change is taken over: as somebody chose, else where it is of a draft."""
        if not change.may_be_taken or change.key in self.decisions.kept:
            return False
        return change.key in self.decisions.taken or change.is_chosen_by_itself

    @property
    def mark(self) -> str:
        """Return what tells whether something else would come of it by now."""
        facts = [
            sorted(self.n_new.items()),
            [(change.key, change.was, change.becomes) for change in self.changes],
            sorted(action.pk for action in self.gone),
            [(name.key, name.meaning) for name in self.names],
        ]
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def mapping_of(kept: TableImport) -> Mapping:
    """Return what the columns of an upload mean. Raises UnreadableTable."""
    if (mapping := mapping_from_json(kept.mapping)) is None:
        raise UnreadableTable(
            _("The table that was kept cannot be read any more. Give it up and upload it again.")
        )
    return mapping


def plan_of(kept: TableImport) -> Plan:
    """Return what would come of an upload as it is decided now. Raises UnreadableTable."""
    mapping, decisions = mapping_of(kept), decisions_from_json(kept.decisions)
    sheet = unpacked(kept.table).sheet(mapping.sheet)
    skipped = set(decisions.rows)
    reader, rows, ones = _read(sheet, mapping, skipped)
    if wrong := {p.row for p in _decided(reader, decisions) if not p.is_optional} - skipped:
        skipped |= wrong
        reader, rows, ones = _read(sheet, mapping, skipped)
    plan = Plan(reader, mapping, decisions, rows, ones, skipped=skipped)
    _find_reports(plan, kept)
    _find_names(plan)
    _check_rows(plan)
    _count_statuses(plan)
    compare(plan)
    check_lengths(plan.reader, plan.recommendations, _is_here(plan))
    return plan


def _read(
    sheet, mapping: Mapping, skipped: Collection[int]
) -> tuple[Reader, list[ReadRow], list[ReadRecommendation]]:
    reader = Reader(sheet, mapping, skipped)
    rows = list(reader.rows())
    return reader, rows, breakdown_of(reader, rows)


def _decided(reader: Reader, decisions: Decisions) -> list[Problem]:
    return [one for one in reader.problems if one.group in decisions.groups]


def _is_here(plan: Plan) -> set[tuple[int, str]]:
    """Return the rows whose headline or title is here already, in whichever words."""
    changed = {(change.row, change.name) for change in plan.changes}
    found = {
        (row, name)
        for matches in plan.matches.values()
        for name, rows in (("headline", matches.whole), ("title", matches.part))
        for row in rows
    }
    return found - changed


# Reports ----------------------------------------------------------------------------------------


def _find_reports(plan: Plan, kept: TableImport) -> None:
    names = {folded(row.report): row.report for row in plan.rows}
    counts = Counter(one.report for one in plan.recommendations)
    by_name = _reports_by_name()
    is_one = plan.mapping.reports == "one"
    for key, n in counts.items():
        choice = plan.decisions.reports.get(key, ReportChoice())
        report = kept.report if is_one else by_name.get(key)
        if choice.slug:
            report = by_name.get(choice.slug)
        elif choice.title:
            report = None
        plan.reports.append(NamedReport(key, names.get(key, ""), choice, report, n))


def _reports_by_name() -> dict[str, Report]:
    """Return the reports by their slugs, and by titles that no two of them share (a query)."""
    found: dict[str, Report] = {}
    titles: dict[str, list[Report]] = defaultdict(list)
    for report in Report.objects.filter(until_edition__isnull=True):
        titles[folded(report.title)].append(report)
        found[report.slug] = report
    return {key: ones[0] for key, ones in titles.items() if len(ones) == 1} | found


# Names, dates, statuses -------------------------------------------------------------------------


def _find_names(plan: Plan) -> None:
    reports = [one.report for one in plan.reports if one.report]
    plan.directory = Directory.of(reports)
    own = set(plan.decisions.parties)
    for report in reports[:1] if len(reports) == 1 else []:
        own |= own_parties(report)
    plan.own = own
    rows = [action.said for one in plan.recommendations for action in one.actions]
    for key, (spelling, n) in names_in(rows).items():
        about: list[Report | None] = [*reports] or [None]
        known = {plan.directory.meaning_of(key, report, own) for report in about}
        meaning = plan.decisions.owners.get(key) or (known.pop() if len(known) == 1 else "")
        plan.names.append(Name(key, spelling, n, meaning))


def _check_rows(plan: Plan) -> None:
    days = {
        one.key: first_day(one.report.published_on, one.report.published_precision)
        if one.report
        else one.choice.published_on
        for one in plan.reports
    }
    check_dates(plan.reader, plan.recommendations, days, on=today())
    plan.areas = {area.slug: area for area in PolicyArea.objects.all()}
    look_up(plan.reader, plan.recommendations, plan.areas.values())


def _count_statuses(plan: Plan) -> None:
    for one in plan.recommendations:
        for action in one.actions:
            if word := action.said.status:
                spelling, n = plan.statuses.get(folded(word), (word, 0))
                plan.statuses[folded(word)] = (spelling, n + 1)
