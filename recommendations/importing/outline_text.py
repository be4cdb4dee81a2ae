"""An outline as lines for a terminal; codes are those of its JSON."""

from __future__ import annotations

from collections.abc import Iterator

from recommendations.text.punctuation import colon, listed

from .outline import Outline, ProposedAction


def as_text(outline: Outline) -> str:
    """Return the outline as it is read in a terminal."""
    return "\n".join(_lines(outline)) + "\n"


def _lines(outline: Outline) -> Iterator[str]:
    yield colon().join(filter(None, (outline.title, outline.subtitle)))
    yield listed(outline.authors)
    published_on = outline.published_on.isoformat() if outline.published_on else ""
    if published_on and outline.published_precision == "month":
        published_on = published_on[:7]
    facts = (published_on, outline.publisher, outline.language)
    yield " · ".join(fact or "?" for fact in facts)
    for note in outline.notes:
        yield f"! {note}"
    for section in outline.sections:
        yield ""
        yield f"{'#' * max(section.level, 1)} {section.title}"
        for one in section.recommendations:
            yield f"{one.number} {one.headline}  [{one.rule}]"
            yield from (f"    - {_line(action)}" for action in one.actions)
        yield from (f"  ? {_line(action)}" for action in section.asks)


def _line(action: ProposedAction) -> str:
    marks = [action.rule, *action.parties, *(f"? {name}" for name in action.new_bodies)]
    if deadline := action.deadline:
        marks.append(f"{deadline.on.isoformat()} {deadline.precision}")
    elif action.deadline_words:
        marks.append(action.deadline_words)
    return f"{action.text}  [{', '.join(marks)}]"
