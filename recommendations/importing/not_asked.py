"""What only looks as if it asked: the past, a view that is denied, what one should be granted."""

from __future__ import annotations

import re

# "need" and "seven" end like a participle.
PARTICIPLE = (
    r"(?!(?:need|seed|speed|red|green|open|even|ten|seven|eleven|women|men|children)\b)"
    r"(?:\w+(?:ed|en)|become|been|begun|borne|bought|brought|built|caught|come|done|drawn|felt|found|"
    r"gone|grown|had|heard|held|kept|known|led|left|lost|made|meant|met|said|seen|sent|shown|sought|"
    r"stood|taught|thought|told|understood|won)\b"
)
# "should also have reviewed"
PERFECT = (
    r"\b(?:should|could|must|ought\s+to)\s+"
    r"(?:(?:not|also|never|always|all|both|now|then|\w+ly)\s+){0,2}have\s+"
    rf"(?:(?:not|also|never|already|long)\s+)?{PARTICIPLE}"
)
# "has to date published"
TO_DATE = r"\b(?:has|have)\s+to\s+date\b"
# "I do not consider that the Board should", as far as the clause goes. "There is no reason why the
# Board should not" is no denial.
DENIED = (
    r"\b(?:no\s+reason\s+(?:why|that)|"
    r"(?:(?:do|does|did|can|could)\s+not|don[’']t|doesn[’']t|didn[’']t|cannot|can[’']t)\s+(?:\w+ly\s+)?"
    r"(?:(?:consider|suggest|accept|agree)\s+that|(?:think|believe)(?:\s+that)?))\b"
    r"(?![^.;]{0,160}\b(?:should|could|must|need|ought)\s+not\b)"
    r"(?:(?!,\s+but\b|[.!?]\s)[^;])*"
)
PAST = re.compile(PERFECT, re.IGNORECASE)
UNASKED = re.compile(rf"{PERFECT}|{TO_DATE}|{DENIED}", re.IGNORECASE)
# "Agencies should have ample flexibility to": somebody else is to give it to them. In "Ministers
# should have access to it, and they should ask" they are asked none the less.
GRANTED = re.compile(
    r"\b(?:should|shall|must|needs?\s+to|ha(?:s|ve)\s+to|ought\s+to)\s+(?:(?:also|each|all|both)\s+)?"
    r"have\s+(?:(?:the|an?|any|no|their|its)\s+)?(?:\w+\s+(?:and\s+\w+\s+)?)?"
    r"(?:ability|access|discretion|flexibility|freedom|opportunit(?:y|ies)|options?|powers?|rights?)"
    r"(?=\s+(?:to|of|in|over)\b)"
    r"(?![^.;]{0,240}\b(?:and|but)\s+(?:they|it)\s+(?:should|shall|must)\b)",
    re.IGNORECASE,
)
# One of these is in all that is not asked, and looking for them costs little.
SIGNS = ("have", "has to date", "no reason", "not ", "n’t", "n't")


def asking_part(sentence: str) -> str:
    """Return a sentence without the words that only look as if they asked."""
    lowered = sentence.lower()
    return UNASKED.sub(" ", sentence) if any(sign in lowered for sign in SIGNS) else sentence


def without_grants(sentence: str) -> str:
    """Return a sentence without the words that say what somebody should be given."""
    return GRANTED.sub(" ", sentence)
