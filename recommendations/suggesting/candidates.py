"""In a large record: which recommendations are worth a look, by the index, before any is read."""

from __future__ import annotations

from collections import defaultdict
from math import log

from pyroaring import BitMap

from recommendations.index.facts import ACTION
from recommendations.index.keeping import Index
from recommendations.text.queries import Query, Term
from recommendations.text.tokens import JAPANESE_RUN, folded, pairs

from .ranking import WholeRecord
from .words import plain, words_in

# So many of the rarest words are looked up, and so many recommendations are read.
MOST_WORDS = 24
MOST_RECOMMENDATIONS = 60
# Actions that have a word beyond these say too little of any of them.
MOST_ACTIONS = 20_000


def candidates(index: Index, text: str) -> tuple[list[int], WholeRecord]:
    """Return the recommendations that share most with a text, and how frequent its tokens are.

    Work grows with the words of the text and with the actions that have them, not with the record.
    Of the rarest words the recommendations are counted; of others as many as there are actions.
    """
    in_record = index.view.actions_in_record
    size = len(index.view.structure.owners_of(in_record))
    having: dict[str, BitMap] = {}
    for word in words_in(plain(text)):
        if word.token not in having:
            query = Query((term_of(word.token),), ())
            having[word.token] = index.words.hits(query, ACTION) & in_record
    held = {token: min(size, len(rows)) for token, rows in having.items()}
    rarest = sorted((token for token in having if held[token]), key=lambda one: len(having[one]))
    scores: dict[int, float] = defaultdict(float)
    for token in rarest[:MOST_WORDS]:
        rows = having[token]
        if len(rows) > MOST_ACTIONS and scores:
            break
        owners = index.view.structure.owners_of(BitMap(rows[:MOST_ACTIONS]))
        if len(rows) <= MOST_ACTIONS:
            held[token] = len(owners)
        rarity = log(1 + (size - held[token] + 0.5) / (held[token] + 0.5))
        for recommendation in owners:
            scores[recommendation] += rarity
    best = sorted(scores, key=lambda one: (-scores[one], one))[:MOST_RECOMMENDATIONS]
    return best, WholeRecord(len(in_record), size, lambda token: held.get(token, 0))


def term_of(token: str) -> Term:
    """Return what search looks for to find a token: of a katakana word its pairs in a row."""
    token = folded(token)
    if not JAPANESE_RUN.fullmatch(token):
        return Term((token,))
    return Term(tuple(pairs(token)[:-1]) or (token,), is_prefix=len(token) == 1)
