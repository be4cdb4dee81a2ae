from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models import Edition, RetractionRequest, StatusUpdate
from recommendations.models.fields import column_of
from recommendations.models.status_update import new_update_slug

PUBLISH, RETURN = "publish", "return"


def _text(model: type[models.Model], name: str, *, rows: int, **kwargs: Any) -> forms.Field:
    """Return a form's field for a text of the record, without its model's form."""
    field = column_of(model, name)
    widget = forms.Textarea(attrs={"rows": rows})
    formfield = field.formfield(widget=widget, validators=field.validators, **kwargs)
    # Only a field that is no column of text has none.
    return cast(forms.Field, formfield)


def public_note() -> forms.Field:
    return _text(
        Edition,
        "note",
        rows=2,
        required=False,
        max_length=500,
        label=_("Public note of the edition"),
        help_text=_("What this edition is about. It stands in the list of changes."),
    )


class ReviewDecisionForm(forms.Form):
    """Publish, or return with a note. `seen` is the version that the reviewer has read.

    Texts are areas, so that the Enter key never decides.
    """

    seen = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    public_note = public_note()
    return_note = _text(
        StatusUpdate,
        "return_note",
        rows=3,
        required=False,
        label=_("What is to be changed"),
        help_text=_("For its authors, when you return it. Never public."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["return_note"].required = self.data.get("go") == RETURN


class EditionForm(forms.Form):
    public_note = public_note()


class CorrectionReasonForm(forms.Form):
    """A public reason. `reference` lets the server know a form again that it has stored."""

    reference = forms.CharField(
        widget=forms.HiddenInput,
        validators=[RegexValidator(r"^u-[0-9a-f]{10}\Z")],
        initial=new_update_slug,
    )
    reason = _text(RetractionRequest, "reason", rows=4, label=_("Public reason"))
