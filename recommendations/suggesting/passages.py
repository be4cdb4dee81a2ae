"""What is known of an action, in passages: what was asked, whom, and what was told since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .words import tokens_in


class Field(StrEnum):
    ASK = "ask"
    NAMES = "names"
    HEADLINE = "headline"
    SUMMARY = "summary"
    AREAS = "areas"
    NOTE = "note"
    EVIDENCE = "evidence"
    PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one field. Without an action it belongs to all of its recommendation's.

    `update` is the key of the update that says it, if one does.
    """

    recommendation: int
    action: int | None
    update: int | None
    field: Field
    tokens: Mapping[str, int]
    length: int

    @classmethod
    def of(
        cls,
        texts: Iterable[str],
        field: Field,
        recommendation: int,
        action: int | None = None,
        update: int | None = None,
    ) -> Passage:
        tokens = Counter(token for text in texts for token in tokens_in(text))
        return cls(recommendation, action, update, field, tokens, tokens.total())
