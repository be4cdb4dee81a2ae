"""One filter a parameter, each of which says whose property it asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Literal, TypeVar

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from recommendations.querysets.base import CountedQuerySet

from .fields import CodeField, CodesField, DayField, SearchField, SourceField
from .vocabularies import MOST_REPORTS, Option, Review, options_of

Filtered = TypeVar("Filtered", bound=CountedQuerySet)


class Parameter(django_filters.Filter):
    """A filter of actions or of recommendations, by a path that begins at an action.

    `of` is "action" or "recommendation"; "row" is either, as the list shows it, and "page" says
    how it is shown, which leaves out none.
    """

    def __init__(
        self,
        field_name: str | None = None,
        lookup_expr: str | None = None,
        *,
        of: Literal["action", "recommendation", "row", "page"],
        **kwargs: Any,
    ) -> None:
        super().__init__(field_name, lookup_expr, **kwargs)
        self.of = of

    @property
    def name(self) -> str:
        """The name in the address, which the filter set gives its field."""
        return self.extra["name"]


class SearchWords(Parameter):
    field_class = SearchField


class FindReport(SearchWords):
    """Which reports the form offers, where it does not name them all. It leaves out no row."""


class SinceDay(Parameter):
    field_class = DayField


class PublishedSince(SinceDay):
    """What an edition of a day or after it said of an action, and no later one took back."""

    def filter(self, qs: Filtered, value: date | None) -> Filtered:
        if value is None:
            return qs
        updates = self.parent.record.updates_in_effect().order_by().published_since(value)
        return qs.filter(pk__in=updates.values("action"))


class CitingSource(Parameter):
    """What a counting update says of an action on a source, named by its id."""

    field_class = SourceField

    def filter(self, qs: Filtered, value: str) -> Filtered:
        return qs.filter(pk__in=self.actions(value)) if value else qs

    def actions(self, value: str) -> models.QuerySet:
        """Return the keys of the actions; none where there is no such source."""
        updates = self.parent.record.updates_in_effect().order_by()
        return updates.filter(evidence__source__slug=value).values_list("action", flat=True)

    def label_of(self, value: str) -> str:
        """Return how a page calls the source (one query)."""
        source = self.parent.record.sources().filter(slug=value).first()
        return str(source or value)


class OneOf(Parameter):
    field_class = CodeField


class AnyOf(Parameter):
    """Rows that have any of the chosen values; `many` where a row may have several.

    `options` names a list of the public record, or is a fixed vocabulary. `finder` is the parameter
    by whose words a form finds values, where there are more than a page can name.
    """

    field_class = CodesField

    def __init__(
        self,
        field_name: str,
        *,
        options: str | type[models.TextChoices],
        many: bool = False,
        finder: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(field_name, "in", **kwargs)
        self.source, self.many, self.finder = options, many, finder
        # A page may call some values by other words.
        self.words: Mapping[Any, str | Promise] = {}

    @property
    def field(self) -> forms.Field:
        # A function, which forms do not copy with all that it leads to, as they would a method.
        self.extra["choices"] = lambda: [(one.code, one.label) for one in self.options()]
        return super().field

    def options(self) -> list[Option]:
        if isinstance(self.source, str):
            return getattr(self.parent.vocabularies, self.source)
        return [
            replace(option, label=str(self.words.get(option.code, option.label)))
            for option in options_of(self.source)
        ]

    def named(self) -> list[Option]:
        """Return the values with the labels by which a page calls those in use."""
        return self.options()

    def keys_of(self, codes: Collection[str]) -> set[str]:
        """Return the keys of the values that some codes stand for, as the index has them."""
        if not isinstance(self.source, str):
            return set(codes)
        return {key for one in self.options() if one.code in codes for key in one.keys}

    @property
    def is_searched(self) -> bool:
        """Whether a form has a field that finds values instead of all of them."""
        return bool(self.finder) and self.parent.vocabularies.has_many_reports

    @property
    def found(self) -> list[Option]:
        """The values that the words of its finder find."""
        words = self.parent.values.get(self.finder, "")
        return self.parent.vocabularies.found_reports(words)

    def offered(self) -> list[Option]:
        """Return the values that a form names: all, or those chosen and some of those found."""
        if not self.is_searched:
            return self.options()
        chosen = self.parent.vocabularies.chosen_reports(self.parent.asked_of(self))
        codes = {one.code for one in chosen}
        return [*chosen, *(one for one in self.found[:MOST_REPORTS] if one.code not in codes)]

    def prepared(self, qs: Filtered) -> Filtered:
        """Return the queryset with what the path needs."""
        return qs

    def filter(self, qs: Filtered, value: Any) -> Filtered:
        if not self.many:
            return super().filter(self.prepared(qs), value)
        # A join would repeat a row for each value that it has.
        found = super().filter(qs.unrestricted(), value)
        return qs.filter(pk__in=found.values("pk"))


class InSection(AnyOf):
    """In a section or in one below it. Its path leads to the primary key.

    Titles such as “Conclusion” are those of many reports: of several, a form names the sections of
    the one that is chosen. An address may name one without its report, as it could when there was
    no other.
    """

    def offered(self) -> list[Option]:
        reports = self.parent.asked_of(self.parent.filters["report"])
        if len(reports) == 1 or not self.parent.vocabularies.has_several_reports:
            return self.named()
        chosen = self.parent.asked_of(self)
        return [one for one in self.options() if one.code in chosen]

    def named(self) -> list[Option]:
        """Of the one report that is chosen, each has the title that it has there."""
        reports = self.parent.asked_of(self.parent.filters["report"])
        if len(reports) != 1:
            return self.options()
        return self.parent.vocabularies.sections_of(reports[0], self.parent.asked_of(self))

    def filter(self, qs: Filtered, value: list[str]) -> Filtered:
        keys = {key for option in self.options() if option.code in value for key in option.keys}
        return super().filter(qs, sorted(int(key) for key in keys))


class OnSchedule(AnyOf):
    def prepared(self, qs):
        return qs.with_schedule(on=self.parent.on)


class UnderReview(AnyOf):
    """Its values overlap: an action may be up to date and await its second review."""

    def prepared(self, qs):
        return qs.with_second_review()

    def conditions(self) -> dict[Review, Q]:
        on = self.parent.on
        return {
            Review.NEEDS_REVIEW: Q(review_due_on__lt=on),
            Review.UP_TO_DATE: Q(review_due_on__gte=on),
            Review.UNCONFIRMED: Q(is_reviewed=False, last_reviewed_on__isnull=False),
        }

    def filter(self, qs, value):
        wanted = Q()
        for code in value:
            wanted |= self.conditions()[Review(code)]
        return self.prepared(qs).filter(wanted)
