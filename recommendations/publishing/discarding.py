"""Drafts thrown away and taken out again: nothing of one is lost for DISCARDED_LAST."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.models import Coding, DeliveryRow, DiscardedDraft, StatusUpdate
from recommendations.models.status_update import ReviewState

from .drafts import still_counting
from .editions import Refused, lock_state
from .returned_versions import content_of, rows_of

DISCARDED_LAST = timedelta(days=14)
# What a draft knows besides what its authors typed.
BESIDES = ("status_at_draft", "replaces_id", "revision")
# What leads to a draft and forgets it when it is deleted.
LEADING_HERE = {"codings": (Coding, "draft"), "delivery_rows": (DeliveryRow, "update")}


def discarded_by(user: User, *, now: datetime) -> QuerySet[DiscardedDraft]:
    """Return the drafts that a person can still take out again, the newest first."""
    kept = DiscardedDraft.objects.filter(person=user, discarded_at__gt=now - DISCARDED_LAST)
    return kept.select_related("action__recommendation__report")


@transaction.atomic
def discard(update: StatusUpdate, *, by: User, now: datetime | None = None) -> DiscardedDraft:
    """Delete one's own draft and keep what it was for a while; older ones are removed.

    Raises Refused where it was ever handed in and not taken back, or is somebody else's.
    """
    now = now or timezone.now()
    lock_state()
    update = StatusUpdate.objects.select_for_update(of=("self",)).get(pk=update.pk)
    if update.review_state != ReviewState.DRAFT:
        raise Refused(_("Only a draft that was never submitted can be discarded."))
    if update.author_id != by.pk:
        raise Refused(_("Only its author can discard a draft."))
    DiscardedDraft.objects.filter(discarded_at__lte=now - DISCARDED_LAST).delete()
    DiscardedDraft.objects.filter(slug=update.slug).delete()
    kept = DiscardedDraft.objects.create(
        slug=update.slug,
        action=update.action,
        person=by,
        discarded_at=now,
        content=_whole(update),
    )
    update.delete()
    return kept


def _whole(update: StatusUpdate) -> dict[str, Any]:
    return {
        **content_of(update),
        "besides": {name: getattr(update, name) for name in BESIDES},
        "created_at": update.created_at.isoformat(),
        "reliance": sorted(update.relies_on.values_list("pk", flat=True)),
        "editors": sorted(update.editors.values_list("pk", flat=True)),
        **{
            name: sorted(
                model._default_manager.filter(**{field: update}).values_list("pk", flat=True)
            )
            for name, (model, field) in LEADING_HERE.items()
        },
    }


@transaction.atomic
def restore(kept: DiscardedDraft, *, by: User, now: datetime | None = None) -> StatusUpdate:
    """Make the draft again that was discarded, as it was, under its reference.

    Raises Refused where it is somebody else's, or kept no longer.
    """
    now = now or timezone.now()
    lock_state()
    found = discarded_by(by, now=now).select_for_update(of=("self",)).filter(pk=kept.pk).first()
    if found is None:
        raise Refused(_("This draft is not kept any more, or was taken out already."))
    if StatusUpdate.objects.filter(slug=found.slug).exists():
        raise Refused(_("The form of this draft was saved again since: go on with that draft."))
    content = found.content
    update, items = rows_of(content)
    update.slug, update.action, update.author = found.slug, found.action, by
    for name, value in content["besides"].items():
        setattr(update, name, value)
    update.save()
    StatusUpdate.objects.filter(pk=update.pk).update(created_at=content["created_at"])
    update.editors.set(User.objects.filter(pk__in=content["editors"]))
    update.relies_on.set(still_counting(content["reliance"]))
    for position, item in enumerate(items, start=1):
        item.update, item.position = update, position
        item.save()
    for name, (model, field) in LEADING_HERE.items():
        forgotten = model._default_manager.filter(
            pk__in=content[name], **{f"{field}__isnull": True}
        )
        forgotten.update(**{field: update})
    found.delete()
    return update
