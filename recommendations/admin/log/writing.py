"""Stores a draft with its items, for every form that logs one."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from recommendations import publishing
from recommendations.models import Evidence, StatusUpdate

from .forms import DraftForm


@transaction.atomic
def store_draft(form: DraftForm, items: Iterable[Evidence], *, by: User) -> StatusUpdate:
    """Store what a valid form says, its items in place of those of before.

    Raises Stale where it changed after it was opened, or was stored by this very form.
    """
    update = form.instance
    if update.pk:
        publishing.lock_draft(update.pk, revision=form.cleaned_data["revision"])
    else:
        publishing.claim_reference(update, form.cleaned_data["reference"], by=by)
    form.save()
    update.evidence.all().delete()
    for item in items:
        item.pk, item.update = None, update
        item.save()
    publishing.record_save(update, by=by)
    return update
