"""Columns of an action that repeat its parties and deadlines, for filters and counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from recommendations.models import Action, Deadline
from recommendations.models.deadline import DeadlineOrigin
from recommendations.statuses import addressee_of, last_day


def expected_columns(action_ids: Collection[int]) -> dict[int, dict[str, object]]:
    """Return `addressee` and `due_on` of each action, by primary key (two queries)."""
    parties: dict[int, list[str]] = {pk: [] for pk in action_ids}
    for pk, slug in Action.parties.through.objects.filter(action__in=action_ids).values_list(
        "action_id", "party__slug"
    ):
        parties[pk].append(slug)
    due = _due_dates(action_ids)
    return {
        pk: {"addressee": str(addressee_of(slugs)), "due_on": due.get(pk)}
        for pk, slugs in parties.items()
    }


def _due_dates(action_ids: Collection[int]) -> dict[int, date]:
    """The report's own deadline decides, else the official target that was stated first."""
    found: dict[int, list[tuple]] = defaultdict(list)
    for pk, origin, on, precision, stated_on in Deadline.objects.filter(
        action__in=action_ids
    ).values_list("action_id", "origin", "on", "precision", "stated_on"):
        rank = (origin != DeadlineOrigin.REPORT, stated_on or date.min, on)
        found[pk].append((rank, last_day(on, precision)))
    return {pk: min(deadlines)[1] for pk, deadlines in found.items()}


def refresh(action_ids: Collection[int]) -> None:
    instances = [Action(pk=pk, **values) for pk, values in expected_columns(action_ids).items()]
    Action.objects.bulk_update(instances, ["addressee", "due_on"], batch_size=200)
