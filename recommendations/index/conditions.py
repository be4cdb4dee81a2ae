"""What the index found, as conditions on rows of the database."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from django.db import connection, models
from django.db.models import Case, IntegerField, Value, When
from django.db.models.expressions import RawSQL
from pyroaring import BitMap

from recommendations.models import Action
from recommendations.querysets.base import SeenQuerySet
from recommendations.record import Record
from recommendations.text.queries import Query
from recommendations.viewpoint import Viewpoint

from .facts import ACTION, RECOMMENDATION
from .keeping import opened_at

Rows = TypeVar("Rows", bound=SeenQuerySet)
Keys = list[int] | RawSQL

# As many keys stand in a query by themselves; more come as one value.
MOST_KEYS = 500


def matching(queryset: Rows, asked: Query | str) -> Rows:
    """Filter actions or recommendations by words; by none that could be found, nothing is left.

    Names mean what editors say of them (a query, where the words were not read yet).
    """
    viewpoint = queryset.viewpoint or Viewpoint.present()
    query = asked if isinstance(asked, Query) else Record(viewpoint).search_names().query(asked)
    if not query:
        return queryset.none()
    with opened_at(viewpoint) as index:
        return queryset.filter(pk__in=keys(index.words.hits(query, _unit_of(queryset))))


def place_of_match(queryset: SeenQuerySet, query: Query) -> Case | Value:
    """Return where a row comes among the matches of words: those of the exact number first."""
    with opened_at(queryset.viewpoint or Viewpoint.present()) as index:
        tiers = [rows for _place, rows in index.words.tiers(query, _unit_of(queryset))]
    places = [When(pk__in=keys(rows), then=Value(n)) for n, rows in enumerate(tiers)]
    return Case(*places, default=Value(len(tiers)), output_field=IntegerField())


def keys(rows: Collection[int] | BitMap) -> Keys:
    """Return primary keys as what a column can be `in`."""
    if len(rows) <= MOST_KEYS:
        return list(rows)
    listed = ",".join(map(str, rows))
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [f"{{{listed}}}"])
    return RawSQL("SELECT value FROM json_each(%s)", [f"[{listed}]"])


def _unit_of(queryset: models.QuerySet) -> str:
    return ACTION if queryset.model is Action else RECOMMENDATION
