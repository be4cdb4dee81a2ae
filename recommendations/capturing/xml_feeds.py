"""Items of RSS (0.9, 1.0, 2.0) and Atom: a stream of events that keeps nothing but them.

A feed that defines entities is refused: they are the way to make a small file a large text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from .charsets import decoded
from .feed_texts import LONGEST_MARKUP, item_of
from .feeds import MOST_ITEMS, Fault, FeedItem, FeedRead, Kind, Unreadable

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
RSS = ("", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
ROOTS: dict[Kind, tuple[str, ...]] = {"rss": ("rss", "RDF"), "atom": ("feed",)}
DEEPEST = 64
# What each element says of an item; what an item says first is taken.
FIELDS = {
    **{(space, "title"): "title" for space in (*RSS, ATOM)},
    **{(space, "link"): "address" for space in RSS},
    **{(space, "guid"): "known_by" for space in RSS},
    **{(space, "pubDate"): "published" for space in RSS},
    **{(space, "description"): "text" for space in RSS},
    (DUBLIN_CORE, "date"): "published",
    (CONTENT, "encoded"): "text",
    (ATOM, "id"): "known_by",
    (ATOM, "published"): "published",
    (ATOM, "updated"): "updated",
    (ATOM, "summary"): "text",
    (ATOM, "content"): "text",
}


@dataclass
class _Reader:
    kind: Kind
    base: str
    items: list[FeedItem] = field(default_factory=list)
    is_cut: bool = False
    depth: int = 0
    # Of the item that is open, and the field that is; at which depth.
    said: dict[str, str] | None = None
    of_item: int = 0
    name: str = ""
    of_name: int = 0
    words: list[str] = field(default_factory=list)
    size: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        space, name = _split(tag)
        if self.depth == 1 and name not in ROOTS[self.kind]:
            raise Unreadable(Fault.NO_FEED)
        if self.depth > DEEPEST:
            raise Unreadable(Fault.BROKEN)
        if self.said is None:
            if name in ("item", "entry") and space in (*RSS, ATOM):
                self.said, self.of_item = {"about": attributes.get(f"{RDF} about", "")}, self.depth
        elif not self.name and self.depth == self.of_item + 1:
            self._begin(space, name, attributes)

    def _begin(self, space: str, name: str, attributes: dict[str, str]) -> None:
        assert self.said is not None
        if (space, name) == (ATOM, "link"):
            if attributes.get("rel", "alternate") == "alternate":
                self.said.setdefault("address", attributes.get("href", ""))
        elif found := FIELDS.get((space, name)):
            self.name, self.of_name, self.words, self.size = found, self.depth, [], 0

    def data(self, text: str) -> None:
        if self.name and self.size < LONGEST_MARKUP:
            self.words.append(text)
            self.size += len(text)

    def end(self, tag: str) -> None:
        if self.said is not None:
            if self.name and self.depth == self.of_name:
                self.said.setdefault(self.name, "".join(self.words))
                self.name = ""
            elif self.depth == self.of_item:
                self._take(self.said)
                self.said = None
        self.depth -= 1

    def _take(self, said: dict[str, str]) -> None:
        if len(self.items) == MOST_ITEMS:
            self.is_cut = True
            return
        item = item_of(
            known_by=said.get("known_by", "") or said["about"],
            title=said.get("title", ""),
            # RSS may give the address as the guid alone.
            address=said.get("address", "") or said.get("known_by", ""),
            published=said.get("published", "") or said.get("updated", ""),
            text=said.get("text", ""),
            base=self.base,
        )
        if item:
            self.items.append(item)


def read_xml(body: bytes, kind: Kind, *, content_type: str, address: str) -> FeedRead:
    """Return the items of a feed. Raises Unreadable."""
    text, _encoding = decoded(body, content_type)
    reader = _Reader(kind, address)
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.EntityDeclHandler = _refuse
    try:
        # Its own declaration of letters is read already, and may be another one.
        parser.Parse(text.lstrip("\ufeff \t\r\n").encode(errors="replace"), True)
    except expat.ExpatError as error:
        raise Unreadable(Fault.BROKEN if reader.depth else Fault.NO_FEED) from error
    return FeedRead(tuple(reader.items), reader.is_cut)


def _refuse(*_declared: object) -> None:
    raise Unreadable(Fault.ENTITIES)


def _split(tag: str) -> tuple[str, str]:
    space, _blank, name = tag.rpartition(" ")
    return space, name
