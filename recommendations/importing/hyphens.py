"""Words divided at the end of a line: which keep their hyphen."""

from __future__ import annotations

import re
from collections.abc import Iterable

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# What joins others by a hyphen, before them or after them, whether or not it stands elsewhere.
BEFORE = {
    "all", "cross", "five", "four", "half", "high",
    "long", "low", "mid", "multi", "near", "non", "one",
    "quasi", "self", "short", "single", "socio", "three", "two", "under",
    "well", "whole",
}  # fmt: skip
AFTER = {
    "based", "borne", "bound", "building", "centered", "centred", "driven", "edge",
    "effective", "efficient", "existing", "facing", "focused", "free", "friendly", "funded",
    "going", "holder", "intensive", "led", "level", "like", "linked", "made", "making",
    "off", "only", "oriented", "owned", "paid", "range", "ready", "related", "rich", "run",
    "scale", "sector", "setting", "sized", "specific", "standing", "style", "term", "time",
    "to", "type", "up", "use", "wide", "year",
}  # fmt: skip


class Hyphens:
    """Decides of divided words by the words that stand undivided in the same text."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.words = {word.lower() for text in texts for word in WORD.findall(text)}

    def joined(self, before: str, after: str) -> str:
        """Return the word that two parts make, with a hyphen or without."""
        first, second = before.lower(), after.lower()
        last_part = first.rpartition("-")[2]
        hyphenated = f"{before}-{after}"
        if f"{first}-{second}" in self.words or not after[:1].islower():
            return hyphenated
        if first + second in self.words or not first:
            return before + after
        if last_part in BEFORE or second in AFTER:
            return hyphenated
        is_compound = last_part in self.words and second in self.words and len(second) > 3
        return hyphenated if is_compound else before + after
