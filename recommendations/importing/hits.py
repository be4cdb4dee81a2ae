"""What is found in a document: a recommendation, by the place and the rule."""

from __future__ import annotations

from dataclasses import dataclass

from .sentences import sentences

# The rule of a numbered paragraph that asks for nothing among those that do.
CONCLUSION = "conclusion"


@dataclass(frozen=True)
class Hit:
    """A recommendation: the block that opens it, and where in its text the headline stands."""

    block: int
    start: int
    end: int
    rule: str
    number: str = ""
    # Whether it asks for something, by a verb of asking or in the imperative.
    asks: bool = True
    # Of what series its number is, and its place there; 0 for what has none.
    form: str = ""
    value: int = 0
    # Whether nothing but its number and its verb speak for it.
    is_weak: bool = False


def first_sentence(text: str, start: int) -> tuple[int, int]:
    first = next(iter(sentences(text[start:])), (0, len(text) - start))
    return start + first[0], start + first[1]
