"""The form of a draft and of its items of evidence."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations import publishing
from recommendations.models import Action, Evidence, ListedHost, StatusUpdate
from recommendations.models.fields import column_of, refuse_absurd_date
from recommendations.models.status_update import new_update_slug
from recommendations.statuses import REVIEW_INTERVAL, STATUS_DEFINITIONS, Status
from recommendations.text.listed_hosts import HostList

ISO = "%Y-%m-%d"
MOST_ITEMS = 20
# What makes an item one: the other fields are filled in beforehand.
TYPED = ("url", "title", "publisher", "archived_url", "supports", "quotation", "page")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format=ISO)


def day_field(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=DayInput(), input_formats=[ISO], **kwargs)


class DraftForm(forms.ModelForm):
    """`reference` and `revision` let the server know a draft again that it has already stored."""

    reference = forms.CharField(
        widget=forms.HiddenInput, validators=[RegexValidator(r"^u-[0-9a-f]{10}\Z")]
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    effective_on = day_field(
        label=gettext_lazy("Date it took effect"),
        help_text=gettext_lazy(
            "The day of the event, not today. For a month or a year, any day of it. The public "
            "record changes from this date."
        ),
    )
    searched_on = day_field(label=gettext_lazy("Date of the search"), required=False)
    next_review_on = day_field(
        label=gettext_lazy("Look at it again by"),
        required=False,
    )

    class Meta:
        model = StatusUpdate
        fields = (
            "status",
            "effective_on",
            "effective_precision",
            "note",
            "search_note",
            "searched_on",
            "relies_on",
            "confidence",
            "attribution",
            "next_review_on",
            "note_to_reviewer",
            "correction_reason",
        )
        widgets = {
            "note": forms.Textarea(attrs={"rows": 4}),
            "search_note": forms.Textarea(attrs={"rows": 2}),
            "note_to_reviewer": forms.Textarea(attrs={"rows": 2}),
            "correction_reason": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {"status": {"required": gettext_lazy("Choose the new status.")}}

    def __init__(self, *args: Any, action: Action, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        update = self.instance
        self.fields["reference"].initial = update.slug if update.pk else new_update_slug()
        self.fields["revision"].initial = update.revision
        self.fields["effective_on"].widget.attrs["max"] = today.isoformat()
        self.fields["next_review_on"].help_text = _(
            "%(days)d days after the last search, unless you say otherwise."
        ) % {"days": REVIEW_INTERVAL.days}
        if not update.pk:
            last = max(today, action.last_reviewed_on or today)
            self.initial["next_review_on"] = last + REVIEW_INTERVAL
        self.confirmed = {one.pk for one in publishing.default_reliance(action)}
        self.reliance_field.queryset = (
            action.updates.counting()
            .filter(Q(evidence__isnull=False) | Q(pk__in=self.confirmed))
            .exclude(pk=update.replaces_id)
            .distinct()
            .with_basis()
            .prefetch_related("evidence")
            .order_by("-effective_day", "-edition_id")
        )
        if not update.replaces_id:
            del self.fields["correction_reason"]
        else:
            self.fields["correction_reason"].required = True

    @property
    def reliance_field(self) -> forms.ModelMultipleChoiceField:
        return cast(forms.ModelMultipleChoiceField, self.fields["relies_on"])

    @property
    def statuses(self) -> list[dict[str, Any]]:
        """Return each status with its definition, for the radio buttons."""
        chosen = self["status"].value()
        return [
            {
                "code": status.value,
                "label": status.label,
                "definition": STATUS_DEFINITIONS[status],
                "is_chosen": chosen == status.value,
            }
            for status in Status
        ]

    @property
    def reliances(self) -> list[dict[str, Any]]:
        """Return each earlier update that may be relied on, and its items for the rule's script."""
        chosen = {str(getattr(value, "pk", value)) for value in self["relies_on"].value() or ()}
        return [
            {
                "update": update,
                "items": json.dumps(
                    [
                        [item.kind, item.publisher, item.is_state_media]
                        for item in update.evidence.all()
                    ]
                ),
                "is_chosen": str(update.pk) in chosen,
                "is_confirmed": update.pk in self.confirmed,
            }
            for update in self.reliance_field.queryset or ()
        ]


class EvidenceForm(forms.ModelForm):
    published_on = day_field(label=gettext_lazy("Date published"), required=False)
    accessed_on = day_field(label=gettext_lazy("Date of access"), required=False)

    class Meta:
        model = Evidence
        fields = (
            "url",
            "title",
            "publisher",
            "kind",
            "published_on",
            "published_precision",
            "accessed_on",
            "archived_url",
            "supports",
            "quotation",
            "page",
            "language",
            "is_state_media",
            "capture_sha256",
        )
        widgets = {
            "supports": forms.Textarea(attrs={"rows": 2}),
            "quotation": forms.Textarea(attrs={"rows": 2}),
            "publisher": forms.TextInput(attrs={"list": "publishers"}),
        }

    def clean_url(self) -> str:
        address = self.cleaned_data["url"]
        hosts = ListedHost.objects.as_list() if address else HostList({})
        if problem := Evidence(url=address).host_problem(hosts):
            raise forms.ValidationError(problem)
        return address

    def has_changed(self) -> bool:
        """Whether this is an item at all: a date filled in beforehand makes none."""
        return any(str(self[name].value() or "").strip() for name in TYPED)


class BaseEvidenceFormSet(forms.BaseFormSet):
    """Items that were left empty are none, whether they were stored before or not."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {"empty_permitted": True, "use_required_attribute": False}

    @property
    def items(self) -> list[Evidence]:
        """Return the items that stay, in order. The set must be valid."""
        kept = [
            form.save(commit=False)
            for form in self.forms
            if form.has_changed() and not form.cleaned_data.get("DELETE")
        ]
        for position, item in enumerate(kept, start=1):
            item.position = position
        return kept


EvidenceFormSet = cast(
    type[BaseEvidenceFormSet],
    forms.formset_factory(
        EvidenceForm,
        formset=BaseEvidenceFormSet,
        extra=0,
        can_delete=True,
        max_num=MOST_ITEMS,
        validate_max=True,
    ),
)


def evidence_formset(
    update: StatusUpdate, *, today: date, data: Any = None, spare: int = 0
) -> BaseEvidenceFormSet:
    """Return the items of a draft, as sent or as stored, with one empty item or `spare`."""
    if data is not None:
        return EvidenceFormSet(data, prefix="evidence")
    stored = [forms.model_to_dict(item) for item in update.evidence.all()] if update.pk else []
    empty = [{"accessed_on": today}] * (spare or (0 if stored else 1))
    return EvidenceFormSet(initial=[*stored, *empty], prefix="evidence")


class ConfirmForm(forms.Form):
    """Nothing changed: where was looked, and when."""

    search_note = column_of(StatusUpdate, "search_note").formfield(
        required=True,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        validators=column_of(StatusUpdate, "search_note").validators,
    )
    searched_on = day_field(
        label=gettext_lazy("Date of the search"), validators=[refuse_absurd_date]
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["searched_on"].initial = today
        self.fields["searched_on"].widget.attrs["max"] = today.isoformat()

    def clean_searched_on(self) -> date:
        day = self.cleaned_data["searched_on"]
        if day > self.today:
            raise forms.ValidationError(_("The date of the search lies in the future."))
        return day
