"""The words of a piece of news, and of what it is compared with: stems, names, Japanese runs.

Search cuts Japanese in pairs wherever a run goes on, so that whatever is typed is found. Here that
would match what only happens to stand side by side: kanji are cut by themselves, a katakana word
stays whole, and hiragana, which is grammar, is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from recommendations.text.tokens import KANJI, token_of, words_of

KATAKANA = "\u30a1-\u30fa\u30fc\u31f0-\u31ff"
ANY_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
PIECE = re.compile(
    # "U.S." is one word; so is "1990s", which is 1990.
    r"(?P<word>[A-Za-z](?:\.[A-Za-z])+\b|\d+(?=s\b)"
    f"|[^\\W_{KANJI}{ANY_KANA}]+)"
    f"|(?P<katakana>[{KATAKANA}]{{2,}})"
    f"|(?P<kanji>[{KANJI}]+)"
)
# A capital here is no sign of a name.
BEGINS_SENTENCE = re.compile(r"(?:^|[.!?:;|“”\"\n])[\s“”\"'‘’(]*\Z")
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Word:
    """A token, whether it looks like a name, and where it stands in the text as plain() has it."""

    token: str
    is_name: bool
    start: int
    end: int


def plain(text: str) -> str:
    """Return a text in one width of letters; of a very long one its beginning."""
    return unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).replace("・", "")


def words_in(text: str) -> Iterator[Word]:
    """Yield the words of a text that plain() has returned, stop words left out."""
    for found in PIECE.finditer(text):
        start, end = found.span()
        if found["kanji"]:
            yield from _pairs(found["kanji"], start)
        elif found["katakana"]:
            yield Word(found["katakana"], is_name=True, start=start, end=end)
        elif token := _token(found["word"]):
            yield Word(token, _is_name(text, found["word"], start), start, end)


def tokens_in(text: str) -> list[str]:
    return [word.token for word in words_in(plain(text))]


def _pairs(run: str, start: int) -> Iterator[Word]:
    if len(run) == 1:
        yield Word(run, is_name=False, start=start, end=start + 1)
    for place in range(len(run) - 1):
        at = start + place
        yield Word(run[place : place + 2], is_name=False, start=at, end=at + 2)


def _token(written: str) -> str:
    return next((token for word in words_of(written) if (token := token_of(word))), "")


def _is_name(text: str, written: str, start: int) -> bool:
    if not written[0].isupper():
        return False
    if len(written) > 1 and written.isupper():
        return True
    return not BEGINS_SENTENCE.search(text, max(0, start - 8), start)
