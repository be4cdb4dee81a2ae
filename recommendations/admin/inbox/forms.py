"""The small forms of the inbox: pasted lines, one address, whose it is, why it is no news."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy

from recommendations.accounts.people import analysts
from recommendations.admin.log.forms import day_field
from recommendations.inbox import News
from recommendations.inbox.lines import MOST_LINES, Line, read_lines
from recommendations.models import InboxItem
from recommendations.models.fields import column_of

LONGEST_PASTE = 100_000


def person_field(**kwargs: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        User.objects.none(), empty_label=gettext_lazy("Nobody"), required=False, **kwargs
    )


class PersonForm(forms.Form):
    """Whose something is, chosen among those whom work can be assigned to."""

    assigned_to = person_field(label=gettext_lazy("Assigned to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["assigned_to"])
        field.queryset = analysts()


class PasteForm(PersonForm):
    lines = forms.CharField(
        label=gettext_lazy("Addresses or headlines, one in a line"),
        help_text=gettext_lazy(
            "At most %(n)d. A line may have a headline and its address, in any order."
        ),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=LONGEST_PASTE,
        error_messages={"required": gettext_lazy("Paste at least one address or headline.")},
    )
    field_order = ("lines", "assigned_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lines"]
        field.help_text = str(field.help_text) % {"n": MOST_LINES}

    def clean_lines(self) -> list[Line]:
        return read_lines(self.cleaned_data["lines"])

    def holding(self, lines: list[Line]) -> PasteForm:
        """Return the form with those lines alone, as they were typed."""
        left = "\n".join(line.text for line in lines)
        return PasteForm(initial={"lines": left, "assigned_to": self["assigned_to"].value()})


class NewsForm(PersonForm, forms.ModelForm):
    """One address or headline with what is known of it, typed or filled in by a browser."""

    published_on = day_field(label=gettext_lazy("Date published"), required=False)

    class Meta:
        model = InboxItem
        fields = (
            "url",
            "title",
            "publisher",
            "kind",
            "published_on",
            "published_precision",
            "language",
            "quotation",
            "assigned_to",
        )
        widgets = {"quotation": forms.Textarea(attrs={"rows": 3})}

    @property
    def news(self) -> News:
        said = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        said.pop("assigned_to")
        return News(**said)

    def validate_constraints(self) -> None:
        """What waits already is no mistake: it leads there."""


class DismissForm(forms.Form):
    reason = column_of(InboxItem, "reason").formfield(
        label=gettext_lazy("Why it is no news"),
        required=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=column_of(InboxItem, "reason").validators,
        error_messages={"required": gettext_lazy("Say why it is dismissed.")},
    )
