"""Where the sentences of a paragraph begin and end.

A few rules of our own. sentencex, which knows both languages, cuts most reports alike, but ends a
sentence after "para.", "Vol." and "approx.", and takes time that grows with the square of a
Japanese paragraph: half a minute for 240,000 characters, which a report without blank lines has.
Most other libraries are models to be downloaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A full stop after these ends no sentence.
ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]\.)+[A-Za-z]|\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Adm|Lt|Col|Sen|Rep|Gov|St|"
    r"No|Nos|vs|etc|e\.g|i\.e|cf|al|Inc|Ltd|Co|Corp|Fig|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|"
    r"Sept|Oct|Nov|Dec|Art|Sec|para|pp|Vol|ch))$"
)
LONGEST_ABBREVIATION = 20
NUMBERING = re.compile(r"\s*\d+(?:\.\d+)*")
OPENING_SIGNS = ('"', "“", "‘", "'", "(", " ")
END = re.compile(r"[.!?]+[\"”’)\]]*(?=\s|$)|[。！？]+[」』）]*")
# "U.S." may end a sentence when one of these begins the next.
OPENERS = re.compile(r"\s+(?:The|This|These|It|In|At|As|To|For|Both|However|A|An|And|But)\b")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence, without the spaces between them."""
    start = 0
    for match in END.finditer(text):
        if match[0][0] == "." and _goes_on(text, start, match):
            continue
        yield from _span(text, start, match.end())
        start = match.end()
    yield from _span(text, start, len(text))


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    # Nothing is cut out of the text here: it may be long, and this is asked at each full stop.
    stop, end = match.span()
    at = end
    while text[at : at + 1] in OPENING_SIGNS:
        at += 1
    following = text[at : at + 1]
    if following.islower():
        return True
    if ABBREVIATION.search(text, max(start, stop - LONGEST_ABBREVIATION), stop):
        return not OPENERS.match(text, end) and bool(following)
    # "1." and "4.2." number what follows.
    return bool(NUMBERING.fullmatch(text, start, stop)) and bool(following)


def _span(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    shown = text[start:end]
    begin = start + len(shown) - len(shown.lstrip())
    stop = start + len(shown.rstrip())
    if stop > begin:
        yield begin, stop
