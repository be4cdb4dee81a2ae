"""The questions on how a spreadsheet is read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.importing.tables.table import MOST_ROWS, Workbook
from recommendations.models.fields import no_control_characters

LEVELS = [
    ("row", gettext_lazy("Each row is a recommendation with one action")),
    (
        "fill",
        gettext_lazy("Rows go on with the recommendation above while it is empty or the same"),
    ),
    ("number", gettext_lazy("The number says it: 4a(ii) lies under 4")),
    ("column", gettext_lazy("A column says it")),
]
REPORTS = [
    ("one", gettext_lazy("One report")),
    ("column", gettext_lazy("Several: a column names the report of each row")),
]
MARKS = [
    ("", gettext_lazy("nothing: one name a cell")),
    (";", gettext_lazy("semicolon ;")),
    (",", gettext_lazy("comma ,")),
    ("/", gettext_lazy("slash /")),
    ("|", gettext_lazy("bar |")),
    ("newline", gettext_lazy("line break")),
    ("、", gettext_lazy("Japanese comma 、")),
    ("・", gettext_lazy("middle dot ・")),
]
ORDERS = [
    ("", gettext_lazy("not said: such dates are named as wrong")),
    ("day_first", gettext_lazy("day first: 3/4/2026 is 3 April")),
    ("month_first", gettext_lazy("month first: 3/4/2026 is 4 March")),
]
FISCAL = [
    ("", gettext_lazy("not said: such dates are named as wrong")),
    ("fiscal_year_japan", gettext_lazy("Japan’s: begins in April of its number")),
    ("fiscal_year_us", gettext_lazy("that of the United States: ends in September of its number")),
]


class WordsField(forms.CharField):
    """Words parted by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        words = (" ".join(word.split()) for word in text.replace("、", ",").split(","))
        return tuple(word for word in words if word)


class ColumnsForm(forms.Form):
    """How the table is read. What each column means stands in fields of its own, by its place."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"))
    head_row = forms.IntegerField(
        label=gettext_lazy("Row of the heads"),
        min_value=1,
        max_value=MOST_ROWS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    head_rows = forms.IntegerField(
        label=gettext_lazy("How many rows the heads take"),
        min_value=1,
        max_value=3,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    levels = forms.ChoiceField(
        label=gettext_lazy("What is a recommendation, and what an action of it"), choices=LEVELS
    )
    recommendation_words = WordsField(
        label=gettext_lazy("Words for a recommendation in the column of levels"),
        help_text=gettext_lazy("Parted by commas."),
        max_length=500,
        required=False,
        validators=[no_control_characters],
    )
    action_words = WordsField(
        label=gettext_lazy("Words for an action in the column of levels"),
        max_length=500,
        required=False,
        validators=[no_control_characters],
    )
    reports = forms.ChoiceField(label=gettext_lazy("Reports in the table"), choices=REPORTS)
    owner_mark = forms.ChoiceField(
        label=gettext_lazy("What parts several names of who is responsible"),
        choices=MARKS,
        required=False,
    )
    day_order = forms.ChoiceField(
        label=gettext_lazy("Dates like 3/4/2026"), choices=ORDERS, required=False
    )
    fiscal_year = forms.ChoiceField(
        label=gettext_lazy("Fiscal years like FY2026"), choices=FISCAL, required=False
    )
    name = forms.CharField(
        label=gettext_lazy("Keep these meanings under a name"),
        help_text=gettext_lazy("For the next delivery. A name that is kept already is replaced."),
        max_length=100,
        required=False,
        validators=[no_control_characters],
    )

    def __init__(self, workbook: Workbook, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sheet"]
        assert isinstance(field, forms.ChoiceField)
        names = [sheet.name for sheet in workbook.sheets]
        field.choices = [(name, name or _("the only one")) for name in names]
        field.required = len(names) > 1
