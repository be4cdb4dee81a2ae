"""Sentences that ask for something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .not_asked import PAST, asking_part

Strength = Literal["direct", "conditional", "implied"]


@dataclass(frozen=True)
class AskRule:
    """What a sentence has in it that asks. `name` goes with each proposal that the rule made."""

    name: str
    pattern: re.Pattern[str]
    strength: Strength = "direct"


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


# The first that fits names the proposal.
RULES = [
    AskRule("should", _words("should", "shall", "ought to")),
    AskRule("must", _words("must", r"(?:need|needs|have|has) to", "cannot afford to")),
    AskRule(
        "urges",
        _words(
            r"(?:we|this report|the authors?|the (?:commission|panel|group|committee))\s+"
            r"(?:\w+ly\s+)?(?:urges?|recommends?|proposes?|calls?)",
            r"(?:urges?|calls? (?:up)?on)\s+(?:\w+\s+){1,6}to",
            r"recommends?(?:ed)?\s+that",
            r"(?:is|are)\s+(?:urged|encouraged|asked|called upon)\s+to",
        ),
    ),
    AskRule(
        "it is for",
        _words(
            r"(?:is|are|remains?)\s+(?:\w+\s+)?(?:essential|vital|critical|imperative|necessary)",
            r"it is time to",
            r"(?:will|would|is)\s+(?:also\s+)?requires?\b",
            r"requires?\s+(?:that|the|a|an|both|continued)",
            r"deserves?",
        ),
        "implied",
    ),
    AskRule("could", _words(r"could\s+(?:\w+\s+)?(?!not\b)\w+", "would do well to"), "conditional"),
    AskRule("べきである", re.compile(r"べき(?:である|だ|です|と考える|。|$)|べきで")),
    AskRule(
        "必要がある",
        re.compile(
            r"(?:必要|要)(?:が|で|と|も)(?:ある|あり|なる|する)|なければならない|不可欠|ねばならない"
        ),
    ),
    AskRule(
        "求める",
        re.compile(
            r"(?:求め|要請|要望|提言|提案|勧告|期待)(?:る|する|します|したい|ます)|"
            r"(?:こと|よう)を(?:強く)?(?:求め|提言|要望|要請|勧告)|が求められる|望まれる|望ましい"
        ),
    ),
]
# What is told of a case, or of how to read the text, asks for nothing.
NO_ASK = re.compile(
    r"\bshould (?:it|they) \w+,|"
    r"\b(?:should|must) be (?:read|noted|understood|interpreted|construed|borne in mind)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"“[^”]{30,}(?:”|$)")
# One of these is in every sentence that a rule fits, and looking for them costs little.
SIGNS = (
    "should", "shall", "ought", "must", "need", "has to", "have to", "afford", "urge", "recommend",
    "propose", "call", "encouraged", "asked", "essential", "vital", "critical", "imperative",
    "necessary", "time to", "require", "deserve", "could", "do well", "べき", "要", "ならない",
    "不可欠", "求め", "提言", "提案", "勧告", "期待", "望",
)  # fmt: skip


def may_ask(text: str) -> bool:
    """Return whether any sentence of a text could ask for something."""
    lowered = text.lower()
    return any(sign in lowered for sign in SIGNS)


def ask_in(sentence: str) -> AskRule | None:
    """Return the rule by which a sentence asks for something, or None."""
    # A question asks for an answer.
    is_question = sentence.rstrip().endswith(("?", "？"))
    if is_question or not may_ask(sentence) or NO_ASK.search(sentence) or PAST.search(sentence):
        return None
    sentence = asking_part(sentence)
    if "“" in sentence:
        # What others said is theirs.
        sentence = QUOTED.sub(" ", sentence)
    return next((rule for rule in RULES if rule.pattern.search(sentence)), None)
