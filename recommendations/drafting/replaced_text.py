"""A text for a report that there is already: what it changes, and putting it in place.

Passages are known by their words. What was marked in one stays with it, wherever it moved.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher

from django.contrib.auth.models import User
from django.db import transaction

from recommendations.importing import Outline
from recommendations.models import Mark, Passage, Recommendation, Report, ReportText, Section
from recommendations.publishing import touch

from .draft import passages_from

QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


@dataclass
class TextComparison:
    """What a new text would change. `lost` are marks whose passage is not in it any more.

    `missing` are recommendations that it has no passage for.
    """

    same: int = 0
    moved: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    lost: list[Mark] = field(default_factory=list)
    missing: list[Recommendation] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not (self.moved or self.gone or self.added)


def folded(text: str) -> str:
    """Return a title as two writers of it would agree on: quotes, case and ends aside."""
    plain = unicodedata.normalize("NFKC", text).translate(QUOTES).casefold()
    return re.sub(r"\s+", " ", plain).strip(" .:;。")


@dataclass
class _Match:
    """The new passages, unsaved, each with what it takes over."""

    passages: list[Passage]
    marks: list[tuple[Passage, Mark]]
    old: dict[str, Passage]


def compare_text(report: Report, outline: Outline) -> TextComparison:
    """Return what `replace_text()` would change; nothing is written (six queries)."""
    match = _match(report, outline)
    before, after = list(match.old), [passage.anchor for passage in match.passages]
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    still = {anchor for block in blocks for anchor in before[block.a : block.a + block.size]}
    new = {passage.anchor: passage for passage in match.passages}
    kept = {mark.pk for _passage, mark in match.marks}
    placed = {passage.recommendation_id for passage in match.passages}
    marks = Mark.objects.filter(passage__in=match.old.values()).select_related(
        "action__recommendation", "passage"
    )
    recommendations = Recommendation.objects.filter(report=report, until_edition__isnull=True)
    return TextComparison(
        same=len(still),
        moved=[new[anchor].text for anchor in after if anchor in match.old and anchor not in still],
        gone=[passage.text for anchor, passage in match.old.items() if anchor not in new],
        added=[passage.text for anchor, passage in new.items() if anchor not in match.old],
        lost=[mark for mark in marks if mark.pk not in kept],
        missing=[one for one in recommendations if one.pk not in placed],
    )


@transaction.atomic
def replace_text(
    report: Report,
    outline: Outline,
    *,
    file_name: str,
    checksum: str,
    now: datetime,
    by: User | None = None,
) -> ReportText:
    """Make an outline's blocks the text of a report, as a new version; the older ones are kept."""
    # Two editors at once get two versions, one after the other.
    Report.objects.select_for_update().get(pk=report.pk)
    match = _match(report, outline)
    newest = report.texts.first()
    text = ReportText.objects.create(
        report=report,
        version=newest.version + 1 if newest else 1,
        file_name=file_name[:200],
        checksum=checksum,
        imported_at=now,
        imported_by=by,
    )
    for passage in match.passages:
        passage.report_text = text
    Passage.objects.bulk_create(match.passages, batch_size=500)
    Mark.objects.bulk_create(
        Mark(passage=passage, action_id=mark.action_id, start=mark.start, end=mark.end)
        for passage, mark in match.marks
    )
    touch(())
    return text


def _match(report: Report, outline: Outline) -> _Match:
    newest = report.texts.first()
    older = newest.passages.prefetch_related("marks") if newest else []
    old = {passage.anchor: passage for passage in older}
    headlines = {folded(r.headline): r.pk for r in Recommendation.objects.filter(report=report)}
    titles = {folded(section.title): section for section in report.sections.all()}
    owners, sections = _by_block(outline, headlines, titles)
    marks = []
    passages = passages_from(outline.blocks, sections)
    for n, passage in enumerate(passages):
        before = old.get(passage.anchor)
        passage.recommendation_id = (before and before.recommendation_id) or owners.get(n)
        if before and before.text == passage.text:
            marks += [(passage, mark) for mark in before.marks.all()]
    return _Match(passages, marks, old)


def _by_block(
    outline: Outline, headlines: dict[str, int], titles: dict[str, Section]
) -> tuple[dict[int, int], dict[int, Section]]:
    """Return the recommendation and the section of blocks, by headlines and titles alike."""
    owners: dict[int, int] = {}
    sections: dict[int, Section] = {}
    for proposed in outline.sections:
        title = titles.get(folded(proposed.title))
        if title and proposed.block is not None:
            sections[proposed.block] = title
        for one in proposed.recommendations:
            if key := headlines.get(folded(one.headline)):
                owners |= dict.fromkeys(one.blocks, key)
    return owners, sections
