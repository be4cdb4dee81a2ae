"""What search compares: the tokens of a text, the same for what is searched and for what is asked.

Words are English: in one spelling, by their stems (Porter's second algorithm), without accents. A
Japanese run has no breaks between its words and is cut in overlapping pairs of characters, with its
last character alone at the end, so that one character finds it too; middle dots, width and the two
scripts of kana make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

import snowballstemmer  # type: ignore[import-untyped]

from .spelling import american

KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
KANJI = "々〆〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
MIDDLE_DOT = "・"
JAPANESE = f"{KANA}{KANJI}"
JAPANESE_RUN = re.compile(f"([{JAPANESE}](?:[{JAPANESE}{MIDDLE_DOT}]*[{JAPANESE}])?)")
TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
WORD = re.compile(r"[^\W_]+")
# "U.S." and "US" are one word, and so are "1990s" and "1990".
ABBREVIATION = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b")
PLURAL_OF_NUMBER = re.compile(r"(?<=\d)s\b")
# Words that stand everywhere and tell nothing: those of the Snowball project's English list.
ENGLISH_STOP_WORDS = """
i me my myself we our ours ourselves you your yours yourself yourselves he him his
himself she her hers herself it its itself they them their theirs themselves what which
who whom this that these those am is are was were be been being have has had having do
does did doing a an the and but if or because as until while of at by for with about
against between into through during before after above below to from up down in out on
off over under again further then once here there when where why how all any both each
few more most other some such no nor not only own same so than too very s t can will
just don should now
"""
STOP_WORDS = frozenset(ENGLISH_STOP_WORDS.split())
# Behind a word that is one of them in small letters alone: WHO, IT. AND, OR and NOT are what people
# write between words elsewhere.
CAPITALS = "+"
OPERATORS = frozenset(("and", "or", "not"))
_stemmer = snowballstemmer.stemmer("english")


def folded(text: str) -> str:
    """Return a text with one width of letters and one script of kana, capitals kept."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).translate(TO_KATAKANA)


def tokens_of(text: str) -> list[str]:
    """Return the tokens of a text in their order, stop words left out."""
    if text.isascii():
        return _english(text)
    found: list[str] = []
    for place, part in enumerate(JAPANESE_RUN.split(folded(text))):
        if place % 2:
            found += pairs(part)
        elif part:
            found += _english(part)
    return found


def _english(text: str) -> list[str]:
    return list(filter(None, map(token_of, words_of(text))))


def pairs(run: str) -> list[str]:
    run = run.replace(MIDDLE_DOT, "")
    return [*(one + other for one, other in pairwise(run)), run[-1]]


def words_of(text: str) -> list[str]:
    """Return the words of a folded text that is not Japanese, as they are written."""
    if "." in text:
        text = ABBREVIATION.sub(lambda found: found[0].replace(".", ""), text)
    return WORD.findall(PLURAL_OF_NUMBER.sub("", text))


@lru_cache(maxsize=100_000)
def token_of(word: str) -> str:
    """Return the token of a word, or nothing for a stop word."""
    small = word.casefold()
    if small in STOP_WORDS:
        is_name = len(word) > 1 and word.isupper() and small not in OPERATORS
        return small + CAPITALS if is_name else ""
    if not small.isascii():
        decomposed = unicodedata.normalize("NFKD", small)
        small = "".join(one for one in decomposed if not unicodedata.combining(one))
    return _stemmer.stemWord(american(small)) if small.isascii() else small
