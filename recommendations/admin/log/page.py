"""What the form's page shows around the form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django.db.models import QuerySet, Value
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations import publishing
from recommendations.figures.effects_of_publishing import Effects, effects_of
from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.models.status_update import ReviewState
from recommendations.statuses import EVIDENCE_DEFINITIONS, EvidenceKind

from .evidence_rule import rule_for_script
from .forms import BaseEvidenceFormSet, DraftForm, EvidenceFormSet
from .unlikely_dates import DateQuestion
from .versions import VersionDifference

PUBLISHERS = 300
# The name of the boxes that say of an unlikely date that it is right.
ANSWERS = "likely"


@dataclass(frozen=True)
class DraftPage:
    update: StatusUpdate
    form: DraftForm
    formset: BaseEvidenceFormSet

    @property
    def answered(self) -> list[str]:
        """What was said to be right of the dates that the form asked about."""
        return self.form.data.getlist(ANSWERS) if isinstance(self.form.data, QueryDict) else []

    def with_one_more_item(self, data: QueryDict, *, today: date) -> DraftPage:
        """Return the page as typed with an empty item more, for browsers without the script."""
        formset = with_empty_item(self.formset, data, today=today)
        leave_unjudged(self.form, formset)
        return replace(self, formset=formset)

    def with_items(self, data: QueryDict) -> DraftPage:
        """Return the page with these items, typed or filled in, and nothing judged yet."""
        formset = EvidenceFormSet(data, prefix="evidence")
        leave_unjudged(self.form, formset)
        return replace(self, formset=formset)


def with_empty_item(
    formset: BaseEvidenceFormSet, data: QueryDict, *, today: date
) -> BaseEvidenceFormSet:
    """Return the items as typed, and an empty one."""
    data = data.copy()
    n = formset.total_form_count()
    data["evidence-TOTAL_FORMS"] = str(n + 1)
    data[f"evidence-{n}-accessed_on"] = today.isoformat()
    data[f"evidence-{n}-published_precision"] = "day"
    return EvidenceFormSet(data, prefix="evidence")


def leave_unjudged(form: DraftForm, formset: BaseEvidenceFormSet) -> None:
    """Show no errors yet: nothing is judged before the analyst asks for it.

    What full_clean() would write is not in the stubs.
    """
    formset._errors = [{} for _form in formset.forms]  # type: ignore[attr-defined]
    formset._non_form_errors = formset.error_class()  # type: ignore[attr-defined]
    for one in (form, *formset.forms):
        one._errors = {}


def page_context(
    page: DraftPage,
    *,
    today: date,
    problems: Sequence[str] = (),
    refusals: Sequence[str] = (),
    differences: Sequence[VersionDifference] = (),
    stored: StatusUpdate | None = None,
    is_refused: bool = False,
    questions: Sequence[DateQuestion] = (),
) -> dict[str, Any]:
    update, action = page.update, page.form.action
    if stored is not None:
        # What is typed here replaces the other version only once it is sent again.
        data = cast(QueryDict, page.form.data).copy()
        data["revision"] = str(stored.revision)
        page.form.data = data
    return {
        "update": update,
        "action": action,
        "standing": Action.objects.with_stated_since().with_deadline().get(pk=action.pk),
        "form": page.form,
        "formset": page.formset,
        "address": reverse("admin:log_update_draft", args=[update.slug])
        if update.pk
        else reverse("admin:log_update"),
        "rule": json.dumps(rule_for_script(), ensure_ascii=False),
        "cited": json.dumps(sorted(publishing.addresses_cited_of(action))),
        "standing_status": (update.replaces or action).status,
        "kinds": [(kind, EVIDENCE_DEFINITIONS[kind]) for kind in EvidenceKind],
        "publishers": publishers(),
        "problems": problems,
        "refusals": refusals,
        "is_refused": is_refused,
        "differences": differences,
        "questions": questions,
        "answered": page.answered,
        "stored": stored,
        "preview": preview_of(update, today=today) if update.pk and not differences else None,
        "open_updates": open_updates_of(action, but=update),
        "inheritances": [] if update.pk else publishing.inheritances_of(action),
        "history": action.updates.counting()
        .with_basis()
        .prefetch_related("evidence")
        .order_by("-effective_day", "-edition_id", "-pk")[:6],
    }


def left_sentence(action: Action) -> str:
    """Say that an action left the record since a form was opened; empty where it did not."""
    if Action.objects.in_record().filter(pk=action.pk).exists():
        return ""
    said = _(
        "%(label)s has left the record since this form was opened. Nothing is stored; what you "
        "typed is still here to be copied."
    )
    return said % {"label": action.label}


def publishers() -> QuerySet:
    """Return names that a field of a publisher offers."""
    named = Evidence.objects.order_by("publisher").values_list("publisher", flat=True)
    return named.distinct()[:PUBLISHERS]


def open_updates_of(action: Action, *, but: StatusUpdate | None = None) -> list[StatusUpdate]:
    """Return what else colleagues, or this person, have begun on an action (one query)."""
    begun = action.updates.exclude(review_state=ReviewState.PUBLISHED).select_related("author")
    others = begun.exclude(pk=but.pk) if but and but.pk else begun
    return list(others.order_by("pk"))


def preview_of(update: StatusUpdate, *, today: date) -> dict[str, Any]:
    """Return the stored draft as the public would read it, and what publishing would change."""
    # What it would follow is what stands now, and not what stood before its day.
    rows = StatusUpdate.objects.filter(pk=update.pk).for_timeline()
    shown = rows.annotate(previous_status=Value(update.action.status)).get()
    shown.action = update.action
    effects: Effects = effects_of([update], today=today)
    return {"update": shown, "effects": effects}
