"""Files of research that change what is counted, or how it is worded: an edition of *structure*.

The first entry is the edition; parties and bodies that it needs follow, and the steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations import publishing
from recommendations.models import Action, Edition, Party, Recommendation, Report
from recommendations.text.punctuation import colon

from .entries import Loaded, Run, describe, lines_of, take
from .report_file import EDITION, LoadError, entry_name
from .steps import EDITED

Entry = dict[str, Any]
LISTS = {"parties": Party}


@dataclass
class _Structure:
    """A file while it is loaded. `edition` is None before it is published."""

    header: Edition
    report: Report
    edition: Edition | None
    at: datetime
    run: Run = field(default_factory=lambda: Run(keep_edits=True))
    steps: publishing.Restructuring = field(default_factory=publishing.Restructuring)
    reworded: set[int] = field(default_factory=set)


@transaction.atomic
def load_structure(entries: list[Entry], *, now: datetime | None = None) -> Loaded:
    """Take the steps of a file as one edition; one that is known here changes nothing.

    What people have decided or edited since is left out and named. Raises LoadError.
    """
    file = _begin(entries[0], now or timezone.now())
    if file.edition:
        file.run.loaded.unchanged += len(entries)
        return file.run.loaded
    named = list(enumerate(entries[1:], start=2))
    for position, entry in named:
        if "step" not in entry:
            take(entry, position, file.run)
    left_out = publishing.beyond_research(
        {action.pk for position, entry in named for action in _recounted(entry, position, file)}
    )
    for position, entry in named:
        if "step" in entry:
            _take_step(entry, position, left_out, file)
    _publish(file)
    return file.run.loaded


def _begin(entry: Entry, at: datetime) -> _Structure:
    name, said = f"{entry_name(1)} ({EDITION})", entry["fields"]
    try:
        report = Report.objects.get_by_natural_key(*(said["report"] or ()))
        header = Edition(**{**said, "report": None})
        header.clean_fields(exclude=["number", "published_at"])
        known = Edition.objects.filter(slug=header.slug).first()
        if known is None:
            header.validate_constraints(exclude=["number", "published_at"])
    except ValidationError as error:
        raise LoadError([f"{name}{colon()}{line}" for line in lines_of(error)]) from error
    except (ObjectDoesNotExist, TypeError, ValueError) as error:
        raise LoadError([f"{name}{colon()}{error}"]) from error
    return _Structure(header, report, known, at)


# The steps -------------------------------------------------------------------------------------


def _recounted(entry: Entry, position: int, file: _Structure) -> Iterator[Action]:
    """Yield the actions that a step takes out of the count."""
    said = entry["fields"]
    match entry.get("step"):
        case "merge":
            yield from (_action(key, position, file) for key in said["actions"])
        case "withdraw":
            yield _action(said["action"], position, file)


def _take_step(entry: Entry, position: int, left_out: dict[int, str], file: _Structure) -> None:
    said = entry["fields"]
    if entry["step"] == "edit":
        _edit(_action(said["action"], position, file), said, position, file)
        return
    actions = list(_recounted(entry, position, file))
    kept_back = [action for action in actions if action.pk in left_out]
    for action in kept_back:
        told = _("“%(action)s” is left out: %(reason)s.")
        file.run.loaded.left_out.append(told % {"action": action, "reason": left_out[action.pk]})
    if kept_back:
        return
    if entry["step"] == "withdraw":
        file.steps.withdrawals.append((actions[0], said["reason"]))
    else:
        into = _action(said["into"], position, file)
        file.steps.merges.append((actions, into, said["reason"]))
    _count(entry["step"], file)


def _action(key: Any, position: int, file: _Structure) -> Action:
    try:
        action = Action.objects.get_by_natural_key(*(key or ()))
        if action.recommendation.report_id != file.report.pk:
            raise ValueError(_("It is about another report than the edition."))
    except (ObjectDoesNotExist, TypeError, ValueError) as error:
        raise LoadError([f"{entry_name(position)}{colon()}{error}"]) from error
    return action


def _edit(action: Action, said: dict[str, Any], position: int, file: _Structure) -> None:
    """Word an action anew, unless it no longer says what the file expects it to say."""
    wanted = {name: value for name, value in said.items() if name in EDITED}
    if all(_value(action, name) == _said(change["to"]) for name, change in wanted.items()):
        file.run.loaded.unchanged += 1
        return
    for name, change in wanted.items():
        present = _value(action, name)
        if present != _said(change["from"]):
            told = _("“%(action)s” is left out: its %(field)s is “%(present)s” here by now.")
            column = Action._meta.get_field(name)
            file.run.loaded.left_out.append(
                told
                % {
                    "action": action,
                    "field": getattr(column, "verbose_name", name),
                    "present": present if isinstance(present, str) else ", ".join(present),
                }
            )
            return
    try:
        _save_edit(action, wanted, said["reason"], file)
    except (ValidationError, ObjectDoesNotExist) as error:
        lines = lines_of(error) if isinstance(error, ValidationError) else [str(error)]
        raise LoadError([f"{entry_name(position)}{colon()}{line}" for line in lines]) from error
    file.reworded.add(action.recommendation_id)
    _count("edit", file)


def _value(action: Action, name: str) -> Any:
    if name in LISTS:
        return sorted(describe(row) for row in getattr(action, name).all())
    return getattr(action, name)


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return sorted("/".join(map(str, key)) for key in value)
    return value


def _save_edit(action: Action, wanted: dict[str, Any], reason: str, file: _Structure) -> None:
    # Where the history of texts looks for them. With the moment of the edition, its page tells
    # the edits that it made from those that were made since.
    action._change_reason = reason  # type: ignore[attr-defined]
    action._history_date = file.at  # type: ignore[attr-defined]
    lists = {}
    for name, change in wanted.items():
        if name in LISTS:
            known = LISTS[name].objects
            lists[name] = [known.get_by_natural_key(*key) for key in change["to"]]
        else:
            setattr(action, name, change["to"])
    action.full_clean()
    action.save()
    for name, rows in lists.items():
        getattr(action, name).set(rows)
    action.clean()


def _count(step: str, file: _Structure) -> None:
    added = file.run.loaded.added
    added[step] = added.get(step, 0) + 1


# Publishing ------------------------------------------------------------------------------------


def _publish(file: _Structure) -> None:
    header = file.header
    if file.reworded:
        publishing.settle_wording(Recommendation.objects.filter(pk__in=file.reworded))
    if not file.steps:
        return
    try:
        edition = publishing.restructure(
            file.steps, slug=header.slug, method=header.method, note=header.note, now=file.at
        )
    except ValidationError as error:
        raise LoadError(list(lines_of(error))) from error
    file.run.loaded.editions.append(edition.number)
