"""What the form's page shows around the form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from recommendations.figures.effects_of_publishing import Effects, effects_of
from recommendations.models import Evidence, StatusUpdate
from recommendations.statuses import EVIDENCE_DEFINITIONS, EvidenceKind

from .evidence_rule import rule_for_script
from .forms import BaseEvidenceFormSet, DraftForm, EvidenceFormSet
from .versions import VersionDifference

PUBLISHERS = 300


@dataclass(frozen=True)
class DraftPage:
    update: StatusUpdate
    form: DraftForm
    formset: BaseEvidenceFormSet

    def with_one_more_item(self, data: QueryDict, *, today: date) -> DraftPage:
        """Return the page as typed with an empty item more, for browsers without the script."""
        data = data.copy()
        n = self.formset.total_form_count()
        data["evidence-TOTAL_FORMS"] = str(n + 1)
        data[f"evidence-{n}-accessed_on"] = today.isoformat()
        data[f"evidence-{n}-published_precision"] = "day"
        formset = EvidenceFormSet(data, prefix="evidence")
        # Nothing is judged before the reader asks for it.
        formset._errors, formset._non_form_errors = [{}] * (n + 1), formset.error_class()
        for form in formset.forms:
            form._errors = {}
        self.form._errors = {}
        return replace(self, formset=formset)


def page_context(
    page: DraftPage,
    *,
    today: date,
    problems: Sequence[str] = (),
    refusals: Sequence[str] = (),
    differences: Sequence[VersionDifference] = (),
    stored: StatusUpdate | None = None,
    is_refused: bool = False,
) -> dict[str, Any]:
    update, action = page.update, page.form.action
    if stored is not None:
        # What is typed here replaces the other version only once it is sent again.
        page.form.data = page.form.data.copy()
        page.form.data["revision"] = str(stored.revision)
    publishers = Evidence.objects.order_by("publisher").values_list("publisher", flat=True)
    return {
        "update": update,
        "action": action,
        "form": page.form,
        "formset": page.formset,
        "address": reverse("admin:log_update_draft", args=[update.slug])
        if update.pk
        else reverse("admin:log_update"),
        "rule": json.dumps(rule_for_script(), ensure_ascii=False),
        "kinds": [(kind, EVIDENCE_DEFINITIONS[kind]) for kind in EvidenceKind],
        "publishers": publishers.distinct()[:PUBLISHERS],
        "problems": problems,
        "refusals": refusals,
        "is_refused": is_refused,
        "differences": differences,
        "stored": stored,
        "preview": preview_of(update, today=today) if update.pk and not differences else None,
        "history": action.updates.counting()
        .prefetch_related("evidence")
        .order_by("-effective_day", "-edition_id", "-pk")[:6],
    }


def preview_of(update: StatusUpdate, *, today: date) -> dict[str, Any]:
    """Return the stored draft as the public would read it, and what publishing would change."""
    shown = StatusUpdate.objects.filter(pk=update.pk).for_timeline().get()
    shown.action = update.action
    shown.previous_status = update.action.status
    effects: Effects = effects_of([update], today=today)
    return {"update": shown, "effects": effects}
