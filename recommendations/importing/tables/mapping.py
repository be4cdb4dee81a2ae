"""What the columns of a table mean, as an editor says it, and how its rows are put together."""

from __future__ import annotations

from typing import Literal, get_args

from django.utils.translation import gettext_lazy as _
from msgspec import Struct, ValidationError, convert, to_builtins

from .days import DayOrder, FiscalYear

Role = Literal[
    "report",
    "section",
    "number",
    "level",
    "recommendation",
    "action_number",
    "action",
    "owner",
    "due",
    "due_precision",
    "status",
    "since",
    "response",
    "area",
    "kind",
    "source",
    "note",
]
# `row`: each row is a recommendation with one action. `column`: a column says which of the two a
# row is. `number`: 4a(ii) lies under 4. `fill`: what is the same as above, or empty, goes on.
Levels = Literal["row", "column", "number", "fill"]
Reports = Literal["one", "column"]
# What parts several names in a cell. A form would send a line break as another one.
Mark = Literal["", ";", ",", "/", "|", "newline", "、", "・"]

ROLES: dict[str, object] = {
    "": _("– not read –"),
    "report": _("Report"),
    "section": _("Section"),
    "number": _("Number"),
    "level": _("Level: recommendation or action"),
    "recommendation": _("Recommendation"),
    "action_number": _("Number of the action"),
    "action": _("Action"),
    "owner": _("Who is responsible"),
    "due": _("Deadline"),
    "due_precision": _("Precision of the deadline"),
    "status": _("Status"),
    "since": _("Date of effect of the status"),
    "response": _("Response of the addressee"),
    "area": _("Policy area"),
    "kind": _("Kind of action"),
    "source": _("Address of a source"),
    "note": _("Note, kept with the row"),
}
# Of these there may be more than one column.
REPEATED = ("owner", "note", "response", "area", "source")


class Mapping(Struct, frozen=True):
    """`columns` are by their heads, so that the next delivery may have them in another order.

    `statuses` are our codes by words of theirs; "" leaves a status out.
    """

    sheet: str = ""
    head_row: int = 1
    head_rows: int = 1
    columns: dict[str, Role] = {}
    levels: Levels = "row"
    recommendation_words: tuple[str, ...] = ()
    action_words: tuple[str, ...] = ()
    reports: Reports = "one"
    owner_mark: Mark = ""
    day_order: DayOrder = ""
    fiscal_year: FiscalYear = ""
    statuses: dict[str, str] = {}

    def column_of(self, heads: list[str], role: Role) -> int | None:
        """Return the first column with a role."""
        return next(iter(self.columns_of(heads, role)), None)

    def columns_of(self, heads: list[str], role: Role) -> list[int]:
        return [n for n, head in enumerate(heads) if self.columns.get(head) == role]


# By what is kept, what stands in the cell.
MARKS: dict[str, str] = {mark: mark for mark in get_args(Mark)} | {"newline": "\n"}


def as_json(mapping: Mapping) -> object:
    return to_builtins(mapping)


def from_json(kept: object) -> Mapping | None:
    """Return the mapping of what `as_json()` gave, or None where it cannot be read any more."""
    try:
        return convert(kept, Mapping)
    except ValidationError:
        return None
