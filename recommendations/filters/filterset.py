from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db import models
from django.db.models import F
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from recommendations.models import Action, Recommendation
from recommendations.models.action import ActionKind
from recommendations.models.recommendation import RecommendationOrigin
from recommendations.querysets import ActionQuerySet, RecommendationQuerySet
from recommendations.record import Record
from recommendations.statuses import Addressee, Schedule, Status
from recommendations.viewpoint import PARAMETERS, Viewpoint

from .parameters import AnyOf, ChangedSince, Choice, InSection, OnSchedule, Search, UnderReview
from .vocabularies import Review, Sort, Unit, Vocabularies

SORT_ORDERS: dict[str, tuple[Any, ...]] = {
    Sort.REPORT: (),
    Sort.STATUS: ("status_position",),
    Sort.DEADLINE: (F("due_on").asc(nulls_last=True),),
    Sort.CHANGED: (F("status_since").desc(nulls_last=True),),
    Sort.REVIEWED: (F("last_reviewed_on").asc(nulls_first=True),),
}
# Recommendations have these dates from their actions, which takes a query of them for each.
SORTED_BY_ACTIONS = (Sort.DEADLINE, Sort.REVIEWED)


class RecommendationFilterSet(django_filters.FilterSet):
    """Filters of actions, or of recommendations alone (`unit`), as of a day.

    Values of one parameter mean any of them, parameters mean all of them. Among recommendations,
    `status`, `changed_since` and `q` ask for their own; what else is asked of actions has to hold
    of one and the same action.
    """

    q = Search(label=gettext_lazy("Search"))
    addressee = AnyOf("addressee", of="action", label=gettext_lazy("Addressee"), options=Addressee)
    status = AnyOf("status", of="row", label=gettext_lazy("Status"), options=Status)
    area = AnyOf(
        "areas__slug",
        of="recommendation",
        label=gettext_lazy("Policy area"),
        options="areas",
        many=True,
    )
    section = InSection(
        "section_id", of="recommendation", label=gettext_lazy("Section"), options="sections"
    )
    schedule = OnSchedule("schedule", of="action", label=gettext_lazy("Deadline"), options=Schedule)
    body = AnyOf(
        "bodies__slug",
        of="action",
        label=gettext_lazy("Lead body"),
        options="bodies",
        many=True,
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
    origin = AnyOf(
        "origin", of="recommendation", label=gettext_lazy("Origin"), options=RecommendationOrigin
    )
    report = AnyOf(
        "report__slug", of="recommendation", label=gettext_lazy("Report"), options="reports"
    )
    changed_since = ChangedSince(label=gettext_lazy("Status changed since"))
    sort = Choice(Sort, label=gettext_lazy("Sort by"))
    unit = Choice(Unit, label=gettext_lazy("Show"))

    class Meta:
        model = Action
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, viewpoint: Viewpoint) -> None:
        self.viewpoint = viewpoint
        self.on = viewpoint.on
        self.vocabularies = Vocabularies(Record(viewpoint))
        super().__init__(data, queryset=Action.objects.none())
        for name, one in self.filters.items():
            one.name = name

    @cached_property
    def problems(self) -> list[str]:
        """Why this cannot be answered, as sentences that say what can. Empty when it can."""
        repeated = [
            _("“%(name)s” is given more than once. It can have one value.") % {"name": name}
            for name, one in self.filters.items()
            if not isinstance(one, AnyOf) and len(self.data.getlist(name)) > 1
        ]
        errors = self.form.errors.values()
        return repeated + [str(sentence) for sentences in errors for sentence in sentences]

    @cached_property
    def values(self) -> dict[str, Any]:
        """The value of each parameter; those with none are left out."""
        if self.problems:
            raise ValueError(f"Invalid filters: {self.problems}")
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def shown_unit(self) -> str:
        return self.values["unit"]

    @property
    def chosen_sort(self) -> str:
        return self.values["sort"]

    @property
    def is_of_actions(self) -> bool:
        return self.shown_unit == Unit.ACTIONS

    @cached_property
    def in_use(self) -> list[django_filters.Filter]:
        """The filters that leave something out."""
        return [self.filters[name] for name in self.values if self.filters[name].of != "page"]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The filters in use as names and values of an address, one pair a value."""
        return [
            (one.name, value.isoformat() if isinstance(value, date) else value)
            for one in self.in_use
            for value in (
                self.values[one.name] if isinstance(one, AnyOf) else [self.values[one.name]]
            )
        ]

    def seen(self, model: type[models.Model]):
        """Return the rows of a model as they were at the viewpoint."""
        return model.objects.seen_from(self.viewpoint)

    @property
    def qs(self) -> models.QuerySet:
        """The rows of the list in their order, which is the same at every call."""
        rows = self.rows().with_status_position()
        if not self.is_of_actions and self.chosen_sort in SORTED_BY_ACTIONS:
            rows = rows.with_dates_of_actions()
        return rows.order_by(*SORT_ORDERS[self.chosen_sort], *rows.REPORT_ORDER)

    def rows(self, *, without: str = "") -> ActionQuerySet | RecommendationQuerySet:
        """Return what the list is of: all that the filters, or all but one of them, keep."""
        kept = self.actions if self.is_of_actions else self.recommendations
        return kept(without=without)

    def actions(self, *, without: str = "") -> ActionQuerySet:
        """Return the actions that all filters keep, or all but one, for the counts of that one."""
        if self.is_of_actions:
            return self._narrow(self.seen(Action).counted(), ACTION_LIST, without)
        kept = self._narrow(self.seen(Action).in_record(), ("action",), without)
        return kept.filter(recommendation__in=self._recommendations_alone(without))

    def among(self, actions: ActionQuerySet, *, without: Collection[str] = ()) -> ActionQuerySet:
        """Return those of some actions that the filters keep, but for some of the filters."""
        for one in self.in_use:
            if one.name not in without:
                actions = one.filter(actions, self.values[one.name])
        return actions

    def not_verifiable(self) -> ActionQuerySet:
        """Return the actions that all filters would keep, but that stand in no count."""
        uncounted = self.seen(Action).in_record().filter(is_verifiable=False)
        return self._narrow(uncounted, ACTION_LIST, "")

    def recommendations(self, *, without: str = "") -> RecommendationQuerySet:
        """Return the recommendations that all filters, or all but one, keep."""
        kept = self._recommendations_alone(without)
        if any(one.of == "action" and one.name != without for one in self.in_use):
            actions = self._narrow(self.seen(Action).in_record(), ("action",), without)
            kept = kept.filter(pk__in=actions.values("recommendation"))
        return kept

    def _recommendations_alone(self, without: str) -> RecommendationQuerySet:
        counted = self.seen(Recommendation).counted()
        return self._narrow(counted, ("recommendation", "row"), without)

    def _narrow(self, qs, owners: Collection[str], without: str):
        for one in self.in_use:
            if one.of in owners and one.name != without:
                qs = one.filter(qs, self.values[one.name])
        return qs

    def query(self, **changes: Any) -> str:
        """Return the query string of this list with some parameters changed; None drops one.

        The same list has the same string, however it was asked for.
        """
        values = {**self.values, **self.viewpoint.parameters, **changes}
        if values.get("sort") == Sort.REPORT:
            del values["sort"]
        if values.get("unit") == Unit.ACTIONS:
            del values["unit"]
        order = [*self.filters, *PARAMETERS, *changes]
        ordered = {name: values[name] for name in order if values.get(name)}
        return f"?{urlencode(ordered, doseq=True)}" if ordered else ""


ACTION_LIST = ("action", "recommendation", "row")
