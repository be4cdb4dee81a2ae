"""Recompute everything derived from the published updates, and name or repair differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db import DatabaseError, connection, models, transaction
from django.db.models import Count, F, Max, Q

from . import breakdown, periods, search
from .models import (
    Action,
    Edition,
    Recommendation,
    RetractionRequest,
    StatusUpdate,
    TrackerState,
    VerifiabilityPeriod,
)
from .publishing.editions import lock_state, touch
from .publishing.updates import cap_of
from .statuses import effective_day, missing_evidence

BATCH = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind` says what is damaged, `where` and `detail` say it of which row."""

    kind: str
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.detail}"


def batches(queryset: models.QuerySet) -> Iterator[list[int]]:
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def differences() -> Iterator[Difference]:
    """Yield every difference between what is stored and what the record implies."""
    yield from _editions()
    yield from _updates()
    for ids in batches(Action.objects.all()):
        yield from _action_columns(ids)
        yield from _rows("period", ids, "action_id", periods.expected_action_rows(ids))
    for ids in batches(Recommendation.objects.all()):
        expected = periods.expected_recommendation_rows(ids)
        yield from _rows("period", ids, "recommendation_id", expected)
        yield from _recommendation_columns(ids, expected)
        yield from _documents(ids)
    yield from _verifiability()
    yield from _orphans()
    yield from _index()


def _editions() -> Iterator[Difference]:
    last = Edition.objects.aggregate(last=Max("number"), n=Count("pk"))
    state = TrackerState.objects.filter(pk=1).first()
    told = state.last_edition if state else 0
    if told != (last["last"] or 0):
        yield Difference("edition", "last edition", f"is {told}, should be {last['last'] or 0}")
    if (last["last"] or 0) != last["n"]:
        yield Difference("edition", "numbers", f"{last['n']} editions up to {last['last']}")


def _updates() -> Iterator[Difference]:
    """Stamps, evidence and four eyes of each published update."""
    updates = StatusUpdate.objects.published().select_related("edition", "replaces", "action")
    updates = updates.prefetch_related("evidence", "relies_on__evidence", "editors")
    for update in updates.iterator(chunk_size=BATCH):
        if update.published_at != update.edition.published_at:
            yield Difference("stamp", update.slug, "published_at is not that of its edition")
        cap = cap_of(update, today=update.published_at.date())
        day = effective_day(update.effective_on, update.effective_precision, cap=cap)
        if update.effective_day != day:
            yield Difference("stamp", update.slug, f"effective day is not {day}")
        if update.reviewer_id and update.reviewer_id in {e.pk for e in update.editors.all()}:
            yield Difference("four eyes", update.slug, "its reviewer saved the draft")
        items = list(update.evidence.all())
        for other in update.relies_on.all():
            items += other.evidence.all()
        missing = missing_evidence(
            update.status,
            [item.as_item for item in items],
            has_search_note=update.has_search_note,
        )
        for sentence in missing:
            yield Difference("evidence", update.slug, sentence)
    corrected = StatusUpdate.objects.published().filter(replaces__isnull=False)
    for update in corrected.exclude(
        replaces__ended_in_edition=F("edition"), replaces__end_reason="corrected"
    ):
        yield Difference("correction", update.slug, "what it replaces has not ended with it")
    ended = StatusUpdate.objects.published().filter(ended_in_edition__isnull=False)
    replaced = StatusUpdate.objects.published().filter(replaces__isnull=False)
    confirmed = RetractionRequest.objects.filter(outcome="confirmed")
    for update in ended.filter(end_reason="corrected").exclude(pk__in=replaced.values("replaces")):
        yield Difference("correction", update.slug, "nothing replaces it")
    for update in ended.filter(end_reason="retracted").exclude(pk__in=confirmed.values("update")):
        yield Difference("retraction", update.slug, "nobody confirmed it")


def _action_columns(ids: list[int]) -> Iterator[Difference]:
    expected = periods.action_columns(periods.expected_action_rows(ids))
    for pk, columns in breakdown.expected_columns(ids).items():
        expected[pk] |= columns
    actions = Action.objects.filter(pk__in=ids).select_related("recommendation")
    yield from _columns(actions, expected)


def _recommendation_columns(ids, rows) -> Iterator[Difference]:
    expected = {pk: periods.current_status(of_one) for pk, of_one in rows.items()}
    yield from _columns(Recommendation.objects.filter(pk__in=ids), expected)


def _columns(instances: Iterable, expected: dict[int, dict[str, object]]) -> Iterator[Difference]:
    for instance in instances:
        for name, value in expected[instance.pk].items():
            if getattr(instance, name) != value:
                yield Difference(
                    "column", str(instance), f"{name} is {getattr(instance, name)}, not {value}"
                )


def _rows(kind: str, ids: list[int], owner: str, expected) -> Iterator[Difference]:
    stored = periods.stored_rows(Q(**{f"{owner}__in": ids}), owner)
    for pk in ids:
        there, wanted = stored.get(pk, {}), set(expected[pk])
        where = f"{owner.removesuffix('_id')} {pk}"
        for row in there.keys() - wanted:
            yield Difference(kind, where, f"does not follow from the record: {_show(row)}")
        for row in wanted - there.keys():
            yield Difference(kind, where, f"is missing: {_show(row)}")
        for row in (row for row, pks in there.items() if len(pks) > 1):
            yield Difference(kind, where, f"is there twice: {_show(row)}")


def _show(row: periods.Row) -> str:
    span = row.span
    return (
        f"{span.status} {span.starts_on}/{span.ends_on or ''} "
        f"editions {row.from_edition}-{row.until_edition or ''}"
    )


def _documents(ids: list[int]) -> Iterator[Difference]:
    stored = search.stored_documents(ids)
    for key, document in search.expected_documents(ids).items():
        found = stored.get(key)
        if found is None or (found.words, found.bigrams) != (document.words, document.bigrams):
            yield Difference("search", f"{key[0]} {key[1]}", "its text is not what is indexed")


def _verifiability() -> Iterator[Difference]:
    """The rows of a published action follow one another, and the open one says what it says."""
    rows = VerifiabilityPeriod.objects.order_by("from_edition_id")
    actions = Action.objects.filter(
        Q(from_edition__isnull=False) | Q(verifiability_periods__isnull=False)
    ).distinct()
    actions = actions.prefetch_related(models.Prefetch("verifiability_periods", rows))
    for action in actions.iterator(chunk_size=BATCH):
        where, said = f"action {action.pk}", list(action.verifiability_periods.all())
        starts = [row.from_edition_id for row in said]
        ends = [row.until_edition_id for row in said]
        if starts != [action.from_edition_id, *ends[:-1]] or ends[-1] is not None:
            yield Difference("verifiable", where, "its periods leave a gap, overlap or end")
        elif said[-1].is_verifiable != action.is_verifiable:
            yield Difference("verifiable", where, "differs from its open period")
        elif any(one.is_verifiable == next_.is_verifiable for one, next_ in pairwise(said)):
            yield Difference("verifiable", where, "a period repeats the one before it")


def _orphans() -> Iterator[Difference]:
    """What foreign keys promise, in case a database was written with them off."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table, row, parent, _n in cursor.execute("PRAGMA foreign_key_check").fetchall():
                yield Difference("orphan", f"{table} {row}", f"points to no row of {parent}")


def _index() -> Iterator[Difference]:
    """The full-text index of SQLite holds what its documents say (PostgreSQL sees to its own)."""
    if connection.vendor != "sqlite":
        return
    check = (
        "INSERT INTO recommendations_search (recommendations_search, rank) "
        "VALUES ('integrity-check', 1)"
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(check)
    except DatabaseError as error:
        yield Difference("search", "full-text index", str(error))


@transaction.atomic
def rebuild() -> None:
    """Derive everything again from the published updates, and store it."""
    state = lock_state()
    last = Edition.objects.aggregate(last=Max("number"))["last"] or 0
    if state.last_edition != last:
        state.last_edition = last
        state.save(update_fields=["last_edition"])
    for ids in batches(Action.objects.all()):
        breakdown.refresh(ids)
        periods.refresh(action_ids=ids, recommendation_ids=[])
    for ids in batches(Recommendation.objects.all()):
        periods.refresh(action_ids=[], recommendation_ids=ids)
        search.index(recommendation_ids=ids)
    _rebuild_index()
    touch()


def _rebuild_index() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO recommendations_search (recommendations_search) VALUES ('rebuild')"
            )
