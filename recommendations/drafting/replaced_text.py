"""A text for a report that there is already: what it changes, and putting it in place.

Passages are known by their words, those that were changed by their likeness. What was marked in
one stays with it, wherever it moved. What the text recommends besides is offered as drafts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from functools import cached_property

from django.contrib.auth.models import User
from django.db import transaction

from recommendations.importing import Outline
from recommendations.importing.outline import ProposedRecommendation
from recommendations.models import Mark, Passage, Recommendation, Report, ReportText, Section
from recommendations.publishing import touch
from recommendations.text.word_differences import Wording, compare

from .draft import passages_from
from .likeness import pairs_of, place_after
from .offered import add_offered
from .proposals import Proposal, proposals_in

QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


@dataclass(frozen=True)
class ChangedPassage:
    """A passage that is worded anew: what it said, and what it says."""

    before: str
    after: str

    @cached_property
    def wording(self) -> Wording:
        return compare(self.before, self.after)


@dataclass
class TextComparison:
    """What a new text would change. `lost` are marks whose words are not in it any more.

    `kept` are marks whose passages were changed around them. `missing` are recommendations that it
    has no passage for, `offered` those that it has and that the report does not have yet.
    """

    same: int = 0
    moved: list[str] = field(default_factory=list)
    changed: list[ChangedPassage] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    kept: list[Mark] = field(default_factory=list)
    lost: list[Mark] = field(default_factory=list)
    missing: list[Recommendation] = field(default_factory=list)
    offered: list[Proposal] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not (self.moved or self.changed or self.gone or self.added or self.offered)


def folded(text: str) -> str:
    """Return a title as two writers of it would agree on: quotes, case and ends aside."""
    plain = unicodedata.normalize("NFKC", text).translate(QUOTES).casefold()
    return re.sub(r"\s+", " ", plain).strip(" .:;。")


@dataclass
class _CarriedMark:
    """A mark of the old text, and where it stands in the new one."""

    mark: Mark
    passage: Passage
    start: int
    end: int


@dataclass
class _Match:
    """The new passages, unsaved, each with what it takes over."""

    passages: list[Passage]
    marks: list[_CarriedMark]
    old: dict[str, Passage]
    changed: dict[str, Passage]
    """The old passages by the anchors of those that they were changed to."""
    offered: list[Proposal]


def compare_text(report: Report, outline: Outline) -> TextComparison:
    """Return what `replace_text()` would change; nothing is written (six queries)."""
    match = _match(report, outline)
    before, after = list(match.old), [passage.anchor for passage in match.passages]
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    still = {anchor for block in blocks for anchor in before[block.a : block.a + block.size]}
    new = {passage.anchor: passage for passage in match.passages}
    reworded = {passage.anchor for passage in match.changed.values()}
    carried = {one.mark.pk: one for one in match.marks}
    placed = {passage.recommendation_id for passage in match.passages}
    marks = Mark.objects.filter(passage__in=match.old.values()).select_related(
        "action__recommendation", "passage"
    )
    recommendations = Recommendation.objects.filter(report=report, until_edition__isnull=True)
    return TextComparison(
        same=len(still),
        moved=[new[anchor].text for anchor in after if anchor in match.old and anchor not in still],
        changed=[
            ChangedPassage(match.changed[anchor].text, new[anchor].text)
            for anchor in after
            if anchor in match.changed
        ],
        gone=[
            passage.text
            for anchor, passage in match.old.items()
            if anchor not in new and anchor not in reworded
        ],
        added=[
            passage.text
            for anchor, passage in new.items()
            if anchor not in match.old and anchor not in match.changed
        ],
        kept=[mark for mark in marks if mark.passage.anchor in reworded and mark.pk in carried],
        lost=[mark for mark in marks if mark.pk not in carried],
        missing=[one for one in recommendations if one.pk not in placed],
        offered=match.offered,
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
    taken: Collection[str] = (),
) -> ReportText:
    """Make an outline's blocks the text of a report, as a new version; the older ones are kept.

    `taken` are the keys of offered recommendations that become drafts.
    """
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
        Mark(passage=one.passage, action_id=one.mark.action_id, start=one.start, end=one.end)
        for one in match.marks
    )
    chosen = [one for one in match.offered if one.key in taken]
    if chosen:
        add_offered(report, outline, match.passages, chosen, today=now.date())
    touch(())
    return text


def _match(report: Report, outline: Outline) -> _Match:
    newest = report.texts.first()
    older = newest.passages.prefetch_related("marks") if newest else []
    old = {passage.anchor: passage for passage in older}
    headlines = {folded(r.headline): r.pk for r in Recommendation.objects.filter(report=report)}
    titles = {folded(section.title): section for section in report.sections.all()}
    owners, sections = _by_block(outline, headlines, titles)
    passages = passages_from(outline.blocks, sections)
    anchors = {passage.anchor for passage in passages}
    changed = pairs_of(
        [passage for anchor, passage in old.items() if anchor not in anchors],
        [passage for passage in passages if passage.anchor not in old],
    )
    marks = []
    for n, passage in enumerate(passages):
        before = old.get(passage.anchor) or changed.get(passage.anchor)
        passage.recommendation_id = (before and before.recommendation_id) or owners.get(n)
        if before:
            marks += _carried(before, passage)
    return _Match(passages, marks, old, changed, _offered(outline, passages))


def _carried(before: Passage, after: Passage) -> list[_CarriedMark]:
    """Return the marks of a passage that its changed words still have, each place once."""
    found: dict[tuple[int, int], _CarriedMark] = {}
    for mark in before.marks.all():
        is_same = before.text == after.text
        place = (mark.start, mark.end) if is_same else place_after(mark, before.text, after.text)
        if place:
            one = _CarriedMark(mark, after, *place)
            found.setdefault((mark.action_id, one.start), one)
    return list(found.values())


def _offered(outline: Outline, passages: list[Passage]) -> list[Proposal]:
    """Return the recommendations of the outline that none of the report's stands for."""
    return [
        proposal
        for proposal in proposals_in(outline)
        if isinstance(proposal.found, ProposedRecommendation)
        and not any(passages[n].recommendation_id for n in proposal.found.blocks)
    ]


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
