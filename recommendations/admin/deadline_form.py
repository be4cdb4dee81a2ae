"""Deadlines as editors type them: in the fiscal years that are known here."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from recommendations.fiscal_years import FiscalYearRule
from recommendations.known_precisions import known_precisions
from recommendations.models import Action, Deadline, FiscalYear
from recommendations.statuses import Precision


class DeadlineForm(forms.ModelForm):
    """Takes any day of a fiscal year for the first of it."""

    class Meta:
        model = Deadline
        fields = ("origin", "on", "precision", "stated_on", "publisher", "url", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "precision" in self.fields:
            offered = {*known_precisions(), self.instance.precision}
            field = cast(forms.ChoiceField, self.fields["precision"])
            field.choices = [(one.value, one.label) for one in Precision if one in offered]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        on, precision = found.get("on"), found.get("precision")
        if on and precision == Precision.FISCAL_YEAR and {"on", "precision"} & {*self.changed_data}:
            rule = _rule_of(self.instance.action if self.instance.action_id else None)
            if rule is None:
                raise ValidationError(
                    {
                        "precision": _(
                            "Nobody said when this fiscal year begins, or the parties have "
                            "different ones. Say it under “fiscal years”, or give a day."
                        )
                    }
                )
            found["on"] = rule.first_day_around(on)
        return found


def _rule_of(action: Action | None) -> FiscalYearRule | None:
    """Return the fiscal year that the parties of an action have alike (two queries)."""
    rules = FiscalYear.objects.rules()
    slugs = action.parties.values_list("slug", flat=True) if action else ()
    own = {rules[slug] for slug in slugs if slug in rules}
    if own:
        return own.pop() if len(own) == 1 else None
    return rules.get("")
