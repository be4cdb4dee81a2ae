"""Loading a report from its files: all of a file, or nothing and the reasons."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from recommendations import publishing
from recommendations.models import (
    Action,
    ActionBody,
    AddresseeGroup,
    Deadline,
    Recommendation,
    Report,
    StatusUpdate,
)
from recommendations.sources.known_hosts import learn_hosts

from .entries import Loaded, Run, lines_of, take
from .report_file import LABELS, LoadError, is_edition, is_structure, read_entries
from .research import is_loaded, load_research
from .structure import load_structure

__all__ = ["LABELS", "LoadError", "Loaded", "is_loaded", "load"]


def load(text: str, *, keep_edits: bool = False, now: datetime | None = None) -> Loaded:
    """Load a file of a report and publish what it has, in one transaction.

    Entries that exist and say the same are left alone. One that says something else stops the
    load: a record is never rewritten, and wording that an editor changed is not undone. With
    `keep_edits` the wording of the database is kept instead, while differences of the record
    (updates and their evidence) still stop it. A file of later research says how it was made and
    names what it corrects and retracts (research.py); one of structure, what leaves the count
    (structure.py). The hosts of its sources become known, where all of these agree.

    Raises LoadError.
    """
    entries = read_entries(text)
    if is_structure(entries):
        return load_structure(entries, now=now)
    if is_edition(entries):
        return load_research(entries, now=now)
    run = Run(keep_edits)
    with transaction.atomic():
        for position, entry in enumerate(entries, start=1):
            instance = take(entry, position, run)
            if report := _report_of(instance):
                run.reports.add(report)
        if run.differences:
            raise LoadError([_("These entries differ from what is recorded:"), *run.differences])
        for report in sorted(run.reports, key=lambda report: report.pk):
            _publish(report, run, now=now)
        _settle_breakdown(run)
        if run.loaded.editions:
            learn_hosts()
    return run.loaded


def _report_of(instance: models.Model) -> Report | None:
    """Return the report whose baseline this entry may add to: no bibliographic record has one."""
    report = None
    match instance:
        case Report():
            report = instance
        case Recommendation():
            report = instance.report
        case Action():
            report = instance.recommendation.report
        case StatusUpdate():
            report = instance.action.recommendation.report
    return None if report is None or report.is_bibliographic else report


def _publish(report: Report, run: Run, *, now: datetime | None) -> None:
    """Publish what the file added to a report. Drafts that editors made there stay drafts."""
    recommendations = [row for row in run.added if isinstance(row, Recommendation)]
    actions = [row for row in run.added if isinstance(row, Action)]
    try:
        edition = publishing.publish_baseline(
            report,
            recommendation_ids=[row.pk for row in recommendations if row.report_id == report.pk],
            action_ids=[row.pk for row in actions if row.recommendation.report_id == report.pk],
            now=now,
        )
    except ValidationError as error:
        raise LoadError(list(lines_of(error))) from error
    except IntegrityError as error:
        raise LoadError([f"{report.slug}: {error}"]) from error
    if edition:
        run.loaded.editions.append(edition.number)


def _settle_breakdown(run: Run) -> None:
    """Bring in line what hangs on leads and deadlines that were added to actions of the record."""
    rows = [row for row in run.added if isinstance(row, ActionBody | Deadline)]
    new_actions = {row.pk for row in run.added if isinstance(row, Action)}
    action_ids = {row.action_id for row in rows} - new_actions
    # Nobody publishes these, which would settle them.
    unpublished = [
        row.pk
        for row in run.added
        if isinstance(row, Recommendation) and row.report.is_bibliographic
    ]
    # An edit of the action, as its next edition digests it.
    for action in Action.objects.filter(pk__in=action_ids):
        action.save(update_fields=["title"])
    grouped = [
        slug
        for row in run.added
        if isinstance(row, AddresseeGroup)
        for slug in row.parties.values_list("slug", flat=True)
    ]
    if action_ids or unpublished or grouped or (run.added and not run.loaded.editions):
        touched = (
            Q(actions__in=action_ids)
            | Q(pk__in=unpublished)
            | Q(actions__parties__slug__in=grouped)
        )
        publishing.settle_wording(Recommendation.objects.filter(touched))
