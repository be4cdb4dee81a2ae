"""A document to a proposal: sections, recommendations and the actions that they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .addressees import AddresseeNames
from .deadlines import deadline_in
from .document import Block, Document
from .outline import (
    VERSION,
    Outline,
    Place,
    ProposedAction,
    ProposedRecommendation,
    ProposedSection,
    TextBlock,
)
from .request_sentences import Strength, ask_in
from .sentences import sentences
from .styles import Hit, context_of, headline_of, hits_of


def outline_of(document: Document, names: AddresseeNames) -> Outline:
    """Return sections, recommendations and actions; the same for the same document."""
    blocks = document.blocks
    context = context_of(blocks)
    hits = hits_of(context)
    owned = {hit.block: _extent(blocks, hit, hits) for hit in hits}
    taken = {n for extent in owned.values() for n in extent}
    sections, section_of = _sections(blocks, {hit.block for hit in hits})
    reader = _Reader(document, names)
    for n, block in enumerate(blocks):
        if n not in taken and block.kind != "heading" and not context.is_apart(n):
            sections[section_of[n]].asks += reader.asks_in(n)
    numbers = iter(_numbers(hits, section_of))
    for hit in hits:
        recommendation = reader.recommendation(hit, next(numbers), owned[hit.block])
        sections[section_of[hit.block]].recommendations.append(recommendation)
    if sections[0].block is None and not (sections[0].recommendations or sections[0].asks):
        sections = _without_first(sections)
    return Outline(
        version=VERSION,
        title=document.title,
        subtitle=document.subtitle,
        authors=document.authors,
        published_on=document.published_on,
        publisher=document.publisher,
        language=document.language,
        notes=tuple(_notes(document, hits)),
        blocks=tuple(TextBlock(b.kind, b.level, b.html, b.text) for b in blocks),
        sections=sections,
    )


def _notes(document: Document, hits: Sequence[Hit]) -> Iterator[str]:
    if not hits:
        yield _(
            "No recommendation was found. Mark what is one in the breakdown, or write each so that "
            "it opens with a bold sentence, a number or the word “Recommendation”."
        )
    for name, value in (
        (_("title"), document.title),
        (_("authors"), document.authors),
        (_("date of publication"), document.published_on),
    ):
        if not value:
            yield _("The file does not say the %(name)s: add it.") % {"name": name}


# Sections ---------------------------------------------------------------------------------------


def _sections(
    blocks: Sequence[Block], hits: set[int]
) -> tuple[list[ProposedSection], dict[int, int]]:
    """Return the sections, and the index of that of each block.

    The first is for what stands before any heading, or in a report without one.
    """
    sections = [ProposedSection("", None, 0, None, [], [])]
    section_of: dict[int, int] = {}
    path = [0]
    for n, block in enumerate(blocks):
        if block.kind == "heading" and n not in hits:
            while len(path) > 1 and sections[path[-1]].level >= block.level:
                path.pop()
            parent = path[-1] or None
            sections.append(ProposedSection(block.text, n, block.level, parent, [], []))
            path.append(len(sections) - 1)
        section_of[n] = path[-1]
    return sections, section_of


def _without_first(sections: list[ProposedSection]) -> list[ProposedSection]:
    rest = sections[1:]
    for section in rest:
        section.parent = section.parent - 1 if section.parent else None
    return rest


# Recommendations ---------------------------------------------------------------------------------


def _extent(blocks: Sequence[Block], hit: Hit, hits: Sequence[Hit]) -> tuple[int, ...]:
    """Return the blocks of a recommendation: its own and those that go on with it."""
    others = {other.block for other in hits}
    opening = blocks[hit.block]
    found = [hit.block]
    for n in range(hit.block + 1, len(blocks)):
        block = blocks[n]
        if n in others or not _goes_on(opening, block):
            break
        found.append(n)
    return tuple(found)


def _goes_on(opening: Block, block: Block) -> bool:
    if opening.kind == "row":
        return False
    if opening.kind == "item":
        deeper = block.kind == "item" and block.level > opening.level
        return deeper or (block.kind == "item" and block.is_continued)
    if opening.kind == "heading":
        return block.kind != "heading" or block.level > opening.level
    return block.kind != "heading"


def _numbers(hits: Sequence[Hit], section_of: dict[int, int]) -> Iterator[str]:
    """Yield the report's own numbers where they are all there and differ, else those of places.

    In a report with several sections of recommendations these are 1.1, 1.2, 2.1 ...
    """
    own = [hit.number for hit in hits]
    if all(own) and len(set(own)) == len(own):
        yield from own
        return
    order = list(dict.fromkeys(section_of[hit.block] for hit in hits))
    counts = dict.fromkeys(order, 0)
    for hit in hits:
        section = section_of[hit.block]
        counts[section] += 1
        n = counts[section]
        yield f"{order.index(section) + 1}.{n}" if len(order) > 1 else str(n)


@dataclass(frozen=True)
class _Reader:
    document: Document
    names: AddresseeNames

    def recommendation(
        self, hit: Hit, number: str, extent: tuple[int, ...]
    ) -> ProposedRecommendation:
        block = self.document.blocks[hit.block]
        place = Place(hit.block, hit.start, hit.end)
        # A headline that is a whole sentence of a paragraph may be the ask itself.
        start = 0 if hit.rule in ("number", "list", "table") else hit.end
        actions = list(self.asks_in(hit.block, since=start))
        actions += [ask for n in extent[1:] for ask in self.asks_in(n)]
        if not actions:
            actions = [self._action(place, "headline", "direct")]
        return ProposedRecommendation(
            number, headline_of(block, hit), place, hit.rule, extent, actions
        )

    def asks_in(self, n: int, *, since: int = 0) -> Iterator[ProposedAction]:
        """Yield what the sentences of a block ask for, from an offset on."""
        text = self.document.blocks[n].text
        for start, end in sentences(text[since:]):
            place = Place(n, since + start, since + end)
            if rule := ask_in(text[place.start : place.end]):
                yield self._action(place, rule.name, rule.strength)

    def _action(self, place: Place, rule: str, strength: Strength) -> ProposedAction:
        text = self.document.blocks[place.block].text[place.start : place.end]
        named = self.names.named_in(text)
        return ProposedAction(
            text.lstrip(" .:。：").strip(),
            place,
            rule,
            strength,
            named.parties,
            named.bodies,
            deadline_in(text, published_on=self.document.published_on),
        )
