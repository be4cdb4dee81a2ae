"""The record itself: what publishing has stamped, and could not have published otherwise.

Nothing can derive this again. Damage found here needs a correction or a backup.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from recommendations.models import (
    Action,
    Edition,
    Recommendation,
    Report,
    RetractionRequest,
    StatusUpdate,
    TrackerState,
    VerifiabilityPeriod,
)
from recommendations.models.edition import EditionKind
from recommendations.models.retraction import RetractionOutcome
from recommendations.models.status_update import EndReason
from recommendations.publishing.checks import lasting_problems_of
from recommendations.publishing.updates import cap_of
from recommendations.statuses import effective_day

from .difference import Difference, batches, of_one_moment, row_name


def differences() -> Iterator[Difference]:
    yield from _orphans()
    yield from of_one_moment(_editions())
    yield from _empty_editions()
    yield from _falling_times()
    for ids in batches(StatusUpdate.objects.published()):
        yield from of_one_moment(_updates(ids))
    yield from of_one_moment(_corrections())
    yield from of_one_moment(_retractions())
    yield from of_one_moment(_research())
    yield from _structure()
    yield from _successions()
    for ids in batches(Action.objects.all()):
        yield from of_one_moment(_verifiability(ids))


def _orphans() -> Iterator[Difference]:
    """What foreign keys promise, in case a database was written with them off."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table, row, parent, _id in cursor.execute("PRAGMA foreign_key_check").fetchall():
                detail = _("points to no row of %(table)s") % {"table": parent}
                yield Difference("orphan", f"{table} {row}", detail)


def _editions() -> Iterator[Difference]:
    editions = Edition.objects.aggregate(last=Max("number"), n=Count("pk"))
    last = editions["last"] or 0
    state = TrackerState.objects.filter(pk=1).first()
    told = state.last_edition if state else 0
    if told != last:
        detail = _("is %(found)d, should be %(expected)d") % {"found": told, "expected": last}
        yield Difference("edition", _("last edition"), detail)
    if last != editions["n"]:
        detail = _("%(n)d editions up to %(last)d") % {"n": editions["n"], "last": last}
        yield Difference("edition", _("numbers"), detail)


def _falling_times() -> Iterator[Difference]:
    """No edition was published before the one whose number is smaller."""
    before = None
    for edition in Edition.objects.order_by("number"):
        if before and edition.published_at < before.published_at:
            detail = _("is older than %(before)s") % {"before": before}
            yield Difference("edition", str(edition), detail)
        before = edition


def _empty_editions() -> Iterator[Difference]:
    """An edition opens for something. One that nothing names has lost it."""
    this = OuterRef("pk")
    updates = StatusUpdate.objects.filter(Q(edition=this) | Q(ended_in_edition=this))
    bounds = Q(from_edition=this) | Q(until_edition=this)
    structure = [
        Exists(model.objects.filter(bounds))
        for model in (Report, Recommendation, Action, VerifiabilityPeriod)
    ]
    of_updates = [EditionKind.UPDATES, EditionKind.RESEARCH]
    empty = Q(~Exists(updates), kind__in=of_updates) | Q(
        *(~named for named in structure), kind=EditionKind.STRUCTURE
    )
    for edition in Edition.objects.filter(empty).order_by("number"):
        yield Difference("edition", str(edition), _("nothing of the record belongs to it"))


def _updates(ids: list[int]) -> Iterator[Difference]:
    """Stamps, four eyes and evidence of each published update."""
    updates = StatusUpdate.objects.filter(pk__in=ids).order_by("pk")
    updates = updates.select_related("edition", "replaces", "action")
    for update in updates.prefetch_related("evidence", "relies_on__evidence", "editors"):
        edition = update.edition
        assert edition is not None  # A constraint sees to it.
        yield from _stamps(update, edition)
        if update.reviewer_id and update.reviewer_id in {e.pk for e in update.editors.all()}:
            yield Difference("four eyes", update.slug, _("its reviewer saved the draft"))
        yield from _evidence(update, edition)


def _stamps(update: StatusUpdate, edition: Edition) -> Iterator[Difference]:
    if update.published_at != edition.published_at:
        yield Difference("stamp", update.slug, _("published_at is not that of its edition"))
    cap = cap_of(update, today=edition.published_on)
    day = effective_day(update.effective_on, update.effective_precision, cap=cap)
    if update.effective_day != day:
        detail = _("effective day is not %(day)s") % {"day": day}
        yield Difference("stamp", update.slug, detail)
    starts, ends = update.action.from_edition_id, update.action.until_edition_id
    if starts is None or edition.number < starts or (ends and edition.number >= ends):
        yield Difference("stamp", update.slug, _("its action was not in the record in its edition"))


def _evidence(update: StatusUpdate, edition: Edition) -> Iterator[Difference]:
    for sentence in lasting_problems_of(
        update, today=edition.published_on, status_before=update.status_at_draft
    ):
        yield Difference("evidence", update.slug, sentence)
    for other in update.relies_on.all():
        if other.action_id != update.action_id:
            detail = _("%(update)s is of another action") % {"update": other.slug}
            yield Difference("evidence", update.slug, detail)
        elif not _counted_before(other, update, edition):
            detail = _("%(update)s did not count before it") % {"update": other.slug}
            yield Difference("evidence", update.slug, detail)


def _counted_before(other: StatusUpdate, update: StatusUpdate, edition: Edition) -> bool:
    """Updates of one baseline may rely on each other, in one edition."""
    last = edition.number if update.is_baseline else edition.number - 1
    if other.edition_id is None or other.edition_id > last:
        return False
    return other.ended_in_edition_id is None or other.ended_in_edition_id > edition.number


def _corrections() -> Iterator[Difference]:
    """A correction and what it replaces name each other."""
    corrections = StatusUpdate.objects.published().filter(replaces__isnull=False)
    for update in corrections.select_related("replaces"):
        before = update.replaces
        assert before is not None
        ended = (before.ended_in_edition_id, before.end_reason, before.end_note)
        if ended != (update.edition_id, EndReason.CORRECTED, update.correction_reason):
            yield Difference("correction", update.slug, _("what it replaces has not ended with it"))
        if before.action_id != update.action_id:
            yield Difference("correction", update.slug, _("it replaces one of another action"))
    corrected = StatusUpdate.objects.published().filter(end_reason=EndReason.CORRECTED)
    for update in corrected.exclude(pk__in=corrections.values("replaces")):
        yield Difference("correction", update.slug, _("nothing replaces it"))


def _retractions() -> Iterator[Difference]:
    """A retracted update and the request that was confirmed name each other."""
    confirmed = RetractionRequest.objects.filter(outcome=RetractionOutcome.CONFIRMED)
    for request in confirmed.exclude(
        update__end_reason=EndReason.RETRACTED,
        update__end_note=F("reason"),
        update__ended_in_edition__published_at=F("decided_at"),
    ).select_related("update"):
        where = request.update.slug
        yield Difference("retraction", where, _("was confirmed, and has not ended with it"))
    retracted = StatusUpdate.objects.published().filter(end_reason=EndReason.RETRACTED)
    for update in retracted.exclude(pk__in=confirmed.values("update")):
        yield Difference("retraction", update.slug, _("nobody confirmed it"))


def _research() -> Iterator[Difference]:
    """An edition of research is of one report, and ends nothing that a person published."""
    editions = Edition.objects.filter(kind=EditionKind.RESEARCH)
    published = StatusUpdate.objects.filter(edition__in=editions)
    ours = Q(is_baseline=True, action__recommendation__report=F("edition__report"))
    for update in published.exclude(ours).order_by("pk"):
        yield Difference("edition", update.slug, _("is no research on the report of its edition"))
    ended = StatusUpdate.objects.filter(ended_in_edition__in=editions)
    ours = Q(is_baseline=True, action__recommendation__report=F("ended_in_edition__report"))
    for update in ended.exclude(ours).order_by("pk"):
        detail = _("was ended by research, and is none on the same report")
        yield Difference("edition", update.slug, detail)
    named = RetractionRequest.objects.filter(research_edition__isnull=False)
    for request in named.exclude(
        research_edition=F("update__ended_in_edition"), research_edition__in=editions
    ).select_related("update"):
        detail = _("did not end in the edition of research that is named")
        yield Difference("retraction", request.update.slug, detail)


def _structure() -> Iterator[Difference]:
    """A part comes into the record with the whole that it belongs to, or later."""
    early_parts = (
        (Recommendation, "report", _("is in the record since before its report")),
        (Action, "recommendation", _("is in the record since before its recommendation")),
    )
    for model, whole, detail in early_parts:
        since = f"{whole}__from_edition"
        parts = model._default_manager.filter(from_edition__isnull=False)
        early = parts.filter(
            Q(**{f"{since}__isnull": True}) | Q(**{f"{since}__gt": F("from_edition")})
        )
        for part in early.order_by("pk"):
            yield Difference("structure", str(part), detail)
    for counted in (Report, Recommendation, Action):
        there = counted._default_manager.filter(until_edition__isnull=True)
        for one in there.exclude(withdrawal_reason="").order_by("pk"):
            yield Difference("structure", str(one), _("says why it was withdrawn, and was not"))


def _successions() -> Iterator[Difference]:
    """What has a successor was withdrawn, when the successor was in the record at the latest."""
    links = Action.successors.through.objects.exclude(
        from_action__until_edition__isnull=False,
        to_action__from_edition__lte=F("from_action__until_edition"),
    )
    for link in links.select_related("from_action__recommendation").order_by("pk"):
        where = str(link.from_action)
        yield Difference("structure", where, _("was not withdrawn when another succeeded it"))


def _verifiability(ids: list[int]) -> Iterator[Difference]:
    """The rows of a published action follow one another, and the open one says what it says."""
    rows = VerifiabilityPeriod.objects.order_by("from_edition_id", "pk")
    actions = Action.objects.filter(pk__in=ids).order_by("pk")
    for action in actions.prefetch_related(Prefetch("verifiability_periods", rows)):
        where, said = row_name("action", action.pk), list(action.verifiability_periods.all())
        if action.is_draft and not said:
            continue
        starts = [row.from_edition_id for row in said]
        ends = [row.until_edition_id for row in said]
        if starts != [action.from_edition_id, *ends[:-1]] or ends[-1] is not None:
            yield Difference("verifiable", where, _("its periods leave a gap, overlap or end"))
        elif said[-1].is_verifiable != action.is_verifiable:
            yield Difference("verifiable", where, _("differs from its open period"))
        elif any(one.is_verifiable == next_.is_verifiable for one, next_ in pairwise(said)):
            yield Difference("verifiable", where, _("a period repeats the one before it"))
