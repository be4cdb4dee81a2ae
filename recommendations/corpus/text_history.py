"""The first line in the history of each made-up text, which bulk_create leaves out."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from simple_history.utils import get_history_manager_for_model, get_m2m_field_name

BATCH = 500


def begin() -> None:
    """Give each row that has no history its first line."""
    for model in apps.get_app_config("recommendations").get_models():
        if not hasattr(model._meta, "simple_history_manager_attribute"):
            continue
        history = get_history_manager_for_model(model)
        key = model._meta.pk.attname
        rows = model._default_manager.exclude(pk__in=history.values(key)).order_by("pk")
        _begin(history, list(rows))


def _begin(history: Any, rows: list[Any]) -> None:
    lines = history.bulk_history_create(rows, batch_size=BATCH)
    by_row = {getattr(line, line.instance_type._meta.pk.attname): line for line in lines}
    for field in history.model._history_m2m_fields:
        owner = get_m2m_field_name(field)
        through = field.remote_field.through
        model = getattr(history.model, field.name).model
        links = through._default_manager.filter(**{f"{owner}__in": list(by_row)})
        model.objects.bulk_create(
            (
                model(
                    history=by_row[getattr(link, f"{owner}_id")],
                    **{one.attname: getattr(link, one.attname) for one in through._meta.fields},
                )
                for link in links
            ),
            batch_size=BATCH,
        )
