"""One filter a parameter. Those that leave something out say whose property they ask for.

`of` is "action" or "recommendation"; "row" is either, as the list shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Q

from recommendations.models import Action
from recommendations.search import matching

from .fields import CodeField, CodesField, DayField, SearchField
from .vocabularies import Option, Review, options_of


class AnyOf(django_filters.Filter):
    """Rows that have any of the chosen values at `path`; `many` where a row may have several."""

    def __init__(self, path: str, *, of: str, label: Any, options: Any, many: bool = False) -> None:
        super().__init__(path, label=label)
        self.of, self.source, self.many = of, options, many
        # A page may call some values by other words.
        self.words: Mapping[str, Any] = {}

    def options(self) -> list[Option]:
        if isinstance(self.source, str):
            return getattr(self.parent.vocabularies, self.source)
        return [
            replace(option, label=str(self.words.get(option.code, option.label)))
            for option in options_of(self.source)
        ]

    @property
    def field(self) -> forms.Field:
        return CodesField(name=self.name, options=self.options)

    def path_on(self, model: type[models.Model]) -> str:
        """Return the path as seen from actions or from recommendations."""
        is_seen_from_action = self.of == "recommendation" and model is Action
        return f"recommendation__{self.field_name}" if is_seen_from_action else self.field_name

    def prepared(self, qs):
        """Return the queryset with what the path needs."""
        return qs

    def filter(self, qs, value):
        condition = Q(**{f"{self.path_on(qs.model)}__in": value})
        if not self.many:
            return self.prepared(qs).filter(condition)
        # A join would repeat a row for each value that it has.
        return qs.filter(pk__in=qs.model.objects.filter(condition).values("pk"))


class InSection(AnyOf):
    """In a section or in one below it. Its path leads to the primary key."""

    def filter(self, qs, value):
        chosen = [option.keys for option in self.options() if option.code in value]
        return super().filter(qs, sorted(int(key) for key in frozenset().union(*chosen)))


class OnSchedule(AnyOf):
    def prepared(self, qs):
        return qs.with_schedule(on=self.parent.on)


class UnderReview(AnyOf):
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


class ChangedSince(django_filters.Filter):
    of = "row"

    @property
    def field(self) -> forms.Field:
        return DayField(name=self.name)

    def filter(self, qs, value):
        return qs.filter(status_since__gte=value)


class Search(django_filters.Filter):
    of = "row"

    @property
    def field(self) -> forms.Field:
        return SearchField(name=self.name)

    def filter(self, qs, value):
        return matching(qs, value)


class Choice(django_filters.Filter):
    """How the rows are shown. It leaves out none."""

    of = "page"

    def __init__(self, choices: type[models.TextChoices], *, label: Any) -> None:
        super().__init__(label=label)
        self.choices = choices

    def options(self) -> list[Option]:
        return options_of(self.choices)

    @property
    def field(self) -> forms.Field:
        return CodeField(name=self.name, options=self.options)
