"""Forms of a delivery: its source, and the facts of a new report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from django import forms
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.drafting.deliveries.decisions import ReportChoice, Source
from recommendations.drafting.deliveries.plan import NamedReport, Plan
from recommendations.models import Delivery, Report
from recommendations.models.fields import date_column, no_control_characters
from recommendations.statuses.possible_dates import access_problem
from recommendations.viewpoint import today

# So many of each list are shown and decided on at once; the rest follows when these are.
MOST_SHOWN = 100


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SourceForm(forms.ModelForm):
    """The delivery as a source, which each draft cites with its row."""

    class Meta:
        model = Delivery
        fields = [
            "title",
            "publisher",
            "url",
            "published_on",
            "published_precision",
            "accessed_on",
            "kind",
        ]
        widgets = {"published_on": day_input(), "accessed_on": day_input()}

    @classmethod
    def of(cls, source: Source | None, *, on: date, data: Any = None) -> SourceForm:
        initial: dict[str, Any] = {"accessed_on": on}
        if source:
            initial = msgspec.structs.asdict(source)
        return cls(data, initial=initial, prefix="source")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        published_on, accessed_on = data.get("published_on"), data.get("accessed_on")
        if published_on and accessed_on:
            precision = data.get("published_precision", "")
            if problem := access_problem(published_on, precision, accessed_on=accessed_on):
                self.add_error("published_on", problem)
        return data

    @property
    def source(self) -> Source:
        return Source(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class ReportForm(forms.Form):
    """Which report a name in the table is. A new one needs its facts."""

    slug = forms.ChoiceField(label=gettext_lazy("Report"), required=False)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        required=False,
        validators=[no_control_characters],
    )
    new_slug = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("It stands in the address of the report, for good."),
    )
    published_on = forms.DateField(
        label=gettext_lazy("Published on"),
        widget=day_input(),
        required=False,
        validators=[date_column(Report, "published_on").refuse_impossible],
    )

    def __init__(self, named: NamedReport, reports: list[Report], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.named = named
        field = self.fields["slug"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("A new report")), *((one.slug, str(one)) for one in reports)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("slug"):
            return data
        for name in ("title", "new_slug", "published_on"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("A new report needs it."))
        slug = data.get("new_slug")
        if slug and Report.objects.filter(slug=slug).exists():
            told = _("There is a report “%(slug)s” already. Choose another short name.")
            self.add_error("new_slug", told % {"slug": slug})
        return data

    @property
    def choice(self) -> ReportChoice:
        data = self.cleaned_data
        if data.get("slug"):
            return ReportChoice(slug=data["slug"])
        return ReportChoice(
            "", data.get("title", ""), data.get("new_slug", ""), data.get("published_on")
        )


@dataclass
class Forms:
    """The forms of the page: of the source, and of each report that is asked about."""

    source: SourceForm
    reports: list[ReportForm]

    @property
    def are_valid(self) -> bool:
        return all([self.source.is_valid(), *(form.is_valid() for form in self.reports)])


def forms_of(plan: Plan, request: HttpRequest | None = None) -> Forms:
    data = request.POST if request else None
    reports = list(Report.objects.filter(until_edition__isnull=True))
    return Forms(
        SourceForm.of(plan.decisions.source, on=today(), data=data),
        [
            ReportForm(one, reports, data, initial=_facts(one), prefix=f"report-{n}")
            for n, one in enumerate(_asked_about(plan))
        ],
    )


def _asked_about(plan: Plan) -> list[NamedReport]:
    """Return the reports that somebody has to say something about."""
    asked = [one for one in plan.reports if one.report is None or one.choice.slug]
    return asked[:MOST_SHOWN]


def _facts(one: NamedReport) -> dict[str, Any]:
    choice = one.choice
    title = choice.title or one.name
    return {
        "slug": choice.slug,
        "title": title,
        "new_slug": choice.new_slug or slugify(title)[:80].strip("-"),
        "published_on": choice.published_on,
    }
