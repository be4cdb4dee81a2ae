"""Sentences on what is wrong with rows and cells, and the words of values that changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.drafting.deliveries.addressees import Directory
from recommendations.drafting.deliveries.plan import Plan
from recommendations.importing.tables.rows import Problem
from recommendations.importing.tables.table import letters_of
from recommendations.models.action import ActionKind
from recommendations.text.dates import date_text
from recommendations.text.punctuation import comma

SENTENCES: dict[str, Promise] = {
    "no_value": gettext_lazy(
        "The formula has no value: open the file in a spreadsheet program and save it again."
    ),
    "error": gettext_lazy("The formula ends in an error."),
    "undecodable": gettext_lazy("It is in another encoding than the rest of the file."),
    "too_long": gettext_lazy("The text is longer than a cell can be."),
    "control": gettext_lazy("There are invisible control characters in it."),
    "no_date": gettext_lazy("This is no date that can be read."),
    "day_or_month_first": gettext_lazy(
        "Day or month first? Say it with the meaning of the columns."
    ),
    "whose_fiscal_year": gettext_lazy("Whose fiscal year? Say it with the meaning of the columns."),
    "no_text": gettext_lazy("The row has no text of a recommendation or an action."),
    "no_report": gettext_lazy("The row names no report."),
    "no_level": gettext_lazy("The row does not say whether it is a recommendation or an action."),
    "unknown_level": gettext_lazy("The word is none of those for a recommendation or an action."),
    "no_whole": gettext_lazy("There is no recommendation above that the action could belong to."),
    "twice": gettext_lazy(
        "The number stands there twice. In a spreadsheet, 1.10 becomes 1.1 where it is no text."
    ),
    "long_name": gettext_lazy("The name is longer than 200 characters."),
    "long_number": gettext_lazy("The number is longer than 20 characters."),
    "long_title": gettext_lazy(
        "The text is longer than the 300 characters that a headline or a title has here."
    ),
    "unknown_area": gettext_lazy("No policy area here has this name."),
    "unknown_kind": gettext_lazy("This is none of the kinds of action."),
    "no_address": gettext_lazy("This is no address of a page. It begins with https:// or http://."),
    "date_to_come": gettext_lazy("The date lies in the future."),
    "before_report": gettext_lazy("This deadline ended before the report came out."),
    "impossible_year": gettext_lazy("The year cannot be."),
}


def group_words(key: str, heads: list[str]) -> str:
    """Return what alike problems are, and in which column."""
    column, _colon, kind = key.partition(":")
    sentence = str(SENTENCES.get(kind, kind))
    if not column.isdigit():
        return sentence
    n = int(column)
    said = {
        "column": letters_of(n),
        "head": heads[n] if n < len(heads) else "",
        "problem": sentence,
    }
    return _("Column %(column)s (%(head)s): %(problem)s") % said


def problem_words(problem: Problem, heads: list[str]) -> str:
    """Return where a problem is and what stands there."""
    if problem.column is None:
        place = _("Row %(row)d") % {"row": problem.row}
    else:
        said = {"row": problem.row, "cell": f"{letters_of(problem.column)}{problem.row}"}
        place = _("Row %(row)d, cell %(cell)s") % said
    if not problem.shown:
        return place
    return _("%(place)s: “%(shown)s”") % {"place": place, "shown": problem.shown}


def value_words(name: str, value: Any, plan: Plan) -> str:
    """Return a value that changed as it is read."""
    if not value:
        return "–"
    if name == "due":
        return str(date_text(date.fromisoformat(value[0]), value[1]))
    if name == "owners":
        return comma().join(_name_of(one, plan.directory) for one in value)
    if name == "areas":
        return comma().join(str(plan.areas[slug]) for slug in value if slug in plan.areas)
    if name == "kind":
        return str(ActionKind(value).label)
    return str(value)


def _name_of(meaning: str, directory: Directory) -> str:
    kind, _colon, slug = meaning.partition(":")
    known = directory.parties if kind == "party" else directory.bodies
    return str(known.get(slug, slug))
