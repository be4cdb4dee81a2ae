"""The tree of a report, and its order: sections, recommendations, and the drafts among actions.

Numbers of what is in the record stand in addresses and never move; positions do.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from recommendations.models import Action, Recommendation, Report, Section
from recommendations.statuses import REVIEW_INTERVAL

from . import Refused, Stale, free_slug, next_number, settle_wording
from .editions import lock_state
from .grouping import version_of

ASIDE = 1_000_000
# The column that says the order of each model.
COLUMNS: dict[type[models.Model], str] = {
    Section: "position",
    Recommendation: "position",
    Action: "number",
}
KINDS: dict[str, type[models.Model]] = {model._meta.model_name or "": model for model in COLUMNS}
TITLES = {"section": "title", "recommendation": "headline", "action": "title"}


@dataclass
class Row:
    """A part of the tree. `up` and `down` name the sibling before which a step would put it."""

    kind: str
    instance: Section | Recommendation | Action
    parts: list[Row] = field(default_factory=list)
    depth: int = 0
    up: int | None = None
    down: int | None = None
    moves: bool = False

    @property
    def title(self) -> str:
        return getattr(self.instance, TITLES[self.kind])

    @property
    def seen(self) -> str:
        """What a form sends along of an action, so that nobody overwrites its grouping unseen."""
        assert isinstance(self.instance, Action)
        return f"{self.instance.pk}.{version_of(self.instance)}"


@dataclass
class Tree:
    report: Report
    sections: list[Row]
    version: str
    """Changes with the order, so that nobody moves what somebody else has moved meanwhile."""

    @property
    def actions(self) -> list[Action]:
        """Return all actions in the order of the tree."""
        parts = (part for section in self.sections for part in section.parts)
        return [row.instance for part in parts for row in part.parts]  # type: ignore[misc]


def tree_of(report: Report) -> Tree:
    """Return the tree of a report (three queries)."""
    actions: dict[int, list[Action]] = defaultdict(list)
    recommendations: dict[int, list[Recommendation]] = defaultdict(list)
    sections: dict[int | None, list[Section]] = defaultdict(list)
    of_report = Action.objects.filter(recommendation__report=report).order_by("number")
    by_key = {}
    for one in report.recommendations.order_by("position", "pk"):
        one.report = report
        by_key[one.pk] = one
        recommendations[one.section_id].append(one)
    for action in of_report:
        action.recommendation = by_key[action.recommendation_id]
        actions[action.recommendation_id].append(action)
    for section in report.sections.order_by("position"):
        sections[section.parent_id].append(section)
    rows = _sections(None, 0, sections, recommendations, actions)
    return Tree(report, rows, _version(rows))


def _sections(parent, depth, sections, recommendations, actions) -> list[Row]:
    found = []
    siblings = [Row("section", section, depth=depth) for section in sections[parent]]
    for row in _stepping(siblings):
        parts = [Row("recommendation", one) for one in recommendations[row.instance.pk]]
        row.parts = _stepping(parts)
        for part in row.parts:
            rows = [Row("action", action) for action in actions[part.instance.pk]]
            _stepping([draft for draft in rows if not _is_fixed(draft)])
            part.parts = rows
        found += [row, *_sections(row.instance.pk, depth + 1, sections, recommendations, actions)]
    return found


def _is_fixed(row: Row) -> bool:
    """Numbers of actions in the record stand in addresses."""
    return isinstance(row.instance, Action) and not row.instance.is_draft


def _stepping(rows: list[Row]) -> list[Row]:
    """Say where a step up or down leads; at an end it leads before itself, which is nowhere."""
    keys = [row.instance.pk for row in rows]
    for n, row in enumerate(rows):
        row.moves = len(rows) > 1
        row.up = keys[max(n - 1, 0)]
        row.down = keys[n] if n == len(keys) - 1 else keys[n + 2] if n + 2 < len(keys) else None
    return rows


def _version(rows: Sequence[Row]) -> str:
    order = [
        (
            row.instance.pk,
            [(part.instance.pk, [one.instance.pk for one in part.parts]) for part in row.parts],
        )
        for row in rows
    ]
    return hashlib.sha256(repr(order).encode()).hexdigest()[:16]


@transaction.atomic
def move(report: Report, *, kind: str, pk: int, before: int | None, version: str) -> Tree:
    """Put a part before one of its siblings, or at their end. Return the tree as it is then.

    Raises Stale where the order is another than the one that the editor has seen.
    """
    lock_state()
    if tree_of(report).version != version:
        raise Stale(_("Somebody else changed the breakdown meanwhile. Look at it as it is now."))
    instance = _part(report, kind, pk)
    siblings = list(_siblings(instance))
    keys = [one.pk for one in siblings]
    if pk not in keys or (before is not None and before not in keys):
        raise Refused(_("It can only be moved among its neighbours."))
    if before != pk:
        _arrange(siblings, _moved(keys, pk, before), column=COLUMNS[type(instance)])
        settle_wording(_touched(instance))
    return tree_of(report)


def _part(report: Report, kind: str, pk: int):
    model = KINDS.get(kind)
    owner = "recommendation__report" if model is Action else "report"
    found = model._default_manager.filter(pk=pk, **{owner: report}).first() if model else None
    if found is None:
        raise Refused(_("This part does not exist."))
    return found


def _siblings(instance) -> models.QuerySet[Any]:
    match instance:
        case Section():
            sections = Section.objects.filter(report=instance.report_id, parent=instance.parent_id)
            return sections.order_by("position")
        case Recommendation():
            parts = Recommendation.objects.filter(section=instance.section_id)
            return parts.order_by("position", "pk")
    drafts = Action.objects.filter(recommendation=instance.recommendation_id)
    return drafts.filter(from_edition__isnull=True).order_by("number")


def _moved(keys: list[int], pk: int, before: int | None) -> list[int]:
    rest = [key for key in keys if key != pk]
    at = len(rest) if before is None else rest.index(before)
    return [*rest[:at], pk, *rest[at:]]


def _arrange(siblings: list, keys: list[int], *, column: str) -> None:
    """Deal the places that the siblings have out anew; no two may share one at any time."""
    by_key = {one.pk: one for one in siblings}
    places = _distinct(sorted(getattr(one, column) for one in siblings))
    changed = [
        (by_key[key], place)
        for key, place in zip(keys, places, strict=True)
        if getattr(by_key[key], column) != place
    ]
    ids = [one.pk for one, _place in changed]
    model = type(siblings[0])
    model._default_manager.filter(pk__in=ids).update(**{column: models.F(column) + ASIDE})
    for one, place in changed:
        setattr(one, column, place)
        one.save(update_fields=[column])


def _distinct(places: list[int]) -> list[int]:
    """Recommendations may share a position: their order must still be one."""
    found: list[int] = []
    for place in places:
        found.append(place if not found or place > found[-1] else found[-1] + 1)
    return found


def _touched(instance) -> models.QuerySet[Recommendation]:
    """Return the recommendations that are read, or come, otherwise where a part has moved."""
    match instance:
        case Action():
            return Recommendation.objects.filter(pk=instance.recommendation_id)
        case Recommendation():
            return Recommendation.objects.filter(pk=instance.pk)
    # Recommendations come by places of their own, wherever their sections do.
    return Recommendation.objects.none()


@transaction.atomic
def retitle(report: Report, *, kind: str, pk: int, was: str, title: str) -> None:
    """Change a title, unless somebody changed it meanwhile."""
    lock_state()
    instance = _part(report, kind, pk)
    name = TITLES[kind]
    if getattr(instance, name) != was:
        raise Stale(
            _("Somebody else changed this title meanwhile. It now says: %(title)s")
            % {"title": getattr(instance, name)}
        )
    setattr(instance, name, title)
    instance.full_clean()
    instance.save(update_fields=[name])
    of_section = {"section": instance.pk} if kind == "section" else None
    settle_wording(
        Recommendation.objects.filter(
            **(of_section or {"pk": pk if kind == "recommendation" else instance.recommendation_id})
        )
    )


def place_at_end(section: Section) -> int:
    """Return the position after a section's last one; after all others where it has none.

    What comes behind it moves on.
    """
    parts = section.recommendations.all() or section.report.recommendations.all()
    place = (parts.aggregate(last=models.Max("position"))["last"] or 0) + 1
    section.report.recommendations.filter(position__gte=place).update(
        position=models.F("position") + 1
    )
    return place


@transaction.atomic
def add_recommendation(section: Section, *, number: str, headline: str) -> Recommendation:
    """Add a draft at the end of a section."""
    lock_state()
    place = place_at_end(section)
    draft = Recommendation(
        report=section.report,
        section=section,
        number=number,
        slug=f"r-{number}".replace(".", "-").lower(),
        position=place,
        headline=headline,
    )
    draft.full_clean()
    draft.save()
    settle_wording(Recommendation.objects.filter(pk=draft.pk))
    return draft


@transaction.atomic
def add_action(recommendation: Recommendation, *, title: str, kind: str, today: date) -> Action:
    """Add a draft after the last action. Its parties are named on its own page."""
    lock_state()
    number = next_number(recommendation)
    draft = Action(
        recommendation=recommendation,
        number=number,
        slug=free_slug(recommendation, title, number=number),
        title=title,
        kind=kind,
        review_due_on=today + REVIEW_INTERVAL,
    )
    draft.full_clean()
    draft.save()
    settle_wording(Recommendation.objects.filter(pk=recommendation.pk))
    return draft
