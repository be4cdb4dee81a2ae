"""What the readers of all tables share: the record, the address of the site, and the language."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.utils.translation import get_language
from pyroaring import BitMap

from recommendations.exports.csv_reading import ActionRows, RecommendationRows
from recommendations.exports.csv_rows import stated
from recommendations.index.names import KEY
from recommendations.index.view import View, union
from recommendations.models.action import letters
from recommendations.record import Record
from recommendations.statuses import NAMED_FISCAL_YEARS, Precision, first_day, last_day

Keys = Sequence[int]
Made = TypeVar("Made")

SPANS = {
    Precision.QUARTER,
    Precision.FISCAL_YEAR,
    *NAMED_FISCAL_YEARS.values(),
}


class Source:
    """The record from one viewpoint, for one file or one answer.

    `root` is the address of the site without a slash at its end. Texts are read in the active
    language, which has to be `language` whenever rows are.
    """

    def __init__(self, record: Record, *, root: str, language: str | None = None) -> None:
        self.record, self.root = record, root
        self.language = language or get_language() or "en"
        self._made: dict[str, Any] = {}
        self._out: dict[str, tuple[View, BitMap]] = {}

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return what is made once for all rows, such as the entries of the vocabularies."""
        if name not in self._made:
            self._made[name] = make()
        made: Made = self._made[name]
        return made

    def seen_from(self, record: Record) -> Source:
        return Source(record, root=self.root, language=self.language)

    @cached_property
    def actions(self) -> ActionRows:
        return ActionRows(self.record, root=self.root, write=str)

    @cached_property
    def recommendations(self) -> RecommendationRows:
        return RecommendationRows(self.record, root=self.root, write=str)

    def address(self, path: str) -> str:
        return f"{self.root}{path}"

    def page_of(self, report: str, number: str) -> str:
        """Return the address of the page of a recommendation."""
        return self.recommendations.places.address(report, number)

    @cached_property
    def reports_out(self) -> list[int]:
        """The reports that ever came into the record and were out on the day (one query)."""
        return list(self.record.reports().out().order_by("pk").values_list("pk", flat=True))

    def out(self, view: View, unit: str) -> BitMap:
        """Return the keys of actions or recommendations of these reports, withdrawn ones too."""
        known = self._out.get(unit)
        if known is None or known[0] is not view:
            rows = union(view.rows(unit, "report", str(pk)) for pk in self.reports_out)
            known = self._out[unit] = (view, rows)
        return known[1]


def keys_of(rows: Iterable[int]) -> array[int]:
    return array(KEY, rows)


def in_order(keys: Keys, found: dict[int, Any]) -> list[Any]:
    """Return the rows of keys in their order; what is gone is left out."""
    return [found[pk] for pk in keys if pk in found]


def action_id(report: str, recommendation: str, number: int) -> str:
    return f"{report}/{recommendation}{letters(number)}"


def split(codes: str) -> list[str]:
    """Return the codes of labels, of which none has a semicolon."""
    return codes.split("; ") if codes else []


def stated_span(on: date, precision: str) -> str:
    """Return a date as it was stated; of what has no notation of its own, its first and last day.

    Both are an interval of ISO 8601.
    """
    if precision in SPANS:
        return f"{first_day(on, precision)}/{last_day(on, precision)}"
    return stated(on, precision)
