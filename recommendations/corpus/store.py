"""Writes a made-up record as publishing would have: drafts first, then edition after edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from recommendations.models import Edition, Report, RetractionRequest, StatusUpdate
from recommendations.models.edition import EditionKind
from recommendations.models.retraction import RetractionOutcome
from recommendations.models.status_update import EndReason, ReviewState
from recommendations.periods import store
from recommendations.publishing import structure
from recommendations.publishing.editions import close, lock_state, open_edition, touch
from recommendations.publishing.updates import end

from . import text_history, words
from .drafts import Drafted, draft, slug_of
from .people import SampleCast, sample_cast
from .plan import PlannedEdition, Size, planned_editions, two_years_before

# Publications wait for one batch, and each is one transaction.
EDITIONS, RECOMMENDATIONS = 50, 100


class AlreadyThere(Exception):
    pass


@dataclass(slots=True)
class Contents:
    """What one edition stamps, by primary key."""

    updates: list[int] = field(default_factory=list)
    days: dict[int, date] = field(default_factory=dict)
    corrected: dict[int, str] = field(default_factory=dict)
    retracted: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Rows:
    """The primary keys of one report, and of what belongs to it."""

    report: int
    recommendations: list[int]
    actions: list[list[int]]


def make(size: Size, *, seed: int, end_at: datetime, say: Callable[[str], object] = print) -> None:
    """Write a record of this size. It adds to what there is, in editions of its own.

    1. All rows of each report, as drafts.
    2. Each edition in order: it adds a report, or publishes the updates that were planned for it.
    3. What is derived: periods, status columns, the search table.
    """
    if Report.objects.filter(slug=slug_of(seed, 1)).exists():
        raise AlreadyThere(_("There is a record of this seed already. Choose another seed."))
    known = sample_cast()
    last = Edition.objects.order_by("-number").first()
    start = max(two_years_before(end_at), last.published_at if last else two_years_before(end_at))
    first = (last.number if last else 0) + 1
    plan = planned_editions(size, seed=seed, first=first, start=start, end=max(end_at, start))
    contents: dict[int, Contents] = defaultdict(Contents)
    rows = [
        _drafted(size, seed, number, plan, known, contents, say)
        for number in range(1, size.reports + 1)
    ]
    for batch in _batches(plan, EDITIONS):
        _publish(batch, rows, contents, known)
        say(_("Edition %(n)d of %(last)d") % {"n": batch[-1].number, "last": plan[-1].number})
    for n, one in enumerate(rows, start=1):
        _settle(one)
        say(_("Derived: report %(n)d of %(last)d") % {"n": n, "last": len(rows)})
    text_history.begin()
    touch(None)


def _batches(plan: Sequence[PlannedEdition], n: int) -> Iterator[Sequence[PlannedEdition]]:
    for start in range(0, len(plan), n):
        yield plan[start : start + n]


@transaction.atomic
def _drafted(
    size: Size,
    seed: int,
    number: int,
    plan: Sequence[PlannedEdition],
    known: SampleCast,
    contents: dict[int, Contents],
    say: Callable[[str], object],
) -> Rows:
    own = [one for one in plan if one.report == number - 1]
    drafted = draft(size, seed=seed, number=number, editions=own, known=known)
    _remember(drafted, contents)
    say(_("Report %(n)d of %(last)d") % {"n": number, "last": size.reports})
    actions: dict[int, list[int]] = {one.pk: [] for one in drafted.recommendations}
    for action in drafted.actions:
        actions[action.recommendation_id].append(action.pk)
    return Rows(drafted.report.pk, list(actions), list(actions.values()))


def _remember(drafted: Drafted, contents: dict[int, Contents]) -> None:
    for told in drafted.told:
        for step, update in told:
            of_edition = contents[step.edition]
            of_edition.updates.append(update.pk)
            if step.effective_day != step.effective_on:
                of_edition.days[update.pk] = step.effective_day
            if step.replaces is not None:
                of_edition.corrected[told[step.replaces][1].pk] = update.correction_reason
            if step.is_retracted and step.ended_in:
                contents[step.ended_in].retracted.append(update.pk)


@transaction.atomic
def _publish(
    batch: Sequence[PlannedEdition],
    rows: Sequence[Rows],
    contents: dict[int, Contents],
    known: SampleCast,
) -> None:
    state = lock_state()
    for one in batch:
        kind = EditionKind.UPDATES if one.place else EditionKind.STRUCTURE
        reviewer = known.reviewers[one.number % len(known.reviewers)]
        edition = open_edition(state, kind=kind, at=one.at, by=reviewer, note=words.SAMPLE)
        if one.place:
            _stamp(edition, contents.pop(one.number), reviewer)
        else:
            of_report = rows[one.report]
            actions = [pk for pks in of_report.actions for pk in pks]
            structure.stamp(edition, [of_report.report], of_report.recommendations, actions)
        close(edition)


def _stamp(edition: Edition, contents: Contents, reviewer: User) -> None:
    stamp = {
        "review_state": ReviewState.PUBLISHED,
        "reviewer": reviewer,
        "edition": edition,
        "published_at": edition.published_at,
        "submitted_at": edition.published_at - timedelta(days=1),
        "created_at": edition.published_at - timedelta(days=3),
    }
    of_its_day = [pk for pk in contents.updates if pk not in contents.days]
    updates = StatusUpdate.objects.all()
    updates.filter(pk__in=of_its_day).update(effective_day=F("effective_on"), **stamp)
    for pk, day in contents.days.items():
        updates.filter(pk=pk).update(effective_day=day, **stamp)
    for pk, reason in contents.corrected.items():
        end(StatusUpdate(pk=pk), edition, reason=EndReason.CORRECTED, note=reason)
    for pk in contents.retracted:
        _retract(pk, edition, reviewer)


def _retract(pk: int, edition: Edition, reviewer: User) -> None:
    reason = f"{words.REASONS[0]} {words.SAMPLE}"
    update = StatusUpdate.objects.select_related("author").get(pk=pk)
    assert update.author is not None  # Only updates of a baseline have none.
    request = RetractionRequest.objects.create(
        update=update,
        reason=reason,
        requested_by=update.author,
        requested_at=edition.published_at - timedelta(days=2),
    )
    request.outcome, request.decided_by = RetractionOutcome.CONFIRMED, reviewer
    request.decided_at = edition.published_at
    request.save()
    end(update, edition, reason=EndReason.RETRACTED, note=reason)


def _settle(rows: Rows) -> None:
    for start in range(0, len(rows.recommendations), RECOMMENDATIONS):
        stop = start + RECOMMENDATIONS
        recommendations = rows.recommendations[start:stop]
        actions = [pk for pks in rows.actions[start:stop] for pk in pks]
        with transaction.atomic():
            lock_state()
            store.refresh(action_ids=actions, recommendation_ids=recommendations)
