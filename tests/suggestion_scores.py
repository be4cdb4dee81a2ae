"""How well texts find the actions that cite them, when nothing of what cites them is known.

SECOND_CODING names the file of the research, which is no part of the project. The text of a source
is its title and its quotation alone; every update that cites its address, in any edition, is out of
the table, with its note and all its evidence.
"""

from __future__ import annotations

import hashlib
import math
import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from recommendations.models import Action, Evidence
from recommendations.record import Record
from recommendations.suggesting import LEAST
from recommendations.suggesting.finding import matches_by_any_name
from recommendations.suggesting.passages import Passage
from recommendations.suggesting.ranking import Table
from recommendations.suggesting.reading import passages_of
from recommendations.suggesting.words import tokens_in
from recommendations.viewpoint import Viewpoint

KEPT_SHARE = 0.8
# A text, the updates and the recommendations that are out: actions with their scores, best first.
Ranked = list[tuple[int, float]]
Rank = Callable[[str, Collection[int], Collection[int]], Ranked]


@dataclass(frozen=True)
class Source:
    """What a source says of itself, the actions that cite it, and the updates that do.

    `label` is the number of the first of the actions: its sources are never parted.
    """

    text: str
    is_japanese: bool
    actions: frozenset[int]
    updates: frozenset[int]
    label: str

    @property
    def half(self) -> int:
        """The half that its action is in: weights were chosen on 0."""
        return hashlib.sha256(self.label.encode()).digest()[-1] % 2


class Scores(NamedTuple):
    """Shares of the sources: found first, among five, among ten; its recommendation among five.

    `wrongly` is the share that gets a suggestion although the whole recommendation is out, at the
    threshold that keeps 0.8 of the sources: the last of these numbers.
    """

    sources: int
    at_1: float
    at_5: float
    at_10: float
    recommendation_at_5: float
    wrongly: float
    threshold: float


class Suggested(NamedTuple):
    """Shares of the sources that get a suggestion from a score: as it is, and without the right."""

    kept: float
    wrongly: float


def sources() -> list[Source]:
    """Return the sources of the file that an action in the record cites."""
    items: dict[str, list[dict[str, str]]] = defaultdict(list)
    text = Path(os.environ["SECOND_CODING"]).read_text(encoding="utf-8")
    for action in yaml.safe_load(text):
        for update in action["updates"]:
            for item in update["evidence"]:
                items[item["url"]].append(item)
    labels = {
        action.pk: action.label
        for action in Action.objects.in_record().select_related("recommendation")
    }
    citing: dict[str, set[tuple[int, int]]] = defaultdict(set)
    cited = Evidence.objects.filter(url__in=items).values_list("url", "update__action", "update")
    for address, action, update in cited:
        citing[address].add((action, update))
    found = []
    for address, told in items.items():
        said = [one for item in told for one in (item["title"], item["quotation"]) if one]
        actions = frozenset(action for action, _ in citing[address] if action in labels)
        # An action that was withdrawn is never suggested.
        if said and actions:
            found.append(
                Source(
                    "\n".join(dict.fromkeys(said)),
                    told[0]["language"] == "ja",
                    actions,
                    frozenset(update for _, update in citing[address]),
                    min(labels[action] for action in actions),
                )
            )
    return found


class Measured:
    """What a ranking said of each source, asked once."""

    def __init__(self, rank: Rank, asked: Sequence[Source], of_action: dict[int, int]) -> None:
        self.rows = []
        for source in asked:
            recommendations = {of_action[action] for action in source.actions}
            found = rank(source.text, source.updates, ())
            without = rank(source.text, source.updates, recommendations)
            self.rows.append(
                (
                    source,
                    next((n for n, (pk, _) in enumerate(found) if pk in source.actions), math.inf),
                    any(of_action[pk] in recommendations for pk, _ in found[:5]),
                    found[0][1] if found else 0.0,
                    without[0][1] if without else 0.0,
                )
            )

    def scores(self, is_wanted: Callable[[Source], bool] = lambda source: True) -> Scores:
        rows = [row for row in self.rows if is_wanted(row[0])]
        n = len(rows)
        bests = sorted((best for *_, best, _ in rows), reverse=True)
        threshold = bests[math.ceil(KEPT_SHARE * n) - 1]
        return Scores(
            n,
            *(sum(place < limit for _, place, *_ in rows) / n for limit in (1, 5, 10)),
            sum(is_there for _, _, is_there, *_ in rows) / n,
            sum(other > 0 and other >= threshold for *_, other in rows) / n,
            threshold,
        )

    def suggested_at(self, score: float) -> Suggested:
        n = len(self.rows)
        return Suggested(
            sum(best >= score for *_, best, _ in self.rows) / n,
            sum(other >= score for *_, other in self.rows) / n,
        )

    def wrongly_of_halves(self, times: int = 20) -> list[float]:
        """Return `wrongly` of each half of the actions, parted at random so many times."""
        chance = random.Random(0)
        labels = sorted({row[0].label for row in self.rows})
        found = []
        for _ in range(times):
            half = set(chance.sample(labels, len(labels) // 2))
            found.append(self.scores(lambda source, half=half: source.label in half).wrongly)
            found.append(self.scores(lambda source, half=half: source.label not in half).wrongly)
        return found


def ours(passages: Sequence[Passage]) -> Rank:
    """Rank as suggest() does: with the other names that search knows, and from LEAST."""
    whole = Table(passages)
    names = Record(Viewpoint.present()).search_names()

    def rank(text: str, updates: Collection[int], recommendations: Collection[int]) -> Ranked:
        table = whole.without(updates=updates, recommendations=recommendations)
        found = matches_by_any_name(text, names, table.matches)
        return [(match.action, match.score) for match in found if match.score >= LEAST]

    return rank


def plain_bm25(passages: Sequence[Passage]) -> Rank:
    """Rank by Okapi BM25 (k1 1.2, b 0.75): an action and its recommendation are one text."""
    actions = {one.action: one.recommendation for one in passages if one.action is not None}
    read: dict[int, list[Passage]] = {
        pk: [
            one
            for one in passages
            if one.action == pk or (one.action is None and one.recommendation == of)
        ]
        for pk, of in actions.items()
    }

    def document(pk: int, updates: Collection[int] = ()) -> Counter[str]:
        found: Counter[str] = Counter()
        for one in read[pk]:
            if one.update not in updates:
                found.update(one.tokens)
        return found

    whole = {pk: document(pk) for pk in actions}

    def rank(text: str, updates: Collection[int], recommendations: Collection[int]) -> Ranked:
        documents = {pk: whole[pk] for pk, of in actions.items() if of not in recommendations}
        for pk in {one.action for one in passages if one.update in updates} & set(documents):
            documents[pk] = document(pk, updates)
        return _bm25(set(tokens_in(text)), documents)

    return rank


def _bm25(asked: set[str], documents: dict[int, Counter[str]]) -> Ranked:
    usual = sum(found.total() for found in documents.values()) / len(documents)
    scores: dict[int, float] = defaultdict(float)
    for token in asked:
        having = {pk: found[token] for pk, found in documents.items() if token in found}
        rarity = math.log(1 + (len(documents) - len(having) + 0.5) / (len(having) + 0.5))
        for pk, times in having.items():
            held_down = 1.2 * (0.25 + 0.75 * documents[pk].total() / usual)
            scores[pk] += rarity * times * 2.2 / (times + held_down)
    return sorted(scores.items(), key=lambda one: -one[1])


def measured() -> dict[str, Measured]:
    """Return what both rankings say of all sources of the file (some seconds)."""
    passages = passages_of()
    of_action = {one.action: one.recommendation for one in passages if one.action is not None}
    asked = sources()
    ways = {"ours": ours(passages), "plain BM25": plain_bm25(passages)}
    return {name: Measured(rank, asked, of_action) for name, rank in ways.items()}


GROUPS: dict[str, Callable[[Source], bool]] = {
    "all": lambda source: True,
    "half 0 (chosen on)": lambda source: source.half == 0,
    "half 1 (reported)": lambda source: source.half == 1,
    "Japanese": lambda source: source.is_japanese,
    "not Japanese": lambda source: not source.is_japanese,
}
