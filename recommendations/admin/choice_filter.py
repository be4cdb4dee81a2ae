"""Filters of the admin's lists that are no plain columns."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest

Choices = list[tuple[str, str]]


class ChoiceFilter(admin.SimpleListFilter):
    """A filter that refuses a value it does not offer, instead of showing every row."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        value = self.value()
        if value is None:
            return None
        if value not in {str(code) for code, _label in self.lookup_choices}:
            raise IncorrectLookupParameters
        rows = queryset.model._default_manager.all()
        return queryset.filter(pk__in=self.chosen(request, rows, value).values("pk"))

    def chosen(self, request: HttpRequest, rows: Any, value: str) -> QuerySet[Any]:
        raise NotImplementedError
