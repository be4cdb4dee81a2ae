"""The rows of a made-up report itself, as drafted: sections, recommendations, actions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from random import Random

from recommendations.models import (
    Action,
    ActionBody,
    Assignment,
    Deadline,
    ReaderReport,
    Recommendation,
    Report,
    Section,
    VerifiabilityPeriod,
)
from recommendations.models.action import ActionKind
from recommendations.statuses import REVIEW_INTERVAL, addressee_of, last_day

from . import words
from .numbering import AREAS, PARTIES, SECTIONS
from .outline import REPORTED, SampleAction, SampleReport
from .people import GROUPS, SampleCast
from .rows import Rows
from .tables import Row
from .vocabulary import ONLY_ONCE

KINDS = [str(kind) for kind in ActionKind]


def slug_of(seed: int, number: int) -> str:
    return f"sample-{seed}-{number}"


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def add_texts(
    rows: Rows, rng: Random, report: SampleReport, *, seed: int, at: datetime, known: SampleCast
) -> None:
    """Add what is worded, each with the first line of its history. `at` is when it was drafted."""
    _add_report(rows, rng, report, seed=seed, at=at)
    _add_sections(rows, at=at, known=known)
    for place, areas in enumerate(report.areas):
        _add_recommendation(rows, rng, report, place, areas, at=at)
    for action in report.actions:
        _add_action(rows, rng, report, action, at=at)
    today = report.editions[-1].at.date()
    for row in rows.of[Recommendation][::REPORTED]:
        rows.add(
            ReaderReport,
            recommendation_id=row["id"],
            kind="error",
            message=f"The date seems to be wrong. {words.SAMPLE}",
            received_at=at_noon(today),
        )


def _add_report(rows: Rows, rng: Random, report: SampleReport, *, seed: int, at: datetime) -> None:
    row = rows.add(
        Report,
        slug=slug_of(seed, report.number),
        title=f"Sample report {report.number}",
        subtitle="Made up to measure and to try out",
        publisher="Sample institute",
        published_on=report.published_on,
        url=f"https://example.org/reports/{report.number}",
        summary=f"Nothing in it is true. {words.summary(rng)}",
        from_edition_id=report.editions[0].number,
    )
    rows.add_line(Report, row, at=at)


def _add_sections(rows: Rows, *, at: datetime, known: SampleCast) -> None:
    [report] = rows.of[Report]
    for n in range(1, SECTIONS + 1):
        row = rows.add(
            Section, report_id=report["id"], slug=f"part-{n}", title=f"Part {n}", position=n
        )
        rows.add_line(Section, row, at=at)
        analyst = known.analysts[(n - 1) % len(known.analysts)]
        rows.add(Assignment, analyst_id=analyst, section_id=row["id"])


def _add_recommendation(
    rows: Rows, rng: Random, report: SampleReport, place: int, areas: list[int], *, at: datetime
) -> None:
    section = rows.of[Section][place * SECTIONS // len(report.areas)]
    row = rows.add(
        Recommendation,
        report_id=section["report_id"],
        section_id=section["id"],
        number=f"{section['position']}.{place + 1}",
        slug=f"recommendation-{place + 1}",
        position=place + 1,
        headline=words.headline(rng, report.topics[place]),
        summary=f"The report asks for this in its own words. {words.summary(rng)}",
        from_edition_id=report.editions[0].number,
    )
    line = rows.add_line(Recommendation, row, at=at)
    for area in areas:
        rows.add_link(Recommendation, AREAS, line, recommendation_id=row["id"], policyarea_id=area)


def _add_action(
    rows: Rows, rng: Random, report: SampleReport, action: SampleAction, *, at: datetime
) -> None:
    known = action.known_words
    if report.is_last and not rows.of[Action]:
        known = [*known, ONLY_ONCE]
    stated = action.deadline
    looked_on = action.told[-1].step.day_of if action.told else report.added_on
    row = rows.add(
        Action,
        recommendation_id=rows.of[Recommendation][action.recommendation]["id"],
        number=action.number,
        slug=f"action-{action.number}",
        title=words.action_title(rng, action.topic, known),
        kind=rng.choice(KINDS),
        place=f"Page {rng.randint(1, 60)}",
        is_verifiable=action.is_verifiable,
        verifiability_note="" if action.is_verifiable else "It names no measure.",
        from_edition_id=report.editions[0].number,
        review_due_on=looked_on + REVIEW_INTERVAL,
        first_review_due_on=report.added_on + REVIEW_INTERVAL,
        addressee=addressee_of((party.slug for party in action.parties), GROUPS),
        due_on=last_day(stated["on"], stated["precision"]) if stated else None,
    )
    _add_surroundings(rows, row, action, at=at)


def _add_surroundings(rows: Rows, row: Row, action: SampleAction, *, at: datetime) -> None:
    line = rows.add_line(Action, row, at=at)
    for party in action.parties:
        rows.add_link(Action, PARTIES, line, action_id=row["id"], party_id=party.pk)
    for body in action.bodies:
        rows.add(ActionBody, action_id=row["id"], body_id=body, basis="implied")
    if action.deadline:
        rows.add(Deadline, action_id=row["id"], **action.deadline)
    rows.add(
        VerifiabilityPeriod,
        action_id=row["id"],
        is_verifiable=action.is_verifiable,
        from_edition_id=row["from_edition_id"],
    )
