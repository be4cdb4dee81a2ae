"""Taking an entry of a file: added, or compared with the row that is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError, models
from django.utils.translation import gettext as _

from recommendations.models import Action, Evidence, Report, StatusUpdate
from recommendations.models.fields import StatedDateField, refuse_absurd_date
from recommendations.models.status_update import Immutable
from recommendations.statuses.possible_dates import Tense
from recommendations.text.punctuation import colon

from .report_file import LoadError, entry_name

# A publication moves this date, so that a file cannot know it any more.
MOVES_ON = {(Action, "review_due_on")}


@runtime_checkable
class NaturallyKeyed(Protocol):
    """A row that files know by what it is, not by a number of this database."""

    def natural_key(self) -> tuple[object, ...]: ...


@dataclass
class Loaded:
    """What a load added, by model, and the number of entries that were there already.

    `left_out` says of what it did not touch why, `overtaken` what people have begun on actions
    that it changed.
    """

    added: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    editions: list[int] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)


@dataclass
class Run:
    """What is known while a file is loaded."""

    keep_edits: bool
    loaded: Loaded = field(default_factory=Loaded)
    differences: list[str] = field(default_factory=list)
    added: list[models.Model] = field(default_factory=list)
    reports: set[Report] = field(default_factory=set)
    positions: dict[tuple[str, int], int] = field(default_factory=dict)


def take(entry: dict[str, Any], position: int, run: Run) -> models.Model:
    name = f"{entry_name(position)} ({entry['model']})"
    try:
        [deserialized] = serializers.deserialize("python", [entry])
        instance = deserialized.object
        name = f"{name} {describe(instance)}"
        is_new = instance.pk is None
        found = [] if is_new else list(_differences(deserialized, entry["fields"]))
        if is_new:
            _add(deserialized)
    except Immutable as error:
        run.differences += [f"{name}{colon()}{line}" for line in lines_of(error)]
        return instance
    except ValidationError as error:
        raise LoadError([f"{name}{colon()}{line}" for line in lines_of(error)]) from error
    except (DeserializationError, ObjectDoesNotExist, DatabaseError, ValueError) as error:
        raise LoadError([f"{name}{colon()}{error}"]) from error
    _refuse_repetition(instance, name, position, run)
    if is_new:
        run.added.append(instance)
        run.loaded.added[entry["model"]] = run.loaded.added.get(entry["model"], 0) + 1
        return instance
    if not run.keep_edits or isinstance(instance, StatusUpdate | Evidence):
        run.differences += [f"{name}{colon()}{line}" for line in found]
    run.loaded.unchanged += not found
    return type(instance)._default_manager.get(pk=instance.pk)


def _refuse_repetition(instance: models.Model, name: str, position: int, run: Run) -> None:
    first = run.positions.setdefault((instance._meta.label, instance.pk), position)
    if first != position:
        raise LoadError(
            [_("%(entry)s: It is entry %(n)d once more.") % {"entry": name, "n": first}]
        )


def describe(instance: models.Model) -> str:
    if not isinstance(instance, NaturallyKeyed):
        return ""
    try:
        return "/".join(str(part) for part in instance.natural_key())
    except (ObjectDoesNotExist, AttributeError):
        # What its key is made of is missing, or of another kind.
        return ""


def lines_of(error: ValidationError) -> Iterable[str]:
    if hasattr(error, "error_dict"):
        for name, messages in error.message_dict.items():
            yield from (f"{name}: {message}" for message in messages)
    else:
        yield from error.messages


def _add(deserialized: DeserializedObject) -> None:
    instance = deserialized.object
    if isinstance(instance, StatusUpdate) and not instance.is_baseline:
        raise ValidationError(_("Only updates of a baseline are loaded: set is_baseline."))
    _judge(instance)
    instance.save()
    for name, values in (deserialized.m2m_data or {}).items():
        getattr(instance, name).set(values)
    if deserialized.m2m_data:
        # What a model says of its lists can be judged only now.
        instance.clean()


def _judge(instance: models.Model) -> None:
    """Refuse what cannot be. A day that lay ahead when the file was written may have passed."""
    ahead = [
        column
        for column in instance._meta.concrete_fields
        if isinstance(column, StatedDateField) and column.tense is Tense.COMING
    ]
    instance.full_clean(exclude=[column.name for column in ahead])
    for column in ahead:
        if on := column.to_python(getattr(instance, column.attname)):
            refuse_absurd_date(on)


def _differences(deserialized: DeserializedObject, fields: dict[str, Any]) -> Iterable[str]:
    """Yield one line for each field of the file that the stored row says otherwise."""
    instance = deserialized.object
    stored = type(instance)._default_manager.get(pk=instance.pk)
    for name in fields:
        if (type(instance), name) in MOVES_ON:
            continue
        column = _column(instance, name)
        if isinstance(column, models.ManyToManyField):
            chosen = column.remote_field.model._default_manager.filter(
                pk__in=(deserialized.m2m_data or {})[name]
            )
            wanted, present = _keys(chosen), _keys(getattr(stored, name).all())
        elif column.is_relation:
            wanted, present = _keys([getattr(instance, name)]), _keys([getattr(stored, name)])
        else:
            wanted, present = column.to_python(getattr(instance, name)), getattr(stored, name)
        if wanted != present:
            yield _("%(field)s is “%(present)s” here and “%(wanted)s” in the file") % {
                "field": name,
                "present": present,
                "wanted": wanted,
            }


def _column(instance: models.Model, name: str) -> models.Field:
    column = instance._meta.get_field(name)
    # A file names no relation from its other end: read_entries() saw to it.
    assert isinstance(column, models.Field)
    return column


def _keys(rows: Iterable[models.Model | None]) -> str:
    return ", ".join(sorted(describe(row) for row in rows if row))
