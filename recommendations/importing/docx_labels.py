"""What Word shows of a document and does not write in its text: numbers and levels of headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from .numbering import KANA, KANJI

MAIN = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLACEHOLDER = re.compile(r"%(\d)")
LETTERS = re.compile(r"[^\W\d_]")
NOT_COUNTED = ("bullet", "none")
HIGHEST, LOWEST = 1, 6
# Styles that lie on each other in a circle end here.
DEEPEST = 20


@dataclass(frozen=True)
class Level:
    """How one level of a list is numbered: `text` is such as "Recommendation %1:"."""

    form: str
    text: str
    start: int


@dataclass
class Lists:
    """The numbering of a document: levels by list, and how far each list has counted."""

    levels: Mapping[str, Mapping[int, Level]]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, xml: bytes | None) -> Lists:
        if xml is None:
            return cls({})
        root = ElementTree.fromstring(xml)
        kinds = {
            one.get(f"{MAIN}abstractNumId", ""): dict(_levels(one))
            for one in root.iter(f"{MAIN}abstractNum")
        }
        found = {}
        for num in root.iter(f"{MAIN}num"):
            kind = _value(num.find(f"{MAIN}abstractNumId"))
            found[num.get(f"{MAIN}numId", "")] = kinds.get(kind, {})
        return cls(found)

    def label(self, list_id: str, depth: int) -> str:
        """Return the label of the next paragraph of a list, empty for a bullet."""
        levels = self.levels.get(list_id, {})
        level = levels.get(depth)
        if level is None or level.form in NOT_COUNTED or not level.text:
            return ""
        counts = self.counts.setdefault(list_id, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [n for n in counts if n > depth]:
            del counts[deeper]

        def number(match: re.Match[str]) -> str:
            n = int(match[1]) - 1
            shown = levels.get(n, level)
            return _written(counts.get(n, shown.start), shown.form)

        return PLACEHOLDER.sub(number, level.text)


def _levels(kind: ElementTree.Element) -> Iterator[tuple[int, Level]]:
    for level in kind.iter(f"{MAIN}lvl"):
        start = _value(level.find(f"{MAIN}start"))
        yield (
            _whole(level.get(f"{MAIN}ilvl")),
            Level(
                _value(level.find(f"{MAIN}numFmt")) or "decimal",
                _value(level.find(f"{MAIN}lvlText")),
                _whole(start) if start else 1,
            ),
        )


def _value(element: ElementTree.Element | None) -> str:
    return (element.get(f"{MAIN}val") or "") if element is not None else ""


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _written(n: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and n > 0:
        letter = chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        return _roman(n).upper() if form == "upperRoman" else _roman(n)
    if form.startswith("aiueo") and 0 < n <= len(KANA):
        return KANA[n - 1]
    if form.startswith(("ideograph", "japaneseCounting", "chineseCounting")):
        return _kanji(n)
    return str(n)


def _roman(n: int) -> str:
    pairs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
             (4, "iv"), (1, "i"))  # fmt: skip
    text = ""
    for value, letters in pairs:
        while n >= value:
            text, n = text + letters, n - value
    return text


def _kanji(n: int) -> str:
    tens, ones = divmod(n, 10)
    before = "" if tens < 2 else KANJI[tens % 10]
    return f"{before}{'十' if tens else ''}{KANJI[ones] if ones else ''}"


@dataclass(frozen=True)
class Styles:
    """The paragraph styles of a document: names, levels of headings and lists, by their ids."""

    names: Mapping[str, str]
    headings: Mapping[str, int]
    lists: Mapping[str, tuple[str, int]]

    @classmethod
    def of(cls, xml: bytes | None) -> Styles:
        if xml is None:
            return cls({}, {}, {})
        styles = {
            style.get(f"{MAIN}styleId", ""): style
            for style in ElementTree.fromstring(xml).iter(f"{MAIN}style")
            if style.get(f"{MAIN}type") == "paragraph"
        }
        names = {key: _value(style.find(f"{MAIN}name")) for key, style in styles.items()}
        headings = {
            key: level for key in styles if (level := _heading_level(styles, key)) is not None
        }
        lists = {key: found for key in styles if (found := _list_of_style(styles, key))}
        return cls(names, headings, lists)

    @property
    def as_map(self) -> str:
        """Return the headings in the language of mammoth's style maps."""
        lines = []
        for key, level in self.headings.items():
            name = self.names[key].replace("\\", "\\\\").replace("'", "\\'")
            if name and "\n" not in name and name != "Title":
                lines.append(f"p[style-name='{name}'] => h{level}:fresh")
        return "\n".join(lines)


def _with_bases(
    styles: Mapping[str, ElementTree.Element], key: str
) -> Iterator[ElementTree.Element]:
    """Yield a style and those that it is based on."""
    for _n in range(DEEPEST):
        style = styles.get(key)
        if style is None:
            return
        yield style
        key = _value(style.find(f"{MAIN}basedOn"))


def _heading_level(styles: Mapping[str, ElementTree.Element], key: str) -> int | None:
    for style in _with_bases(styles, key):
        level = style.find(f"{MAIN}pPr/{MAIN}outlineLvl")
        if level is not None:
            n = _whole(_value(level))
            # The level below all headings is that of the body.
            return min(n + HIGHEST, LOWEST) if n < 9 else None
    return None


def _list_of_style(styles: Mapping[str, ElementTree.Element], key: str) -> tuple[str, int] | None:
    for style in _with_bases(styles, key):
        if found := list_of(style.find(f"{MAIN}pPr")):
            return found
    return None


def list_of(properties: ElementTree.Element | None) -> tuple[str, int] | None:
    """Return the list that a paragraph is in, and its depth there."""
    number = properties.find(f"{MAIN}numPr") if properties is not None else None
    if number is None:
        return None
    list_id = _value(number.find(f"{MAIN}numId"))
    return (list_id, _whole(_value(number.find(f"{MAIN}ilvl")))) if list_id else None


def with_labels(xml: bytes, styles: Styles, lists: Lists) -> bytes:
    """Return the document with the numbers of its lists in its text.

    What is numbered at the highest level is a paragraph then; what is numbered below it stays an
    item of its list. A heading gets a label that has words ("Recommendation 1"), and no number.
    """
    root = ElementTree.fromstring(xml)
    for paragraph in root.iter(f"{MAIN}p"):
        properties = paragraph.find(f"{MAIN}pPr")
        if properties is None or properties.find(f"{MAIN}rPr/{MAIN}del") is not None:
            continue
        style = _value(properties.find(f"{MAIN}pStyle"))
        place = list_of(properties) or styles.lists.get(style)
        label = lists.label(*place) if place else ""
        if not label or (style in styles.headings and not LETTERS.search(label)):
            continue
        paragraph.insert(1, _run(label + " "))
        number = properties.find(f"{MAIN}numPr")
        if number is not None and place and place[1] == 0:
            properties.remove(number)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _run(text: str) -> ElementTree.Element:
    run = ElementTree.Element(f"{MAIN}r")
    words = ElementTree.SubElement(run, f"{MAIN}t")
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    words.text = text
    return run
