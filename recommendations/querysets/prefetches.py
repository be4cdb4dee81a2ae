"""What prefetch_related() fetches beside the rows of a queryset, by SQL that is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import models
from django.db.models import F, ForeignKey, ManyToManyField, ManyToManyRel, ManyToOneRel, Prefetch

from .prepared import Parameter, Statement

OWNER = "_prefetched_for"
Store = Callable[[Any, list[Any]], None]
Pairs = Callable[[list[Any]], Iterable[tuple[Any, Any]]]


@dataclass(frozen=True)
class Fetch:
    """A prefetch: the rows that belong to others, asked for by the keys of those.

    `path` leads from the rows of the queryset to their owners. `key_of` reads the key of an owner,
    `pairs_of` goes through what was found, each with the key of its owner, and `store` lays the
    found beside the owner. `is_among_owners`: an owner that is asked for is there already.
    """

    path: Sequence[str]
    owned: Statement
    key_of: Callable[[Any], Any]
    pairs_of: Pairs
    store: Store
    is_among_owners: bool = False

    def attach(self, rows: Iterable[Any]) -> None:
        for step in self.path:
            rows = [owner for row in rows if (owner := getattr(row, step)) is not None]
        # Several rows may share one.
        owners = list({id(owner): owner for owner in rows}.values())
        keys = {key for owner in owners if (key := self.key_of(owner)) is not None}
        found: dict[Any, list[Any]] = {}
        if self.is_among_owners:
            found = {owner.pk: [owner] for owner in owners if owner.pk in keys}
            keys -= found.keys()
        answer = self.owned.answer({"keys": keys}) if keys else []
        for owner, one in self.pairs_of(answer):
            found.setdefault(owner, []).append(one)
        for owner in owners:
            self.store(owner, found.get(self.key_of(owner), []))


def fetches_of(rows: models.QuerySet) -> list[Fetch]:
    """Return what fetches as the lookups of prefetch_related() do, each with the SQL of its own."""
    lookups = rows._prefetch_related_lookups  # type: ignore[attr-defined]
    prefetches = [one if isinstance(one, Prefetch) else Prefetch(one) for one in lookups]
    beside = {one for one in lookups if isinstance(one, str)}
    return [_fetch(rows.model, one, beside) for one in prefetches]


def _fetch(model: type[models.Model], prefetch: Prefetch, beside: Collection[str]) -> Fetch:
    from recommendations.models.named_update import NamedUpdate

    *path, name = prefetch.prefetch_through.split("__")
    for step in path:
        related = model._meta.get_field(step).related_model
        assert isinstance(related, type), f"{step} leads nowhere."
        model = related
    if isinstance(getattr(model, name, None), NamedUpdate):
        return _named(path, name, prefetch, beside)
    relation: Any = model._meta.get_field(name)
    rows = prefetch.queryset
    if rows is None:
        rows = relation.related_model._default_manager.all()
    if isinstance(relation, ForeignKey):
        return _forward(path, relation, rows)
    store = _storing(prefetch.to_attr, name)
    if isinstance(relation, ManyToOneRel):
        return _reverse(path, relation.field, rows, store)
    assert isinstance(relation, ManyToManyField | ManyToManyRel), f"{name} is fetched by a join."
    way = (
        relation.field.name
        if isinstance(relation, ManyToManyRel)
        else relation.related_query_name()
    )
    # Narrowed down before it is named, the join is an inner one: SQLite goes through a left one
    # from the end that has the keys of all.
    owned = rows.filter(**{f"{way}__pk__among": Parameter("keys")}).annotate(**{OWNER: F(way)})
    if _is_plain(rows):
        names = [field.attname for field in rows.model._meta.concrete_fields]
        columns = Statement(owned.values_list(*names, OWNER))
        return Fetch(path, columns, attrgetter("pk"), _shared(owned, names), store)
    return Fetch(path, Statement(owned), attrgetter("pk"), _by(OWNER), store)


def _is_plain(rows: models.QuerySet) -> bool:
    """Whether its rows have their columns and nothing else."""
    query = rows.query
    return not (query.annotations or query.select_related or query.deferred_loading[0])


def _shared(owned: models.QuerySet, names: Sequence[str]) -> Pairs:
    """Make what several own once: a label of twenty actions takes its time a single time."""
    model = owned.model
    place = names.index(model._meta.pk.attname)

    def pairs(rows: list[Any]) -> Iterable[tuple[Any, Any]]:
        made: dict[Any, models.Model] = {}
        for *values, owner in rows:
            key = values[place]
            if key not in made:
                made[key] = model.from_db(owned.db, names, values)
            yield owner, made[key]

    return pairs


def _by(name: str) -> Pairs:
    owner_of = attrgetter(name)
    return lambda rows: ((owner_of(one), one) for one in rows)


def _named(path: Sequence[str], name: str, prefetch: Prefetch, beside: Collection[str]) -> Fetch:
    """Fetch updates that others name; `beside` is what is fetched with those others."""

    def store(owner: Any, found: list[Any]) -> None:
        owner._state.fields_cache[name] = found[0] if found else None

    assert prefetch.queryset is not None, "with_basis() says of which rows."
    owned = Statement(prefetch.queryset.filter(pk__among=Parameter("keys")))
    wanted = prefetch.queryset._prefetch_related_lookups  # type: ignore[attr-defined]
    has_all = not path and all(one in beside for one in wanted)
    return Fetch(path, owned, attrgetter(f"{name}_key"), _by("pk"), store, has_all)


def _forward(path: Sequence[str], field: ForeignKey, rows: models.QuerySet) -> Fetch:
    def store(owner: Any, found: list[Any]) -> None:
        field.set_cached_value(owner, found[0] if found else None)

    target = field.target_field.attname
    owned = Statement(rows.filter(**{f"{target}__among": Parameter("keys")}))
    return Fetch(path, owned, attrgetter(field.attname), _by(target), store)


def _reverse(path: Sequence[str], field: ForeignKey, rows: models.QuerySet, store: Store) -> Fetch:
    def store_both(owner: Any, found: list[Any]) -> None:
        for one in found:
            if not field.is_cached(one):
                field.set_cached_value(one, owner)
        store(owner, found)

    owned = Statement(rows.filter(**{f"{field.name}__among": Parameter("keys")}))
    key_of = attrgetter(field.target_field.attname)
    return Fetch(path, owned, key_of, _by(field.attname), store_both)


def _storing(to_attr: str | None, name: str) -> Store:
    """Return what stores a list under a name of its own, or as what `.all()` of a relation gives.

    Whoever wanted to narrow that down would get an error, not another query.
    """

    def store_list(owner: Any, found: list[Any]) -> None:
        setattr(owner, to_attr or name, found)

    def store_all(owner: Any, found: list[Any]) -> None:
        owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found

    return store_list if to_attr else store_all
