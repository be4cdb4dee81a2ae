"""What a file proposes, as types: made by the reader, decided of by an editor, kept as JSON.

The JSON of an outline is that of its types, so that what is kept is read back as what it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta, Struct, ValidationError, convert, to_builtins
from msgspec.structs import replace

from .deadlines import FoundDeadline
from .document import Kind
from .metadata import DatePrecision
from .request_sentences import Strength

# Of the JSON. Another number, whenever what is kept under this one could not be read any more.
VERSION: Final = 1
Origin = Literal["listed", "running_text"]
Index = Annotated[int, Meta(ge=0)]
# What a column of small integers holds.
Level = Annotated[int, Meta(ge=0, le=32_767)]


class UnreadableOutline(Exception):
    """What was kept cannot be read, in a sentence that says what to do."""


class Place(NamedTuple):
    """Where something stands: the number of a block, and offsets in its text."""

    block: Index
    start: Index
    end: Index


class TextBlock(Struct, frozen=True):
    """A block of the document as it is kept and becomes a passage."""

    kind: Kind
    level: Level
    html: str
    text: str


class ProposedAction(Struct, omit_defaults=True):
    """A sentence that asks for something.

    An editor may have `dropped` it, or `taken` it where it stands in running text. `more_places`
    are those of the actions that were merged with it. `new_bodies` are names of the text that the
    tracker does not know. `deadline_words` say by when where no date can be told from them.
    """

    text: str
    place: Place
    rule: str
    strength: Strength
    parties: tuple[str, ...]
    bodies: tuple[str, ...]
    deadline: FoundDeadline | None
    dropped: bool = False
    taken: bool = False
    more_places: tuple[Place, ...] = ()
    new_bodies: tuple[str, ...] = ()
    deadline_words: str = ""

    @property
    def places(self) -> tuple[Place, ...]:
        """Where it is asked for. Two parts of one sentence, merged again, stand at one place."""
        places = {(place.block, place.start): place for place in (self.place, *self.more_places)}
        return tuple(places.values())


class ProposedRecommendation(Struct, omit_defaults=True):
    """`blocks` are all that belong to it, the one with the headline first.

    `repeated` are the blocks where the report lists it again.
    """

    number: Annotated[str, Meta(max_length=20)]
    headline: Annotated[str, Meta(max_length=300)]
    place: Place
    rule: str
    blocks: tuple[Index, ...]
    actions: list[ProposedAction]
    dropped: bool = False
    origin: Origin = "listed"
    repeated: tuple[Index, ...] = ()


class ProposedSection(Struct):
    """`parent` is the index of the section that it lies in. `asks` are made in running text.

    Among them, by the rule "conclusion", is what is numbered as recommendations are and asks for
    nothing.
    """

    title: str
    block: Index | None
    level: Level
    parent: Index | None
    recommendations: list[ProposedRecommendation]
    asks: list[ProposedAction]


class OtherReading(Struct):
    """What the report says if it is read by the rule that found next to most."""

    notes: tuple[str, ...]
    sections: list[ProposedSection]


class Outline(Struct, omit_defaults=True):
    """What is proposed to the editor. `notes` say in sentences what to look at first.

    `other` is a reading that was nearly as good, packed: it is JSON of an OtherReading, and nothing
    in it is proposed until somebody switches to it.
    """

    version: Literal[1]
    title: str
    subtitle: str
    authors: tuple[str, ...]
    published_on: date | None
    publisher: str
    language: str
    notes: tuple[str, ...]
    blocks: tuple[TextBlock, ...]
    sections: list[ProposedSection]
    other: str = ""
    published_precision: DatePrecision = "day"

    def __post_init__(self) -> None:
        if fault := next(_faults_of(self), ""):
            raise ValueError(fault)

    @property
    def recommendations(self) -> Iterator[ProposedRecommendation]:
        for section in self.sections:
            yield from section.recommendations

    @property
    def actions(self) -> Iterator[ProposedAction]:
        for recommendation in self.recommendations:
            yield from recommendation.actions


def other_reading(outline: Outline) -> OtherReading | None:
    """Return the reading that was nearly as good. Raises UnreadableOutline."""
    if not outline.other:
        return None
    try:
        return msgspec.json.decode(outline.other, type=OtherReading)
    except msgspec.DecodeError as error:
        raise _damaged() from error


def packed(notes: tuple[str, ...], sections: list[ProposedSection]) -> str:
    """Return a reading as the JSON that an outline keeps of its other one."""
    return msgspec.json.encode(OtherReading(notes, sections)).decode()


def switched(outline: Outline) -> Outline:
    """Return the outline read the other way, and what was proposed before as its other reading."""
    other = other_reading(outline)
    if other is None:
        return outline
    former = packed(outline.notes, outline.sections)
    try:
        return replace(outline, notes=other.notes, sections=other.sections, other=former)
    except ValueError as error:
        # It points at what is not in the text.
        raise _damaged() from error


def as_json(outline: Outline) -> object:
    """Return the outline for a column or a file of JSON."""
    return to_builtins(outline)


def from_json(kept: object) -> Outline:
    """Return the outline of what `as_json()` gave. Raises UnreadableOutline."""
    version = kept.get("version") if isinstance(kept, dict) else None
    if version is not None and version != VERSION:
        raise UnreadableOutline(
            _(
                "This proposal was kept by another version of the tracker (form %(form)s), which "
                "this one cannot read. Give it up and upload the file again."
            )
            % {"form": version}
        )
    try:
        return convert(kept, Outline)
    except ValidationError as error:
        raise _damaged() from error


def _damaged() -> UnreadableOutline:
    return UnreadableOutline(
        _("The proposal that was kept is damaged. Give it up and upload the file again.")
    )


def _faults_of(outline: Outline) -> Iterator[str]:
    """Yield what points at nothing, which the types alone would let through."""
    numbers = Counter(one.number for one in outline.recommendations)
    if shared := [number for number, n in numbers.items() if n > 1]:
        yield f"several recommendations have the number {shared[0]}"
    for n, section in enumerate(outline.sections):
        if section.parent is not None and section.parent >= n:
            yield f"section {n} does not come after the one that it lies in"
        named = [] if section.block is None else [section.block]
        for one in section.recommendations:
            named += [one.place.block, *one.blocks]
        if any(block >= len(outline.blocks) for block in named):
            yield f"section {n} has a block that is not in the text"
        actions = [action for one in section.recommendations for action in one.actions]
        for place in (place for action in [*actions, *section.asks] for place in action.places):
            if not _is_in(outline, place):
                yield f"section {n} has an action at a place that is not in the text"


def _is_in(outline: Outline, place: Place) -> bool:
    if place.block >= len(outline.blocks):
        return False
    return place.start < place.end <= len(outline.blocks[place.block].text)
