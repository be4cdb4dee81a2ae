"""The entries of a file of research: updates, evidence, retractions and codings, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from recommendations.models import Action, Coding, Edition, RetractionRequest, StatusUpdate
from recommendations.text.punctuation import colon

from .entries import Run, lines_of, take
from .report_file import CODING, RETRACTION, UPDATE, LoadError, entry_name

Entry = dict[str, Any]


@dataclass
class Research:
    """A file of research while it is loaded. `edition` is None before it is published."""

    header: Edition
    edition: Edition | None
    run: Run
    actions: dict[int, Action] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)
    retractions: dict[int, str] = field(default_factory=dict)
    codings: list[Coding] = field(default_factory=list)


def name_of(entry: Entry, position: int) -> str:
    said = entry["fields"]
    if entry["model"] == CODING:
        slug = f"{(said['action'] or ('',))[-1]}/{said['coder']}"
    else:
        slug = said["slug"] if entry["model"] == UPDATE else (said["update"] or ("",))[0]
    return f"{entry_name(position)} ({entry['model']}) {slug}"


def take_entry(entry: Entry, position: int, action: Action, research: Research) -> None:
    said, name = entry["fields"], name_of(entry, position)
    if entry["model"] == CODING:
        _take_coding(said, name, action, research)
        return
    slug = said["slug"] if entry["model"] == UPDATE else said["update"][0]
    stored = StatusUpdate.objects.filter(slug=slug).first()
    if entry["model"] == RETRACTION:
        _take_retraction(said, name, stored, action, research)
        return
    is_new = stored is None or stored.edition_id is None
    if is_new and action.pk in research.left_out:
        _leave_out(action, research)
    elif is_new and research.edition:
        told = _("Its edition is published, and takes nothing more.")
        research.run.differences.append(f"{name}{colon()}{told}")
    elif stored and stored.edition_id and stored.edition != research.edition:
        told = _("An update of edition %(number)d has this reference.")
        raise LoadError([f"{name}{colon()}{told % {'number': stored.edition_id}}"])
    else:
        marked = {"is_baseline": True} if entry["model"] == UPDATE else {}
        take({**entry, "fields": {**marked, **said}}, position, research.run)


def _take_coding(said: dict[str, Any], name: str, action: Action, research: Research) -> None:
    """Keep a coding for the edition. It changes no status, so people's decisions are no matter."""
    coding = Coding(**{**said, "action": action})
    stored = Coding.objects.filter(
        action=action, coder=coding.coder, edition__isnull=False, edition=research.edition
    ).first()
    try:
        coding.clean_fields(exclude=["edition"])
    except ValidationError as error:
        raise LoadError([f"{name}{colon()}{line}" for line in lines_of(error)]) from error
    if stored:
        lines = differences_of(coding, stored, [key for key in said if key != "action"])
        research.run.differences += [f"{name}{colon()}{line}" for line in lines]
        research.run.loaded.unchanged += 1
    elif research.edition:
        told = _("Its edition is published, and takes nothing more.")
        research.run.differences.append(f"{name}{colon()}{told}")
    elif any((one.action_id, one.coder) == (action.pk, coding.coder) for one in research.codings):
        told = _("This coder has coded the action already.")
        raise LoadError([f"{name}{colon()}{told}"])
    else:
        research.codings.append(coding)
        added = research.run.loaded.added
        added[CODING] = added.get(CODING, 0) + 1


def _take_retraction(
    said: dict[str, Any],
    name: str,
    stored: StatusUpdate | None,
    action: Action,
    research: Research,
) -> None:
    asked = RetractionRequest.objects.filter(
        update=stored, research_edition__isnull=False, research_edition=research.edition
    ).first()
    if asked:
        wanted = RetractionRequest(reason=said["reason"])
        lines = differences_of(wanted, asked, ["reason"])
        research.run.differences += [f"{name}{colon()}{line}" for line in lines]
        research.run.loaded.unchanged += 1
    elif action.pk in research.left_out:
        _leave_out(action, research)
    elif research.edition:
        told = _("Its edition is published, and takes nothing more.")
        research.run.differences.append(f"{name}{colon()}{told}")
    else:
        if problem := _problem_of_retraction(said, stored, action, research):
            raise LoadError([f"{name}{colon()}{problem}"])
        assert stored is not None
        research.retractions[stored.pk] = said["reason"]
        added = research.run.loaded.added
        added[RETRACTION] = added.get(RETRACTION, 0) + 1


def _problem_of_retraction(
    said: dict[str, Any], stored: StatusUpdate | None, action: Action, research: Research
) -> str:
    if stored is None or stored.action_id != action.pk:
        return _("This action has no update with this reference.")
    if stored.pk in research.retractions:
        return _("It is retracted twice.")
    if not isinstance(said["reason"], str) or not said["reason"].strip():
        return _("A retraction needs a public reason.")
    return ""


def _leave_out(action: Action, research: Research) -> None:
    told = _("“%(action)s” is left out: %(reason)s.") % {
        "action": action,
        "reason": research.left_out[action.pk],
    }
    if told not in research.run.loaded.left_out:
        research.run.loaded.left_out.append(told)


def differences_of(wanted: models.Model, stored: models.Model, names: Iterable[str]):
    for name in names:
        present, said = getattr(stored, name), getattr(wanted, name)
        if present != said:
            yield _("%(field)s is “%(present)s” here and “%(wanted)s” in the file") % {
                "field": name,
                "present": present,
                "wanted": said,
            }
