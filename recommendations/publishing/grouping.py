"""What many actions are given alike: kind, responsible parties, policy areas and a lead body.

All of it is grouping, which shows as it is now. Of rows that cannot have it, or that somebody
changed after they were seen, each is named, and nothing is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from recommendations.models import Action, ActionBody, Body, Party, PolicyArea, Report
from recommendations.models.action import LeadBasis

from .drafts import Stale
from .editions import Refused, lock_state, settle_wording

# So many are set in one transaction, during which nobody else writes.
MOST_AT_ONCE = 300
GROUPED_BY = ("parties", "leads__body__party", "recommendation__areas")


@dataclass(frozen=True)
class Grouping:
    """What is set; what is empty stays as each action has it.

    Parties and areas take the place of those that there are where `is_instead`, and come to them
    otherwise. Areas are of the whole recommendation.
    """

    kind: str = ""
    parties: Collection[Party] = ()
    areas: Collection[PolicyArea] = ()
    body: Body | None = None
    basis: str = LeadBasis.NAMED
    is_instead: bool = False

    def __bool__(self) -> bool:
        return bool(self.kind or self.parties or self.areas or self.body)

    def parties_of(self, action: Action) -> set[Party]:
        """Return the parties that an action has then."""
        before = set(action.parties.all())
        if not self.parties:
            return before
        return set(self.parties) if self.is_instead else before | set(self.parties)


class Unfit(Refused):
    """Rows that cannot be set so. `problems` has each with the sentence that says why."""

    def __init__(self, problems: Sequence[tuple[Action, str]]) -> None:
        super().__init__([sentence for _action, sentence in problems])
        self.problems = problems


class StaleRows(Unfit, Stale):
    """Rows that somebody else changed after they were seen."""


def fetch_grouping(actions: Collection[Action]) -> None:
    """Fetch what version_of() reads (at most five queries)."""
    prefetch_related_objects(list(actions), *GROUPED_BY)


def version_of(action: Action) -> str:
    """Return what changes with the grouping of an action, and when it comes in or is withdrawn."""
    facts = (
        action.kind,
        action.is_draft,
        action.is_withdrawn,
        sorted(party.pk for party in action.parties.all()),
        sorted(area.pk for area in action.recommendation.areas.all()),
        sorted((lead.body_id, lead.basis) for lead in action.leads.all()),
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]


@transaction.atomic
def group_alike(report: Report, grouping: Grouping, *, seen: Mapping[int, str]) -> int:
    """Set this of the actions with these keys, and return how many have changed.

    `seen` has by key the version that the editor saw. Raises StaleRows or Unfit, which name each
    row that speaks against it, and Refused where there is nothing to set.
    """
    lock_state()
    _refuse_nothing(grouping, seen)
    of_report = Action.objects.filter(pk__in=seen, recommendation__report=report)
    actions = list(of_report.select_related("recommendation__report"))
    if len(actions) < len(seen):
        raise Stale(_("Some of these actions are not here any more. Open the breakdown anew."))
    fetch_grouping(actions)
    stale = [one for one in actions if version_of(one) != seen[one.pk]]
    if stale:
        raise StaleRows([(one, _stale(one)) for one in stale])
    if problems := [(one, said) for one in actions for said in _problems(one, grouping)]:
        raise Unfit(problems)
    before = {one.pk: version_of(one) for one in actions}
    for action in actions:
        _set(action, grouping)
    settle_wording(report.recommendations.filter(actions__in=actions))
    return _n_changed(before)


def _refuse_nothing(grouping: Grouping, seen: Mapping[int, str]) -> None:
    if not seen:
        raise Refused(_("Tick the actions that you mean."))
    if len(seen) > MOST_AT_ONCE:
        told = _("At most %(most)d actions are set at once, and %(n)d are ticked.")
        raise Refused(told % {"most": MOST_AT_ONCE, "n": len(seen)})
    if not grouping:
        raise Refused(_("Choose a kind, a party, a policy area or a body."))


def _stale(action: Action) -> str:
    return _("Somebody else changed “%(action)s” meanwhile. Look at it as it is now.") % {
        "action": action
    }


def _problems(action: Action, grouping: Grouping) -> Iterator[str]:
    if action.is_withdrawn:
        yield _("“%(action)s” was withdrawn, and stays as it was.") % {"action": action}
    parties = grouping.parties_of(action)
    bodies = {lead.body for lead in action.leads.all()} if grouping.parties else set()
    for body in sorted(bodies | ({grouping.body} if grouping.body else set()), key=str):
        if body.party and body.party not in parties:
            told = _(
                "“%(action)s” would have %(body)s as a lead body, but not %(party)s as a party."
            )
            yield told % {"action": action, "body": body, "party": body.party}


def _set(action: Action, grouping: Grouping) -> None:
    if grouping.kind and grouping.kind != action.kind:
        action.kind = grouping.kind
        action.save(update_fields=["kind"])
    if grouping.parties:
        action.parties.set(grouping.parties_of(action))
    areas = action.recommendation.areas
    if grouping.areas and grouping.is_instead:
        areas.set(grouping.areas)
    elif grouping.areas:
        areas.add(*grouping.areas)
    if grouping.body:
        ActionBody.objects.update_or_create(
            action=action, body=grouping.body, defaults={"basis": grouping.basis}
        )


def _n_changed(before: Mapping[int, str]) -> int:
    after = list(Action.objects.filter(pk__in=before).select_related("recommendation"))
    fetch_grouping(after)
    return sum(version_of(one) != before[one.pk] for one in after)
