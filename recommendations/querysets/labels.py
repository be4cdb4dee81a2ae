"""Labels: policy areas, parties and bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models import F, Value

from recommendations.viewpoint import Viewpoint

from .base import KnownBySlug
from .prepared import Parameter, Prepared

if TYPE_CHECKING:
    from recommendations.models import Action, Party, PolicyArea, Recommendation

    from .actions import ActionQuerySet


class LabelQuerySet(KnownBySlug, models.QuerySet):
    # The way from an action to its labels.
    own: str

    def known_from(self, actions: ActionQuerySet, slug: str) -> models.Model | None:
        """Return the label of this slug if any of these actions has it (two queries).

        In one query PostgreSQL went through all actions: 0.2 s where there are a million.
        """
        found = self.filter(slug=slug).first()
        has = found is not None and actions.order_by().filter(**{self.own: found}).exists()
        return found if has else None


class PolicyAreaQuerySet(LabelQuerySet):
    own = "recommendation__areas"


class PartyQuerySet(LabelQuerySet):
    own = "parties"


class BodyQuerySet(LabelQuerySet):
    own = "bodies"


class ActionBodyQuerySet(models.QuerySet):
    def get_by_natural_key(self, report: str, recommendation: str, action: str, body: str):
        return self.get(
            action__recommendation__report__slug=report,
            action__recommendation__slug=recommendation,
            action__slug=action,
            body__slug=body,
        )


def label_keys(owner: type[models.Model], name: str, rows: Any) -> dict[int, tuple[int, ...]]:
    """Return the keys of the labels of rows, by the keys of the rows (one query)."""
    field = cast(models.ManyToManyField, owner._meta.get_field(name))
    through = cast(type[models.Model], field.remote_field.through)
    own, label = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    pairs = through._default_manager.filter(**{f"{own}__in": rows})
    found: dict[int, tuple[int, ...]] = {}
    for pk, key in pairs.order_by().values_list(own, label):
        found[pk] = (*found.get(pk, ()), key)
    return found


def _owned_labels(viewpoint: Viewpoint) -> models.QuerySet:
    """Return areas of a recommendation, whose owner is 0, and parties of actions."""
    from recommendations.models import Party, PolicyArea

    columns = ("position", "name", "pk", "slug", "owner")
    areas = PolicyArea.objects.filter(recommendations=Parameter("recommendation"))
    # Narrowed down first, for the reason that prefetches.py gives.
    asked = Party.objects.filter(actions__pk__among=Parameter("keys"))
    parties = asked.annotate(owner=F("actions"))
    rows = areas.order_by().annotate(owner=Value(0)).values_list(*columns)
    rows = rows.union(parties.order_by().values_list(*columns), all=True)
    return rows.order_by("position", "name")


OWNED_LABELS: Prepared[tuple] = Prepared(_owned_labels)


@dataclass(frozen=True)
class Labels:
    """The policy areas of a recommendation, and the parties of its actions by primary key."""

    areas: list[PolicyArea]
    parties: dict[int, list[Party]]


def labels_of(recommendation: Recommendation, actions: Sequence[Action]) -> Labels:
    """Return the labels in their own order.

    One query: the two vocabularies have the same columns.
    """
    from recommendations.models import Party, PolicyArea

    labels = Labels([], {action.pk: [] for action in actions})
    keys = [action.pk for action in actions]
    found = OWNED_LABELS(Viewpoint.present(), recommendation=recommendation, keys=keys)
    for position, name, pk, slug, owner in found:
        if owner:
            labels.parties[owner].append(Party(pk=pk, slug=slug, name=name, position=position))
        else:
            labels.areas.append(PolicyArea(pk=pk, slug=slug, name=name, position=position))
    return labels
