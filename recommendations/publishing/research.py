"""Later research on a report, from files: editions without author and reviewer.

Such an edition may confirm, extend, correct or retract what the baseline and earlier research
said. What a person decided here is beyond it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.models import (
    Action,
    Coding,
    Edition,
    Report,
    RetractionRequest,
    StatusUpdate,
)
from recommendations.models.edition import EditionKind
from recommendations.models.retraction import RetractionOutcome
from recommendations.models.status_update import EndReason
from recommendations.statuses import effective_day

from . import checks, updates
from .editions import Refused, close, lock_state, open_edition, settle
from .surroundings import Surroundings


@transaction.atomic
def beyond_research(action_ids: Collection[int]) -> dict[int, str]:
    """Lock the tracker, and return why research no longer touches actions, by their ids.

    What is beyond it stays so: a reviewer's publication or retraction is never undone.
    """
    lock_state()
    of_people = StatusUpdate.objects.published().filter(action__in=action_ids)
    reviewed = of_people.filter(is_baseline=False)
    retracted = of_people.filter(
        retraction_requests__outcome=RetractionOutcome.CONFIRMED,
        retraction_requests__research_edition=None,
    )
    counted = Action.objects.in_record().filter(pk__in=action_ids)
    gone = set(action_ids) - set(counted.values_list("pk", flat=True))
    return {
        **dict.fromkeys(gone, _("it is not part of the public record")),
        **dict.fromkeys(_actions_of(retracted), _("a reviewer has retracted an update of it")),
        **dict.fromkeys(_actions_of(reviewed), _("a reviewer has published on it")),
    }


def _actions_of(found: Iterable[StatusUpdate]) -> set[int]:
    return {update.action_id for update in found}


@transaction.atomic
def publish_research(
    report: Report,
    *,
    slug: str,
    method: str,
    horizon_on: date,
    note: str = "",
    update_ids: Collection[int],
    retractions: Mapping[int, str],
    codings: Collection[Coding] = (),
    now: datetime | None = None,
) -> Edition:
    """Publish drafts of research and retract earlier ones, as one edition.

    `retractions` gives the public reason for each update, by its id; `codings` are new rows of
    what coders gave the actions. Nobody is sent a notice.
    Raises Refused, with all reasons, and publishes nothing.
    """
    state = lock_state()
    now = now or timezone.now()
    drafts = list(
        StatusUpdate.objects.filter(pk__in=update_ids)
        .select_related("action__recommendation", "replaces")
        .prefetch_related("evidence", "relies_on__evidence")
        .order_by("effective_on", "pk")
    )
    retracted = list(
        StatusUpdate.objects.filter(pk__in=retractions).select_related("action__recommendation")
    )
    _complete(drafts, horizon_on=horizon_on)
    today = now.date()
    if reasons := [
        *_reasons_against(report, drafts, retracted, horizon_on=horizon_on, today=today)
    ]:
        raise Refused(reasons)
    edition = open_edition(
        state,
        kind=EditionKind.RESEARCH,
        at=now,
        by=None,
        note=note,
        report=report,
        slug=slug,
        method=method,
        horizon_on=horizon_on,
    )
    due = updates.stamp(drafts, edition, reviewer=None)
    _retract({update: retractions[update.pk] for update in retracted}, edition)
    for coding in codings:
        coding.edition = edition
        coding.full_clean()
        coding.save()
    touched = {update.action_id for update in (*drafts, *retracted)}
    settle(edition, touched, review_due_on=due)
    return close(edition)


def _complete(drafts: Iterable[StatusUpdate], *, horizon_on: date) -> None:
    """Keep on what each stands. Without a date of its own, it was searched to the horizon."""
    for draft in drafts:
        draft.status_at_draft = draft.action.status
        draft.searched_on = draft.searched_on or horizon_on
        draft.save(update_fields=["status_at_draft", "searched_on"])


def _retract(reasons: Mapping[StatusUpdate, str], edition: Edition) -> None:
    updates.end(reasons, edition, reason=EndReason.RETRACTED)
    RetractionRequest.objects.bulk_create(
        RetractionRequest(
            update=update,
            reason=reason,
            requested_at=edition.published_at,
            outcome=RetractionOutcome.CONFIRMED,
            decided_at=edition.published_at,
            research_edition=edition,
        )
        for update, reason in reasons.items()
    )


# What speaks against it ------------------------------------------------------------------------


def _reasons_against(
    report: Report,
    drafts: list[StatusUpdate],
    retracted: list[StatusUpdate],
    *,
    horizon_on: date,
    today: date,
) -> Iterator[str]:
    if not (drafts or retracted):
        yield _("There is nothing to publish.")
    if horizon_on > today:
        yield _("The horizon of the research lies in the future.")
    yield from _foreign(report, [*drafts, *retracted])
    yield from _not_endable(drafts, retracted)
    yield from _resting_on_ended(drafts, {update.pk for update in retracted})
    yield from _of_one_day(drafts, today=today)
    around = Surroundings(drafts)
    for draft in drafts:
        for problem in checks.problems_of(draft, today=today, around=around):
            yield f"{draft.slug}: {problem}"


def _foreign(report: Report, touched: list[StatusUpdate]) -> Iterator[str]:
    beyond = beyond_research(_actions_of(touched))
    for update in touched:
        if update.action.recommendation.report_id != report.pk:
            yield _("%(update)s: It is of another report.") % {"update": update.slug}
        elif not update.is_baseline:
            yield _("%(update)s: It is no research: it has an author.") % {"update": update.slug}
        elif update.action_id in beyond:
            told = {"update": update.slug, "reason": beyond[update.action_id]}
            yield _("%(update)s: Research no longer touches this action: %(reason)s.") % told


def _not_endable(drafts: list[StatusUpdate], retracted: list[StatusUpdate]) -> Iterator[str]:
    """Yield where something does not count, is of another action, or is ended twice."""
    ended = {update.pk for update in retracted}
    for draft in drafts:
        before = draft.replaces
        if before and before.action_id != draft.action_id:
            yield _("%(update)s: It corrects an update of another action.") % {"update": draft.slug}
        if before and before.pk in ended:
            yield _("%(update)s: It is corrected or retracted twice.") % {"update": before.slug}
        if before:
            ended.add(before.pk)
    for update in retracted:
        if not update.is_counting:
            yield _("%(update)s: Only an update that counts can be retracted.") % {
                "update": update.slug
            }


def _resting_on_ended(drafts: list[StatusUpdate], retracted: set[int]) -> Iterator[str]:
    """Yield where a draft relies on what counts for nothing from this edition on."""
    corrected = {draft.replaces_id for draft in drafts if draft.replaces_id}
    for draft in drafts:
        others = {other.pk for other in draft.relies_on.all()} - {draft.replaces_id}
        if others & (corrected | retracted):
            yield _("%(update)s: It relies on an update that this edition ends.") % {
                "update": draft.slug
            }


def _of_one_day(drafts: Iterable[StatusUpdate], *, today: date) -> Iterator[str]:
    """Yield where an action has two updates of one effective day."""
    by_day = defaultdict(list)
    for draft in drafts:
        cap = updates.cap_of(draft, today=today)
        day = effective_day(draft.effective_on, draft.effective_precision, cap=cap)
        by_day[draft.action_id, day].append(draft.slug)
    for slugs in by_day.values():
        if len(slugs) > 1:
            yield _("%(updates)s: They are of one action, and count from the same day.") % {
                "updates": ", ".join(slugs)
            }


# What people have begun ------------------------------------------------------------------------


def open_work_on(edition: Edition) -> tuple[list[StatusUpdate], list[RetractionRequest]]:
    """Return drafts, and requests for retraction, that an edition of research has overtaken.

    They stay as they are: whoever works on them is told why they cannot be published so.
    """
    touched = Q(edition=edition) | Q(ended_in_edition=edition)
    action_ids = _actions_of(StatusUpdate.objects.published().filter(touched))
    drafts = StatusUpdate.objects.exclude(review_state="published").filter(
        action__in=action_ids, is_baseline=False
    )
    requests = RetractionRequest.objects.waiting().filter(update__ended_in_edition=edition)
    return (
        list(drafts.select_related("action__recommendation", "author", "replaces")),
        list(requests.select_related("update__action__recommendation", "requested_by")),
    )
