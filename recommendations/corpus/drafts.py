"""The rows of one made-up report, all of them drafts: what publishing stamps comes later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from random import Random

from recommendations.models import (
    Action,
    ActionBody,
    Assignment,
    Deadline,
    Evidence,
    ReaderReport,
    Recommendation,
    Report,
    Section,
    StatusUpdate,
)
from recommendations.statuses import REVIEW_INTERVAL, EvidenceKind
from recommendations.statuses.evidence import SETTLED

from . import words
from .history import SampleStep, history
from .people import SampleCast
from .plan import PlannedEdition, Size, places_of

SECTIONS = 5
BATCH = 1_000


@dataclass(slots=True)
class Drafted:
    """A report's rows, and each action's updates beside the steps that they tell."""

    report: Report
    recommendations: list[Recommendation] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    told: list[list[tuple[SampleStep, StatusUpdate]]] = field(default_factory=list)


def draft(
    size: Size, *, seed: int, number: int, editions: Sequence[PlannedEdition], known: SampleCast
) -> Drafted:
    """Write a report with all its updates. `editions` are its own, that which adds it first."""
    rng = Random(f"{seed}/{number}")
    added_on = editions[0].at.date()
    drafted = Drafted(_report(seed, number, added_on))
    _recommendations(rng, drafted, size, known)
    _actions(rng, drafted)
    days = [(one.number, one.at.date()) for one in editions]
    for n, action in enumerate(drafted.actions):
        chosen = [days[place] for place in places_of(rng, n, size)]
        steps = history(rng, editions=chosen, since=drafted.report.published_on)
        told = [(step, _update(rng, action, step, f"{seed}-{number}-{n}", known)) for step in steps]
        drafted.told.append(told)
        _set_review(action, steps, added_on)
    _save(Action, drafted.actions)
    _describe_actions(rng, drafted, known)
    _save_updates(rng, drafted)
    _work(rng, drafted, seed=seed, number=number, today=editions[-1].at.date(), known=known)
    return drafted


def _save(model, rows: Sequence | Iterator) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        model.objects.bulk_create(batch)


def _report(seed: int, number: int, added_on: date) -> Report:
    return Report.objects.create(
        slug=slug_of(seed, number),
        title=f"Sample report {number}",
        subtitle="Made up to measure and to try out",
        publisher="Sample institute",
        published_on=added_on - timedelta(days=500),
        url=f"https://example.org/reports/{number}",
        summary=f"Nothing in it is true. {words.SAMPLE}",
    )


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def slug_of(seed: int, number: int) -> str:
    return f"sample-{seed}-{number}"


def _recommendations(rng: Random, drafted: Drafted, size: Size, known: SampleCast) -> None:
    report = drafted.report
    sections = [
        Section(report=report, slug=f"part-{n}", title=f"Part {n}", position=n)
        for n in range(1, SECTIONS + 1)
    ]
    _save(Section, sections)
    for n in range(size.recommendations):
        section = sections[n * SECTIONS // size.recommendations]
        drafted.recommendations.append(
            Recommendation(
                report=report,
                section=section,
                number=f"{section.position}.{n + 1}",
                slug=f"recommendation-{n + 1}",
                position=n + 1,
                headline=words.sample_headline(rng, words.TOPICS[n % len(words.TOPICS)]),
                summary=f"The report asks for this in its own words. {words.SAMPLE}",
            )
        )
    _save(Recommendation, drafted.recommendations)
    through = Recommendation.areas.through
    _save(
        through,
        [
            through(recommendation=one, policyarea=area)
            for one in drafted.recommendations
            for area in rng.sample(known.areas, rng.randint(1, 2))
        ],
    )
    _save(
        Assignment,
        [
            Assignment(analyst=known.analysts[n % len(known.analysts)], section=one)
            for n, one in enumerate(sections)
        ],
    )


def _actions(rng: Random, drafted: Drafted) -> None:
    kinds = [code for code, _label in Action._meta.get_field("kind").flatchoices]
    for recommendation in drafted.recommendations:
        for n in range(1, rng.choice((2, 3, 4, 5, 6)) + 1):
            is_verifiable = rng.random() > 0.05
            drafted.actions.append(
                Action(
                    recommendation=recommendation,
                    number=n,
                    slug=f"action-{n}",
                    title=f"{words.sample_headline(rng, rng.choice(words.TOPICS))} {words.SAMPLE}",
                    kind=rng.choice(kinds),
                    place=f"Page {rng.randint(1, 60)}",
                    is_verifiable=is_verifiable,
                    verifiability_note="" if is_verifiable else "It names no measure.",
                )
            )


def _set_review(action: Action, steps: Sequence[SampleStep], added_on: date) -> None:
    looked_on = steps[-1].day_of if steps else added_on
    action.review_due_on = looked_on + REVIEW_INTERVAL


def _describe_actions(rng: Random, drafted: Drafted, known: SampleCast) -> None:
    through = Action.parties.through
    united_states, japan, *others = known.parties
    sets = ([united_states], [japan], [united_states, japan], [japan, *others[:1]])
    chosen = [(action, rng.choice(sets)) for action in drafted.actions]
    _save(through, (through(action=action, party=one) for action, ones in chosen for one in ones))
    _save(
        ActionBody,
        [
            ActionBody(action=action, body=rng.choice(known.bodies), basis="implied")
            for action in drafted.actions
            if rng.random() < 0.6
        ],
    )
    _save(Deadline, (_deadline(rng, one) for one in drafted.actions if rng.random() < 0.3))


def _deadline(rng: Random, action: Action) -> Deadline:
    on = action.recommendation.report.published_on + timedelta(days=rng.randint(200, 1_500))
    precision = rng.choice(("day", "day", "month", "quarter", "year", "fiscal_year_japan"))
    if rng.random() < 0.8:
        return Deadline(action=action, origin="report", on=on, precision=precision)
    return Deadline(
        action=action,
        origin="official",
        on=on,
        precision=precision,
        stated_on=action.recommendation.report.published_on,
        publisher="Sample Ministry",
        url="https://example.org/target",
    )


def _update(
    rng: Random, action: Action, step: SampleStep, reference: str, known: SampleCast
) -> StatusUpdate:
    is_search = step.has_search
    return StatusUpdate(
        slug=f"sample-{reference}-{step.edition}",
        action=action,
        status=step.status,
        status_at_draft=step.status_before,
        effective_on=step.effective_on,
        effective_precision=step.precision,
        note=words.note(rng, step.status, rng.choice(words.TOPICS)),
        search_note="Two official archives, three words each." if is_search else "",
        searched_on=step.day_of - timedelta(days=1) if is_search else None,
        confidence=rng.choice(("", "high", "medium", "low")),
        attribution=rng.choice(("", "report", "aligned", "independent")),
        next_review_on=step.day_of + REVIEW_INTERVAL,
        author=rng.choice(known.analysts),
        correction_reason=rng.choice(words.REASONS) if step.replaces is not None else "",
    )


def _save_updates(rng: Random, drafted: Drafted) -> None:
    """Write updates, then what names them. One that replaces another comes after it."""
    told = [one for of_action in drafted.told for one in of_action]
    _save(StatusUpdate, [update for step, update in told if step.replaces is None])
    for of_action in drafted.told:
        for step, update in of_action:
            if step.replaces is not None:
                update.replaces = of_action[step.replaces][1]
    # A correction may be corrected in its turn: those of later editions come later.
    corrections = sorted(
        (one for one in told if one[0].replaces is not None), key=lambda one: one[0].edition
    )
    for _step, update in corrections:
        update.replaces_id = update.replaces.pk if update.replaces else None
        update.save(force_insert=True)
    _save(Evidence, (item for step, update in told for item in _evidence(rng, step, update)))
    editors, relies_on = StatusUpdate.editors.through, StatusUpdate.relies_on.through
    _save(editors, (editors(statusupdate=one, user_id=one.author_id) for _step, one in told))
    _save(
        relies_on,
        (
            relies_on(from_statusupdate=update, to_statusupdate=of_action[step.relies_on][1])
            for of_action in drafted.told
            for step, update in of_action
            if step.relies_on is not None
        ),
    )


def _evidence(rng: Random, step: SampleStep, update: StatusUpdate) -> Iterator[Evidence]:
    if not step.has_items:
        return
    strong = [EvidenceKind.PRIMARY, EvidenceKind.OFFICIAL]
    kinds = [*strong, EvidenceKind.INDEPENDENT, EvidenceKind.PRESS]
    for position in range(1, rng.choice((1, 1, 2, 3)) + 1):
        must_be_strong = position == 1 and step.status in SETTLED
        yield Evidence(
            update=update,
            position=position,
            kind=rng.choice(strong if must_be_strong else kinds),
            title=f"{words.sample_headline(rng, rng.choice(words.TOPICS))} {words.SAMPLE}",
            publisher=rng.choice(words.PUBLISHERS),
            published_on=min(step.effective_on, step.day_of),
            accessed_on=step.day_of,
            url=f"https://example.org/{update.slug}/{position}",
        )


def _work(
    rng: Random, drafted: Drafted, *, seed: int, number: int, today: date, known: SampleCast
) -> None:
    """Write what staff have in hand: drafts, submissions, what was returned, readers' reports."""
    steps = []
    for n in range(0, len(drafted.actions), 50):
        action, told = drafted.actions[n], drafted.told[n]
        before = told[-1][0].status if told else "not_assessed"
        step = SampleStep(0, today, "partly", before, today, "day", today, has_items=True)
        update = _update(rng, action, step, f"{seed}-{number}-{n}", known)
        update.review_state = ("draft", "submitted", "returned")[n // 50 % 3]
        if update.review_state != "draft":
            update.submitted_at = at_noon(today)
        if update.review_state == "returned":
            update.return_note = f"Which of the two sources says so? {words.SAMPLE}"
        steps.append((step, update))
    _save(StatusUpdate, [update for _step, update in steps])
    _save(Evidence, [item for step, update in steps for item in _evidence(rng, step, update)])
    editors = StatusUpdate.editors.through
    _save(editors, [editors(statusupdate=one, user_id=one.author_id) for _step, one in steps])
    _save(
        ReaderReport,
        [
            ReaderReport(
                recommendation=one,
                kind="error",
                message=f"The date seems to be wrong. {words.SAMPLE}",
                received_at=at_noon(today),
            )
            for one in drafted.recommendations[::100]
        ],
    )
