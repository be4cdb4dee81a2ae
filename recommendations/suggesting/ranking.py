"""Which actions a text is about: words weighed by how few recommendations have them (BM25F).

An action is compared four times: by all that is known of it, by what was asked alone, by the
recommendation that asks it, and by all that is known of that recommendation. What one action's
sources say helps to find its siblings, and a long history does not drown what was asked. What the
best one has beyond what chance gives says how sure it is.

Pure: rows come as passages, and nothing here asks a database.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .passages import Field, Passage
from .words import Word, plain, words_in

# What counts of each field in each comparison.
WHOLE: Mapping[Field, float] = {
    Field.ASK: 3,
    Field.NAMES: 1,
    Field.HEADLINE: 1,
    Field.SUMMARY: 0.5,
    Field.AREAS: 0.25,
    Field.NOTE: 1.5,
    Field.EVIDENCE: 1,
    Field.PUBLISHER: 0.3,
}
ASKED: Mapping[Field, float] = {Field.ASK: 1, Field.NAMES: 0.5}
RECOMMENDED: Mapping[Field, float] = {Field.HEADLINE: 1, Field.SUMMARY: 1, Field.AREAS: 0.5}


class Comparison(NamedTuple):
    """By which fields, for an action or for its whole recommendation, and how much it counts."""

    fields: Mapping[Field, float]
    is_of_recommendation: bool
    weight: float


COMPARISONS = (
    Comparison(WHOLE, False, 0.2),
    Comparison(ASKED, False, 0.3),
    Comparison(RECOMMENDED, False, 0.3),
    Comparison(WHOLE, True, 0.2),
)
# Of BM25: how soon a word that comes again counts no more, and how much a long text is held down.
SATURATION = 1.2
LENGTH = 1.0
# How much more a name says than another word.
NAME = 2.0
# Each further action of one recommendation stands lower by this, so that others are seen too.
FURTHER = 0.95
# How much the share that chance gives holds a score down.
CHANCE = 2.0


@dataclass(frozen=True, slots=True)
class Match:
    """An action, how well it fits from 0 to 1, and the words it was found by, the best first."""

    action: int
    score: float
    words: tuple[str, ...]


class WholeRecord(NamedTuple):
    """How large the record is that passages are taken from, and how frequent a token is in it.

    `held_by` says how many recommendations have a token.
    """

    actions: int
    recommendations: int
    held_by: Callable[[str], int]


class Table:
    """Passages, put together so that texts can be compared with them.

    Without `whole` they are those of the whole record.
    """

    def __init__(self, passages: Collection[Passage], whole: WholeRecord | None = None) -> None:
        self.passages = passages
        self.actions: dict[int, int] = {
            one.action: one.recommendation for one in passages if one.action is not None
        }
        self.siblings: dict[int, list[int]] = defaultdict(list)
        for action, recommendation in self.actions.items():
            self.siblings[recommendation].append(action)
        self.whole = whole or WholeRecord(len(self.actions), len(self.siblings), lambda token: 0)
        self.having: dict[str, list[tuple[Passage, int]]] = defaultdict(list)
        for one in passages:
            for token, times in one.tokens.items():
                self.having[token].append((one, times))
        self.lengths = [
            self._by_owner(((one, one.length) for one in passages), comparison)
            for comparison in COMPARISONS
        ]
        self.usual = [max(1.0, sum(found.values()) / max(1, len(found))) for found in self.lengths]

    def without(
        self, *, updates: Collection[int] = (), recommendations: Collection[int] = ()
    ) -> Table:
        """Return the table that these never came into."""
        return Table(
            [
                one
                for one in self.passages
                if one.update not in updates and one.recommendation not in recommendations
            ]
        )

    def matches(self, text: str) -> list[Match]:
        """Return the actions that share a word with a text, the best first."""
        text = plain(text)
        asked: dict[str, list[Word]] = defaultdict(list)
        for word in words_in(text):
            asked[word.token].append(word)
        weights = {token: self._weight(token, words) for token, words in asked.items()}
        most = sum(weights.values())
        totals: dict[int, dict[str, float]] = defaultdict(dict)
        for token, weight in weights.items():
            for action, share in self._shares(token).items():
                totals[action][token] = share * weight / most
        ranked = self._spread({action: sum(found.values()) for action, found in totals.items()})
        chance = self._chance(ranked[0][0], totals) if ranked else 0.0
        return [
            Match(
                action, share**2 / (share + CHANCE * chance), _written(text, totals[action], asked)
            )
            for action, share in ranked
        ]

    def _weight(self, token: str, words: Iterable[Word]) -> float:
        """Return how rare a token is among recommendations: what they share tells none of them."""
        found = {one.recommendation for one, _times in self.having.get(token, ())}
        held = max(len(found), self.whole.held_by(token))
        rarity = math.log(1 + (self.whole.recommendations - held + 0.5) / (held + 0.5))
        return rarity * (NAME if any(word.is_name for word in words) else 1)

    def _chance(self, best: int, totals: Mapping[int, Mapping[str, float]]) -> float:
        """Return the share that an action of another recommendation has if words fall anywhere.

        It is the mean of each word over the actions of other recommendations than the best one's,
        and as though each fell on its own, their standard deviation above it. One word that stands
        in a few of them gives as much as that; several that come together do not.
        """
        siblings = self.siblings[self.actions[best]]
        others = self.whole.actions - len(siblings)
        sums: dict[str, float] = defaultdict(float)
        squares: dict[str, float] = defaultdict(float)
        for action in totals.keys() - set(siblings):
            for token, share in totals[action].items():
                sums[token] += share
                squares[token] += share**2
        mean = sum(sums.values()) / max(1, others)
        variance = sum(squares[one] / others - (sums[one] / others) ** 2 for one in sums)
        return mean + math.sqrt(max(0.0, variance))

    def _of(self, one: Passage) -> Iterable[int]:
        return self.siblings[one.recommendation] if one.action is None else (one.action,)

    def _shares(self, token: str) -> dict[int, float]:
        """Return how much a token counts for each action, between 0 and 1."""
        shares: dict[int, float] = defaultdict(float)
        for comparison, lengths, usual in zip(COMPARISONS, self.lengths, self.usual, strict=True):
            found = self._by_owner(self.having.get(token, ()), comparison)
            for owner, times in found.items():
                held_down = 1 - LENGTH + LENGTH * lengths[owner] / usual
                share = times / (times + SATURATION * held_down)
                owned = self.siblings[owner] if comparison.is_of_recommendation else (owner,)
                for action in owned:
                    shares[action] += comparison.weight * share
        return shares

    def _by_owner(
        self, counted: Iterable[tuple[Passage, int]], comparison: Comparison
    ) -> dict[int, float]:
        """Return what is counted, weighed, by recommendation or by action."""
        found: dict[int, float] = defaultdict(float)
        for one, times in counted:
            if weighed := comparison.fields.get(one.field, 0) * times:
                if comparison.is_of_recommendation:
                    found[one.recommendation] += weighed
                else:
                    for action in self._of(one):
                        found[action] += weighed
        return found

    def _spread(self, scores: Mapping[int, float]) -> list[tuple[int, float]]:
        """Return the scores in order, those of one recommendation held down one by one."""
        seen: Counter[int] = Counter()
        found = []
        for action, score in sorted(scores.items(), key=lambda one: (-one[1], one[0])):
            recommendation = self.actions[action]
            found.append((action, score * FURTHER ** seen[recommendation]))
            seen[recommendation] += 1
        return sorted(found, key=lambda one: (-one[1], one[0]))


MOST_WORDS = 6


def _written(
    text: str, counted: Mapping[str, float], asked: Mapping[str, list[Word]]
) -> tuple[str, ...]:
    """Return the words as they are written, those that count most; pairs of a run as one."""
    spans: list[tuple[int, int, float]] = []
    places = sorted(
        (word.start, word.end, counted[token])
        for token, words in asked.items()
        if token in counted
        for word in words[:1]
    )
    for start, end, weight in places:
        if spans and start < spans[-1][1]:
            first, _last, before = spans[-1]
            spans[-1] = (first, end, before + weight)
        else:
            spans.append((start, end, weight))
    best = sorted(spans, key=lambda span: -span[2])[:MOST_WORDS]
    return tuple(dict.fromkeys(text[start:end] for start, end, _weight in best))
