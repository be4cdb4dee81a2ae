"""The form of a report file: a YAML list of entries, known by their natural keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml
from django.db import models
from django.utils.translation import gettext as _

from recommendations.models import (
    Action,
    ActionBody,
    Body,
    ContextEvent,
    Deadline,
    Evidence,
    Party,
    PolicyArea,
    Recommendation,
    RecommendationRelation,
    Report,
    Section,
    StatusUpdate,
)
from recommendations.text.punctuation import colon

LOADED = (
    Report,
    Section,
    PolicyArea,
    Party,
    Body,
    Recommendation,
    Action,
    ActionBody,
    Deadline,
    StatusUpdate,
    Evidence,
    ContextEvent,
    RecommendationRelation,
)
LABELS = {model._meta.label_lower: model for model in LOADED}
# Not typed by people, and yet said by a file: the key of an update, and what marks the baseline.
SAID_BY_FILES = {(StatusUpdate, "slug"), (StatusUpdate, "is_baseline")}


class LoadError(Exception):
    """The file was not loaded. `reasons` name the entries."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def read_entries(text: str) -> list[dict[str, Any]]:
    try:
        entries = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError is an unquoted date that no calendar has.
        raise LoadError([_("This is not YAML: %(error)s") % {"error": error}]) from error
    if not isinstance(entries, list) or not entries:
        raise LoadError([_("The file has no list of entries. See docs/data.md for its form.")])
    reasons = [
        f"{entry_name(position)}{colon()}{problem}"
        for position, entry in enumerate(entries, start=1)
        for problem in _problems_of_form(entry)
    ]
    if reasons:
        raise LoadError(reasons)
    return entries


def entry_name(position: int) -> str:
    return _("Entry %(n)d") % {"n": position}


def _problems_of_form(entry: Any) -> Iterable[str]:
    if not isinstance(entry, dict) or not isinstance(entry.get("fields"), dict):
        yield _("It needs `model` and `fields`.")
        return
    model = LABELS.get(str(entry.get("model")))
    if model is None:
        yield _("“%(model)s” is not loaded from files.") % {"model": entry.get("model")}
        return
    if "pk" in entry:
        yield _("Leave out `pk`, entries are known by their natural keys.")
    if model is StatusUpdate and "slug" not in entry["fields"]:
        yield _("An update needs a `slug`, by which it is known when the file is loaded again.")
    for name, value in entry["fields"].items():
        yield from _problems_of_field(model, name, value)


def _problems_of_field(model: type[models.Model], name: Any, value: Any) -> Iterable[str]:
    fields = {
        field.name: field
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if not field.primary_key
    }
    if name not in fields:
        yield _("“%(field)s” is no field of %(model)s.") % {
            "field": name,
            "model": model._meta.label_lower,
        }
    elif not fields[name].editable and (model, name) not in SAID_BY_FILES:
        yield _("“%(field)s” is set by publishing, not by a file.") % {"field": name}
    elif fields[name].is_relation and not _names_naturally(
        value, many=bool(fields[name].many_to_many)
    ):
        yield _("“%(field)s” needs natural keys, such as [japan], no numbers.") % {"field": name}


def _names_naturally(value: Any, *, many: bool) -> bool:
    if many:
        return isinstance(value, list) and all(isinstance(key, list) for key in value)
    return value is None or isinstance(value, list)
