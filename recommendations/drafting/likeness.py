"""Which passage of a corrected file is which of the old one, and where its marks are then.

What shares most of its words is the same passage, worded anew. A mark goes with its words, as long
as more of them are still there than not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from recommendations.models import Mark, Passage
from recommendations.text.word_differences import TOKEN, Wording, compare

# The share of words that two passages have in common, where they are one; and of the words of a
# mark that are still there, where it stays. A sentence with another verb is still that sentence.
ALIKE = 0.6
SURVIVING = 0.5
# Pairs of words that stand in more passages than this tell none of them.
MOST_WITH_A_PAIR = 30
MOST_COMPARED = 5


def pairs_of(gone: Sequence[Passage], added: Sequence[Passage]) -> dict[str, Passage]:
    """Return by the anchor of an added passage the one that it was before it was changed.

    Each is in one pair at most; the likest are paired first, and of equals those that come first.
    """
    before = [_words(passage.text) for passage in gone]
    index = _index(before)
    found = []
    for n, passage in enumerate(added):
        words = _words(passage.text)
        for m in _candidates(words, index):
            likeness = _likeness(before[m], words)
            if likeness >= ALIKE and gone[m].kind == passage.kind:
                found.append((-likeness, abs(n - m), n, m))
    pairs: dict[str, Passage] = {}
    taken: set[int] = set()
    for _likest, _apart, n, m in sorted(found):
        if added[n].anchor not in pairs and m not in taken:
            pairs[added[n].anchor] = gone[m]
            taken.add(m)
    return pairs


def _words(text: str) -> list[str]:
    return [token.strip().casefold() for token in TOKEN.findall(text)]


def _neighbours(words: Sequence[str]) -> set[tuple[str, ...]]:
    """Return the pairs of neighbouring words; of a single word, itself."""
    return set(zip(words, words[1:], strict=False)) or {tuple(words)}


def _index(passages: Sequence[Sequence[str]]) -> dict[tuple[str, ...], list[int]]:
    """Return the places of the passages that have a pair of words."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for m, words in enumerate(passages):
        for pair in _neighbours(words):
            found[pair].append(m)
    return found


def _candidates(words: Sequence[str], index: dict[tuple[str, ...], list[int]]) -> list[int]:
    """Return the few old passages that share most pairs of words with these."""
    shared: Counter[int] = Counter()
    for pair in _neighbours(words):
        owners = index.get(pair, ())
        if len(owners) <= MOST_WITH_A_PAIR:
            shared.update(owners)
    return sorted(shared, key=lambda m: (-shared[m], m))[:MOST_COMPARED]


def _likeness(before: Sequence[str], after: Sequence[str]) -> float:
    return SequenceMatcher(None, before, after, autojunk=False).ratio()


def place_after(mark: Mark, before: str, after: str) -> tuple[int, int] | None:
    """Return where a mark stands in the changed text; None where too few of its words are left."""
    start, end, kept = _mapped(compare(before, after), mark.start, mark.end)
    words = len("".join(before[mark.start : mark.end].split()))
    if not words or kept / words < SURVIVING:
        return None
    text = after[start:end]
    start += len(text) - len(text.lstrip())
    return start, start + len(text.strip())


def _mapped(wording: Wording, start: int, end: int) -> tuple[int, int, int]:
    """Return the stretch of the new text that a stretch became, and how much of it is the same."""
    old = new = kept = 0
    first, last = -1, -1
    for one in wording.stretches:
        begins, ends = max(start, old), min(end, old + len(one.before))
        if begins < ends:
            offset = begins - old if one.is_same else 0
            first = new + offset if first < 0 else first
            last = new + (ends - old if one.is_same else len(one.after))
            if one.is_same:
                kept += len("".join(one.before[begins - old : ends - old].split()))
        old, new = old + len(one.before), new + len(one.after)
    return max(first, 0), max(last, 0), kept
