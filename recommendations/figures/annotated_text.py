"""The text of a report with its record in the margin, or our summaries in the report's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, cast

from django.utils.safestring import SafeString

from recommendations.models import Action, Recommendation, Report, Section
from recommendations.models.report import TextRights
from recommendations.models.text import PassageKind
from recommendations.record import Record
from recommendations.statuses import Status
from recommendations.text.highlighting import MarkedPlace, marked
from recommendations.text.html import format_html
from recommendations.viewpoint import Viewpoint

from .dashboard import (
    ACTIONS_OF_REPORT,
    RecommendationRow,
    recommendations_of,
    section_groups,
)

if TYPE_CHECKING:
    from recommendations.rows import AnnotatedPassage, ListedAction


@dataclass(frozen=True)
class Paragraph:
    html: SafeString
    anchor: str
    kind: str


@dataclass
class Entry:
    """What stands together: a recommendation with its text, or text between two of them.

    `actions` are those in the margin. Without paragraphs our summary stands for the text.
    """

    row: RecommendationRow | None
    actions: list[ListedAction]
    paragraphs: list[Paragraph] = field(default_factory=list)

    @property
    def recommendation(self) -> Recommendation | None:
        return self.row.recommendation if self.row else None


@dataclass
class Part:
    """A section under its heading; `title` is empty for what stands before the first one."""

    title: str
    anchor: str
    entries: list[Entry]

    @property
    def rows(self) -> list[RecommendationRow]:
        return [entry.row for entry in self.entries if entry.row]


@dataclass(frozen=True)
class Reading:
    """`rights` says what is shown: the text, excerpts, or (none) our summaries."""

    parts: list[Part]
    rights: TextRights

    @property
    def is_text(self) -> bool:
        return self.rights != TextRights.NONE

    @property
    def is_excerpt(self) -> bool:
        return self.rights == TextRights.EXCERPTS


def reading_of(record: Record, report: Report, *, only_open: bool = False) -> Reading:
    """Return what the reading view shows of a report in the record (at most eight queries).

    With `only_open`, only what is not implemented, and no text without it.
    """
    actions = ACTIONS_OF_REPORT(record.viewpoint, report=report)
    if only_open:
        actions = [action for action in actions if action.status != Status.IMPLEMENTED]
    groups = section_groups(recommendations_of(record.viewpoint, report), actions)
    rows = {row.recommendation.pk: row for group in groups for row in group.rows}
    passages = passages_of(record, report)
    if not passages:
        parts = [_summarised(group.section, group.rows) for group in groups]
        return Reading(_kept(parts, only_open), TextRights.NONE)
    rights = TextRights(report.text_rights)
    known = {action.pk: action for action in actions}
    parts = list(_parts(passages, rows, known, rights, record.viewpoint))
    _add_unplaced(parts, groups)
    return Reading(_kept(parts, only_open), rights)


def passages_of(record: Record, report: Report) -> list[AnnotatedPassage]:
    """Return what visitors may know the text by, in its order (at most two queries)."""
    if report.text_rights == TextRights.NONE:
        return []
    return cast("list[AnnotatedPassage]", list(record.passages(report).for_reading()))


def _kept(parts: Iterable[Part], only_open: bool) -> list[Part]:
    if only_open:
        for part in parts:
            part.entries = [entry for entry in part.entries if entry.actions]
    return [part for part in parts if part.entries]


def _summarised(section: Section, rows: Iterable[RecommendationRow]) -> Part:
    entries = [Entry(row, list(row.actions)) for row in rows]
    return Part(section.title, f"s-{section.slug}", entries)


def _parts(
    passages: list[AnnotatedPassage],
    rows: dict[int, RecommendationRow],
    actions: dict[int, ListedAction],
    rights: TextRights,
    viewpoint: Viewpoint,
) -> Iterator[Part]:
    part = Part("", "", [])
    owner = [p.recommendation_id if p.recommendation_id in rows else None for p in passages]
    for key, run in groupby(zip(passages, owner, strict=True), key=lambda pair: pair[1]):
        found = [passage for passage, _owner in run]
        if key is not None:
            part.entries.append(_entry(found, rows[key], actions, viewpoint))
            continue
        for passage in found:
            if passage.kind == PassageKind.HEADING and passage.section:
                yield part
                part = Part(passage.section.title, f"s-{passage.section.slug}", [])
            elif rights == TextRights.FULL or passage.places:
                part.entries.append(_entry([passage], None, actions, viewpoint))
    yield part


def _entry(
    passages: list[AnnotatedPassage],
    row: RecommendationRow | None,
    actions: dict[int, ListedAction],
    viewpoint: Viewpoint,
) -> Entry:
    """Return the passages with the actions that they ask for, each once."""
    asked = [mark.action_id for passage in passages for mark in passage.places]
    shown = {action.pk: action for action in (row.actions if row else ())}
    shown |= {pk: actions[pk] for pk in asked if pk in actions}
    paragraphs = [_paragraph(passage, actions, viewpoint) for passage in passages]
    return Entry(row, list(shown.values()), paragraphs)


def _paragraph(
    passage: AnnotatedPassage, actions: dict[int, ListedAction], viewpoint: Viewpoint
) -> Paragraph:
    places = [
        MarkedPlace(
            mark.start,
            mark.end,
            viewpoint.address(actions[mark.action_id].get_absolute_url()),
            _square(actions[mark.action_id]),
        )
        for mark in passage.places
        if mark.action_id in actions
    ]
    return Paragraph(marked(passage.html, places), passage.anchor, passage.kind)


def _square(action: Action) -> SafeString:
    """The status inside running text: its square, and its word for who does not see it."""
    return format_html(
        '<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<use href="#s-{}"/></svg><span class="vh">: {}</span>',
        action.status,
        action.get_status_display(),
    )


def _add_unplaced(parts: list[Part], groups) -> None:
    """Let recommendations that stand nowhere in the text follow their section, summarised."""
    placed = {row.recommendation.pk for part in parts for row in part.rows}
    by_anchor = {part.anchor: part for part in parts}
    for group in groups:
        missing = [row for row in group.rows if row.recommendation.pk not in placed]
        if not missing:
            continue
        summary = _summarised(group.section, missing)
        if part := by_anchor.get(summary.anchor):
            part.entries += summary.entries
        else:
            parts.append(summary)
