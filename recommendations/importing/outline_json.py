"""An outline as JSON, which is kept until the editor accepts it, and as text to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recommendations.text.punctuation import colon, listed

from .outline import Outline, Place, ProposedAction, ProposedRecommendation, ProposedSection

VERSION = 1


def as_json(outline: Outline) -> dict[str, Any]:
    """Return the outline as JSON has it: dates in ISO 8601, blocks by their index."""
    document = outline.document
    return {
        "version": VERSION,
        "title": document.title,
        "subtitle": document.subtitle,
        "authors": list(document.authors),
        "published_on": document.published_on.isoformat() if document.published_on else None,
        "publisher": document.publisher,
        "language": document.language,
        "notes": list(outline.notes),
        "blocks": [
            {"kind": block.kind, "level": block.level, "html": block.html, "text": block.text}
            for block in document.blocks
        ],
        "sections": [_section(section) for section in outline.sections],
    }


def _section(section: ProposedSection) -> dict[str, Any]:
    return {
        "title": section.title,
        "block": section.block,
        "level": section.level,
        "parent": section.parent,
        "recommendations": [_recommendation(one) for one in section.recommendations],
        "asks": [_action(one) for one in section.asks],
    }


def _place(place: Place) -> list[int]:
    return [place.block, place.start, place.end]


def _recommendation(one: ProposedRecommendation) -> dict[str, Any]:
    return {
        "number": one.number,
        "headline": one.headline,
        "place": _place(one.place),
        "rule": one.rule,
        "blocks": list(one.blocks),
        "actions": [_action(action) for action in one.actions],
    }


def _action(action: ProposedAction) -> dict[str, Any]:
    deadline = action.deadline
    return {
        "text": action.text,
        "place": _place(action.place),
        "rule": action.rule,
        "strength": action.strength,
        "parties": list(action.addressees.parties),
        "bodies": list(action.addressees.bodies),
        "deadline": deadline
        and {
            "on": deadline.on.isoformat(),
            "precision": deadline.precision,
            "words": deadline.words,
        },
    }


def without_text(outline: dict[str, Any]) -> dict[str, Any]:
    """Return the outline as tests compare it: without the text of the blocks."""
    return {name: value for name, value in outline.items() if name != "blocks"}


def as_text(outline: dict[str, Any]) -> str:
    """Return the JSON form as lines for a terminal; codes are those of the JSON."""
    return "\n".join(_text(outline)) + "\n"


def _text(outline: dict[str, Any]) -> Iterator[str]:
    yield colon().join(filter(None, (outline["title"], outline["subtitle"])))
    yield listed(outline["authors"])
    facts = (outline["published_on"], outline["publisher"], outline["language"])
    yield " · ".join(fact or "?" for fact in facts)
    for note in outline["notes"]:
        yield f"! {note}"
    for section in outline["sections"]:
        yield ""
        yield f"{'#' * max(section['level'], 1)} {section['title']}"
        for one in section["recommendations"]:
            yield f"{one['number']} {one['headline']}  [{one['rule']}]"
            yield from (f"    - {_line(action)}" for action in one["actions"])
        yield from (f"  ? {_line(action)}" for action in section["asks"])


def _line(action: dict[str, Any]) -> str:
    marks = [action["rule"], *action["parties"]]
    if action["deadline"]:
        marks.append(f"{action['deadline']['on']} {action['deadline']['precision']}")
    return f"{action['text']}  [{', '.join(marks)}]"
