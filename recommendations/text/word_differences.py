"""Which words of a text changed: marked for the eye, and said to a screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recommendations.text.html import format_html, format_html_join

from .scripts import JAPANESE_LETTERS

# Japanese puts no spaces between words: each of its characters is compared by itself, together
# with the marks (voicing, variation selectors) that belong to it.
SINGLE = JAPANESE_LETTERS + "\u3000-\u303f\u3190-\u319f\uff00-\uffef"
MARKS = "\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
TOKEN = re.compile(
    rf"(?:[{SINGLE}][{MARKS}]*|[^\W{SINGLE}](?:[^\W{SINGLE}]|[{MARKS}’'-])*|\S[{MARKS}]*)\s*"
)
SENTENCE = re.compile(r".+?(?:[.!?。！？]+\s+|[。！？]|\n|\Z)\s*", re.DOTALL)
# Comparing takes the square of the number of tokens: longer texts are compared by sentence.
MOST_TOKENS = 2000
# Texts that share less are two texts: marking the odd "the" in both would help nobody.
ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text that both versions share, or what one has in place of the other's."""

    before: str
    after: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """Two versions of a text. Spaces and line breaks alone are no difference."""

    stretches: tuple[Stretch, ...]

    @property
    def is_change(self) -> bool:
        return not all(stretch.is_same for stretch in self.stretches)

    def before(self) -> SafeString:
        """Return the old text with the words marked that the new one lacks."""
        return _joined(
            _same(one.before) if one.is_same else _removed(one.before) for one in self.stretches
        )

    def after(self) -> SafeString:
        """Return the new text with the words marked that the old one lacked."""
        return _joined(
            _same(one.after) if one.is_same else _added(one.after) for one in self.stretches
        )

    def together(self) -> SafeString:
        """Return one text with both: what went, and what came in its place."""
        return _joined(
            _same(one.after)
            if one.is_same
            else format_html("{}{}", _removed(one.before, gap=bool(one.after)), _added(one.after))
            for one in self.stretches
        )


def compare(before: str, after: str) -> Wording:
    """Compare two texts word by word, and Japanese character by character.

    compare("No step was found.", "A step was found.") has the stretches "No"/"A" and "step …".
    """
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if max(len(old), len(new)) > MOST_TOKENS:
        old, new = SENTENCE.findall(before), SENTENCE.findall(after)
    matcher = SequenceMatcher(None, _keys(old), _keys(new), autojunk=False)
    if old and new and matcher.ratio() < ALIKE:
        return whole(before, after)
    return Wording(
        tuple(
            Stretch("".join(old[i:j]), "".join(new[k:m]), tag == "equal")
            for tag, i, j, k, m in matcher.get_opcodes()
        )
    )


def whole(before: str, after: str) -> Wording:
    """Compare two values that are the same or not: words, dates, names."""
    return Wording((Stretch(before, after, is_same=before == after),))


def _keys(tokens: Sequence[str]) -> list[str]:
    return [token.rstrip() for token in tokens]


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _same(text: str) -> SafeString:
    return format_html("{}", text)


def _removed(text: str, *, gap: bool = False) -> SafeString:
    return _marked("del", text, _("Removed:"), _("end of what was removed"), gap=gap)


def _added(text: str) -> SafeString:
    return _marked("ins", text, _("Added:"), _("end of what was added"))


def _marked(tag: str, text: str, opening: str, closing: str, *, gap: bool = False) -> SafeString:
    """Return the marked text. Most screen readers do not announce <ins> and <del> themselves."""
    words = text.rstrip()
    if not words:
        return format_html("{}", text)
    return format_html(
        '<{0}><span class="vh">{1} </span>{2}<span class="vh"> ({3}) </span></{0}>{4}',
        tag,
        opening,
        words,
        closing,
        text[len(words) :] or (" " if gap else ""),
    )
