"""What a made-up report contains, before any text is written and any row has its key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from recommendations.statuses import EvidenceKind
from recommendations.statuses.evidence import SETTLED

from . import words
from .history import SampleStep, history
from .people import Named, SampleCast
from .plan import PlannedEdition, Size, numbers_of_actions, places_of

STRONG = [str(EvidenceKind.PRIMARY), str(EvidenceKind.OFFICIAL)]
KINDS = [*STRONG, str(EvidenceKind.INDEPENDENT), str(EvidenceKind.PRESS)]
AREAS = (1, 2, 3, 4), (60, 25, 10, 5)
# One in so many actions has a draft that waits, and one in so many recommendations a report.
WORK, REPORTED = 50, 100
WAITING = ("draft", "submitted", "returned")


@dataclass(slots=True)
class Told:
    """An update: its step, and of which kinds its items of evidence are."""

    step: SampleStep
    kinds: list[str]


@dataclass(slots=True)
class SampleAction:
    recommendation: int
    number: int
    topic: str
    known_words: list[str]
    is_verifiable: bool
    parties: list[Named]
    bodies: list[int]
    deadline: dict[str, Any] | None
    told: list[Told]
    # What staff have in hand, with its state.
    draft: tuple[Told, str] | None = None


@dataclass(slots=True)
class SampleReport:
    number: int
    is_last: bool
    editions: Sequence[PlannedEdition]
    areas: list[list[int]]
    topics: list[str]
    actions: list[SampleAction]

    @property
    def added_on(self) -> date:
        return self.editions[0].at.date()

    @property
    def published_on(self) -> date:
        return published_on(self.editions)

    def updates(self) -> Iterator[Told]:
        for action in self.actions:
            yield from action.told
            if action.draft:
                yield action.draft[0]


def published_on(editions: Sequence[PlannedEdition]) -> date:
    return editions[0].at.date() - timedelta(days=500)


def sample_report(
    rng: Random, size: Size, *, number: int, editions: Sequence[PlannedEdition], known: SampleCast
) -> SampleReport:
    """Draw a report. `editions` are its own, that which adds it first."""
    report = SampleReport(
        number,
        number == size.reports,
        editions,
        areas=[
            known.areas.draw_different(rng, rng.choices(*AREAS)[0])
            for _n in range(size.recommendations)
        ],
        topics=[words.TOPICS[n % len(words.TOPICS)] for n in range(size.recommendations)],
        actions=[],
    )
    days = [(one.number, one.at.date()) for one in editions]
    for place, n_actions in enumerate(numbers_of_actions(rng, size)):
        for letter in range(1, n_actions + 1):
            action = _action(rng, place, letter, report.published_on, known)
            chosen = [days[n] for n in places_of(rng, len(report.actions), size)]
            steps = history(rng, editions=chosen, since=report.published_on)
            action.told = [Told(step, _kinds(rng, step)) for step in steps]
            if len(report.actions) % WORK == 0:
                state = WAITING[len(report.actions) // WORK % len(WAITING)]
                action.draft = (_draft(rng, steps, days[-1][1]), state)
            report.actions.append(action)
    return report


def _action(rng: Random, place: int, letter: int, since: date, known: SampleCast) -> SampleAction:
    parties = known.parties(rng)
    bodies = known.bodies[rng.choice(parties).pk]
    return SampleAction(
        recommendation=place,
        number=letter,
        topic=rng.choice(words.TOPICS),
        known_words=words.known_words(rng),
        is_verifiable=rng.random() > 0.05,
        parties=parties,
        bodies=bodies.draw(rng, 1) if rng.random() < 0.6 else [],
        deadline=_deadline(rng, since) if rng.random() < 0.3 else None,
        told=[],
    )


def _deadline(rng: Random, since: date) -> dict[str, Any]:
    precision = rng.choice(("day", "day", "month", "quarter", "year", "fiscal_year_japan"))
    on = since + timedelta(days=rng.randint(200, 1_500))
    stated = {"origin": "report", "on": on, "precision": precision}
    if rng.random() < 0.8:
        return stated
    source = {"publisher": "Sample Ministry", "url": "https://example.org/target"}
    return stated | source | {"origin": "official", "stated_on": since}


def _kinds(rng: Random, step: SampleStep) -> list[str]:
    if not step.has_items:
        return []
    first = STRONG if step.status in SETTLED else KINDS
    return [rng.choice(first), *rng.choices(KINDS, k=rng.choice((0, 0, 1, 2)))]


def _draft(rng: Random, steps: Sequence[SampleStep], today: date) -> Told:
    before = steps[-1].status if steps else "not_assessed"
    step = SampleStep(0, today, "partly", before, today, "day", today, has_items=True)
    return Told(step, _kinds(rng, step))
