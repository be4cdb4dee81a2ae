"""What actions were split into or merged with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from recommendations.edition_span import ended_by

from .base import ever_told

if TYPE_CHECKING:
    from recommendations.models import Action
    from recommendations.viewpoint import Viewpoint


@dataclass(frozen=True)
class Succession:
    """What an action was split into or merged with, and what it came from."""

    after: list[Action] = field(default_factory=list)
    before: list[Action] = field(default_factory=list)


def succession_of(
    actions: Sequence[Action], *, keys: Collection[int], viewpoint: Viewpoint
) -> dict[int, Succession]:
    """Return the succession of actions by primary key.

    One query where any of `keys` may have some; none on most pages.
    """
    from recommendations.models import Action

    found = {action.pk: Succession() for action in actions}
    if not keys:
        return found
    links = Action.successors.through.objects.filter(
        Q(from_action__in=keys) | Q(to_action__in=keys),
        # Split or merged by then: what took it in may have been there before.
        ended_by(viewpoint.number, "from_action__"),
        ever_told(viewpoint, "to_action__"),
    )
    links = links.select_related(
        "from_action__recommendation__report", "to_action__recommendation__report"
    ).order_by(
        "to_action__recommendation__position",
        "to_action__number",
        "from_action__recommendation__position",
        "from_action__number",
    )
    for link in links:
        if link.from_action_id in found:
            found[link.from_action_id].after.append(link.to_action)
        if link.to_action_id in found:
            found[link.to_action_id].before.append(link.from_action)
    return found
