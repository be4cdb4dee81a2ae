"""What an import proposes of a text, short enough to be compared."""

from __future__ import annotations

from recommendations.importing import AddresseeNames, Outline, propose
from recommendations.importing.outline import ProposedRecommendation

NOBODY = AddresseeNames({}, {}, {})


def proposed(text: str | bytes, names: AddresseeNames = NOBODY) -> Outline:
    return propose(text.encode() if isinstance(text, str) else text, names)


def recommendations_of(text: str | bytes) -> list[str]:
    """Return "number headline" of each recommendation."""
    return [f"{one.number} {one.headline}" for one in proposed(text).recommendations]


def headlines_of(text: str | bytes) -> list[str]:
    return [one.headline for one in proposed(text).recommendations]


def in_sections(outline: Outline) -> dict[str, list[ProposedRecommendation]]:
    """Return the recommendations by the titles of their sections."""
    return {
        section.title: section.recommendations
        for section in outline.sections
        if section.recommendations
    }


def titles_of(outline: Outline) -> list[str]:
    return [section.title for section in outline.sections]


def actions_of(one: ProposedRecommendation) -> list[str]:
    return [action.text for action in one.actions]
