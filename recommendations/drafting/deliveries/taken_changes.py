"""Takes over what a delivery says otherwise of a recommendation or an action that is here."""

from __future__ import annotations

from datetime import date

from recommendations.importing.addressees import Addressees
from recommendations.models import Action, ActionBody, Deadline, Recommendation
from recommendations.models.action import LeadBasis
from recommendations.models.deadline import DeadlineOrigin

from .addressees import Directory
from .changes import Change
from .plan import Plan

# Texts before and after, by their kinds: translations follow them.
Reworded = tuple[dict[str, str], dict[str, str]]


def take(change: Change, who: Addressees, plan: Plan) -> Reworded:
    """Write a change, and return what was worded before and after. `who` is of its row."""
    found, becomes = change.found, change.becomes
    if change.name in ("headline", "title"):
        setattr(found, change.name, becomes)
        found.full_clean()
        found.save()
        kind = f"{found._meta.model_name}.{change.name}"
        return {kind: change.was}, {kind: becomes}
    if isinstance(found, Recommendation):
        found.areas.set([plan.areas[slug] for slug in becomes])
    elif change.name == "kind":
        found.kind = becomes
        found.full_clean()
        found.save()
    elif change.name == "due":
        _take_deadline(found, becomes)
    else:
        _take_owners(found, who, plan.directory)
    return {}, {}


def _take_deadline(action: Action, becomes: list[str]) -> None:
    on, precision = date.fromisoformat(becomes[0]), becomes[1]
    deadline = action.deadlines.filter(origin=DeadlineOrigin.REPORT).first() or Deadline(
        action=action, origin=DeadlineOrigin.REPORT
    )
    deadline.on, deadline.precision = on, precision
    deadline.full_clean()
    deadline.save()


def _take_owners(action: Action, who: Addressees, directory: Directory) -> None:
    action.parties.set([directory.parties[slug] for slug in who.parties])
    bodies = [directory.bodies[slug] for slug in who.bodies]
    action.leads.exclude(body__in=bodies).delete()
    there = set(action.leads.values_list("body_id", flat=True))
    ActionBody.objects.bulk_create(
        ActionBody(action=action, body=body, basis=LeadBasis.NAMED)
        for body in bodies
        if body.pk not in there
    )
