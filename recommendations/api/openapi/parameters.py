"""The parameters of addresses, told by the filters that read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from recommendations.filters import AnyOf, RecommendationFilterSet, Sort, UnderReview
from recommendations.filters.fields import LONGEST_SEARCH
from recommendations.filters.parameters import CitingSource, SearchWords, SinceDay
from recommendations.filters.parameters import Parameter as Filter
from recommendations.web.filtering import FILTERS
from recommendations.web.parameters import PARAMETERS

from ..asked import MOST, PAGING, USUAL
from ..collection import Collection
from ..items import Item

# Which vocabulary has the codes of a filter; some have the same name.
VOCABULARIES = {
    "addressee": "addressee",
    "status": "status",
    "area": "area",
    "schedule": "schedule",
    "body": "body",
    "party": "party",
    "kind": "action_kind",
    "evidence": "evidence_strength",
    "origin": "recommendation_origin",
}
# Which table has its values, and in which field.
TABLES = {"report": "reports", "section": "sections", "action": "actions"}
TEXT = {"type": "string"}
DAY = {"type": "string", "format": "date"}
# What is no printable character depends on the release of Unicode: no pattern tells it for good.
SEARCHED = {"type": "string", "maxLength": LONGEST_SEARCH, "format": "printable"}


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address. `vocabulary` and `table` name where its values are listed."""

    name: str
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: TEXT)
    where: str = "query"
    vocabulary: str = ""
    table: str = ""

    @property
    def is_repeatable(self) -> bool:
        return self.schema["type"] == "array"

    @property
    def type_name(self) -> str:
        """What its value is, in a word."""
        one = self.schema["items"] if self.is_repeatable else self.schema
        return str(one.get("format", one["type"]))


def parameters_of(collection: Collection, *, is_paged: bool = True) -> list[Parameter]:
    """Return what the address of a table takes, or that of all its lines."""
    names = collection.parameters + (PAGING if is_paged else ())
    return [*(_parameter(name, collection) for name in names), *seen_from()]


def parameters_of_item(item: Item, arguments: Mapping[str, str]) -> list[Parameter]:
    """Return what the address of a row takes: parts of its path by their names, and the rest."""
    said = _of_paths()
    of_path = [
        Parameter(name, said[name], _schema_of_part(kind), where="path")
        for name, kind in arguments.items()
    ]
    return [*of_path, *seen_from()]


def _schema_of_part(kind: str) -> Mapping[str, Any]:
    return {"type": "integer", "minimum": 0} if kind == "int" else {**TEXT, "minLength": 1}


def seen_from() -> Iterator[Parameter]:
    """Yield the two that say from where to look."""
    said = {
        "as_of": _("The day to look from: what had taken effect by then. Without it, today."),
        "edition": _("The edition that tells it. Without it, the newest."),
    }
    kinds: dict[str, Mapping[str, Any]] = {
        "as_of": DAY,
        "edition": {"type": "integer", "minimum": 1},
    }
    return (Parameter(name, said[name], kinds[name]) for name in PARAMETERS)


def _parameter(name: str, collection: Collection) -> Parameter:
    if name in FILTERS and set(FILTERS) <= set(collection.parameters):
        return _of_filter(RecommendationFilterSet.base_filters[name])
    return _own(name)


def _of_filter(one: Filter) -> Parameter:
    name, label = one.name, str(one.label)
    if isinstance(one, SearchWords):
        return Parameter(name, _searched(label), SEARCHED)
    if isinstance(one, SinceDay):
        return Parameter(name, _("%(label)s, this day included.") % {"label": label}, DAY)
    if isinstance(one, CitingSource):
        said = _("%(label)s: what rests on it, by its id.") % {"label": label}
        return Parameter(name, said, TEXT, table="sources")
    said = _("%(label)s: any of these codes.") % {"label": label}
    if isinstance(one, UnderReview):
        codes = ", ".join(option.code for option in one.options())
        said = _("%(label)s: any of %(codes)s.") % {"label": label, "codes": codes}
    assert isinstance(one, AnyOf)
    codes_of = {"type": "array", "items": TEXT}
    vocabulary, table = VOCABULARIES.get(name, ""), TABLES.get(name, "")
    return Parameter(name, said, codes_of, vocabulary=vocabulary, table=table)


def _searched(label: str) -> str:
    return _(
        "%(label)s: all of these words, “a phrase”, the beginning of a word with *, or "
        "-word for what is not to be there. Only characters that can be printed."
    ) % {"label": label}


def _own(name: str) -> Parameter:
    """Return a parameter that no filter of the list has."""
    known = {
        "sort": Parameter(
            name,
            _("In which order. Without it, that of the report, or the best matches of words."),
            {**TEXT, "enum": [str(one) for one in Sort]},
        ),
        "report": Parameter(name, _("Of this report alone."), table="reports"),
        "action": Parameter(name, _("Of this action alone."), table="actions"),
        "source": Parameter(name, _("Of this source alone."), table="sources"),
        "vocabulary": Parameter(name, _("Of this vocabulary alone."), vocabulary="*"),
        "limit": Parameter(
            name,
            _("How many rows at most, from 1 to %(most)d.") % {"most": MOST},
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
        ),
        "cursor": Parameter(
            name,
            _("Where to go on, as the answer before says it in “next”. It belongs to the rest."),
        ),
    }
    return known[name]


def _of_paths() -> dict[str, str]:
    return {
        "report": _("The report, as the table of reports names it."),
        "section": _("The section of the report."),
        "number": _("The number of the recommendation in its report."),
        "edition_number": _("The number of the edition."),
        "label": _("The number of the action with its letters, as in 2.1a."),
        "update": _("The update, as the table of updates names it."),
        "position": _("The place of the source among those of the update."),
        "cited_source": _("The source, as the table of sources names it."),
        "capture": _("The number of the copy, as the table of copies names it."),
        "stated_on": _("The day on which an official target was stated."),
        "on": _("The date of the target, as a day."),
        "coder": _("Who coded the action, as the table of codings names it."),
        "earlier_report": _("The report of the earlier recommendation."),
        "earlier_number": _("The number of the earlier recommendation in its report."),
        "translation": _("The translation, as the table of translations names it."),
        "vocabulary": _("The vocabulary."),
        "code": _("The code."),
    }
