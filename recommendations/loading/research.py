"""Files of later research on a report: an edition each, that corrects and retracts by slug."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from recommendations import publishing
from recommendations.models import (
    Action,
    Edition,
    Report,
    StatusUpdate,
)
from recommendations.models.edition import EditionKind
from recommendations.text.punctuation import colon

from .entries import Loaded, Run, lines_of
from .report_file import (
    EDITION,
    EVIDENCE,
    UPDATE,
    LoadError,
    entry_name,
    first_entry,
)
from .research_entries import Entry, Research, differences_of, name_of, take_entry


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
        take_entry(entry, position, of_entries[position], research)
    if research.run.differences:
        raise LoadError(
            [_("These entries differ from what is recorded:"), *research.run.differences]
        )
    if research.edition is None:
        _publish(research, now=now)
    return research.run.loaded


# The header ------------------------------------------------------------------------------------


def _begin(entry: Entry) -> Research:
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
    research = Research(header, known, Run(keep_edits=False))
    if known:
        lines = differences_of(header, known, said)
        research.run.differences += [f"{name}{colon()}{line}" for line in lines]
        research.run.loaded.unchanged += 1
    return research


# The actions -----------------------------------------------------------------------------------


def _actions_of(entries: list[Entry], research: Research) -> dict[int, Action]:
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
            raise LoadError([f"{name_of(entry, position)}{colon()}{told}"]) from error
        except (ObjectDoesNotExist, TypeError, ValueError) as error:
            raise LoadError([f"{name_of(entry, position)}{colon()}{error}"]) from error
        found[position] = action
        if entry["model"] == UPDATE:
            of_updates[str(said["slug"])] = action
    return found


def _action(key: list[Any] | None, research: Research) -> Action:
    action = Action.objects.get_by_natural_key(*(key or ()))
    if action.recommendation.report_id != research.header.report_id:
        raise ValueError(_("It is about another report than the edition."))
    return research.actions.setdefault(action.pk, action)


# Publishing ------------------------------------------------------------------------------------


def _publish(research: Research, *, now: datetime | None) -> None:
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
