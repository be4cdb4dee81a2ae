"""What an editor decides of an outline before it becomes a draft, one proposal after another.

The decisions stand in the outline itself: what is not wanted is `dropped`, other words take the
place of those proposed, and a sentence of running text that is `taken` becomes a recommendation of
its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from msgspec.structs import replace

from recommendations.importing.outline import (
    Outline,
    Place,
    ProposedAction,
    ProposedRecommendation,
    ProposedSection,
    TextBlock,
)
from recommendations.models import Body, Party
from recommendations.models.fields import no_control_characters
from recommendations.publishing import Refused
from recommendations.text.highlighting import MarkedPlace, marked

from .draft import cut
from .own_numbers import without_own_number

KEEP, DROP, REWORD, SPLIT, MERGE = "keep", "drop", "reword", "split", "merge"


@dataclass(frozen=True)
class Proposal:
    """One thing that was found, and what was decided of it.

    `kind` is "recommendation", "action", or "ask" for a sentence of running text. `path` leads to
    it in the outline: the index of its section, then its own, then that of the action.
    `responsible` are the names of its parties and bodies, where it is shown.
    """

    kind: Literal["recommendation", "action", "ask"]
    path: tuple[int, ...]
    found: ProposedRecommendation | ProposedAction
    is_kept: bool
    responsible: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return "-".join([self.kind, *map(str, self.path)])

    @property
    def words(self) -> str:
        """What it is called, without the number of its paragraph in the report."""
        if isinstance(self.found, ProposedRecommendation):
            return without_own_number(self.found.headline)
        return without_own_number(self.found.text)

    @property
    def may_split(self) -> bool:
        return self.kind == "action" and self.is_kept

    @property
    def may_merge(self) -> bool:
        """Whether there may be one before it in the same recommendation to merge it with."""
        return self.may_split and self.path[-1] > 0


@dataclass
class PreviewRow:
    """A block of the text, and what was found in it."""

    block: TextBlock
    html: SafeString
    proposals: list[Proposal] = field(default_factory=list)


def proposals_in(outline: Outline) -> Iterator[Proposal]:
    """Yield all proposals in the order of the text. An action goes with its recommendation."""
    for s, section in enumerate(outline.sections):
        for r, one in enumerate(section.recommendations):
            yield Proposal("recommendation", (s, r), one, not one.dropped)
            for a, action in enumerate(one.actions):
                is_kept = not (one.dropped or action.dropped)
                yield Proposal("action", (s, r, a), action, is_kept)
        for n, ask in enumerate(section.asks):
            yield Proposal("ask", (s, n), ask, ask.taken)


def preview_rows(outline: Outline) -> list[PreviewRow]:
    """Return the blocks with their proposals beside them, each marked in the text (two queries)."""
    names = {
        slug: str(one)
        for model in (Party, Body)
        for slug, one in model.objects.in_bulk(field_name="slug").items()
    }
    beside: dict[int, list[Proposal]] = {}
    for proposal in proposals_in(outline):
        responsible = tuple(names.get(slug, slug) for slug in _responsible(proposal.found))
        named = dataclasses.replace(proposal, responsible=responsible)
        beside.setdefault(proposal.found.place.block, []).append(named)
    return [
        PreviewRow(block, _html(block, beside.get(n, [])), beside.get(n, []))
        for n, block in enumerate(outline.blocks)
    ]


def _responsible(found: ProposedRecommendation | ProposedAction) -> tuple[str, ...]:
    return (*found.parties, *found.bodies) if isinstance(found, ProposedAction) else ()


def _html(block: TextBlock, proposals: Sequence[Proposal]) -> SafeString:
    # The words of a headline stand in bold; marked as well, they would be marked twice.
    places = [
        MarkedPlace(
            proposal.found.place.start, proposal.found.place.end, f"#{proposal.key}", SafeString("")
        )
        for proposal in proposals
        if proposal.kind != "recommendation"
    ]
    return marked(block.html, places)


def decide(
    outline: Outline, key: str, decision: str, words: str = "", *, was: str | None = None
) -> Proposal:
    """Note a decision in the outline and return its proposal anew. Raises Refused.

    `decision` is "keep" (for a sentence of running text: take it as a recommendation of its own),
    "drop", "reword", which also keeps it, "split" into an action for each line of the words, or
    "merge" with the action before it. `was` are the words that the editor saw: a split or a merge
    moves the proposals behind it.
    """
    proposal = next((one for one in proposals_in(outline) if one.key == key), None)
    if proposal is None or decision not in (KEEP, DROP, REWORD, SPLIT, MERGE):
        raise Refused(_("This proposal does not exist. Open the page anew."))
    if was is not None and was != proposal.words:
        raise Refused(_("This proposal was changed meanwhile. Look at it as it stands now."))
    if decision == SPLIT:
        _split(outline, proposal, words)
    elif decision == MERGE:
        key = _merge(outline, proposal)
    else:
        if decision == REWORD:
            _reword(proposal, words)
        _keep(outline, proposal, is_kept=decision != DROP)
    return next(one for one in proposals_in(outline) if one.key == key)


def _keep(outline: Outline, proposal: Proposal, *, is_kept: bool) -> None:
    found = proposal.found
    if isinstance(found, ProposedAction) and proposal.kind == "ask":
        found.taken = is_kept
        return
    found.dropped = not is_kept
    if proposal.kind == "action" and is_kept:
        _recommendation(outline, proposal).dropped = False


def _recommendation(outline: Outline, action: Proposal) -> ProposedRecommendation:
    section, n, _action = action.path
    return outline.sections[section].recommendations[n]


def _clean(words: str) -> str:
    """Return the words of a title on one line. Raises ValidationError."""
    wanted = " ".join(words.split())
    no_control_characters(wanted)
    if not wanted:
        raise Refused(_("Write the words, or drop the proposal."))
    if cut(wanted) != wanted:
        raise Refused(_("At most 300 characters fit. Say it in fewer words."))
    return wanted


def _reword(proposal: Proposal, words: str) -> None:
    if isinstance(proposal.found, ProposedRecommendation):
        proposal.found.headline = _clean(words)
    else:
        proposal.found.text = _clean(words)


def _split(outline: Outline, proposal: Proposal, words: str) -> None:
    lines = [_clean(line) for line in words.splitlines() if line.strip()]
    whole = proposal.found
    if not isinstance(whole, ProposedAction) or not proposal.may_split or len(lines) < 2:
        raise Refused(_("Write each of the new actions on a line of its own."))
    text = outline.blocks[whole.place.block].text
    parts = [replace(whole, text=line, place=_place_of(line, whole.place, text)) for line in lines]
    actions = _recommendation(outline, proposal).actions
    n = proposal.path[-1]
    actions[n : n + 1] = parts


def _place_of(line: str, whole: Place, text: str) -> Place:
    """Return the place of a part: its own words, if they stand there, or those of the whole."""
    at = text.find(line, whole.start, whole.end)
    return Place(whole.block, at, at + len(line)) if at >= 0 else whole


def _merge(outline: Outline, proposal: Proposal) -> str:
    """Put an action together with the one before it, and return the key of both."""
    actions = _recommendation(outline, proposal).actions if proposal.may_merge else []
    section, r, n = proposal.path if actions else (0, 0, 0)
    before = next((a for a in range(n - 1, -1, -1) if not actions[a].dropped), None)
    if before is None:
        raise Refused(_("There is no action before it in this recommendation to merge it with."))
    second = actions.pop(n)
    actions[before] = _merged(actions[before], second)
    return f"action-{section}-{r}-{before}"


def _merged(first: ProposedAction, second: ProposedAction) -> ProposedAction:
    return replace(
        first,
        text=cut(f"{first.text} {without_own_number(second.text)}"),
        deadline=first.deadline or second.deadline,
        parties=tuple(dict.fromkeys([*first.parties, *second.parties])),
        bodies=tuple(dict.fromkeys([*first.bodies, *second.bodies])),
        more_places=(*first.more_places, *second.places),
    )


def accepted(outline: Outline) -> Outline:
    """Return the outline that the decisions leave, for `draft.save_draft()`."""
    numbers = {one.number for one in outline.recommendations}
    free = (number for n in range(1, 10_000) if (number := f"T{n}") not in numbers)
    return replace(outline, sections=[_section(section, free) for section in outline.sections])


def _section(section: ProposedSection, free_numbers: Iterator[str]) -> ProposedSection:
    kept = [
        replace(one, actions=[action for action in one.actions if not action.dropped])
        for one in section.recommendations
        if not one.dropped
    ]
    kept += [_taken(ask, next(free_numbers)) for ask in section.asks if ask.taken]
    asks = [ask for ask in section.asks if not ask.taken]
    return replace(section, recommendations=kept, asks=asks)


def _taken(ask: ProposedAction, number: str) -> ProposedRecommendation:
    return ProposedRecommendation(
        number=number,
        headline=cut(without_own_number(ask.text)),
        place=ask.place,
        rule=ask.rule,
        blocks=(ask.place.block,),
        actions=[ask],
        origin="running_text",
    )
