"""Which actions a piece of news is about: one function for the command, the chooser and others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommendations.index.keeping import Index, opened_at
from recommendations.kept_of_state import kept_of_state
from recommendations.models import Action
from recommendations.record import Record
from recommendations.text.punctuation import listed
from recommendations.text.search_names import SearchNames
from recommendations.viewpoint import Viewpoint

from .addresses import addresses_in, known_of
from .candidates import candidates
from .ranking import Match, Table
from .reading import passages_of
from .words import LONGEST_TEXT

# Of a larger record only those recommendations are read that the index points to.
MOST_KEPT_ACTIONS = 2_000
MOST = 20
# What scores less is about something else.
LEAST = 0.005
# A source that an action cites is about it, whatever its words are.
CITED = 1.0
Fetch = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An action in the record, from 0 to 1 how well it fits, and what it was found by.

    `cited` are those of the addresses that the action cites already; its score is 1 then.
    """

    action: Action
    score: float
    words: tuple[str, ...]
    cited: tuple[str, ...] = ()

    @property
    def report(self) -> str:
        return self.action.recommendation.report.slug

    @property
    def reasons(self) -> list[str]:
        said = [_("cited in %(action)s") % {"action": self.action.label}] if self.cited else []
        return [*said, *self.words]


def suggest(text: str, *, most: int = MOST, fetch: Fetch | None = None) -> list[Suggestion]:
    """Return the actions that a text, or the pages at the addresses in it, may be about.

    The best come first; there is none where nothing fits. `fetch` returns the text of a page, or
    nothing; without it an address is known by what the record says of it. Raises BeingMade while
    there is no index.
    """
    addresses, rest = addresses_in(text)
    known = known_of(addresses)
    fetched = [fetch(address) for address in addresses] if fetch else []
    matches = _matches("\n".join(filter(None, [rest.strip(), known.text, *fetched])))
    found = {match.action: match for match in matches if match.score >= LEAST}
    keys = [*known.citing, *found][: most + len(known.citing)]
    in_record = Action.objects.in_record().select_related("recommendation__report")
    suggested = [
        Suggestion(
            action,
            CITED if action.pk in known.citing else found[action.pk].score,
            found[action.pk].words if action.pk in found else (),
            known.citing.get(action.pk, ()),
        )
        for action in in_record.filter(pk__in=keys)
    ]
    return sorted(suggested, key=_order(found))[:most]


def cited_sentence(suggestions: Iterable[Suggestion]) -> str:
    """Return "cited in 2.3d and 3.6b" of those that cite an address, or nothing."""
    labels = [one.action.label for one in suggestions if one.cited]
    return _("cited in %(action)s") % {"action": listed(labels)} if labels else ""


def _order(found: dict[int, Match]) -> Callable[[Suggestion], tuple[float, float, int]]:
    def order(one: Suggestion) -> tuple[float, float, int]:
        match = found.get(one.action.pk)
        return (-one.score, -(match.score if match else 0), one.action.pk)

    return order


def _matches(text: str) -> list[Match]:
    if not text:
        return []
    names = Record(Viewpoint.present()).search_names()
    return matches_by_any_name(text, names, _matches_of)


def matches_by_any_name(
    text: str, names: SearchNames, matches_of: Callable[[str], list[Match]]
) -> list[Match]:
    """Compare a text as it is, and with the other names of what it names: the better one holds."""
    matches = matches_of(text)
    others = names.others_in(text[:LONGEST_TEXT])
    if not others:
        return matches
    best = {match.action: match for match in matches}
    for match in matches_of("\n".join([text, *others])):
        if match.action not in best or match.score > best[match.action].score:
            best[match.action] = match
    return sorted(best.values(), key=lambda match: -match.score)


def _matches_of(text: str) -> list[Match]:
    present = Viewpoint.present()
    with opened_at(present) as index:
        if len(index.view.actions_in_record) > MOST_KEPT_ACTIONS:
            return _of_large_record(index, text)
        table = kept_of_state(present, "what is compared with news", lambda: Table(passages_of()))
    return table.matches(text)


def _of_large_record(index: Index, text: str) -> list[Match]:
    recommendations, whole = candidates(index, text)
    return Table(passages_of(recommendations), whole).matches(text)
