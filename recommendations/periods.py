"""Status history to periods: what is derived from the published updates, and its upkeep.

The first half is pure. A `Claim` is a published update, a `Span` a stretch of days with one
status as one edition tells it, a `Row` a span together with the editions that told it so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from .models import Action, Recommendation, StatusPeriod, StatusUpdate, VerifiabilityPeriod
from .statuses import Status, roll_up


@dataclass(frozen=True, slots=True)
class Claim:
    update_id: int
    status: str
    effective_day: date
    edition: int
    ended_in: int | None = None

    def counts_in(self, edition: int) -> bool:
        return self.edition <= edition and (self.ended_in is None or self.ended_in > edition)


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts_on` until `ends_on` (exclusive; None: it still holds)."""

    status: str
    starts_on: date
    ends_on: date | None
    update_id: int | None = None
    is_lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    span: Span
    from_edition: int
    until_edition: int | None = None

    def is_told_by(self, edition: int) -> bool:
        return self.from_edition <= edition and (
            self.until_edition is None or self.until_edition > edition
        )


def spans_of(claims: Iterable[Claim]) -> list[Span]:
    """Return the spans of one action, oldest first, of the claims that count.

    Of one effective day the later edition holds. A claim that repeats the status before it only
    confirms it and starts no span.
    """
    by_day = {}
    for claim in sorted(claims, key=lambda c: (c.effective_day, c.edition, c.update_id)):
        by_day[claim.effective_day] = claim
    starts: list[Claim] = []
    for claim in by_day.values():
        if not starts or starts[-1].status != claim.status:
            starts.append(claim)
    ends: list[date | None] = [claim.effective_day for claim in starts[1:]]
    spans, was_implemented = [], False
    for claim, ends_on in zip(starts, [*ends, None], strict=False):
        is_implemented = claim.status == Status.IMPLEMENTED
        spans.append(
            Span(
                claim.status,
                claim.effective_day,
                ends_on,
                claim.update_id,
                is_lapsed=was_implemented and not is_implemented,
            )
        )
        was_implemented = was_implemented or is_implemented
    return spans


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
    days = sorted({span.starts_on for spans in actions for span in spans})
    changes: list[tuple[date, str]] = []
    for day in days:
        status = str(roll_up(status_on(spans, day) for spans in actions).status)
        if not changes or changes[-1][1] != status:
            changes.append((day, status))
    ends: list[date | None] = [day for day, _status in changes[1:]]
    return [
        Span(status, day, ends_on)
        for (day, status), ends_on in zip(changes, [*ends, None], strict=False)
    ]


def replay(editions: Iterable[int], spans_at: Callable[[int], Iterable[Span]]) -> list[Row]:
    """Return the rows that publishing edition after edition leaves behind."""
    told: dict[Span, int] = {}
    closed: list[Row] = []
    for edition in sorted(set(editions)):
        spans = set(spans_at(edition))
        for span in [span for span in told if span not in spans]:
            closed.append(Row(span, told.pop(span), edition))
        for span in spans - set(told):
            told[span] = edition
    return closed + [Row(span, edition) for span, edition in told.items()]


def action_rows(claims: Collection[Claim]) -> list[Row]:
    editions = [claim.edition for claim in claims]
    editions += [claim.ended_in for claim in claims if claim.ended_in is not None]
    return replay(editions, lambda n: spans_of(c for c in claims if c.counts_in(n)))


@dataclass(frozen=True, slots=True)
class CountedAction:
    """What the history of a recommendation has to know of one of its actions."""

    rows: tuple[Row, ...]
    from_edition: int
    until_edition: int | None
    verifiable: tuple[tuple[int, int | None], ...]

    def counts_in(self, edition: int) -> bool:
        stays = self.until_edition is None or self.until_edition > edition
        return self.from_edition <= edition and stays and self._is_verifiable_in(edition)

    def _is_verifiable_in(self, edition: int) -> bool:
        return any(
            start <= edition and (end is None or end > edition) for start, end in self.verifiable
        )

    def spans_in(self, edition: int) -> list[Span]:
        spans = [row.span for row in self.rows if row.is_told_by(edition)]
        return sorted(spans, key=lambda span: span.starts_on)

    @property
    def editions(self) -> set[int]:
        bounds = {self.from_edition, self.until_edition}
        for row in self.rows:
            bounds |= {row.from_edition, row.until_edition}
        for start, end in self.verifiable:
            bounds |= {start, end}
        return {edition for edition in bounds if edition is not None}


def recommendation_rows(actions: Collection[CountedAction]) -> list[Row]:
    editions = set().union(*(action.editions for action in actions)) if actions else set()
    return replay(
        editions,
        lambda n: rolled_up_spans([a.spans_in(n) for a in actions if a.counts_in(n)]),
    )


# Stored -----------------------------------------------------------------------------------------


def expected_action_rows(action_ids: Collection[int]) -> dict[int, list[Row]]:
    """Return the rows of these actions, derived from the published updates (one query)."""
    claims: dict[int, list[Claim]] = {action_id: [] for action_id in action_ids}
    updates = StatusUpdate.objects.published().filter(action__in=action_ids)
    for action_id, *facts in updates.values_list(
        "action_id", "pk", "status", "effective_day", "edition_id", "ended_in_edition_id"
    ):
        claims[action_id].append(Claim(*facts))
    return {action_id: action_rows(of_action) for action_id, of_action in claims.items()}


def expected_recommendation_rows(recommendation_ids: Collection[int]) -> dict[int, list[Row]]:
    """Return the rows of these recommendations, from the stored rows of their actions."""
    actions = list(
        Action.objects.filter(
            recommendation__in=recommendation_ids, from_edition__isnull=False
        ).values_list("pk", "recommendation_id", "from_edition_id", "until_edition_id")
    )
    rows = stored_rows(Q(action__in=[action[0] for action in actions]), "action_id")
    verifiable = defaultdict(list)
    for action_id, *bounds in VerifiabilityPeriod.objects.filter(
        action__recommendation__in=recommendation_ids, is_verifiable=True
    ).values_list("action_id", "from_edition_id", "until_edition_id"):
        verifiable[action_id].append(tuple(bounds))
    counted: dict[int, list[CountedAction]] = {pk: [] for pk in recommendation_ids}
    for pk, recommendation_id, start, end in actions:
        counted[recommendation_id].append(
            CountedAction(tuple(rows.get(pk, ())), start, end, tuple(verifiable[pk]))
        )
    return {pk: recommendation_rows(of_one) for pk, of_one in counted.items()}


def stored_rows(condition: Q, owner: str) -> dict[int, dict[Row, list[int]]]:
    """Return the stored rows as {owner id: {row: primary keys}}; an undamaged row has one."""
    found: dict[int, dict[Row, list[int]]] = defaultdict(lambda: defaultdict(list))
    for period in StatusPeriod.objects.filter(condition).order_by("pk"):
        span = Span(
            period.status,
            period.starts_on,
            period.ends_on,
            period.update_id,
            is_lapsed=period.is_lapsed,
        )
        row = Row(span, period.from_edition_id, period.until_edition_id)
        found[getattr(period, owner)][row].append(period.pk)
    return found


def store(expected: dict[int, list[Row]], owner: str) -> None:
    """Make the stored rows those expected: close, open and, where damaged, remove."""
    stored = stored_rows(Q(**{f"{owner}__in": list(expected)}), owner)
    stale: dict[tuple[int, Span, int], list[int]] = defaultdict(list)
    damaged: list[int] = []
    missing: list[tuple[int, Row]] = []
    for owner_id, rows in expected.items():
        found = stored.get(owner_id, {})
        for row, pks in found.items():
            if row not in rows:
                stale[owner_id, row.span, row.from_edition] += pks
            damaged += pks[1:] if row in rows else []
        missing += [(owner_id, row) for row in rows if row not in found]
    new = []
    for owner_id, row in missing:
        if pks := stale.get((owner_id, row.span, row.from_edition)):
            StatusPeriod.objects.filter(pk=pks.pop()).update(until_edition=row.until_edition)
        else:
            new.append(_period(owner, owner_id, row))
    damaged += [pk for pks in stale.values() for pk in pks]
    StatusPeriod.objects.filter(pk__in=damaged).delete()
    StatusPeriod.objects.bulk_create(new, batch_size=500)


def _period(owner: str, owner_id: int, row: Row) -> StatusPeriod:
    return StatusPeriod(
        **{owner: owner_id},
        status=row.span.status,
        starts_on=row.span.starts_on,
        ends_on=row.span.ends_on,
        update_id=row.span.update_id,
        is_lapsed=row.span.is_lapsed,
        from_edition_id=row.from_edition,
        until_edition_id=row.until_edition,
    )


def refresh(*, action_ids: Collection[int], recommendation_ids: Collection[int]) -> None:
    """Bring periods and denormalised columns of these rows in line with the record."""
    expected = expected_action_rows(action_ids)
    store(expected, "action_id")
    _write_columns(Action, action_columns(expected))
    rows = expected_recommendation_rows(recommendation_ids)
    store(rows, "recommendation_id")
    _write_columns(Recommendation, {pk: current_status(of_one) for pk, of_one in rows.items()})


def current_status(rows: Iterable[Row]) -> dict[str, object]:
    """Return the columns that repeat the newest edition's present status."""
    for row in rows:
        if row.until_edition is None and row.span.ends_on is None:
            return {"status": row.span.status, "status_since": row.span.starts_on}
    return {"status": str(Status.NOT_ASSESSED), "status_since": None}


def action_columns(expected: dict[int, list[Row]]) -> dict[int, dict[str, object]]:
    """Return the derived columns of each action, by primary key (one query)."""
    reviewed = last_reviews(expected)
    columns = {}
    for pk, rows in expected.items():
        told = [row.span for row in rows if row.until_edition is None]
        implemented = [s.starts_on for s in told if s.status == Status.IMPLEMENTED]
        columns[pk] = {
            **current_status(rows),
            "is_lapsed": any(span.is_lapsed and span.ends_on is None for span in told),
            "implemented_on": min(implemented, default=None),
            "last_reviewed_on": reviewed.get(pk),
        }
    return columns


def last_reviews(action_ids: Iterable[int]) -> dict[int, date]:
    """Return the day on which each action was last looked at: of the search, else published.

    The day on which a baseline was loaded is no review of it.
    """
    last: dict[int, date] = {}
    updates = StatusUpdate.objects.counting().filter(action__in=list(action_ids))
    for pk, searched_on, published_at, is_baseline in updates.values_list(
        "action_id", "searched_on", "published_at", "is_baseline"
    ):
        day = searched_on or (None if is_baseline else published_at.date())
        if day:
            last[pk] = max(last.get(pk, day), day)
    return last


def _write_columns(model, columns: dict[int, dict[str, object]]) -> None:
    instances = [model(pk=pk, **values) for pk, values in columns.items()]
    if instances:
        model.objects.bulk_update(instances, list(next(iter(columns.values()))), batch_size=200)
