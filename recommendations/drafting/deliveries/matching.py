"""Which of our recommendations and actions a table speaks of: by number, else by likeness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from recommendations.drafting.draft import LONGEST, cut
from recommendations.importing.tables.breakdown import ReadAction, ReadRecommendation
from recommendations.importing.tables.heads import folded
from recommendations.importing.tables.levels import folded_number
from recommendations.models import Action, DeliveryRow, Recommendation, Report

# From here on two texts may be one; below the lower one, an equal number is asked about too.
LIKE, UNLIKE = 0.6, 0.3
LENGTH = 3
# What very many texts have tells none of them.
MOST_WITH = 50
Row = TypeVar("Row", Recommendation, Action)


@dataclass(frozen=True)
class Likely(Generic[Row]):
    """What is read and what it may be: somebody has to say whether it is."""

    key: str
    row: int
    text: str
    found: Row
    has_same_number: bool


@dataclass
class Known:
    """What there is of a report, and what the last delivery of it said by action."""

    report: Report
    recommendations: list[Recommendation] = field(default_factory=list)
    actions: dict[int, list[Action]] = field(default_factory=lambda: defaultdict(list))
    last: dict[int, DeliveryRow] = field(default_factory=dict)
    by_number: dict[str, int] = field(default_factory=dict)
    action_by_number: dict[tuple[int, str], int] = field(default_factory=dict)


def known_of(report: Report) -> Known:
    """Return what a table about this report is compared with (seven queries)."""
    known = Known(report)
    known.recommendations = list(
        report.recommendations.filter(until_edition__isnull=True).order_by("position")
    )
    actions = Action.objects.filter(recommendation__report=report, until_edition__isnull=True)
    for action in actions.select_related("recommendation").prefetch_related(
        "parties", "bodies", "deadlines", "recommendation__areas"
    ):
        action.recommendation.report = report
        known.actions[action.recommendation_id].append(action)
    rows = DeliveryRow.objects.filter(action__recommendation__report=report)
    for row in rows.select_related("action").order_by("delivery_id", "pk"):
        known.last[row.action_id] = row
    for one in known.recommendations:
        known.by_number[folded_number(one.number)] = one.pk
    # A number of the table stands before ours, where the two differ.
    for row in known.last.values():
        if number := folded_number(row.said.get("number", "")):
            known.by_number[number] = row.action.recommendation_id
        if row.number:
            place = (row.action.recommendation_id, folded_number(row.number))
            known.action_by_number[place] = row.action_id
    return known


def likeness(one: str, other: str) -> float:
    """Return how much two texts have in common, from 0 to 1: of their groups of three letters."""
    first, second = shingles(one), shingles(other)
    if not first or not second:
        return float(folded(one) == folded(other))
    return 2 * len(first & second) / (len(first) + len(second))


def shingles(text: str) -> set[str]:
    plain = folded(text)
    return (
        {plain[n : n + LENGTH] for n in range(max(len(plain) - LENGTH + 1, 1))} if plain else set()
    )


def like_texts(wanted: Mapping[str, str], there: Mapping[int, str]) -> dict[str, int]:
    """Return by key the most alike text, each at most once, where one is alike enough.

    Only texts that share a group of letters are compared, and none that very many have.
    """
    having: dict[str, list[int]] = defaultdict(list)
    sizes = {}
    for pk, text in there.items():
        groups = shingles(text)
        sizes[pk] = len(groups)
        for group in groups:
            having[group].append(pk)
    scored = []
    for key, text in wanted.items():
        groups = shingles(text)
        rare = [group for group in groups if len(having.get(group, ())) <= MOST_WITH]
        shared = Counter(pk for group in rare for pk in having.get(group, ()))
        for pk, _n in shared.most_common(3):
            score = likeness(text, there[pk])
            if score >= LIKE:
                scored.append((-score, key, pk))
    found: dict[str, int] = {}
    given: set[int] = set()
    for _score, key, pk in sorted(scored):
        if key not in found and pk not in given:
            found[key] = pk
            given.add(pk)
    return found


@dataclass
class Matches:
    """What was found: `whole` by the row of a recommendation, `part` by that of an action."""

    whole: dict[int, Recommendation] = field(default_factory=dict)
    part: dict[int, Action] = field(default_factory=dict)
    likely: list[Likely[Recommendation] | Likely[Action]] = field(default_factory=list)


def match(known: Known, read: Iterable[ReadRecommendation], said: Mapping[str, int]) -> Matches:
    """Return which rows are which of ours. What `said` decides is not asked again."""
    matches, ones = Matches(), list(read)
    _match_recommendations(known, ones, said, matches)
    for one in ones:
        if whole := matches.whole.get(one.row):
            _match_actions(known, whole, one.actions, said, matches)
    return matches


def _match_recommendations(
    known: Known, ones: list[ReadRecommendation], said: Mapping[str, int], matches: Matches
) -> None:
    there = {one.pk: one for one in known.recommendations}
    headlines = {folded(one.headline): one.pk for one in known.recommendations}
    left: dict[str, ReadRecommendation] = {}
    for one in ones:
        key = f"recommendation-{one.row}"
        by_number = known.by_number.get(folded_number(one.number)) if one.number else None
        if key in said:
            pk: int | None = said[key]
        elif by_number in there:
            pk = by_number
            if likeness(one.headline, there[by_number].headline) < UNLIKE:
                matches.likely.append(_likely(key, one, there.pop(by_number), same_number=True))
                continue
        else:
            pk = headlines.get(folded(cut_text(one.headline)))
        if pk and (found := there.pop(pk, None)):
            matches.whole[one.row] = found
        elif not pk and key not in said:
            left[key] = one
    likely = like_texts(
        {key: one.headline for key, one in left.items()},
        {pk: one.headline for pk, one in there.items()},
    )
    for key, pk in likely.items():
        matches.likely.append(_likely(key, left[key], there[pk], same_number=False))


def _likely(
    key: str, one: ReadRecommendation, found: Recommendation, *, same_number: bool
) -> Likely[Recommendation]:
    return Likely(key, one.row, one.headline, found, same_number)


def _match_actions(
    known: Known,
    whole: Recommendation,
    ones: list[ReadAction],
    said: Mapping[str, int],
    matches: Matches,
) -> None:
    there = {action.pk: action for action in known.actions[whole.pk]}
    if len(there) == 1 == len(ones) and f"action-{ones[0].said.row}" not in said:
        matches.part[ones[0].said.row] = next(iter(there.values()))
        return
    by_label = {folded_number(action.label): pk for pk, action in there.items()}
    titles = {folded(action.title): pk for pk, action in there.items()}
    left: dict[str, ReadAction] = {}
    for one in ones:
        key, number = f"action-{one.said.row}", folded_number(one.number)
        pk: int | None = known.action_by_number.get((whole.pk, number)) if number else None
        pk = said.get(key, pk or by_label.get(number) or titles.get(folded(cut_text(one.title))))
        if pk and (found := there.pop(pk, None)):
            matches.part[one.said.row] = found
        elif key not in said:
            left[key] = one
    likely = like_texts(
        {key: one.title for key, one in left.items()},
        {pk: action.title for pk, action in there.items()},
    )
    for key, pk in likely.items():
        one = left[key]
        matches.likely.append(Likely(key, one.said.row, one.title, there[pk], False))


def is_cut(text: str) -> bool:
    """Whether a text is too long for a headline or a title."""
    return len(" ".join(text.split())) > LONGEST


def cut_text(text: str) -> str:
    """Return a text as a headline or a title has it: on one line, and no longer than fits."""
    return cut(" ".join(text.split()))
