"""The groups of responsible parties by which actions are counted: each action is in exactly one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# The group of all whose parties no named group has.
WITH_OTHERS = "with_others"


@dataclass(frozen=True, slots=True)
class PartySet:
    """A named group, by its code, as the slugs of its parties."""

    code: str
    parties: frozenset[str]


def addressee_of(party_slugs: Iterable[str], groups: Sequence[PartySet]) -> str:
    """Return the code of the group of responsible parties.

    It is the smallest that has all of them, of equally small ones the first. Any other party that
    must act too makes it "with others"; so does having no party at all, which a published action
    never has.

    >>> groups = [PartySet("north", frozenset({"n"})), PartySet("both", frozenset({"n", "s"}))]
    >>> addressee_of(["n"], groups), addressee_of(["s"], groups), addressee_of(["w"], groups)
    ('north', 'both', 'with_others')
    """
    asked = frozenset(party_slugs)
    holding = [group for group in groups if asked and asked <= group.parties]
    return min(holding, key=lambda group: len(group.parties)).code if holding else WITH_OTHERS
