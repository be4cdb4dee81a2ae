"""Histories as pure functions.

A `Claim` is a published update, a `Span` a stretch of days with one status as one edition tells
it, a `ToldSpan` a span together with the editions that told it so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from recommendations.edition_span import EditionSpan
from recommendations.statuses import Status, fallen_from, progress, rule_for


@dataclass(frozen=True, slots=True)
class Claim:
    update_id: int
    status: str
    effective_day: date
    edition: int
    ended_in: int | None = None

    @property
    def counts(self) -> EditionSpan:
        return EditionSpan(self.edition, self.ended_in)


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts_on` until `ends_on` (exclusive; None: it still holds)."""

    status: str
    starts_on: date
    ends_on: date | None
    update_id: int | None = None
    fell_from: str = ""


# What an edition tells of a stretch of days: a status, or what one rests on.
AnySpan = TypeVar("AnySpan")


@dataclass(frozen=True, slots=True)
class ToldSpan(Generic[AnySpan]):
    span: AnySpan
    from_edition: int
    until_edition: int | None = None

    @property
    def told(self) -> EditionSpan:
        return EditionSpan(self.from_edition, self.until_edition)


AnyClaim = TypeVar("AnyClaim", bound=Claim)


def decisive(claims: Iterable[AnyClaim]) -> list[AnyClaim]:
    """Return the claim that holds from each day on, oldest first: of one day, the later edition."""
    by_day = {}
    for claim in sorted(claims, key=lambda c: (c.effective_day, c.edition, c.update_id)):
        by_day[claim.effective_day] = claim
    return list(by_day.values())


def spans_of(claims: Iterable[Claim]) -> list[Span]:
    """Return the spans of one action, oldest first, of the claims that count.

    A claim that repeats the status before it only confirms it and starts no span.
    """
    starts: list[Claim] = []
    for claim in decisive(claims):
        if not starts or starts[-1].status != claim.status:
            starts.append(claim)
    ends: list[date | None] = [claim.effective_day for claim in starts[1:]]
    return _with_falls(
        Span(claim.status, claim.effective_day, ends_on, claim.update_id)
        for claim, ends_on in zip(starts, [*ends, None], strict=False)
    )


def _with_falls(spans: Iterable[Span]) -> list[Span]:
    """Say of each span, oldest first, what it has fallen from."""
    marked, furthest = [], str(Status.NOT_ASSESSED)
    for span in spans:
        marked.append(replace(span, fell_from=fallen_from(furthest, span.status)))
        furthest = max(furthest, span.status, key=progress)
    return marked


def status_on(spans: Sequence[Span], on: date) -> str:
    """Return the status that the spans of one action or recommendation give for a day."""
    for span in reversed(spans):
        if span.starts_on <= on:
            if span.ends_on is None or on < span.ends_on:
                return span.status
            break
    return Status.NOT_ASSESSED


def rolled_up_spans(actions: Sequence[Sequence[Span]]) -> list[Span]:
    """Return the spans of a recommendation from those of its verifiable actions."""
    changes: list[tuple[date, str]] = []
    for day, found in _statuses_by_day(actions):
        status = str(rule_for(found)[0])
        if not changes or changes[-1][1] != status:
            changes.append((day, status))
    ends: list[date | None] = [day for day, _status in changes[1:]]
    return _with_falls(
        Span(status, day, ends_on)
        for (day, status), ends_on in zip(changes, [*ends, None], strict=False)
    )


def _statuses_by_day(
    actions: Sequence[Sequence[Span]],
) -> Iterator[tuple[date, frozenset[str]]]:
    """Yield each day on which a span starts, and which statuses the actions have on it.

    It goes through the days once. What starts last holds until its end: status_on() says the same
    of one action and one day.
    """
    starts: dict[date, dict[int, Span]] = defaultdict(dict)
    for n, spans in enumerate(actions):
        for span in spans:
            starts[span.starts_on][n] = span
    holding: dict[int, Span] = {}
    for day in sorted(starts):
        holding |= starts[day]
        found = {
            span.status if span.ends_on is None or day < span.ends_on else Status.NOT_ASSESSED
            for span in holding.values()
        }
        without_any = {Status.NOT_ASSESSED} if len(holding) < len(actions) else set()
        yield day, frozenset(str(status) for status in found | without_any)


def replay(
    editions: Iterable[int],
    spans_at: Callable[[int], Iterable[AnySpan]],
    *,
    told: Mapping[AnySpan, int] | None = None,
) -> list[ToldSpan[AnySpan]]:
    """Return the rows that publishing edition after edition leaves behind.

    `told` are the spans that the edition before these told, each with the first that did.
    """
    still = dict(told or {})
    closed: list[ToldSpan[AnySpan]] = []
    for edition in sorted(set(editions)):
        spans = set(spans_at(edition))
        for span in [span for span in still if span not in spans]:
            closed.append(ToldSpan(span, still.pop(span), edition))
        for span in spans - set(still):
            still[span] = edition
    return closed + [ToldSpan(span, edition) for span, edition in still.items()]


def editions_of(claims: Iterable[Claim]) -> set[int]:
    """Return the editions in which a claim came or went."""
    bounds = {bound for claim in claims for bound in (claim.edition, claim.ended_in)}
    return {edition for edition in bounds if edition is not None}


def action_rows(claims: Collection[Claim]) -> list[ToldSpan[Span]]:
    return replay(
        editions_of(claims), lambda n: spans_of(c for c in claims if c.counts.holds_in(n))
    )


@dataclass(frozen=True, slots=True)
class CountedAction:
    """What the history of a recommendation has to know of one of its actions."""

    rows: tuple[ToldSpan[Span], ...]
    counted: EditionSpan
    verifiable: tuple[EditionSpan, ...]

    def counts_in(self, edition: int) -> bool:
        return self.counted.holds_in(edition) and any(
            span.holds_in(edition) for span in self.verifiable
        )

    def spans_in(self, edition: int) -> list[Span]:
        spans = [row.span for row in self.rows if row.told.holds_in(edition)]
        return sorted(spans, key=lambda span: span.starts_on)

    @property
    def editions(self) -> set[int]:
        spans = [self.counted, *self.verifiable, *(row.told for row in self.rows)]
        bounds = {bound for span in spans for bound in (span.first, span.until)}
        return {edition for edition in bounds if edition is not None}


def rolled_up_in(edition: int, actions: Iterable[CountedAction]) -> list[Span]:
    """Return the spans that an edition tells of a recommendation with these actions."""
    return rolled_up_spans([one.spans_in(edition) for one in actions if one.counts_in(edition)])


def recommendation_rows(actions: Collection[CountedAction]) -> list[ToldSpan[Span]]:
    editions = set().union(*(action.editions for action in actions)) if actions else set()
    return replay(editions, lambda edition: rolled_up_in(edition, actions))
