from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, TypedDict, TypeVar, cast
from urllib.parse import urlencode

import django_filters
from django.db.models import F
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, pgettext_lazy

from recommendations.index.conditions import matching, place_of_match
from recommendations.models import Action
from recommendations.models.action import ActionKind
from recommendations.models.recommendation import RecommendationOrigin
from recommendations.querysets import ActionQuerySet, RecommendationQuerySet
from recommendations.querysets.base import CountedQuerySet
from recommendations.record import Record
from recommendations.statuses import EvidenceStrength, Schedule, Status
from recommendations.text.queries import Query
from recommendations.text.search_names import NO_NAMES, SearchNames
from recommendations.viewpoint import PARAMETERS, Viewpoint

from .fields import ParameterForm
from .parameters import (
    AnyOf,
    CitingSource,
    FindReport,
    InSection,
    OneOf,
    OnSchedule,
    Parameter,
    PublishedSince,
    SearchWords,
    SinceDay,
    UnderReview,
)
from .vocabularies import Review, Sort, Unit, Vocabularies

SORT_ORDERS: dict[str, tuple[Any, ...]] = {
    Sort.MATCH: ("match_place",),
    Sort.REPORT: (),
    Sort.STATUS: ("status_position",),
    Sort.DEADLINE: (F("due_on").asc(nulls_last=True),),
    Sort.CHANGED: (F("status_since").desc(nulls_last=True),),
    Sort.REVIEWED: (F("last_reviewed_on").asc(nulls_first=True),),
}
# Recommendations have these dates from their actions, which takes a query of them for each.
SORTED_BY_ACTIONS = (Sort.DEADLINE, Sort.REVIEWED)
# The owners of the filters that narrow actions, where the list is of them.
OF_ACTIONS = ("action", "recommendation", "row")
OF_RECOMMENDATIONS = ("recommendation", "row")

Rows = TypeVar("Rows", bound=CountedQuerySet)
ListRows = TypeVar("ListRows", ActionQuerySet, RecommendationQuerySet)


class FilterValues(TypedDict, total=False):
    """What each parameter asks for; those that ask for nothing are left out."""

    q: str
    addressee: list[str]
    status: list[str]
    area: list[str]
    section: list[str]
    schedule: list[str]
    body: list[str]
    party: list[str]
    review: list[str]
    kind: list[str]
    evidence: list[str]
    origin: list[str]
    report: list[str]
    find_report: str
    changed_since: date
    published_since: date
    source: str
    sort: str
    unit: str


class RecommendationFilterSet(django_filters.FilterSet):
    """Filters of actions, or of recommendations alone (`unit`), as of a day.

    Values of one parameter mean any of them, parameters mean all of them. Among recommendations,
    `status`, `changed_since` and `q` ask for their own; what else is asked of actions has to hold
    of one and the same action.

    It looks at the record from a viewpoint, by default that of the request or else the present.
    Without a queryset it filters all that the record counts. Invalid, it has no rows to give.
    """

    q = SearchWords(of="row", method="search", label=gettext_lazy("Search"))
    addressee = AnyOf(
        "addressee", of="action", label=gettext_lazy("Addressee"), options="addressees"
    )
    status = AnyOf("status", of="row", label=gettext_lazy("Status"), options=Status)
    area = AnyOf(
        "recommendation__areas__slug",
        of="recommendation",
        label=gettext_lazy("Policy area"),
        options="areas",
        many=True,
    )
    section = InSection(
        "recommendation__section_id",
        of="recommendation",
        label=gettext_lazy("Section"),
        options="sections",
    )
    schedule = OnSchedule("schedule", of="action", label=gettext_lazy("Deadline"), options=Schedule)
    body = AnyOf(
        "bodies__slug", of="action", label=gettext_lazy("Lead body"), options="bodies", many=True
    )
    party = AnyOf(
        "parties__slug",
        of="action",
        label=gettext_lazy("Responsible party"),
        options="parties",
        many=True,
    )
    review = UnderReview(
        "review", of="action", label=pgettext_lazy("filter", "Review"), options=Review
    )
    kind = AnyOf("kind", of="action", label=gettext_lazy("Kind of action"), options=ActionKind)
    evidence = AnyOf(
        "evidence_kind",
        of="action",
        label=gettext_lazy("Strongest evidence"),
        options=EvidenceStrength,
    )
    origin = AnyOf(
        "recommendation__origin",
        of="recommendation",
        label=gettext_lazy("Origin"),
        options=RecommendationOrigin,
    )
    report = AnyOf(
        "recommendation__report__slug",
        of="recommendation",
        label=gettext_lazy("Report"),
        options="reports",
        finder="find_report",
    )
    find_report = FindReport(of="page", label=gettext_lazy("Find a report"))
    changed_since = SinceDay(
        "status_since", "gte", of="row", label=gettext_lazy("Status changed since")
    )
    published_since = PublishedSince(
        "updates", of="action", label=gettext_lazy("Published here since")
    )
    source = CitingSource("updates", of="action", label=gettext_lazy("Source"))
    sort = OneOf(of="page", choices=Sort.choices, label=gettext_lazy("Sort by"))
    unit = OneOf(of="page", choices=Unit.choices, label=gettext_lazy("Show"))

    filters: dict[str, Parameter]
    queryset: ActionQuerySet | RecommendationQuerySet

    class Meta:
        model = Action
        fields: list[str] = []
        form = ParameterForm

    def __init__(
        self,
        data: QueryDict | None = None,
        queryset: ActionQuerySet | RecommendationQuerySet | None = None,
        *,
        request: HttpRequest | None = None,
        prefix: str | None = None,
        viewpoint: Viewpoint | None = None,
    ) -> None:
        data = QueryDict() if data is None else data
        self.viewpoint = viewpoint or getattr(request, "viewpoint", None) or Viewpoint.present()
        self.on = self.viewpoint.on
        self.record = Record(self.viewpoint)
        self.vocabularies = Vocabularies(self.record, dict(data.lists()))
        if queryset is None:
            queryset = self._counted(data.get("unit"))
        super().__init__(data, queryset, request=request, prefix=prefix)
        if not self.is_of_actions:
            for one in self.filters.values():
                one.field_name = one.field_name.removeprefix("recommendation__")

    @classmethod
    def get_filters(cls) -> dict[str, Parameter]:
        """Return the filters, each of which gives its field the name of its parameter."""
        filters = super().get_filters()
        for name, one in filters.items():
            one.extra["name"] = name
        return filters

    @property
    def problems(self) -> list[str]:
        """Why this cannot be answered, as sentences that say what can. Empty when it can."""
        return [str(sentence) for sentences in self.errors.values() for sentence in sentences]

    @property
    def refused(self) -> list[str]:
        """The parameter that each of the problems is about."""
        return [name for name, sentences in self.errors.items() for _sentence in sentences]

    @cached_property
    def values(self) -> FilterValues:
        if not self.is_valid():
            raise ValueError(f"Invalid filters: {self.problems}")
        given = {name: value for name, value in self.form.cleaned_data.items() if value}
        return cast(FilterValues, given)

    def any_of(self, name: str) -> AnyOf:
        """Return a filter that has a list of values to choose from."""
        return cast(AnyOf, self.filters[name])

    @cached_property
    def search_names(self) -> SearchNames:
        """Which names mean the same (a query, where words are searched)."""
        return self.record.search_names() if self.values.get("q") else NO_NAMES

    @cached_property
    def query_of_words(self) -> Query:
        """What the words ask for; nothing where none are searched, or all are passed over."""
        return self.search_names.query(self.values.get("q", ""))

    @property
    def is_of_actions(self) -> bool:
        return self.queryset.model is Action

    @property
    def shown_unit(self) -> str:
        return Unit.ACTIONS if self.is_of_actions else Unit.RECOMMENDATIONS

    @property
    def chosen_sort(self) -> str:
        """How the list is sorted: by match only where words are searched."""
        sort = self.values["sort"]
        return Sort.REPORT if sort == Sort.MATCH and not self.values.get("q") else sort

    @property
    def offered_sorts(self) -> list[Sort]:
        return [one for one in Sort if one != Sort.MATCH or self.values.get("q")]

    @cached_property
    def in_use(self) -> list[Parameter]:
        """The filters that leave something out."""
        return [self.filters[name] for name in self.values if self.filters[name].of != "page"]

    def asked_of(self, one: Parameter) -> list[str]:
        """Return what a filter asks for, as an address writes it."""
        value = cast(dict[str, list[str] | str | date], self.values).get(one.name, [])
        if isinstance(value, list):
            return value
        return [value.isoformat() if isinstance(value, date) else value]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The filters in use as names and values of an address, one pair a value."""
        return [(one.name, value) for one in self.in_use for value in self.asked_of(one)]

    def _counted(self, unit: str | None) -> ActionQuerySet | RecommendationQuerySet:
        if unit == Unit.RECOMMENDATIONS:
            return self.record.recommendations().counted()
        return self.record.actions().counted()

    def everything(self) -> ActionQuerySet | RecommendationQuerySet:
        """Return all that the list could show: the denominator of its counts."""
        return self._counted(self.shown_unit)

    def search(self, queryset: CountedQuerySet, name: str, value: str) -> CountedQuerySet:
        return matching(queryset, self.query_of_words)

    def filter_queryset(self, queryset: ListRows) -> ListRows:
        """Return the rows of the list in their order, which is the same at every call."""
        rows = self._kept(queryset).with_status_position()
        if self.chosen_sort == Sort.MATCH:
            rows = rows.annotate(match_place=place_of_match(rows, self.query_of_words))
        if isinstance(rows, RecommendationQuerySet) and self.chosen_sort in SORTED_BY_ACTIONS:
            rows = rows.with_dates_of_actions()
        return rows.order_by(*SORT_ORDERS[self.chosen_sort], *rows.REPORT_ORDER)

    def _kept(self, rows: Rows) -> Rows:
        if self.is_of_actions:
            return self._narrow(rows, OF_ACTIONS)
        kept = self._narrow(rows, OF_RECOMMENDATIONS)
        if any(one.of == "action" for one in self.in_use):
            actions = self._narrow(self.record.actions().in_record(), ("action",))
            kept = kept.filter(pk__in=actions.values("recommendation"))
        return kept

    def _narrow(self, rows: Rows, owners: Collection[str]) -> Rows:
        for one in self.in_use:
            if one.of in owners:
                rows = one.filter(rows, self.form.cleaned_data[one.name])
        return rows

    def query(self, **changes: Any) -> str:
        """Return the query string of this list with some parameters changed; None drops one.

        The same list has the same string, however it was asked for: also while its form is
        looking for a report.
        """
        values = {**self.values, **self.viewpoint.parameters, "find_report": None, **changes}
        usual = Sort.MATCH if values.get("q") else Sort.REPORT
        if values.get("sort") in (usual, Sort.MATCH):
            del values["sort"]
        if values.get("unit") == Unit.ACTIONS:
            del values["unit"]
        order = [*self.filters, *PARAMETERS, *changes]
        ordered = {name: values[name] for name in order if values.get(name)}
        return f"?{urlencode(ordered, doseq=True)}" if ordered else ""
