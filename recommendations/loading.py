"""Loading a report with its baseline from a fixture: all of it, or nothing and the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from . import publishing
from .models import (
    Action,
    ActionBody,
    Body,
    Deadline,
    Evidence,
    Party,
    PolicyArea,
    Recommendation,
    Report,
    Section,
    StatusUpdate,
)

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
)
LABELS = {model._meta.label_lower: model for model in LOADED}
# Not typed by people, and yet said by a file: the key of an update, and what marks the baseline.
SAID_BY_FILES = {(StatusUpdate, "slug"), (StatusUpdate, "is_baseline")}
# A publication moves this date, so that a file cannot know it any more.
MOVES_ON = {(Action, "review_due_on")}


class LoadError(Exception):
    """The file was not loaded. `reasons` name the entries."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass
class Loaded:
    """What a load added, by model, and the number of entries that were there already."""

    added: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    editions: list[int] = field(default_factory=list)


def load(text: str, *, keep_edits: bool = False, now: datetime | None = None) -> Loaded:
    """Load a YAML fixture and publish its baseline, in one transaction.

    Entries that exist and say the same are left alone. One that says something else stops the
    load: a record is never rewritten, and wording that an editor changed is not undone. With
    `keep_edits` the wording of the database is kept instead, while differences of the record
    (updates and their evidence) still stop it.

    Raises LoadError.
    """
    entries = _entries(text)
    loaded = Loaded()
    differences: list[str] = []
    reports: set[Report] = set()
    with transaction.atomic():
        for position, entry in enumerate(entries, start=1):
            instance = _take(entry, position, loaded, differences, keep_edits=keep_edits)
            if report := _report_of(instance):
                reports.add(report)
        if differences:
            raise LoadError([_("These entries differ from what is recorded:"), *differences])
        for report in sorted(reports, key=lambda report: report.pk):
            _publish(report, loaded, now=now)
    return loaded


def _entries(text: str) -> list[dict[str, Any]]:
    try:
        entries = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise LoadError([_("This is not YAML: %(error)s") % {"error": error}]) from error
    if not isinstance(entries, list) or not entries:
        raise LoadError([_("The file has no list of entries. See docs/data.md for its form.")])
    reasons = []
    for position, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("fields"), dict):
            reasons.append(_("Entry %(n)d needs `model` and `fields`.") % {"n": position})
        elif str(entry.get("model")) not in LABELS:
            reasons.append(
                _("Entry %(n)d: “%(model)s” is not loaded from files.")
                % {"n": position, "model": entry.get("model")}
            )
        elif "pk" in entry:
            reasons.append(
                _("Entry %(n)d: leave out `pk`, entries are known by their natural keys.")
                % {"n": position}
            )
        else:
            reasons += [
                _("Entry %(n)d: “%(field)s” is set by publishing, not by a file.")
                % {"n": position, "field": name}
                for name in _set_by_publishing(LABELS[entry["model"]], entry["fields"])
            ]
    if reasons:
        raise LoadError(reasons)
    return entries


def _set_by_publishing(model: type[models.Model], names: Iterable[str]) -> Iterable[str]:
    fixed = {
        field.name for field in model._meta.get_fields() if not getattr(field, "editable", True)
    }
    return (name for name in names if name in fixed and (model, name) not in SAID_BY_FILES)


def _take(
    entry: dict[str, Any],
    position: int,
    loaded: Loaded,
    differences: list[str],
    *,
    keep_edits: bool,
) -> models.Model:
    name = f"{_('Entry')} {position} ({entry['model']})"
    try:
        [deserialized] = serializers.deserialize("python", [entry])
        instance = deserialized.object
        name = f"{name} {_describe(instance)}"
        if instance.pk is None:
            _add(deserialized)
            loaded.added[entry["model"]] = loaded.added.get(entry["model"], 0) + 1
            return instance
        found = [f"{name}: {line}" for line in _differences(deserialized, entry["fields"])]
    except ValidationError as error:
        raise LoadError([f"{name}: {line}" for line in _lines(error)]) from error
    except (DeserializationError, ObjectDoesNotExist, IntegrityError, ValueError) as error:
        raise LoadError([f"{name}: {error}"]) from error
    is_record = isinstance(instance, StatusUpdate | Evidence)
    if is_record or not keep_edits:
        differences += found
    loaded.unchanged += not found
    return type(instance).objects.get(pk=instance.pk)


def _report_of(instance: models.Model) -> Report | None:
    """Return the report whose baseline this entry may add to."""
    match instance:
        case Report():
            return instance
        case Recommendation():
            return instance.report
        case Action():
            return instance.recommendation.report
        case StatusUpdate():
            return instance.action.recommendation.report
    return None


def _describe(instance: models.Model) -> str:
    try:
        return "/".join(str(part) for part in instance.natural_key())
    except (ObjectDoesNotExist, AttributeError):
        return ""


def _lines(error: ValidationError) -> Iterable[str]:
    if hasattr(error, "error_dict"):
        for name, messages in error.message_dict.items():
            yield from (f"{name}: {message}" for message in messages)
    else:
        yield from error.messages


def _add(deserialized: DeserializedObject) -> None:
    instance = deserialized.object
    if isinstance(instance, StatusUpdate) and not instance.is_baseline:
        raise ValidationError(_("Only updates of a baseline are loaded: set is_baseline."))
    instance.full_clean()
    instance.save()
    for name, values in (deserialized.m2m_data or {}).items():
        getattr(instance, name).set(values)


def _differences(deserialized: DeserializedObject, fields: dict[str, Any]) -> Iterable[str]:
    """Yield one line for each field of the file that the stored row says otherwise."""
    instance = deserialized.object
    stored = type(instance)._default_manager.get(pk=instance.pk)
    for name in fields:
        if (type(instance), name) in MOVES_ON:
            continue
        if name in (deserialized.m2m_data or {}):
            wanted = {getattr(value, "pk", value) for value in deserialized.m2m_data[name]}
            present = set(getattr(stored, name).values_list("pk", flat=True))
        else:
            column = instance._meta.get_field(name)
            wanted = column.to_python(getattr(instance, column.attname))
            present = getattr(stored, column.attname)
        if wanted != present:
            yield _("%(field)s is “%(present)s” here and “%(wanted)s” in the file") % {
                "field": name,
                "present": present,
                "wanted": wanted,
            }


def _publish(report: Report, loaded: Loaded, *, now: datetime | None) -> None:
    try:
        edition = publishing.publish_baseline(report, now=now)
    except ValidationError as error:
        raise LoadError(list(_lines(error))) from error
    except IntegrityError as error:
        raise LoadError([f"{report.slug}: {error}"]) from error
    if edition:
        loaded.editions.append(edition.number)
