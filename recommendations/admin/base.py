"""What the admin pages of the record share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from recommendations import acts
from recommendations.models import Action, Recommendation, StatusUpdate
from recommendations.models.act import Event
from recommendations.models.fields import Counted, column_of
from recommendations.publishing import settle_wording
from recommendations.templatetags.content import said
from recommendations.templatetags.tracker import standing, status_mark
from recommendations.text.dates import date_text
from recommendations.translating.record_texts import carry_over, words_of

from .stale_forms import StaleFormMixin

# Django's two lists side by side need a script, and axe finds fault with them.
CHECKBOXES: Mapping[type[models.Field], Mapping[str, Any]] = {
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
}


@admin.display(description=gettext_lazy("status"), ordering="status")
def marked_status(obj: Action | Recommendation | StatusUpdate) -> SafeString:
    """Return the status of a row of a changelist, as the public pages show it."""
    return status_mark(obj.status) if isinstance(obj, StatusUpdate) else standing(obj)


@admin.display(description=gettext_lazy("status since"))
def stated_since(obj: Action | Recommendation) -> str:
    """Return since when it has its status, as it was stated (a query)."""
    rows = type(obj).objects.filter(pk=obj.pk).with_stated_since()
    since = rows.values_list("since_on", "since_precision").first()
    return date_text(*since) if since and since[0] else "–"


@admin.display(description=gettext_lazy("took effect on"), ordering="effective_on")
def stated_effect(obj: StatusUpdate) -> str:
    return date_text(obj.effective_on, obj.effective_precision)


def said_column(model: type[models.Model], name: str) -> Callable[[models.Model], str]:
    """Return a column of a changelist with a text in the reader's language."""
    kind = f"{model._meta.model_name}.{name}"

    @admin.display(description=column_of(model, name).verbose_name, ordering=name)
    def column(obj: models.Model) -> str:
        return said(getattr(obj, name), kind)

    column.__name__ = name
    return column


class LabelledFormSet(forms.BaseInlineFormSet):
    """Django's tables of rows label their columns alone, which screen readers do not read out."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            # The one with buttons beside it passes its attributes on to the one inside.
            widget = cast(forms.Widget, getattr(field.widget, "widget", field.widget))
            if not widget.is_hidden:
                widget.attrs.setdefault("aria-label", str(field.label or ""))


class StaffAdmin(admin.ModelAdmin):
    """What holds on every page: no deleting in bulk, and no NUL, which PostgreSQL refuses.

    A filtered list says how many it found and not out of how many, which costs a second count.
    """

    show_full_result_count = False
    # What the log of acts calls a change of these rows.
    act = Event.OTHER

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._note("added", obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._note("changed", obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._note("deleted", obj, "")
        return super().log_deletions(request, queryset)

    def _note(self, verb: str, obj: models.Model, message: Any) -> None:
        said = json.dumps(message, ensure_ascii=False) if message else ""
        acts.note(self.act, subject=f"{acts.name_of(obj)}: {obj}", detail=f"{verb} {said}".strip())

    def no_such_row(self, request: HttpRequest, key: str) -> HttpResponse:
        """Answer as Django does, with a sentence on the first page."""
        # The stubs leave out this method of ModelAdmin.
        return self._get_obj_does_not_exist_redirect(request, self.opts, key)  # type: ignore[attr-defined]

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        if any("\x00" in value for values in request.GET.lists() for value in values[1]):
            raise IncorrectLookupParameters
        return super().get_changelist_instance(request)

    def get_search_results(self, request, queryset, search_term):
        if "\x00" in search_term:
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)


class WordingAdmin(StaleFormMixin, StaffAdmin):
    """Pages for text and grouping, which show as they are now.

    Each save brings search and the derived columns in line, in the same transaction, and refuses
    to overwrite a colleague's. What was ever public cannot be deleted here.
    """

    act = Event.WORDING

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not self.is_in_use(obj))

    def is_in_use(self, obj: models.Model) -> bool:
        return isinstance(obj, Counted) and not obj.is_draft

    def touched_recommendations(self, obj: models.Model) -> models.QuerySet[Recommendation]:
        """Return the recommendations whose text or grouping depends on this row."""
        raise NotImplementedError

    def save_model(self, request, obj, form, change) -> None:
        before = words_of(self.model._default_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        tell_of_translations(request, carry_over(before, words_of(obj)))

    def save_formset(self, request, form, formset, change) -> None:
        keys = [one.instance.pk for one in formset.initial_forms]
        stored = formset.model._default_manager.in_bulk(keys)
        before = {pk: words_of(row) for pk, row in stored.items()}
        super().save_formset(request, form, formset, change)
        changed = [row for row, _fields in formset.changed_objects]
        carried = sum(carry_over(before.get(row.pk, {}), words_of(row)) for row in changed)
        tell_of_translations(request, carried)

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        self.settle(form.instance)

    def settle(self, obj: models.Model) -> None:
        """Bring in line what follows from an edit. Call it in the transaction of the edit."""
        settle_wording(self.touched_recommendations(obj))


class ReadOnlyAdmin(StaffAdmin):
    """For what publishing alone writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def tell_of_translations(request: HttpRequest, n: int) -> None:
    """Say what became of the translations of a text that was worded anew."""
    if n:
        told = ngettext(
            "%(n)d translation stays as it is, marked “original changed since”. Look at it under "
            "“Translations”.",
            "%(n)d translations stay as they are, marked “original changed since”. Look at them "
            "under “Translations”.",
            n,
        )
        messages.info(request, told % {"n": n})


def tell(request: HttpRequest, error: ValidationError) -> None:
    """Show why a step was refused, a message a reason."""
    for sentence in error.messages:
        messages.error(request, sentence)


def editable_only_as_draft(fields: Iterable[str], obj: Counted | None) -> tuple[str, ...]:
    """Return the fields that are fixed once something is in the record."""
    return () if obj is None or obj.is_draft else tuple(fields)
