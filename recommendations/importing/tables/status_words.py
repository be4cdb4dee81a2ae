"""What the words for a status that others use may mean here: offered, for an editor to say."""

from __future__ import annotations

import re
import unicodedata

# Codes of `statuses.Status`, whose module would load the whole of the models into the child. The
# first pattern that fits says it: what is not or in part done, before what is.
MEANINGS = [
    (
        "no_action",
        r"not (yet )?(started|begun|implemented|actioned)|no (action|progress)|to do|outstanding|"
        r"未(着手|実施|措置|対応|了)",
    ),
    ("rejected", r"reject|declin|not accepted|refused|不採用|拒否|却下|対応しない"),
    (
        "overtaken",
        r"overtaken|superseded|no longer (relevant|needed|applicable)|obsolete|"
        r"状況変化|不要となった",
    ),
    ("stalled", r"stall|paus|on hold|suspend|delay|停滞|中断|遅延|保留"),
    ("partly", r"part(ly|ial|ially)|一部|部分"),
    (
        "in_progress",
        r"in progress|on[ -]?going|under[ -]?way|on track|started|begun|active|amber|進行中|実施中|"
        r"措置中|対応中|継続|着手|検討中",
    ),
    (
        "implemented",
        r"implemented|complete|done|closed|delivered|achieved|fulfilled|green|済|完了|達成",
    ),
    ("not_assessed", r"not assessed|unknown|not known|unclear|未評価|不明"),
]
COMPILED = [(code, re.compile(pattern)) for code, pattern in MEANINGS]
LONGEST = 60


def suggested_status(word: str) -> str:
    """Return the code of the status that a word may mean, "" where it is not known."""
    text = " ".join(unicodedata.normalize("NFKC", word).casefold().replace("_", " ").split())
    if len(text) > LONGEST:
        return ""
    return next((code for code, pattern in COMPILED if pattern.search(text)), "")


def is_status_word(word: str) -> bool:
    return bool(suggested_status(word))
