"""How two codings of the same actions agree, and what became of their differences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.models import Action, Coding, Report
from recommendations.record import Record
from recommendations.statuses.agreement import (
    NOT_VERIFIABLE,
    Agreement,
    Coder,
    agreement,
    is_assessed,
)


@dataclass(frozen=True)
class CodedAction:
    """The codings of one action; what the adjudicator decided is None where nobody did."""

    action: Action
    first: Coding
    second: Coding
    adjudicated: Coding | None

    @property
    def is_same(self) -> bool:
        return self.first.status == self.second.status

    @property
    def is_assessed_twice(self) -> bool:
        return is_assessed(self.first.status) and is_assessed(self.second.status)

    @property
    def is_verifiable(self) -> bool:
        return NOT_VERIFIABLE not in (self.first.status, self.second.status)


@dataclass(frozen=True)
class ReportAgreement:
    """The two codings of a report.

    `blind` is of the actions to which both coders gave a status, `with_unassessed` of all
    verifiable ones, `published` of the first coding with what was decided in the end.
    """

    report: Report
    coded: list[CodedAction]
    blind: Agreement
    with_unassessed: Agreement
    published: Agreement

    @property
    def differing(self) -> list[CodedAction]:
        return [one for one in self.coded if not one.is_same]

    @property
    def n_only_second(self) -> int:
        return self.with_unassessed.n - self.blind.n


def agreements_of(record: Record) -> list[ReportAgreement]:
    """Return the agreement of each report that was coded twice, as the viewpoint knows it.

    Of several codings by one coder the newest counts. One query.
    """
    found: dict[Action, dict[str, Coding]] = {}
    codings = record.codings().filter(person__isnull=True)
    codings = codings.select_related("action__recommendation__report", "edition")
    for coding in codings.in_report_order():
        found.setdefault(coding.action, {})[coding.coder] = coding
    by_report: dict[Report, list[CodedAction]] = {}
    for action, coders in found.items():
        if Coder.FIRST in coders and Coder.SECOND in coders:
            coded = CodedAction(
                action,
                coders[Coder.FIRST],
                coders[Coder.SECOND],
                coders.get(Coder.ADJUDICATED),
            )
            by_report.setdefault(action.recommendation.report, []).append(coded)
    return [_agreement_of(report, coded) for report, coded in by_report.items()]


def _agreement_of(report: Report, coded: list[CodedAction]) -> ReportAgreement:
    twice = [one for one in coded if one.is_assessed_twice]
    verifiable = [one for one in coded if one.is_verifiable]
    decided = [
        (one.first.status, one.adjudicated.status)
        for one in coded
        if one.adjudicated and is_assessed(one.first.status) and is_assessed(one.adjudicated.status)
    ]
    return ReportAgreement(
        report, coded, _of_pairs(twice), _of_pairs(verifiable), agreement(decided)
    )


def _of_pairs(coded: Iterable[CodedAction]) -> Agreement:
    return agreement([(one.first.status, one.second.status) for one in coded])


# Under so many pairs kappa says nothing.
LEAST_PAIRS = 10


@dataclass(frozen=True)
class PeopleAgreement:
    """How people who coded a report again agreed with what stood; `same_period` counts those
    that agree also since when it holds. Under LEAST_PAIRS pairs there is no kappa."""

    report: Report
    blind: Agreement
    same_period: int

    @property
    def has_kappa(self) -> bool:
        return self.blind.n >= LEAST_PAIRS


def agreements_of_people(record: Record) -> list[PeopleAgreement]:
    """Return them by report, never pooled with those of research files (one query).

    An edition of the past knows what was published by then; the present, all that was coded.
    """
    by_report: dict[Report, list[Coding]] = {}
    codings = record.codings_of_people().select_related(
        "action__recommendation__report", "compared_with"
    )
    for coding in codings.in_report_order():
        by_report.setdefault(coding.action.recommendation.report, []).append(coding)
    return [
        PeopleAgreement(
            report,
            agreement([(one.first_status, one.status) for one in found]),
            sum(one.is_same for one in found),
        )
        for report, found in by_report.items()
    ]
