"""A document to a proposal: sections, recommendations and the actions that they ask for."""

from __future__ import annotations

from collections.abc import Sequence

from .addressees import AddresseeNames
from .announcing import Context, context_of
from .asks import AskReader
from .choosing import readings_of
from .document import Block, Document
from .extents import extent_of
from .hits import CONCLUSION, Hit
from .labels import quoted
from .notes import notes_of
from .outline import VERSION, Outline, ProposedSection, TextBlock, packed
from .repetitions import Merged, merged


def outline_of(document: Document, names: AddresseeNames) -> Outline:
    """Return sections, recommendations and actions; the same for the same document."""
    context = context_of(document.blocks, document.title)
    reader = AskReader.of(document, names)
    readings = readings_of(context)
    best = merged(context, readings.best)
    return Outline(
        version=VERSION,
        title=document.title,
        subtitle=document.subtitle,
        authors=document.authors,
        published_on=document.published_on,
        published_precision=document.published_precision,
        publisher=document.publisher,
        language=document.language,
        notes=tuple(notes_of(document, best)),
        blocks=tuple(TextBlock(b.kind, b.level, b.html, b.text) for b in document.blocks),
        sections=_read(context, reader, best),
        other=_other(document, context, reader, merged(context, readings.other)),
    )


def _other(document: Document, context: Context, reader: AskReader, found: list[Merged]) -> str:
    """Return the next best reading, packed, empty if there is none."""
    if not found:
        return ""
    notes = tuple(notes_of(document, found))
    return packed(notes, _read(context, reader, found))


def _read(context: Context, reader: AskReader, found: list[Merged]) -> list[ProposedSection]:
    blocks = context.blocks
    opening = {hit.block for one in found for hit in (one.hit, *one.repeated)}
    conclusions = [one.hit for one in found if one.hit.rule == CONCLUSION]
    found = [one for one in found if one.hit.rule != CONCLUSION]
    hits = [one.hit for one in found]
    owned = [extent_of(context, hit, opening) for hit in hits]
    repeated = [extent_of(context, hit, opening) for one in found for hit in one.repeated]
    taken = {n for extent in (*owned, *repeated) for n in extent}
    sections, section_of = _sections(blocks, {hit.block for hit in hits}, taken)
    apart = taken | quoted(blocks)
    for n, block in enumerate(blocks):
        if n not in apart and block.kind != "heading" and not context.is_apart(n):
            sections[section_of[n]].asks += reader.asks_in(n)
    for hit in conclusions:
        sections[section_of[hit.block]].asks.append(reader.conclusion(hit))
    numbers = _numbers(hits, section_of)
    for one, extent, number in zip(found, owned, numbers, strict=True):
        recommendation = reader.recommendation(one, number, extent)
        sections[section_of[one.hit.block]].recommendations.append(recommendation)
    if sections[0].block is None and not (sections[0].recommendations or sections[0].asks):
        sections = _without_first(sections)
    return sections


# Sections ---------------------------------------------------------------------------------------


def _sections(
    blocks: Sequence[Block], hits: set[int], taken: set[int]
) -> tuple[list[ProposedSection], dict[int, int]]:
    """Return the sections, and the index of that of each block.

    The first is for what stands before any heading, or in a report without one. The headings in a
    recommendation are no sections.
    """
    sections = [ProposedSection("", None, 0, None, [], [])]
    section_of: dict[int, int] = {}
    path = [0]
    for n, block in enumerate(blocks):
        if block.kind == "heading" and (n in hits or n not in taken):
            while len(path) > 1 and sections[path[-1]].level >= block.level:
                path.pop()
        if block.kind == "heading" and n not in taken:
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


# Numbers -----------------------------------------------------------------------------------------


def _numbers(hits: Sequence[Hit], section_of: dict[int, int]) -> list[str]:
    """Return the report's own numbers where they are all there and differ, else those of places.

    In a report with several sections of recommendations these are 1.1, 1.2, 2.1 ...
    """
    own = [hit.number for hit in hits]
    if all(own) and len(set(own)) == len(own):
        return own
    order = list(dict.fromkeys(section_of[hit.block] for hit in hits))
    counts = dict.fromkeys(order, 0)
    found = []
    for hit in hits:
        section = section_of[hit.block]
        counts[section] += 1
        n = counts[section]
        found.append(f"{order.index(section) + 1}.{n}" if len(order) > 1 else str(n))
    return found
