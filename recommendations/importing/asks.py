"""What the sentences of a document ask for, of whom, and by when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .addressees import AddresseeNames, AddresseeReader
from .deadlines import Known, said_in
from .document import Document
from .hits import CONCLUSION, Hit
from .imperatives import is_imperative
from .milestones import Columns, columns_of
from .numbering import opening_mark
from .outline import Place, ProposedAction, ProposedRecommendation
from .repetitions import Merged
from .request_sentences import Strength, ask_in, may_ask
from .sentences import sentences
from .styles import KOTO, headline_of

# Rules of styles whose headline is a sentence of the text, which may itself be what is asked.
SENTENCES = ("number", "list", "table", "koto", "asking")


# "… mend the dykes.3"
NOTE_MARK = re.compile(r"(?<=[.!?;])\d{1,3}$")


@dataclass(frozen=True)
class AskReader:
    document: Document
    addressees: AddresseeReader

    @classmethod
    def of(cls, document: Document, names: AddresseeNames) -> AskReader:
        return cls(document, AddresseeReader.of(document, names))

    def recommendation(
        self, one: Merged, number: str, extent: tuple[int, ...]
    ) -> ProposedRecommendation:
        hit = one.hit
        block = self.document.blocks[hit.block]
        return ProposedRecommendation(
            number,
            headline_of(block, hit),
            Place(hit.block, hit.start, hit.end),
            hit.rule,
            extent,
            self._actions(hit, extent),
            repeated=tuple(other.block for other in one.repeated),
        )

    def conclusion(self, hit: Hit) -> ProposedAction:
        """Return what stands among recommendations and asks for nothing, to be taken or not."""
        return self._action(Place(hit.block, hit.start, hit.end), CONCLUSION, "implied")

    def _actions(self, hit: Hit, extent: tuple[int, ...]) -> list[ProposedAction]:
        place = Place(hit.block, hit.start, hit.end)
        own = self._own(hit)
        # A headline that is a whole sentence of a paragraph may be the ask itself.
        since = hit.start if hit.rule in SENTENCES and not own else hit.end
        actions = own + list(self.asks_in(hit.block, since=since))
        actions += self._below(extent)
        return actions or [self._action(place, "headline", "direct")]

    def _own(self, hit: Hit) -> list[ProposedAction]:
        """Return the sentence of a recommendation as its first action where it asks by its mood."""
        if hit.rule not in SENTENCES:
            return []
        text = self.document.blocks[hit.block].text[hit.start : hit.end]
        place = Place(hit.block, hit.start, hit.end)
        if KOTO.search(text):
            return [self._action(place, "こと", "direct")]
        if is_imperative(text):
            return [self._action(place, "imperative", "direct")]
        return []

    def _below(self, extent: tuple[int, ...]) -> Iterator[ProposedAction]:
        """Yield what is asked for below a headline. After a colon each item of a list is an ask."""
        blocks = self.document.blocks
        columns: Columns | None = None
        is_listing = blocks[extent[0]].text.rstrip().endswith((":", "："))
        for n in extent[1:]:
            block = blocks[n]
            if block.kind == "row":
                columns = columns or columns_of(block)
                if columns and columns_of(block) is None:
                    yield from self._milestone(n, columns)
                    continue
            else:
                columns = None
            asks = list(self.asks_in(n))
            if block.kind == "item" and is_listing and not block.is_continued:
                yield from asks or [self._whole(n)]
                continue
            is_listing = block.text.rstrip().endswith((":", "：")) and block.kind != "item"
            yield from asks

    def _whole(self, n: int) -> ProposedAction:
        text = self.document.blocks[n].text
        mark = opening_mark(text)
        return self._action(Place(n, mark.end if mark else 0, len(text)), "item", "direct")

    def _milestone(self, n: int, columns: Columns) -> Iterator[ProposedAction]:
        found = columns.of(self.document.blocks[n])
        if found is None:
            return
        action = self._action(Place(n, found.start, found.end), "milestone", "direct")
        if found.deadline:
            action.deadline, action.deadline_words = found.deadline, ""
        elif found.words:
            action.deadline_words = found.words
        if found.responsible:
            named = self.addressees.named(found.responsible)
            action.parties, action.bodies = named.parties, named.bodies
            action.new_bodies = named.new_bodies
        yield action

    def asks_in(self, n: int, *, since: int = 0) -> Iterator[ProposedAction]:
        """Yield what the sentences of a block ask for, from an offset on."""
        text = self.document.blocks[n].text
        if not may_ask(text):
            return
        for start, end in sentences(text[since:]):
            place = Place(n, since + start, since + end)
            if rule := ask_in(text[place.start : place.end]):
                yield self._action(place, rule.name, rule.strength)

    def _action(self, place: Place, rule: str, strength: Strength) -> ProposedAction:
        text = self.document.blocks[place.block].text[place.start : place.end]
        named = self.addressees.asked_in(text)
        fiscal_year_of = self.addressees.names.fiscal_year_of
        said = said_in(
            text,
            Known(
                self.document.published_on,
                lambda usual: fiscal_year_of(named.parties, usual=usual),
            ),
        )
        return ProposedAction(
            NOTE_MARK.sub("", text.lstrip(" .:。：").strip()),
            place,
            rule,
            strength,
            named.parties,
            named.bodies,
            said.found if said else None,
            new_bodies=named.new_bodies,
            deadline_words=said.words if said and not said.found else "",
        )
