"""Where the tokens of a text stand in it as it is written.

Tokens are made of a folded text, whose letters are not those of the original: a half-width kana
and its sound mark are one letter there, and so are a letter and its accent, while one sign may
become three. So each letter of the folded text keeps from where it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .queries import Term
from .tokens import (
    ABBREVIATION,
    JAPANESE_RUN,
    MIDDLE_DOT,
    PLURAL_OF_NUMBER,
    TO_KATAKANA,
    WORD,
    pairs,
    token_of,
)

# What Unicode joins to the sign before it beside marks (category M): the sound marks of half-width
# kana, and the letters of Korean.
JOINED = re.compile("[\u1160-\u11ff\uff9e\uff9f\uffa0-\uffdc]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PlacedToken:
    """A token, and from where to where it stands in the original (the end exclusive)."""

    token: str
    start: int
    end: int
    # Where its first letter ends.
    first_end: int


@dataclass(frozen=True, slots=True)
class PlacedTerm:
    """A term that was found, and where."""

    term: Term
    start: int
    end: int


def clusters(text: str) -> Iterator[Span]:
    """Yield where each sign stands together with what is joined to it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _is_joined(text[place]):
            yield start, place
            start = place


def _is_joined(sign: str) -> bool:
    if sign < "\u0300":
        return False
    return unicodedata.category(sign)[0] == "M" or JOINED.match(sign) is not None


def folded_with_places(text: str) -> tuple[str, list[Span]]:
    """Return a text as `tokens.folded` does, and for each of its letters where it comes from."""
    if text.isascii():
        return text, [(place, place + 1) for place in range(len(text))]
    letters: list[str] = []
    places: list[Span] = []
    for start, end in clusters(text):
        found = unicodedata.normalize("NFKC", text[start:end])
        letters.append(found)
        places += [(start, end)] * len(found)
    return "".join(letters).translate(TO_KATAKANA), places


def tokens_in(text: str) -> list[PlacedToken]:
    """Return the tokens of a text in their order, each with its place in the original."""
    found: list[PlacedToken] = []
    letters, places = folded_with_places(text)
    start = 0
    for number, part in enumerate(JAPANESE_RUN.split(letters)):
        own = places[start : start + len(part)]
        found += _of_run(part, own) if number % 2 else _of_words(part, own)
        start += len(part)
    return found


def _of_run(run: str, places: Sequence[Span]) -> Iterator[PlacedToken]:
    own = [place for letter, place in zip(run, places, strict=True) if letter != MIDDLE_DOT]
    for number, token in enumerate(pairs(run)):
        last = own[min(number + 1, len(own) - 1)]
        yield PlacedToken(token, own[number][0], last[1], own[number][1])


def _of_words(text: str, places: Sequence[Span]) -> Iterator[PlacedToken]:
    dots = {
        place
        for found in ABBREVIATION.finditer(text)
        for place in range(*found.span())
        if text[place] == "."
    }
    text, places = _without(dots, text, places)
    text, places = _without(
        {found.start() for found in PLURAL_OF_NUMBER.finditer(text)}, text, places
    )
    for word in WORD.finditer(text):
        if token := token_of(word[0]):
            first = places[word.start()]
            yield PlacedToken(token, first[0], places[word.end() - 1][1], first[1])


def _without(gone: set[int], text: str, places: Sequence[Span]) -> tuple[str, Sequence[Span]]:
    if not gone:
        return text, places
    kept = [place for place in range(len(text)) if place not in gone]
    return "".join(text[place] for place in kept), [places[place] for place in kept]


def terms_in(terms: Sequence[Term], tokens: Sequence[PlacedToken]) -> list[PlacedTerm]:
    """Return where each of the terms stands among the tokens of a text, in their order."""
    first: dict[str, list[Term]] = {}
    prefixes = tuple(term for term in terms if term.is_prefix)
    for term in terms:
        if not term.is_prefix:
            first.setdefault(term.tokens[0], []).append(term)
    found: list[PlacedTerm] = []
    for number, one in enumerate(tokens):
        for term in first.get(one.token, ()):
            last = number + len(term.tokens)
            if tuple(other.token for other in tokens[number:last]) == term.tokens:
                found.append(PlacedTerm(term, one.start, tokens[last - 1].end))
        for term in prefixes:
            if one.token.startswith(term.tokens[0]):
                found.append(PlacedTerm(term, one.start, one.first_end))
    return found
