"""Querysets that are put together once, and asked again with other values.

To build a queryset with its annotations, and to turn it into SQL, takes ten times as long as the
answer of the database, and PostgreSQL takes as long again to plan it. Here that is done once for
each viewpoint: for the rows, and for what is prefetched with them (`prefetches.py`). The rows are
those that `list(queryset)` would give.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Field, ForeignObject, Lookup
from django.db.models.expressions import Expression

from alliance.prepared_statements import are_kept_by, rows_of
from recommendations.viewpoint import Viewpoint

Row = TypeVar("Row")
# Viewpoints whose SQL a query keeps: today's, and those that were asked for last.
MOST_KEPT = 32


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a value among those of a statement."""

    name: str
    is_many: bool = False

    def filled(self, values: Mapping[str, Any], connection: Any) -> Any:
        value = values[self.name]
        if self.is_many:
            keys = list(value)
            return keys if connection.vendor == "postgresql" else json.dumps(keys)
        if isinstance(value, date):
            return connection.ops.adapt_datefield_value(value)
        return value.pk if isinstance(value, models.Model) else value


class Parameter(Expression):
    """A value that each question brings along: `filter(number=Parameter("number"))`.

    Several keys at once are for the lookup `among`: `filter(pk__among=Parameter("keys"))`.
    """

    conditional = False

    def __init__(self, name: str) -> None:
        super().__init__(output_field=Field())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [Slot(self.name)]


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """One of several keys, which are one value of the statement however many they are."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} IN (SELECT value FROM json_each(%s))", [*params, self._slot]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s)", [*params, self._slot]

    @property
    def _slot(self) -> Slot:
        return Slot(self.rhs.name, is_many=True)


class Prepared(Generic[Row]):
    """A queryset by viewpoint, and what it answers for the values of its parameters."""

    def __init__(self, rows: Callable[[Viewpoint], models.QuerySet]) -> None:
        self._rows = rows
        self._kept: OrderedDict[tuple[Any, ...], Statement] = OrderedDict()
        self._lock = Lock()

    def __call__(self, viewpoint: Viewpoint, **values: Any) -> list[Row]:
        """Return the rows as a viewpoint sees them (a query, and one for each prefetch)."""
        return self._statement(viewpoint).answer(values)

    def first(self, viewpoint: Viewpoint, **values: Any) -> Row | None:
        return next(iter(self(viewpoint, **values)), None)

    def _statement(self, viewpoint: Viewpoint) -> Statement:
        key = key_of(viewpoint)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = Statement(self._rows(viewpoint))
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made


def key_of(viewpoint: Viewpoint) -> tuple[Any, ...]:
    """Return all of a viewpoint that a queryset may be made of.

    In a database that was restored or put in another's place, an edition of the same number came
    out at another time.
    """
    edition = viewpoint.edition
    at = edition.published_at if edition else None
    return (viewpoint.on, viewpoint.as_of, viewpoint.number, at)


def _twin(queryset: models.QuerySet) -> Any:
    """Return a queryset that has not been asked, with a query of its own.

    Django's own way copies all that the query is made of, for it may be narrowed down.
    """
    twin: Any = queryset.__class__.__new__(queryset.__class__)
    twin.__dict__.update(queryset.__dict__)
    twin._query = copy(queryset.query)
    return twin


class Statement:
    """The SQL of a queryset, with slots for the values of its parameters."""

    def __init__(self, rows: models.QuerySet) -> None:
        from .prefetches import fetches_of

        self.fetches = fetches_of(rows)
        self.queryset = rows.prefetch_related(None) if self.fetches else rows
        self.compiler = self.queryset.query.get_compiler(using=self.queryset.db)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.params = "", ()

    def answer(self, values: Mapping[str, Any]) -> list[Any]:
        rows = list(self._rows(values)) if self.sql else []
        for fetch in self.fetches if rows else ():
            fetch.attach(rows)
        return rows

    @cached_property
    def _converters(self) -> dict[int, Any]:
        """What makes values of columns, by their places: the same in each connection."""
        fields = [one[0] for one in self.compiler.select[: self.compiler.col_count]]
        return self.compiler.get_converters(fields)

    def _rows(self, values: Mapping[str, Any]) -> Iterable[Any]:
        """Return what reads the rows as Django does, of a compiler that has its SQL already."""
        queryset = _twin(self.queryset)
        compiler = copy(self.compiler)
        compiler.using, compiler.connection = queryset.db, connections[queryset.db]
        params = tuple(
            one.filled(values, compiler.connection) if isinstance(one, Slot) else one
            for one in self.params
        )
        compiler.get_converters = lambda _fields: self._converters
        compiler.as_sql = lambda *_args, **_options: (self.sql, params)
        if are_kept_by(compiler.connection):
            # In pieces, of which there is one.
            compiler.execute_sql = lambda *_args, **_options: [
                rows_of(compiler.connection, self.sql, params)
            ]
        queryset.query.get_compiler = lambda *_args, **_options: compiler
        return queryset._iterable_class(queryset)
