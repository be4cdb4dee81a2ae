"""The form of a report file: a YAML list of entries, known by their natural keys.

A file whose first entry is an edition is one of later research, or of structure; others have a
baseline.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.db import models
from django.utils.translation import gettext as _

from recommendations.models import (
    Action,
    ActionBody,
    AddresseeGroup,
    Body,
    Coding,
    ContextEvent,
    Deadline,
    Edition,
    Evidence,
    FiscalYear,
    Party,
    PolicyArea,
    Recommendation,
    RecommendationRelation,
    Report,
    RetractionRequest,
    Section,
    StatusUpdate,
    Topic,
)
from recommendations.models.edition import EditionKind
from recommendations.text.punctuation import colon

from .steps import problems_of_step

LOADED = (
    Report,
    Section,
    PolicyArea,
    Party,
    AddresseeGroup,
    FiscalYear,
    Body,
    Recommendation,
    Action,
    ActionBody,
    Deadline,
    StatusUpdate,
    Evidence,
    ContextEvent,
    RecommendationRelation,
    Topic,
)
LABELS = {model._meta.label_lower: model for model in LOADED}
EDITION, RETRACTION = Edition._meta.label_lower, RetractionRequest._meta.label_lower
CODING = Coding._meta.label_lower
UPDATE, EVIDENCE = StatusUpdate._meta.label_lower, Evidence._meta.label_lower


@dataclass(frozen=True)
class Form:
    """What entries a kind of file has, and what they may say.

    `said` are fields of an update that people do not type: its key, what marks research, and
    what it corrects. `fields` are all that entries of some models may say.
    """

    labels: Mapping[str, type[models.Model]]
    said: Collection[str]
    fields: Mapping[str, Collection[str]] = field(default_factory=dict)


BASELINE_FILE = Form(LABELS, {"slug", "is_baseline"})
RESEARCH_FILE = Form(
    {
        model._meta.label_lower: model
        for model in (Edition, StatusUpdate, Evidence, RetractionRequest, Coding)
    },
    {"slug", "is_baseline", "replaces"},
    {
        EDITION: ("kind", "report", "slug", "method", "horizon_on", "note"),
        RETRACTION: ("action", "update", "reason"),
        CODING: ("action", "coder", "status", "coded_on", "decision", "reason"),
    },
)
MAY_LACK = {EDITION: ("note",), CODING: ("coded_on", "decision", "reason")}


STRUCTURE_FILE = Form(
    {model._meta.label_lower: model for model in (Edition, Party, Body)},
    set(),
    {EDITION: ("kind", "report", "slug", "method", "note")},
)


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
    form = BASELINE_FILE
    if is_edition(entries):
        form = STRUCTURE_FILE if is_structure(entries) else RESEARCH_FILE
    reasons = [
        f"{entry_name(position)}{colon()}{problem}"
        for position, entry in enumerate(entries, start=1)
        for problem in _problems_of_form(entry, form, is_first=position == 1)
    ]
    if reasons:
        raise LoadError(reasons)
    return entries


def first_entry(text: str) -> dict[str, Any] | None:
    """Return the first entry without reading the others; None where that cannot be done."""
    parts = re.split(r"(?m)^(?=- )", text, maxsplit=2)
    try:
        return read_entries(parts[1])[0]
    except (IndexError, LoadError):
        return None


def is_edition(entries: list[Any]) -> bool:
    """Say whether a file is an edition of its own: of research, or of structure."""
    return isinstance(entries[0], dict) and entries[0].get("model") == EDITION


def is_structure(entries: list[Any]) -> bool:
    fields = entries[0].get("fields") if is_edition(entries) else None
    return isinstance(fields, dict) and fields.get("kind") == EditionKind.STRUCTURE


def entry_name(position: int) -> str:
    return _("Entry %(n)d") % {"n": position}


def _problems_of_form(entry: Any, form: Form, *, is_first: bool) -> Iterable[str]:
    if form is STRUCTURE_FILE and isinstance(entry, dict) and "step" in entry:
        yield from problems_of_step(entry)
        return
    if not isinstance(entry, dict) or not isinstance(entry.get("fields"), dict):
        yield _("It needs `model` and `fields`.")
        return
    label, fields = str(entry.get("model")), entry["fields"]
    model = form.labels.get(label)
    if model is None or (label == EDITION and not is_first):
        yield _("“%(model)s” is not loaded from files.") % {"model": entry.get("model")}
        return
    if "pk" in entry:
        yield _("Leave out `pk`, entries are known by their natural keys.")
    if model is StatusUpdate and "slug" not in fields:
        yield _("An update needs a `slug`, by which it is known when the file is loaded again.")
    for name in sorted({*_needed(label, form)} - {*fields}):
        yield _("It needs `%(field)s`.") % {"field": name}
    for name, value in fields.items():
        yield from _problems_of_field(model, name, value, form)


def _needed(label: str, form: Form) -> Iterable[str]:
    """Return what an entry cannot be read without."""
    if label in form.fields:
        may_lack = MAY_LACK.get(label, ())
        return [name for name in form.fields[label] if name not in may_lack]
    if form is RESEARCH_FILE:
        return ["action"] if label == UPDATE else ["update", "position"]
    return []


def _problems_of_field(
    model: type[models.Model], name: Any, value: Any, form: Form
) -> Iterable[str]:
    label = model._meta.label_lower
    fields = {
        field.name: field
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if not field.primary_key
    }
    if (label, name) == (RETRACTION, "action"):
        if not _names_naturally(value, many=False):
            yield _needs_natural_keys(name)
    elif name not in fields:
        yield _("“%(field)s” is no field of %(model)s.") % {"field": name, "model": label}
    elif not _may_say(fields[name], model, form):
        yield _("“%(field)s” is set by publishing, not by a file.") % {"field": name}
    elif fields[name].is_relation and not _names_naturally(
        value, many=bool(fields[name].many_to_many)
    ):
        yield _needs_natural_keys(name)


def _may_say(column: models.Field, model: type[models.Model], form: Form) -> bool:
    if model._meta.label_lower in form.fields:
        return column.name in form.fields[model._meta.label_lower]
    return column.editable or (model is StatusUpdate and column.name in form.said)


def _needs_natural_keys(name: Any) -> str:
    return _("“%(field)s” needs natural keys, such as [ministry], no numbers.") % {"field": name}


def _names_naturally(value: Any, *, many: bool) -> bool:
    if many:
        return isinstance(value, list) and all(isinstance(key, list) for key in value)
    return value is None or isinstance(value, list)
