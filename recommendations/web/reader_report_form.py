"""The form with which readers report errors and send evidence, and how it is kept from abuse.

What is a mistake is said, and the text comes back. Only a filled trap, which nobody sees, is
answered like a success while nothing is stored.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.models import Action, ReaderReport, Recommendation
from recommendations.models.reader_report import ReaderReportKind
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

LEAST_SECONDS = 3
MOST_SECONDS = 24 * 60 * 60
MOST_LINKS = 3
FIELDS = ("kind", "action", "message", "url", "contact")
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
KINDS = {
    ReaderReportKind.ERROR: gettext_lazy("Something on the page is wrong"),
    ReaderReportKind.EVIDENCE: gettext_lazy("A source that the page lacks"),
}


class MessageField(forms.CharField):
    """Counts a line break as one character, as people and text fields do."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class ActionField(forms.ModelChoiceField):
    def label_from_instance(self, action: Action) -> str:
        return str(action)


class ReaderReportForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What you send"),
        choices=KINDS.items(),
        error_messages={"required": gettext_lazy("Choose what you send.")},
    )
    action = ActionField(
        Record(Viewpoint.present()).actions().none(),
        required=False,
        label=gettext_lazy("Which action is it about?"),
        empty_label=gettext_lazy("The recommendation as a whole"),
    )

    class Meta:
        model = ReaderReport
        fields = FIELDS
        field_classes = {"message": MessageField}
        labels = {
            "message": gettext_lazy("Your message"),
            "url": gettext_lazy("Address of a source"),
            "contact": gettext_lazy("Your e-mail address"),
        }
        help_texts = {
            "url": gettext_lazy(
                "Where can this be checked? For example https://example.org/notice."
            ),
            "contact": gettext_lazy("Only if you would like an answer."),
        }
        widgets = {
            "message": forms.Textarea(attrs={"rows": 8}),
            "contact": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        error_messages = {
            "message": {"required": gettext_lazy("Say what is wrong, or what is missing.")}
        }

    def __init__(self, *args: Any, recommendation: Recommendation, **kwargs: Any) -> None:
        kwargs["instance"] = ReaderReport(recommendation=recommendation)
        super().__init__(*args, **kwargs)
        self.recommendation = recommendation
        cast(ActionField, self.fields["action"]).queryset = (
            recommendation.actions.published().select_related("recommendation").order_by("number")
        )
        message = cast(MessageField, self.fields["message"])
        message.help_text = _(
            "What does the page say, and what do you know? At most %(n)s characters."
        ) % {"n": f"{message.max_length:,}"}
        for field in self.fields.values():
            # A browser would cut a longer text that is pasted, without a word.
            field.widget.attrs.pop("maxlength", None)

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """Each kind for the radio buttons."""
        chosen = self["kind"].value()
        return [
            {"code": code.value, "label": label, "is_chosen": chosen == code}
            for code, label in KINDS.items()
        ]

    @property
    def is_trapped(self) -> bool:
        """Whether the field was filled that no person sees."""
        return bool(self.data.get("website"))

    def clean_message(self) -> str:
        message = self.cleaned_data["message"]
        if len(LINK.findall(message)) > MOST_LINKS:
            sentence = ngettext(
                "Write at most %(n)d link in the message. The address of a source has a field of "
                "its own.",
                "Write at most %(n)d links in the message. The address of a source has a field of "
                "its own.",
                MOST_LINKS,
            )
            raise forms.ValidationError(sentence % {"n": MOST_LINKS})
        return message

    def problem_of_opening(self, *, now: datetime) -> str:
        """Return why the form is not taken as filled in by a person, as a sentence, or nothing."""
        age = age_of(self.data.get("opened", ""), self.recommendation, now=now)
        if age is None:
            return _("This form was open for more than a day. Look through it and send it again.")
        if age < LEAST_SECONDS:
            return _("That was quicker than a person types. Look through it and send it again.")
        return ""

    @transaction.atomic
    def receive(self, *, now: datetime) -> None:
        """Store the report, once: what is waiting already, as after a second press, stays one."""
        recommendations = Record(Viewpoint.present()).recommendations()
        recommendations.select_for_update(of=("self",)).get(pk=self.recommendation.pk)
        report = self.instance
        same = ReaderReport.objects.waiting().filter(
            recommendation=self.recommendation,
            **{name: getattr(report, name) for name in FIELDS},
        )
        if not same.exists():
            report.received_at = now
            report.save()


def stamp_of(recommendation: Recommendation, *, now: datetime) -> str:
    """Return a signed note of when the form of this recommendation was opened."""
    return _signer(recommendation).sign(str(int(now.timestamp())))


def age_of(stamp: str, recommendation: Recommendation, *, now: datetime) -> int | None:
    """Return for how many seconds the form has been open; None for no stamp of the last day."""
    try:
        age = int(now.timestamp()) - int(_signer(recommendation).unsign(stamp))
    except BadSignature:
        return None
    return age if age <= MOST_SECONDS else None


def _signer(recommendation: Recommendation) -> Signer:
    return Signer(salt=f"reader-report:{recommendation.pk}")
