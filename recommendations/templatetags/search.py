"""What a search says beside its hits: the words in them marked, and what was read of it."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from recommendations.figures.matches import Matches, Quotation
from recommendations.text.html import format_html, format_html_join
from recommendations.text.languages import say
from recommendations.text.passages import Passage, marked
from recommendations.text.punctuation import listed, quoted

from .content import said, with_its_marks

register = template.Library()


@register.simple_tag
def said_with_matches(text: str, kind: str, matches: Matches | None) -> SafeString | str:
    """A text of the record as `said` gives it, with what a search found in it marked."""
    if not matches or not text:
        return said(text, kind)
    found = say(str(text), kind)
    return with_its_marks(found, _pieces(marked(found.text, matches.query.terms)))


@register.simple_tag
def quotation_of(matches: Matches | None, key: int) -> Quotation | None:
    """What is quoted of a row, by its key."""
    return matches.quotations.get(key) if matches else None


@register.simple_tag
def quotation_of_group(matches: Matches | None, key: int) -> Quotation | None:
    """What is quoted of a recommendation for those of its actions that have the words from it."""
    return matches.of_groups.get(key) if matches else None


@register.simple_tag
def quoted_text(quotation: Quotation) -> SafeString:
    """The passage of a quotation, with dots where it is cut off."""
    passage = quotation.passage
    shown = format_html(
        "{}{}{}",
        "…" if passage.is_cut_before else "",
        _pieces(passage),
        "…" if passage.is_cut_after else "",
    )
    return with_its_marks(quotation.said, shown)


@register.simple_tag
def quoted_words(words: Iterable[str]) -> str:
    """Words in quotation marks, as a list."""
    return listed(map(quoted, words))


def _pieces(passage: Passage) -> SafeString:
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", one.text) if one.is_marked else one.text,)
            for one in passage.pieces
        ),
    )
