"""Columns of an action that repeat its parties and deadlines, for filters and counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from recommendations.models import Action, AddresseeGroup, Deadline
from recommendations.statuses import addressee_of, last_day


def expected_columns(action_ids: Collection[int]) -> dict[int, dict[str, object]]:
    """Return `addressee` and `due_on` of each action, by primary key (three queries)."""
    parties: dict[int, list[str]] = {pk: [] for pk in action_ids}
    for pk, slug in Action.parties.through.objects.filter(action__in=action_ids).values_list(
        "action_id", "party__slug"
    ):
        parties[pk].append(slug)
    groups = AddresseeGroup.objects.party_sets()
    due = _due_dates(action_ids)
    return {
        pk: {"addressee": addressee_of(slugs, groups), "due_on": due.get(pk)}
        for pk, slugs in parties.items()
    }


def _due_dates(action_ids: Collection[int]) -> dict[int, date]:
    deadlines = Deadline.objects.filter(action__in=action_ids).decisive_first()
    found: dict[int, date] = {}
    for pk, on, precision in deadlines.values_list("action_id", "on", "precision"):
        found.setdefault(pk, last_day(on, precision))
    return found


def refresh(action_ids: Collection[int]) -> None:
    instances = [Action(pk=pk, **values) for pk, values in expected_columns(action_ids).items()]
    Action.objects.bulk_update(instances, ["addressee", "due_on"], batch_size=200)
