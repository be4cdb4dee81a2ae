"""What is asked of search: words, "quoted phrases", -exclusions, and names with other names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .tokens import JAPANESE_RUN, MIDDLE_DOT, folded, pairs, token_of, words_of

TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
STRAIGHT_QUOTES = str.maketrans("“”„", '"""')


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that stand side by side; of a single Japanese character, what begins with it."""

    tokens: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """Words that are a name: all of them are found, or all of any other name of the same."""

    words: tuple[Term, ...]
    others: tuple[tuple[Term, ...], ...]


Part = Term | Name
# By the tokens of a name: the other names of the same, as they are written.
OtherNames = Mapping[tuple[str, ...], Sequence[str]]
NO_NAMES: OtherNames = {}


@dataclass(frozen=True, slots=True)
class Query:
    """All parts of `wanted`, and of each group of `unwanted` not all of its parts.

    `ignored` are the words that were asked for and are looked for nowhere. `also` and `also_not`
    are the names that are looked for, or left out, beside those that were typed.
    """

    wanted: tuple[Part, ...]
    unwanted: tuple[tuple[Part, ...], ...]
    ignored: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    also_not: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)

    @property
    def terms(self) -> list[Term]:
        """All that a text may hold of what is wanted, the other names included."""
        found: list[Term] = []
        for one in self.wanted:
            found += [one] if isinstance(one, Term) else one.words
            found += (
                [] if isinstance(one, Term) else [term for other in one.others for term in other]
            )
        return found


def parse(text: str, names: OtherNames = NO_NAMES) -> Query:
    """Read what was typed, in full width too."""
    reader = _Reader(names)
    for is_wanted, asked in _asked(text):
        reader.read(asked, is_wanted)
    return reader.query()


def phrases_of(text: str) -> list[tuple[Term, ...]]:
    """Return what is asked for, each stretch of words that could be a name, or hold one."""
    return [
        tuple(term for word in asked for term in terms_of(word))
        for is_wanted, asked in _asked(text)
        if is_wanted
    ]


def _asked(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Yield whether something is wanted, and what: words in a row, or a phrase, or one word."""
    row: list[str] = []
    text = unicodedata.normalize("NFKC", text).translate(STRAIGHT_QUOTES)
    for minus, phrase, word in TERM.findall(text):
        if word and not minus:
            row.append(word)
            continue
        if row:
            yield True, row
            row = []
        yield not minus, [phrase or word]
    if row:
        yield True, row


class _Reader:
    def __init__(self, names: OtherNames) -> None:
        self.names = names
        self.longest = max(map(len, names), default=0)
        # As ordered sets: what is asked for again and again is looked for once.
        self.wanted: dict[Part, None] = {}
        self.unwanted: dict[tuple[Part, ...], None] = {}
        self.ignored: dict[str, None] = {}
        # Names beside those that were typed, of what is wanted and of what is not.
        self.also: dict[bool, dict[str, None]] = {True: {}, False: {}}

    def read(self, asked: Sequence[str], is_wanted: bool) -> None:
        terms = [term for word in asked for term in terms_of(word)]
        parts = tuple(self._with_names(terms, is_wanted))
        self.ignored.update(dict.fromkeys(one for word in asked for one in _ignored(word)))
        if is_wanted:
            self.wanted.update(dict.fromkeys(parts))
        elif parts:
            self.unwanted[parts] = None

    def query(self) -> Query:
        return Query(
            wanted=tuple(self.wanted),
            unwanted=tuple(self.unwanted),
            ignored=tuple(self.ignored),
            also=tuple(self.also[True]),
            also_not=tuple(self.also[False]),
        )

    def _with_names(self, terms: Sequence[Term], is_wanted: bool) -> Iterator[Part]:
        """Yield the terms in their order; those that are a name together, the longest, as one."""
        start = 0
        while start < len(terms):
            end, others = longest_name(terms, start, self.names, self.longest)
            if others:
                self.also[is_wanted].update(dict.fromkeys(others))
                yield Name(tuple(terms[start:end]), tuple(tuple(terms_of(one)) for one in others))
            else:
                end = start + 1
                yield terms[start]
            start = end


def longest_name(
    terms: Sequence[Term], start: int, names: OtherNames, longest: int
) -> tuple[int, Sequence[str]]:
    """Return where the longest name ends that begins at a term, and its other names."""
    tokens: tuple[str, ...] = ()
    found: tuple[int, Sequence[str]] = (start, ())
    for end in range(start, len(terms)):
        tokens += terms[end].tokens
        if len(tokens) > longest:
            break
        if tokens in names:
            found = end + 1, names[tokens]
    return found


def key_of_name(name: str) -> tuple[str, ...]:
    """Return what two spellings of a name have in common; nothing where nobody can ask for it."""
    return tuple(token for term in terms_of(name) for token in term.tokens)


def terms_of(text: str) -> Iterator[Term]:
    """Yield what stands side by side in a word or phrase: its words, and each Japanese run."""
    for place, part in enumerate(JAPANESE_RUN.split(folded(text))):
        if place % 2:
            run = part.replace(MIDDLE_DOT, "")
            yield Term(tuple(pairs(run)[:-1]) or (run,), is_prefix=len(run) == 1)
        elif tokens := tuple(token for word in words_of(part) if (token := token_of(word))):
            yield Term(tokens)


def _ignored(text: str) -> Iterator[str]:
    for rest in JAPANESE_RUN.split(folded(text))[::2]:
        # A letter alone is what is left of "Japan's".
        yield from (one for one in words_of(rest) if len(one) > 1 and not token_of(one))


def stands_in(term: Term, tokens: Sequence[str]) -> bool:
    """Say whether a term stands among the tokens of a text, by looking at each place."""
    if term.is_prefix:
        return any(token.startswith(term.tokens[0]) for token in tokens)
    if term.tokens[0] not in tokens:
        return False
    n = len(term.tokens)
    return any(
        tuple(tokens[start : start + n]) == term.tokens for start in range(len(tokens) - n + 1)
    )


def has_part(part: Part, tokens: Sequence[str]) -> bool:
    """Say whether the tokens of a text have a term, or any name of the same."""
    if isinstance(part, Term):
        return stands_in(part, tokens)
    for terms in (part.words, *part.others):
        if all(stands_in(term, tokens) for term in terms):
            return True
    return False
