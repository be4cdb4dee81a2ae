"""What each text says now is what its history says last: nobody wrote past the program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from recommendations.models import Translation

from .difference import Difference, batches, of_one_moment

# Order is no wording. What is verifiable changes by an edition, and has its own check.
LEFT_OUT = frozenset({"position", "is_verifiable", "verifiability_note"})


def differences() -> Iterator[Difference]:
    for model in models_with_history():
        for ids in batches(model._default_manager.all()):
            yield from of_one_moment(_of_rows(model, ids))
        yield from of_one_moment(_gone(model))


def models_with_history() -> list[Any]:
    every = apps.get_app_config("recommendations").get_models()
    return [model for model in every if hasattr(model._meta, "simple_history_manager_attribute")]


def _last_ids(history: Any) -> models.QuerySet:
    key = history.instance_type._meta.pk.attname
    of_each = history.objects.order_by().values(key).annotate(last=Max("history_id"))
    return of_each.values_list("last", flat=True)


def _of_rows(model: Any, ids: list[int]) -> Iterator[Difference]:
    history = model.history.model
    key = model._meta.pk.attname
    last = {
        getattr(row, key): row
        for row in history.objects.filter(
            history_id__in=_last_ids(history).filter(**{f"{key}__in": ids})
        )
    }
    for instance in model._default_manager.filter(pk__in=ids).order_by("pk"):
        where = f"{capfirst(str(model._meta.verbose_name))} {instance.pk}"
        row = last.get(instance.pk)
        if row is None and model is Translation:
            continue  # Those of a catalogue arrive by hundreds, and begin their history later.
        if row is None:
            yield Difference("text history", where, _("has none"))
            continue
        for name in _changed(instance, row):
            detail = _("%(field)s is not what it says last") % {"field": name}
            yield Difference("text history", where, detail)


def _changed(instance: Any, row: Any) -> Iterator[str]:
    if row.history_type == "-":
        yield str(instance._meta.pk.verbose_name)
    for field in type(row).tracked_fields:
        if field.name in LEFT_OUT:
            continue
        if getattr(instance, field.attname) != getattr(row, field.attname):
            yield field.name
    for field in type(row)._history_m2m_fields:
        target = field.m2m_reverse_field_name()
        said = set(getattr(row, field.name).values_list(f"{target}_id", flat=True))
        if said != set(getattr(instance, field.name).values_list("pk", flat=True)):
            yield field.name


def _gone(model: Any) -> Iterator[Difference]:
    """A row that is deleted by the program says so in its history."""
    history, key = model.history.model, model._meta.pk.attname
    there = model._default_manager.values("pk")
    rows = history.objects.filter(history_id__in=_last_ids(history)).exclude(history_type="-")
    for row in rows.exclude(**{f"{key}__in": there}).order_by(key):
        where = f"{capfirst(str(model._meta.verbose_name))} {getattr(row, key)}"
        yield Difference("text history", where, _("it is gone, and nothing says who deleted it"))
