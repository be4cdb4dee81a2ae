"""Who changed which text, when and from what to what; and the way back to an earlier version.

Apart from the public record: statuses have their own history, which nobody can revert.

simple-history compares by `diff_against`, which its own admin shows; that asked 124 queries for a
text saved 12 times, where this asks 4, showed one save of a form as several, and reverts a text
without saying what will change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords
from simple_history.utils import get_history_manager_for_model, get_history_model_for_model

from .languages import plain
from .word_differences import Wording, compare

# One save of a form writes a row for the text and more for each list of labels.
ONE_SAVE = timedelta(seconds=1)
# Order is no wording: it is changed where the neighbours can be seen.
LEFT_OUT = frozenset({"id", "position"})
MOST_ROWS = 500


@dataclass(frozen=True)
class Change:
    label: str
    wording: Wording


@dataclass(frozen=True)
class Version:
    """What an instance said after one save. `changes` compares it with the version before."""

    key: int
    at: datetime
    who: str
    reason: str
    values: dict[str, Any]
    changes: list[Change]
    is_first: bool


def versions_of(instance: models.Model) -> list[Version]:
    """Return the versions, newest first; saves that changed no text are left out.

    The number of queries depends on the model alone.
    """
    history = get_history_manager_for_model(instance).select_related("history_user")
    rows = list(history.order_by("-history_id")[:MOST_ROWS])
    rows.reverse()
    following = [*rows[1:], None]
    chosen = [row for row, next_ in zip(rows, following, strict=False) if _is_last(row, next_)]
    labels = _labels_of(type(instance), chosen)
    said = [_values_of(row, labels[row.history_id]) for row in chosen]
    names = _names_of(type(instance), said)
    versions: list[Version] = []
    for row, values in zip(chosen, said, strict=True):
        before = versions[-1].values if versions else None
        changes = changes_between(type(instance), before, values, names) if before else []
        if before is None or changes:
            who = row.history_user.get_username() if row.history_user else ""
            reason = row.history_change_reason or ""
            versions.append(
                Version(
                    row.history_id, row.history_date, who, reason, values, changes, before is None
                )
            )
    return versions[::-1]


def _is_last(row, next_) -> bool:
    """Whether no further row of the same save follows."""
    if next_ is None or next_.history_user_id != row.history_user_id:
        return True
    return next_.history_date - row.history_date > ONE_SAVE


@dataclass(frozen=True)
class Edit:
    """How a text of a moment reads otherwise at a later one, and what whoever edited it said."""

    text: models.Model
    changes: list[Change]
    reasons: list[str]


def edits_since(rows: models.QuerySet, at: datetime) -> list[Edit]:
    """Return how texts read otherwise now than at a moment, in the reader's language.

    Three queries, and some for labels, however many texts. What has no version of then is
    compared with its first.
    """
    return _edits(rows, at, until=None)


def edits_at(rows: models.QuerySet, at: datetime) -> list[Edit]:
    """Return how texts read otherwise from a moment on than just before it."""
    return _edits(rows, at - timedelta(microseconds=1), until=at)


def _edits(rows: models.QuerySet, at: datetime, *, until: datetime | None) -> list[Edit]:
    history = get_history_model_for_model(rows.model).objects
    touched = history.filter(history_date__gt=at)
    if until:
        touched = touched.filter(history_date__lte=until)
    versions: dict[int, list] = defaultdict(list)
    # Asked of each: SQLite would list the keys of all texts of the record first.
    is_wanted = models.Exists(rows.order_by().filter(pk=models.OuterRef("id")))
    chosen = history.filter(is_wanted, id__in=touched.values("id"))
    for row in chosen.order_by("history_id"):
        versions[row.id].append(row)
    compared = {
        pk: (_standing(of_one, at), _standing(of_one, until) if until else of_one[-1])
        for pk, of_one in versions.items()
    }
    labels = _labels_of(rows.model, [row for pair in compared.values() for row in pair])
    said = {
        pk: tuple(_values_of(row, labels[row.history_id]) for row in pair)
        for pk, pair in compared.items()
    }
    edited = {pk: pair for pk, pair in said.items() if pair[0] != pair[1]}
    names = _names_of(rows.model, [values for pair in edited.values() for values in pair])
    texts = rows.in_bulk(list(edited))
    return [
        Edit(
            texts[pk],
            changes_between(rows.model, before, after, names, is_translated=True),
            _reasons_of(versions[pk], at, until),
        )
        for pk, (before, after) in edited.items()
    ]


def _reasons_of(rows: Iterable, at: datetime, until: datetime | None) -> list[str]:
    """Return the reasons given between two moments, each once."""
    given = [
        row.history_change_reason
        for row in rows
        if row.history_change_reason
        and row.history_date > at
        and (until is None or row.history_date <= until)
    ]
    return list(dict.fromkeys(given))


def _standing(rows: Sequence, at: datetime):
    """Return the version that stood at a moment, or that of the first save after it."""
    chosen = [
        row for row, next_ in zip(rows, [*rows[1:], None], strict=True) if _is_last(row, next_)
    ]
    return next((row for row in reversed(chosen) if row.history_date <= at), chosen[0])


def fields_of(model: type[models.Model]) -> list[models.Field]:
    history = get_history_model_for_model(model)
    plain = [f for f in history.tracked_fields if f.editable and f.name not in LEFT_OUT]
    return [*plain, *history._history_m2m_fields]


def _lists_of(model: type[models.Model]) -> set[str]:
    return {field.name for field in get_history_model_for_model(model)._history_m2m_fields}


def _target_of(relation: models.Field) -> type[models.Model]:
    """Return the model that a relation leads to: none is given by its name any more."""
    return cast(type[models.Model], relation.related_model)


def _values_of(row, labels: dict[str, list[int]]) -> dict[str, Any]:
    values: dict[str, Any] = {
        field.name: getattr(row, field.attname)
        for field in type(row).tracked_fields
        if field.editable and field.name not in LEFT_OUT
    }
    return values | {field.name: labels.get(field.name, []) for field in row._history_m2m_fields}


def _labels_of(model: type[models.Model], rows: Sequence) -> dict[int, dict[str, list[int]]]:
    """Return the labels of each row, by field (one query a list of labels)."""
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    keys = [row.history_id for row in rows]
    for field in get_history_model_for_model(model)._history_m2m_fields:
        through = HistoricalRecords.m2m_models[field]
        target = f"{field.m2m_reverse_field_name()}_id"
        for key, label in through.objects.filter(history__in=keys).values_list("history", target):
            found[key][field.name].append(label)
    return found


def _names_of(
    model: type[models.Model], versions: Iterable[dict[str, Any]]
) -> dict[str, dict[int, str]]:
    """Return what the related rows are called, by field (one query a relation)."""
    versions = list(versions)
    names: dict[str, dict[int, str]] = {}
    for field in fields_of(model):
        if field.related_model:
            keys: set[int] = set()
            for values in versions:
                value = values[field.name]
                keys.update(value if isinstance(value, list) else [value])
            found = _target_of(field)._base_manager.in_bulk(keys - {None})
            kind = f"{_target_of(field)._meta.model_name}.name"
            names[field.name] = {pk: plain(str(one), kind) for pk, one in found.items()}
    return names


def changes_between(
    model: type[models.Model],
    before: dict[str, Any],
    after: dict[str, Any],
    names: dict[str, dict[int, str]],
    *,
    is_translated: bool = False,
) -> list[Change]:
    """Return what reads otherwise, translated where there are words in the reader's language."""
    changes = []
    for field in fields_of(model):
        shown = names.get(field.name, {})
        old = value_text(field, before[field.name], shown)
        new = value_text(field, after[field.name], shown)
        if is_translated and isinstance(field, models.CharField | models.TextField):
            kind = f"{model._meta.model_name}.{field.name}"
            old, new = plain(old, kind), plain(new, kind)
        if old != new:
            changes.append(Change(capfirst(str(field.verbose_name)), compare(old, new)))
    return changes


def value_text(field: models.Field, value: Any, names: dict[int, str]) -> str:
    if isinstance(value, list):
        return ", ".join(sorted(names.get(key, _("deleted")) for key in value))
    if value is None:
        return ""
    if field.related_model:
        return names.get(value, _("deleted"))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)


def difference_to(instance: models.Model, version: Version, names: Collection[str]) -> list[Change]:
    """Return what reverting these fields would change."""
    model = type(instance)
    present = present_values(instance)
    target = present | {name: version.values[name] for name in names}
    return changes_between(model, present, target, _names_of(model, [present, target]))


def present_values(instance: models.Model) -> dict[str, Any]:
    lists = _lists_of(type(instance))
    return {
        field.name: list(getattr(instance, field.name).values_list("pk", flat=True))
        if field.name in lists
        else getattr(instance, field.attname)
        for field in fields_of(type(instance))
    }


@transaction.atomic
def revert(instance: models.Model, version: Version, *, names: Iterable[str]) -> None:
    """Say again what a version said. This is a new version itself.

    Raises ValidationError where the text would no longer fit, as when a section is gone.
    """
    lists = _lists_of(type(instance))
    fields = [f for f in fields_of(type(instance)) if f.name in set(names)]
    plain = [field for field in fields if field.name not in lists]
    for field in plain:
        setattr(instance, field.attname, version.values[field.name])
    # Before clean(), which follows relations that may lead nowhere by now.
    instance.clean_fields()
    instance.full_clean()
    # Where simple-history looks for it.
    instance._change_reason = _(  # type: ignore[attr-defined]
        "Back to the version of %(when)s."
    ) % {"when": f"{version.at:%Y-%m-%d %H:%M}"}
    instance.save(update_fields=[field.name for field in plain])
    for field in fields:
        if field.name in lists:
            there = _target_of(field)._base_manager.filter(pk__in=version.values[field.name])
            getattr(instance, field.name).set(there)
    # Lists are judged once they are set.
    instance.clean()
