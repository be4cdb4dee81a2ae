"""Splitting and merging actions: what was counted is withdrawn, and names what succeeds it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from recommendations.models import (
    Action,
    ActionBody,
    Assignment,
    Deadline,
    Edition,
    Party,
    Recommendation,
)
from recommendations.models.fields import typed_fields

from .editions import Refused, lock_state, settle
from .structure import refuse_incomplete, stamp

SLUG_LENGTH = 60
# What each of the new actions is given for itself; all else that people type is copied.
OWN = ("recommendation", "number", "slug", "title")
COPIED = typed_fields(Action, without=OWN)
COPIED_LEAD = typed_fields(ActionBody, without=("action",))
COPIED_DEADLINE = typed_fields(Deadline, without=("action",))


def refuse_split(into: Collection[Action]) -> None:
    if len({draft.pk for draft in into}) < 2:
        raise Refused(_("An action is split into two or more."))


def merged_into(into: Action, actions: Collection[Action]) -> list[Action]:
    """Return those that one takes in, or refuse where this is no merger."""
    others = [action for action in actions if action.pk != into.pk]
    if len({action.pk for action in others}) + (not into.is_draft) < 2:
        raise Refused(_("Two or more actions are merged."))
    return others


def refuse_succession(old_ids: set[int], new_ids: set[int], *, reason: str) -> None:
    _refuse_unfit(old_ids, new_ids, is_split=len(new_ids) > 1)
    if not reason.strip():
        raise Refused(_("Say why. The reason is public."))
    refuse_incomplete([], [], _drafts_of(new_ids))


def _drafts_of(action_ids: set[int]) -> set[int]:
    drafts = Action.objects.filter(pk__in=action_ids, from_edition__isnull=True)
    return set(drafts.values_list("pk", flat=True))


def succeed_in(edition: Edition, old_ids: set[int], new_ids: set[int], *, reason: str) -> None:
    """Withdraw actions and count what they are split into or merged with, in an open edition.

    Nothing speaks against it any more. The history stays with the old actions; drafts that
    succeed them begin as not assessed.
    """
    stamp(edition, [], [], _drafts_of(new_ids))
    Action.objects.filter(pk__in=old_ids).update(until_edition=edition, withdrawal_reason=reason)
    for action in Action.objects.filter(pk__in=old_ids):
        action.successors.set(new_ids)
    _hand_over(old_ids, new_ids)
    settle(edition, old_ids | new_ids)


def _refuse_unfit(old_ids: set[int], new_ids: set[int], *, is_split: bool) -> None:
    in_record = Action.objects.in_record()
    if old_ids & new_ids:
        raise Refused(_("An action cannot succeed itself."))
    if in_record.filter(pk__in=old_ids).count() != len(old_ids):
        raise Refused(_("Only actions of the public record can be split or merged."))
    fit = Action.objects.filter(from_edition__isnull=True)
    fit = fit if is_split else fit | in_record
    if Action.objects.filter(pk__in=new_ids).exclude(pk__in=fit.values("pk")).exists():
        raise Refused(_("What succeeds an action is a draft, or stays in the public record."))
    reports = Action.objects.filter(pk__in=old_ids | new_ids).values("recommendation__report")
    if reports.distinct().count() > 1:
        raise Refused(_("Actions of one report are split and merged, not across reports."))


def _hand_over(old_ids: Iterable[int], new_ids: Iterable[int]) -> None:
    """Who looked after the old actions looks after the new ones."""
    analysts = Assignment.objects.filter(action__in=old_ids).values_list("analyst_id", flat=True)
    for analyst_id in set(analysts):
        for action_id in new_ids:
            Assignment.objects.get_or_create(analyst_id=analyst_id, action_id=action_id)


def next_number(recommendation: Recommendation) -> int:
    """Return the number after the last; one that was used is never given again."""
    return (recommendation.actions.aggregate(last=Max("number"))["last"] or 0) + 1


def free_slug(recommendation: Recommendation, title: str, *, number: int) -> str:
    """Return a slug of the title, or of the number where that has none or it is taken."""
    slug = slugify(title)[:SLUG_LENGTH].strip("-")
    if not slug or recommendation.actions.filter(slug=slug).exists():
        slug = f"{slug or 'action'}-{number}"
    while recommendation.actions.filter(slug=slug).exists():
        slug += "x"
    return slug


@transaction.atomic
def draft_successor(action: Action, *, title: str, parties: Collection[Party], by: User) -> Action:
    """Add a draft like an action, with a title and parties of its own, and the next number."""
    lock_state()
    number = next_number(action.recommendation)
    draft = Action(
        recommendation=action.recommendation,
        number=number,
        slug=free_slug(action.recommendation, title, number=number),
        title=title,
        **{name: getattr(action, name) for name in COPIED},
    )
    # Who wrote it may ask for it to be added, and does not decide.
    draft._history_user = by  # type: ignore[attr-defined]
    draft.save()
    draft.parties.set(parties)
    _copy_surroundings(action, draft, {party.pk for party in parties})
    return draft


def _copy_surroundings(action: Action, draft: Action, party_ids: set[int]) -> None:
    for lead in action.leads.select_related("body"):
        if lead.body.party_id is None or lead.body.party_id in party_ids:
            ActionBody.objects.create(
                action=draft, **{name: getattr(lead, name) for name in COPIED_LEAD}
            )
    for deadline in action.deadlines.all():
        Deadline.objects.create(
            action=draft, **{name: getattr(deadline, name) for name in COPIED_DEADLINE}
        )
