"""The form of one source and of several actions: an update each, each judged by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations import publishing
from recommendations.admin.log.forms import (
    BaseEvidenceFormSet,
    DraftForm,
    EvidenceFormSet,
    evidence_formset,
)
from recommendations.admin.log.page import leave_unjudged, open_updates_of
from recommendations.admin.log.unlikely_dates import DateQuestion, unanswered
from recommendations.admin.log.versions import version_differences
from recommendations.copying import what_was_read
from recommendations.models import Action, Evidence, InboxItem, ListedHost, StatusUpdate
from recommendations.models.fields import column_of
from recommendations.models.listed_host import HostMark

# What is behind a fold: it is open where it says something.
FOLDED = ("search_note", "confidence", "attribution", "note_to_reviewer")


class SharedSourceForm(DraftForm):
    """The draft of one of several actions, which share their sources."""

    supports = column_of(Evidence, "supports").formfield(
        label=gettext_lazy("What the source supports here"),
        help_text=gettext_lazy(
            "In our own words, no quotation. Empty, it is what is said with the source."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=column_of(Evidence, "supports").validators,
    )


@dataclass
class ActionDraft:
    """One action of the form, and what was found wrong with its update.

    One that left the record meanwhile is shown as it was typed, and not sent again.
    """

    action: Action
    form: SharedSourceForm
    problems: list[str] = field(default_factory=list)
    has_left: bool = False

    @property
    def standing(self) -> Action:
        return self.action

    @property
    def anchor(self) -> str:
        return f"action-{self.action.pk}"

    @property
    def begun(self) -> str:
        """The id of what tells of the updates that colleagues have begun."""
        return f"begun-{self.action.pk}"

    @property
    def open_updates(self) -> list[StatusUpdate]:
        return open_updates_of(self.action)

    @property
    def is_folded(self) -> bool:
        typed = any(str(self.form[name].value() or "").strip() for name in FOLDED)
        return not (typed or self.problems or self.form.errors)

    def items(self, shared: Iterable[Evidence]) -> list[Evidence]:
        """Return items of its own, which say of the source what it supports here."""
        own = [copy(item) for item in shared]
        for item in own:
            item.supports = self.form.cleaned_data["supports"] or item.supports
        return own


@dataclass
class SeveralPage:
    """All of the form, as typed or as it is opened."""

    item: InboxItem
    drafts: list[ActionDraft]
    formset: BaseEvidenceFormSet

    @classmethod
    def opened(cls, item: InboxItem, actions: Iterable[Action], *, by: User, on: date) -> Any:
        """Return the form with what is known of the source."""
        drafts = [ActionDraft(action, _form(action, by=by, on=on)) for action in actions]
        return cls(
            item, drafts, EvidenceFormSet(initial=[initial_of(item, on=on)], prefix="evidence")
        )

    @classmethod
    def sent(
        cls, item: InboxItem, actions: Iterable[Action], data: QueryDict, *, by: User, on: date
    ) -> Any:
        drafts = [ActionDraft(action, _form(action, by=by, on=on, data=data)) for action in actions]
        return cls(item, drafts, evidence_formset(StatusUpdate(), today=on, data=data))

    def is_valid(self) -> bool:
        """Judge all of it: whoever corrects one mistake is told of the others too."""
        return all([self.formset.is_valid(), *(draft.form.is_valid() for draft in self.drafts)])

    def leave_unjudged(self, formset: BaseEvidenceFormSet) -> None:
        self.formset = formset
        for draft in self.drafts:
            leave_unjudged(draft.form, formset)

    def mark_left(self, in_record: Collection[int]) -> list[ActionDraft]:
        """Mark and return those whose actions left the record."""
        left = [draft for draft in self.drafts if draft.action.pk not in in_record]
        for draft in left:
            draft.has_left = True
        return left

    def questions(self, items: Sequence[Evidence], answered: Sequence[str]) -> list[DateQuestion]:
        """Return what is asked of dates that hardly can be, each once."""
        found = {
            one.key: one
            for draft in self.drafts
            for one in unanswered(draft.form.instance, items, answered=answered)
        }
        return list(found.values())

    def stored_otherwise(self, items: Sequence[Evidence]) -> list[ActionDraft]:
        """Return those that this very form has stored in other words (three queries each)."""
        references = [draft.form.cleaned_data["reference"] for draft in self.drafts]
        rows = {row.slug: row for row in StatusUpdate.objects.filter(slug__in=references)}
        return [
            draft
            for draft, reference in zip(self.drafts, references, strict=True)
            if (stored := rows.get(reference)) is None
            or version_differences(draft.form, draft.items(items), stored)
        ]

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Return each fault of the form: the id of its field, and a sentence that names it."""
        found = [("", str(sentence)) for sentence in self.formset.non_form_errors()]
        named: list[tuple[str, forms.BaseForm]] = [
            (_("Source %(n)d") % {"n": n}, form)
            for n, form in enumerate(self.formset.forms, start=1)
        ]
        named += [(draft.action.label, draft.form) for draft in self.drafts]
        for name, form in named:
            found += [("", f"{name}: {sentence}") for sentence in form.non_field_errors()]
            for bound in form:
                anchor = bound.id_for_label or bound.auto_id
                found += [(anchor, f"{name}, {bound.label}: {said}") for said in bound.errors]
        return found

    @property
    def unfit(self) -> list[ActionDraft]:
        return [draft for draft in self.drafts if draft.problems]


def _form(action: Action, *, by: User, on: date, data: QueryDict | None = None) -> SharedSourceForm:
    return SharedSourceForm(
        data,
        instance=publishing.begin(action, by=by),
        action=action,
        today=on,
        prefix=f"a{action.pk}",
    )


def initial_of(item: InboxItem, *, on: date) -> dict[str, Any]:
    """Return what is known of the source of an item, for its fields (five queries)."""
    marked = ListedHost.objects.as_list().mark_of(item.url) if item.url else ""
    known, read = item.source, what_was_read(item.url) if item.url else None
    return {
        "url": item.url,
        "title": item.title,
        "publisher": item.publisher,
        "kind": item.kind,
        "published_on": item.published_on,
        "published_precision": item.published_precision,
        "accessed_on": on,
        "archived_url": known.archived_url if known else "",
        "quotation": item.quotation,
        "capture_sha256": read.newest.sha256 if read and read.newest else "",
        "language": item.language,
        "is_state_media": marked == HostMark.STATE_MEDIA or bool(known and known.is_state_media),
    }
