"""Forms of the staff refuse to overwrite what a colleague saved after they were opened.

Each page sends along what was stored when it was opened, as one word. Under the lock of the save
this is compared with what is stored by then; where it differs, the page comes back as it was
typed, with both versions side by side. Sent again, what was typed replaces the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from recommendations.publishing import lock_state
from recommendations.text.punctuation import listed

SEEN = "seen_version"
REQUEST_SAYS = "is_form_stale"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as it was typed here, and as it is stored meanwhile."""

    label: str
    yours: str
    stored: str


class StaleFormMixin(admin.ModelAdmin):
    """A change form, with its rows, that overwrites nothing unseen."""

    change_form_template = "admin/recommendations/wording_change_form.html"

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and object_id is not None:
            lock_state()
            stored = self.stored_version(request, object_id)
            is_stale = stored is not None and request.POST.get(SEEN) != stored
            setattr(request, REQUEST_SAYS, is_stale)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def stored_version(self, request: HttpRequest, object_id: str) -> str | None:
        """Return what the page of a row sends along now; None where it cannot be changed."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.has_change_permission(request, obj):
            return None
        form = super().get_form(request, obj, change=True)(instance=obj)
        formsets = [
            formset(instance=obj, prefix=formset.get_default_prefix(), queryset=rows)
            for formset, rows in (
                (made, inline.get_queryset(request))
                for made, inline in self.get_formsets_with_inlines(request, obj)
            )
        ]
        return version_of(form, formsets)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return refusing(form) if change and getattr(request, REQUEST_SAYS, False) else form

    def render_change_form(self, request, context, *args, **kwargs) -> HttpResponse:
        obj = kwargs.get("obj")
        is_stale = getattr(request, REQUEST_SAYS, False)
        form = context["adminform"].form
        formsets = [one.formset for one in context["inline_admin_formsets"]]
        if obj is not None and self.has_change_permission(request, obj):
            context["seen_version"] = self._version_to_send(request, form, formsets, is_stale)
        context["is_stale"] = is_stale
        context["differences"] = list(differences_of(form, formsets)) if is_stale else []
        answer = super().render_change_form(request, context, *args, **kwargs)
        if is_stale and isinstance(answer, TemplateResponse):
            answer.status_code = 409
        return answer

    def _version_to_send(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list, is_stale: bool
    ) -> str:
        """Return the version that was shown; where both were shown, that which is stored."""
        if request.method == "POST" and not is_stale:
            return request.POST.get(SEEN, "")
        return version_of(form, formsets)


def version_of(form: forms.ModelForm, formsets: Iterable[forms.BaseModelFormSet]) -> str:
    """Return what changes with every stored value that a page has a field for."""
    rows = [
        [
            str(formset.prefix),
            [(one.instance.pk, _values(one)) for one in formset.initial_forms],
        ]
        for formset in formsets
    ]
    return hashlib.sha256(repr([_values(form), rows]).encode()).hexdigest()[:32]


def _values(form: forms.ModelForm) -> list[tuple[str, str]]:
    """Return the stored values in the order of the form; lists have an order of their own."""
    found = []
    for name in form.fields:
        value = form.initial.get(name)
        if isinstance(value, list | tuple | models.QuerySet):
            value = sorted(str(getattr(one, "pk", one)) for one in value)
        found.append((name, str(value)))
    return found


def refusing(form: type[forms.ModelForm]) -> type[forms.ModelForm]:
    """Return a form that is never valid, and says why."""

    class Refusing(form):  # type: ignore[misc, valid-type]
        def clean(self):
            data = super().clean()
            self.add_error(None, _("Somebody else saved this while you were editing it."))
            return data

    return Refusing


# What differs ----------------------------------------------------------------------------------


def differences_of(
    form: forms.ModelForm, formsets: Iterable[forms.BaseModelFormSet]
) -> Iterator[Difference]:
    """Yield where what was typed is not what is stored, the rows below after the row itself."""
    yield from _of_form(form)
    for formset in formsets:
        yield from _of_rows(formset)


def _of_form(form: forms.ModelForm, *, of: str = "") -> Iterator[Difference]:
    for name in form.changed_data:
        field = form.fields[name]
        if field.widget.is_hidden or field.disabled:
            continue
        label = f"{of}: {field.label}" if of else str(field.label)
        yours = shown(field, form[name].data)
        yield Difference(label, yours, shown(field, form.initial.get(name)))


def _of_rows(formset: Any) -> Iterator[Difference]:
    kind = str(formset.model._meta.verbose_name)
    sent = set()
    for form in formset.forms:
        if form.instance.pk is None:
            if form.has_changed():
                yield from _of_form(form, of=kind)
            continue
        sent.add(form.instance.pk)
        yield from _of_form(form, of=f"{kind} “{_as_stored(form.instance)}”")
    for row in formset.get_queryset():
        if row.pk not in sent:
            yield Difference(kind, "", str(row))


def _as_stored(row: models.Model) -> str:
    stored = type(row)._default_manager.filter(pk=row.pk).first()
    return str(stored or row)


def shown(field: forms.Field, value: Any) -> str:
    """Return a value of a form's field as a reader knows it: the label of a choice, a list."""
    if value in (None, "", []):
        return ""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value in (True, "on", "True", "true", "1") else _("no")
    if isinstance(field, forms.ModelMultipleChoiceField) and field.queryset is not None:
        keys = [getattr(one, "pk", one) for one in value]
        rows = field.queryset.filter(pk__in=[key for key in keys if str(key).isdecimal()])
        return listed(str(row) for row in rows)
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        key = str(getattr(value, "pk", value))
        found = field.queryset.filter(pk=key).first() if key.isdecimal() else None
        return str(found or value)
    if isinstance(field, forms.ChoiceField):
        labels = {str(code): label for code, label in field.choices}  # type: ignore[union-attr, misc]
        return str(labels.get(str(value), value))
    return str(value)
