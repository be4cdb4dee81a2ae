"""What an editor decides of an outline before it becomes a draft, one proposal after another.

The decisions stand in the outline itself, as `importing.form` writes it: `dropped` with what is
not wanted, other words in the place of those proposed, and `taken` with a sentence of running text
that becomes a recommendation of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recommendations.models.fields import no_control_characters
from recommendations.models.recommendation import RecommendationOrigin
from recommendations.publishing import Refused
from recommendations.text.highlighting import MarkedPlace, marked

from .draft import cut

KEEP, DROP, REWORD, SPLIT, MERGE = "keep", "drop", "reword", "split", "merge"


@dataclass(frozen=True)
class Proposal:
    """One thing that was found, and what was decided of it.

    `kind` is "recommendation", "action", or "ask" for a sentence of running text. `path` leads to
    it in the outline: the index of its section, then its own, then that of the action.
    """

    kind: str
    path: tuple[int, ...]
    found: dict[str, Any]
    is_kept: bool

    @property
    def key(self) -> str:
        return "-".join([self.kind, *map(str, self.path)])

    @property
    def words(self) -> str:
        return self.found["headline" if self.kind == "recommendation" else "text"]

    @property
    def may_split(self) -> bool:
        return self.kind == "action" and self.is_kept

    @property
    def may_merge(self) -> bool:
        """Whether there may be one before it in the same recommendation to merge it with."""
        return self.may_split and self.path[-1] > 0


@dataclass
class Row:
    """A block of the text, and what was found in it."""

    block: dict[str, Any]
    html: SafeString
    proposals: list[Proposal] = field(default_factory=list)


def proposals_in(outline: dict[str, Any]) -> Iterator[Proposal]:
    """Yield all proposals in the order of the text. An action goes with its recommendation."""
    for s, section in enumerate(outline["sections"]):
        for r, one in enumerate(section["recommendations"]):
            is_kept = not one.get("dropped")
            yield Proposal("recommendation", (s, r), one, is_kept)
            for a, action in enumerate(one["actions"]):
                kept = is_kept and not action.get("dropped")
                yield Proposal("action", (s, r, a), action, kept)
        for n, ask in enumerate(section["asks"]):
            yield Proposal("ask", (s, n), ask, bool(ask.get("taken")))


def rows_of(outline: dict[str, Any]) -> list[Row]:
    """Return the blocks with their proposals beside them, each marked in the text."""
    beside: dict[int, list[Proposal]] = {}
    for proposal in proposals_in(outline):
        beside.setdefault(proposal.found["place"][0], []).append(proposal)
    return [
        Row(block, _html(block, beside.get(n, [])), beside.get(n, []))
        for n, block in enumerate(outline["blocks"])
    ]


def _html(block: dict[str, Any], proposals: Sequence[Proposal]) -> SafeString:
    # The words of a headline stand in bold; marked as well, they would be marked twice.
    places = [
        MarkedPlace(start, end, f"#{proposal.key}", SafeString(""))
        for proposal in proposals
        if proposal.kind != "recommendation"
        for _block, start, end in [proposal.found["place"]]
    ]
    return marked(block["html"], places)


def decide(
    outline: dict[str, Any], key: str, decision: str, words: str = "", *, was: str | None = None
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


def _keep(outline: dict[str, Any], proposal: Proposal, *, is_kept: bool) -> None:
    if proposal.kind == "ask":
        proposal.found["taken"] = is_kept
        return
    proposal.found["dropped"] = not is_kept
    if proposal.kind == "action" and is_kept:
        _recommendation(outline, proposal)["dropped"] = False


def _recommendation(outline: dict[str, Any], action: Proposal) -> dict[str, Any]:
    section, n, _action = action.path
    return outline["sections"][section]["recommendations"][n]


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
    name = "headline" if proposal.kind == "recommendation" else "text"
    proposal.found[name] = _clean(words)


def _split(outline: dict[str, Any], proposal: Proposal, words: str) -> None:
    lines = [_clean(line) for line in words.splitlines() if line.strip()]
    if not proposal.may_split or len(lines) < 2:
        raise Refused(_("Write each of the new actions on a line of its own."))
    text = outline["blocks"][proposal.found["place"][0]]["text"]
    parts = [proposal.found | {"text": line} | _place_of(line, proposal, text) for line in lines]
    actions = _recommendation(outline, proposal)["actions"]
    n = proposal.path[-1]
    actions[n : n + 1] = parts


def _place_of(line: str, proposal: Proposal, text: str) -> dict[str, Any]:
    """Return the place of a part: its own words, if they stand there, or those of the whole."""
    block, start, end = proposal.found["place"]
    at = text.find(line, start, end)
    return {"place": [block, at, at + len(line)] if at >= 0 else [block, start, end]}


def _merge(outline: dict[str, Any], proposal: Proposal) -> str:
    """Put an action together with the one before it, and return the key of both."""
    actions = _recommendation(outline, proposal)["actions"] if proposal.may_merge else []
    section, r, n = proposal.path if actions else (0, 0, 0)
    before = next((a for a in range(n - 1, -1, -1) if not actions[a].get("dropped")), None)
    if before is None:
        raise Refused(_("There is no action before it in this recommendation to merge it with."))
    first, second = actions[before], actions.pop(n)
    first["text"] = cut(f"{first['text']} {second['text']}")
    first["deadline"] = first["deadline"] or second["deadline"]
    for name in ("parties", "bodies"):
        first[name] = list(dict.fromkeys([*first[name], *second[name]]))
    first["more_places"] = [
        *first.get("more_places", []),
        second["place"],
        *second.get("more_places", []),
    ]
    return f"action-{section}-{r}-{before}"


def accepted(outline: dict[str, Any]) -> dict[str, Any]:
    """Return the outline that the decisions leave, for `drafting.save_draft()`."""
    numbers = {
        one["number"] for section in outline["sections"] for one in section["recommendations"]
    }
    free = (number for n in range(1, 10_000) if (number := f"T{n}") not in numbers)
    return outline | {"sections": [_section(section, free) for section in outline["sections"]]}


def _section(section: dict[str, Any], numbers: Iterator[str]) -> dict[str, Any]:
    kept = [
        one | {"actions": [action for action in one["actions"] if not action.get("dropped")]}
        for one in section["recommendations"]
        if not one.get("dropped")
    ]
    kept += [_taken(ask, next(numbers)) for ask in section["asks"] if ask.get("taken")]
    asks = [ask for ask in section["asks"] if not ask.get("taken")]
    return section | {"recommendations": kept, "asks": asks}


def _taken(ask: dict[str, Any], number: str) -> dict[str, Any]:
    return {
        "number": number,
        "headline": cut(ask["text"]),
        "place": ask["place"],
        "rule": ask["rule"],
        "blocks": [ask["place"][0]],
        "actions": [ask],
        "origin": RecommendationOrigin.RUNNING_TEXT.value,
    }
