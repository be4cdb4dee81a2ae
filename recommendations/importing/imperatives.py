"""Sentences that begin with a verb in the imperative, as the items of a plan do."""

from __future__ import annotations

import re
from pathlib import Path

# Two paragraphs: verbs in British spelling (what ends in -ize or -yze is looked up in it), and
# those of them that are nouns as well: "support for ports" and "review of the law" ask for nothing.
LIST = Path(__file__).with_name("imperative_verbs.txt").read_text(encoding="utf-8").split("\n\n")
VERBS, NOUNS_TOO = (frozenset(part.split()) for part in LIST)
NOT_AFTER_NOUN = frozenset(
    ["of", "for", "and", "in", "is", "are", "was", "were", "has", "have", "by", "at"]
)
# "Led by the Board, ", "By September 2031, ", "In the next three months, "
OPENING = re.compile(
    r"(?:(?:led|supported|funded|convened)\s+by|by|in|at|on|within|through|over|from|for|under|with|"
    r"together with|as|where|when|if|to|following|after|before|until|working)\b[^.:;]{1,240}?,\s+",
    re.IGNORECASE,
)
MOST_OPENINGS = 4
ADVERB = re.compile(
    r"(?:\w+ly|also|further|better|fully|do not|don[’']t|never|always|please)\s+", re.IGNORECASE
)
FIRST_WORDS = re.compile(r"(?P<verb>[A-Za-z]+(?:-[A-Za-z]+)?)(?:,|\s+(?P<next>[a-z]+)|\b)")
AGAIN = re.compile(r"(?:re|co|pre|de)-(?P<rest>\w{3,})")
SPELLING = (("yze", "yse"), ("ize", "ise"), ("or", "our"))
LONGEST = 600


def is_imperative(sentence: str) -> bool:
    """Return whether a sentence begins with a verb that asks, as "Publish the plan." does."""
    if sentence.rstrip().endswith("?"):
        return False
    text = sentence[:LONGEST].lstrip(" \t“\"'‘*-–—")
    at = 0
    for _n in range(MOST_OPENINGS):
        if _is_verb(text, at):
            return True
        opening = OPENING.match(text, at)
        if not opening:
            return False
        at = opening.end()
    return _is_verb(text, at)


def _is_verb(text: str, at: int) -> bool:
    if adverb := ADVERB.match(text, at):
        at = adverb.end()
    match = FIRST_WORDS.match(text, at)
    if not match:
        return False
    verb = match["verb"].lower()
    if not is_known_verb(verb):
        return False
    return not (verb in NOUNS_TOO and (match["next"] in NOT_AFTER_NOUN or not match["next"]))


def is_known_verb(verb: str) -> bool:
    """Return whether a word is a verb of asking in its base form, in British or American."""
    for american, british in SPELLING:
        if verb.endswith(american) and verb[: -len(american)] + british in VERBS:
            return True
    again = AGAIN.fullmatch(verb)
    return verb in VERBS or bool(again and again["rest"] in VERBS)
