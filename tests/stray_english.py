"""What of a Japanese page is English without saying so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
from babel.messages.pofile import read_po

WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
ADDRESS = re.compile(
    r"(?:https?://|mailto:)\S+|\S+@\S+|[\w./-]*/[\w./?=&%-]*|\b[0-9a-f]{64}\b|\w+\.(?:md|py|yaml|po|csv|ics)\b"
)
SHOWN = ("title", "alt", "aria-label", "placeholder", "label", "summary")
# A field holds a text as it was written, whatever its language.
UNSEEN = {"script", "style", "code", "kbd", "pre", "template", "textarea"}
# Codes that stand in addresses.
CODES = {"field-slug"}
XHTML = "{http://www.w3.org/1999/xhtml}"
WORDS = Path(__file__).parent / "data" / "words_in_japanese.txt"
ALLOWED = {
    word
    for line in WORDS.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
}


def _in_names_of_publishers() -> set[str]:
    """Return the words of publishers' names that their Japanese keeps: USNI, nippon.com."""
    found: set[str] = set()
    for path in (WORDS.parents[2] / "fixtures").glob("*.ja.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="ja"):
                if message.context and message.context.endswith(".publisher"):
                    found.update(WORD.findall(str(message.string)))
    return found


ALLOWED |= _in_names_of_publishers()


def stray_english(html: str) -> list[str]:
    """Return the words in Latin letters of a page in Japanese, each with what stands around it.

    Left out are elements in another language (`lang`), code, addresses, the words of
    data/words_in_japanese.txt, which Japanese writes so, and those in names of publishers.
    """
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return [
        f"{word} ({' '.join(text.split())[:80]})"
        for text in _texts(tree, "ja")
        for word in WORD.findall(ADDRESS.sub(" ", text))
        if word not in ALLOWED
    ]


def _texts(element: Element, language: str) -> Iterator[str]:
    if not isinstance(element.tag, str):
        # A comment.
        return
    tag = element.tag
    if CODES & set(element.get("class", "").split()):
        return
    language = element.get("lang", language)
    if language == "ja" and tag.rpartition("}")[2] not in UNSEEN:
        yield from (element.get(name, "") for name in SHOWN)
        if tag == "meta" and element.get("name") == "description":
            yield element.get("content", "")
        if tag == "input" and element.get("type") in ("submit", "button"):
            yield element.get("value", "")
        yield element.text or ""
    if tag.rpartition("}")[2] in UNSEEN:
        return
    for child in element:
        yield from _texts(child, language)
        if language == "ja":
            yield child.tail or ""
