"""Files of later research on a report: an edition each, that corrects and retracts by slug."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from recommendations import publishing
from recommendations.models import (
    Action,
    Coding,
    Edition,
    Report,
    RetractionRequest,
    StatusUpdate,
)
from recommendations.models.edition import EditionKind
from recommendations.text.punctuation import colon

from .entries import Loaded, Run, lines_of, take
from .report_file import (
    CODING,
    EDITION,
    EVIDENCE,
    RETRACTION,
    UPDATE,
    LoadError,
    entry_name,
    first_entry,
)

Entry = dict[str, Any]


@dataclass
class _Research:
    """A file of research while it is loaded. `edition` is None before it is published."""

    header: Edition
    edition: Edition | None
    run: Run
    actions: dict[int, Action] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)
    retractions: dict[int, str] = field(default_factory=dict)
    codings: list[Coding] = field(default_factory=list)


def is_loaded(text: str) -> bool:
    """Say whether a file has nothing to add here, as far as its first entry tells.

    A baseline has none where there is any report, and research none on a report that is not here.
    """
    if not Report.objects.exists():
        return False
    entry = first_entry(text)
    if entry is None or entry["model"] != EDITION:
        return entry is not None
    said = entry["fields"]
    reports = Report.objects.filter(slug__in=said["report"] or [], from_edition__isnull=False)
    return not reports.exists() or Edition.objects.filter(slug=said["slug"]).exists()


@transaction.atomic
def load_research(entries: list[Entry], *, now: datetime | None = None) -> Loaded:
    """Publish a file of research as one edition, or compare it with the one that it became.

    An action that people have decided on is left out and named. Raises LoadError.
    """
    research = _begin(entries[0])
    of_entries = _actions_of(entries, research)
    research.left_out = publishing.beyond_research(research.actions.keys())
    for position, entry in enumerate(entries[1:], start=2):
        _take(entry, position, of_entries[position], research)
    if research.run.differences:
        raise LoadError(
            [_("These entries differ from what is recorded:"), *research.run.differences]
        )
    if research.edition is None:
        _publish(research, now=now)
    return research.run.loaded


# The header ------------------------------------------------------------------------------------


def _begin(entry: Entry) -> _Research:
    """Read the header: an edition that is new, or that has to say what it says here."""
    name, said = f"{entry_name(1)} ({EDITION})", entry["fields"]
    try:
        report = Report.objects.get_by_natural_key(*(said["report"] or ()))
        header = Edition(**{**said, "report": report})
        if header.kind != EditionKind.RESEARCH:
            raise ValidationError({"kind": _("A file of later research is of kind “research”.")})
        header.clean_fields(exclude=["number", "published_at"])
        known = Edition.objects.filter(slug=header.slug).first()
        if known is None:
            header.validate_constraints(exclude=["number", "published_at"])
    except ValidationError as error:
        raise LoadError([f"{name}{colon()}{line}" for line in lines_of(error)]) from error
    except (ObjectDoesNotExist, TypeError, ValueError) as error:
        raise LoadError([f"{name}{colon()}{error}"]) from error
    research = _Research(header, known, Run(keep_edits=False))
    if known:
        lines = _differences_of(header, known, said)
        research.run.differences += [f"{name}{colon()}{line}" for line in lines]
        research.run.loaded.unchanged += 1
    return research


def _differences_of(wanted: models.Model, stored: models.Model, names: Iterable[str]):
    for name in names:
        present, said = getattr(stored, name), getattr(wanted, name)
        if present != said:
            yield _("%(field)s is “%(present)s” here and “%(wanted)s” in the file") % {
                "field": name,
                "present": present,
                "wanted": said,
            }


# The actions -----------------------------------------------------------------------------------


def _actions_of(entries: list[Entry], research: _Research) -> dict[int, Action]:
    """Return the action that each entry is about, by its position."""
    of_updates: dict[str, Action] = {}
    found: dict[int, Action] = {}
    for position, entry in enumerate(entries[1:], start=2):
        said = entry["fields"]
        try:
            if entry["model"] == EVIDENCE:
                found[position] = of_updates[said["update"][0]]
                continue
            action = _action(said["action"], research)
        except KeyError as error:
            told = _("It belongs to no update that stands before it in this file.")
            raise LoadError([f"{_name(entry, position)}{colon()}{told}"]) from error
        except (ObjectDoesNotExist, TypeError, ValueError) as error:
            raise LoadError([f"{_name(entry, position)}{colon()}{error}"]) from error
        found[position] = action
        if entry["model"] == UPDATE:
            of_updates[str(said["slug"])] = action
    return found


def _action(key: list[Any] | None, research: _Research) -> Action:
    action = Action.objects.get_by_natural_key(*(key or ()))
    if action.recommendation.report_id != research.header.report_id:
        raise ValueError(_("It is about another report than the edition."))
    return research.actions.setdefault(action.pk, action)


def _name(entry: Entry, position: int) -> str:
    said = entry["fields"]
    if entry["model"] == CODING:
        slug = f"{(said['action'] or ('',))[-1]}/{said['coder']}"
    else:
        slug = said["slug"] if entry["model"] == UPDATE else (said["update"] or ("",))[0]
    return f"{entry_name(position)} ({entry['model']}) {slug}"


# The entries -----------------------------------------------------------------------------------


def _take(entry: Entry, position: int, action: Action, research: _Research) -> None:
    said, name = entry["fields"], _name(entry, position)
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


def _take_coding(said: dict[str, Any], name: str, action: Action, research: _Research) -> None:
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
        lines = _differences_of(coding, stored, [key for key in said if key != "action"])
        research.run.differences += [f"{name}{colon()}{line}" for line in lines]
        research.run.loaded.unchanged += 1
    elif research.edition:
        told = _("Its edition is published, and takes nothing more.")
        research.run.differences.append(f"{name}{colon()}{told}")
    elif any((one.action_id, one.coder) == (action.pk, coding.coder) for one in research.codings):
        raise LoadError([f"{name}{colon()}{_('This coder has coded the action already.')}"])
    else:
        research.codings.append(coding)
        added = research.run.loaded.added
        added[CODING] = added.get(CODING, 0) + 1


def _take_retraction(
    said: dict[str, Any],
    name: str,
    stored: StatusUpdate | None,
    action: Action,
    research: _Research,
) -> None:
    asked = RetractionRequest.objects.filter(
        update=stored, research_edition__isnull=False, research_edition=research.edition
    ).first()
    if asked:
        wanted = RetractionRequest(reason=said["reason"])
        lines = _differences_of(wanted, asked, ["reason"])
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
    said: dict[str, Any], stored: StatusUpdate | None, action: Action, research: _Research
) -> str:
    if stored is None or stored.action_id != action.pk:
        return _("This action has no update with this reference.")
    if stored.pk in research.retractions:
        return _("It is retracted twice.")
    if not isinstance(said["reason"], str) or not said["reason"].strip():
        return _("A retraction needs a public reason.")
    return ""


def _leave_out(action: Action, research: _Research) -> None:
    told = _("“%(action)s” is left out: %(reason)s.") % {
        "action": action,
        "reason": research.left_out[action.pk],
    }
    if told not in research.run.loaded.left_out:
        research.run.loaded.left_out.append(told)


# Publishing ------------------------------------------------------------------------------------


def _publish(research: _Research, *, now: datetime | None) -> None:
    update_ids = [row.pk for row in research.run.added if isinstance(row, StatusUpdate)]
    header, report = research.header, research.header.report
    assert report is not None and header.horizon_on is not None  # A constraint sees to it.
    if not (update_ids or research.retractions):
        return
    try:
        edition = publishing.publish_research(
            report,
            slug=header.slug,
            method=header.method,
            horizon_on=header.horizon_on,
            note=header.note,
            update_ids=update_ids,
            retractions=research.retractions,
            codings=research.codings,
            now=now,
        )
    except ValidationError as error:
        raise LoadError(list(lines_of(error))) from error
    except IntegrityError as error:
        raise LoadError([f"{report.slug}{colon()}{error}"]) from error
    research.run.loaded.editions.append(edition.number)
    research.run.loaded.overtaken += _overtaken_by(edition)


def _overtaken_by(edition: Edition) -> Iterable[str]:
    """Yield what people have begun that cannot be published any more as it stands."""
    drafts, requests = publishing.open_work_on(edition)
    for draft in drafts:
        is_ended = draft.replaces and draft.replaces.ended_in_edition_id == edition.pk
        text = (
            _("“%(action)s”: the draft %(slug)s of %(person)s corrects what this edition ended.")
            if is_ended
            else _("“%(action)s”: the draft %(slug)s of %(person)s was begun before this edition.")
        )
        yield text % {"action": draft.action, "slug": draft.slug, "person": draft.author}
    for request in requests:
        yield _("“%(action)s”: %(person)s has asked to retract %(slug)s, which ended.") % {
            "action": request.update.action,
            "slug": request.update.slug,
            "person": request.requested_by,
        }
