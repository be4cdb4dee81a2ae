"""Where a quotation stands in a text, however it was typed."""

from __future__ import annotations

import unicodedata

from recommendations.text.places import Span, folded_with_places

# Nobody tells them apart when typing: quotation marks of all kinds are one.
QUOTES = "\"'`´‘’‚‛“”„‟«»‹›′″「」『』〝〞〟"
LONGEST = 10_000
# A text is looked through piece by piece, since the place of each letter takes a hundred bytes.
# Pieces overlap by more than a quotation takes, its white space among it.
PIECE = 100_000
OVERLAP = 40_000


def find_quotation(text: str, quotation: str) -> Span | None:
    """Return from where to where a quotation stands in a text, the end exclusive, or nothing.

    Width, capitals, the two scripts of kana, white space, hyphens and dashes, and kinds of
    quotation marks make no difference. It begins and ends where words do. The first place counts;
    what is quoted is what stands there.
    """
    if len(quotation) > LONGEST:
        return None
    sought, _places = _letters(_without_marks_around(quotation))
    if not sought:
        return None
    begins = range(0, max(len(text) - OVERLAP, 1), PIECE - OVERLAP)
    found = (_found_in(text, begin, sought) for begin in begins)
    return next(filter(None, found), None)


def _found_in(text: str, begin: int, sought: str) -> Span | None:
    """Return the first place in the piece of a text that begins there."""
    letters, places = _letters(text[begin : begin + PIECE])
    start = letters.find(sought)
    while start >= 0:
        first, last = begin + places[start][0], begin + places[start + len(sought) - 1][1]
        if not (_is_inside_word(text, first) or _is_inside_word(text, last)):
            return first, last
        start = letters.find(sought, start + 1)
    return None


def _without_marks_around(quotation: str) -> str:
    return quotation.strip().strip(QUOTES)


def _letters(text: str) -> tuple[str, list[Span]]:
    """Return what of a text is compared, and where each letter of it stands."""
    folded, places = folded_with_places(text)
    letters: list[str] = []
    kept: list[Span] = []
    for letter, place in zip(folded, places, strict=True):
        for sign in _folded(letter):
            letters.append(sign)
            kept.append(place)
    return "".join(letters), kept


def _folded(letter: str) -> str:
    """Return a sign as it is compared, nothing for one that is passed over."""
    if letter.isalnum():
        return letter.casefold()
    if letter in QUOTES:
        return '"'
    # Spaces, hyphens and dashes, and what nobody sees.
    if letter.isspace() or unicodedata.category(letter) in ("Pd", "Cf", "Cc") or letter == "\u2212":
        return ""
    return letter


def _is_inside_word(text: str, place: int) -> bool:
    """Whether a word of letters that spaces part goes on across a place."""
    return 0 < place < len(text) and _is_of_word(text[place - 1]) and _is_of_word(text[place])


def _is_of_word(sign: str) -> bool:
    return sign.isalnum() and sign < "\u2e80"
