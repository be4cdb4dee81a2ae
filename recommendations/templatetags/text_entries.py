"""What stands together in the reading view, with its record in the margin, without a template.

A long report has hundreds of recommendations on one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from recommendations.figures.annotated_text import Entry, Paragraph, Part
from recommendations.models import Recommendation
from recommendations.text.html import format_html, format_html_join, joined
from recommendations.text.punctuation import colon

from .addresses import address
from .content import said
from .tracker import glyph, standing

if TYPE_CHECKING:
    from recommendations.rows import ListedAction

register = template.Library()


@register.simple_tag(takes_context=True)
def text_entries(context: Context, part: Part) -> SafeString:
    """The entries of a part of the reading view."""
    return joined(_entry(context, entry) for entry in part.entries)


@register.simple_tag
def text_contents(part: Part) -> SafeString:
    """The recommendations of a part, for the contents."""
    return format_html_join(
        "",
        '<li><a href="#r-{}">{}<span>{} {}<span class="vh">{}{}</span></span></a></li>',
        (
            (
                row.recommendation.number,
                glyph(row.status),
                row.recommendation.number,
                said(row.recommendation.headline, "recommendation.headline"),
                colon(),
                row.status_label,
            )
            for row in part.rows
        ),
    )


def _entry(context: Context, entry: Entry) -> SafeString:
    recommendation = entry.recommendation
    has_margin = bool(recommendation or entry.actions)
    return format_html(
        '<div class="passage{}"{}>{}{}</div>',
        "" if has_margin else " plain",
        format_html(' id="r-{}"', recommendation.number) if recommendation else "",
        _text(entry.paragraphs) if entry.paragraphs else _summary(context, entry),
        _margin(context, entry) if has_margin else "",
    )


def _text(paragraphs: Iterable[Paragraph]) -> SafeString:
    drawn = (
        (name := "h3" if one.kind == "heading" else "p", one.anchor, one.html, name)
        for one in paragraphs
    )
    return format_html(
        '<div class="text">{}</div>', format_html_join("", '<{} id="{}">{}</{}>', drawn)
    )


def _summary(context: Context, entry: Entry) -> SafeString:
    """Return our summary of a recommendation, in the place of its text."""
    recommendation = entry.recommendation
    return format_html(
        '<div class="text ours">{}<ul class="asks" role="list">{}</ul></div>',
        joined(_words(context, recommendation)) if recommendation else "",
        _asks(context, entry.actions),
    )


def _words(context: Context, recommendation: Recommendation) -> Iterator[SafeString]:
    yield format_html(
        '<h3><a class="quiet" href="{}">{}</a></h3>',
        address(context, recommendation),
        said(recommendation.headline, "recommendation.headline"),
    )
    if recommendation.summary:
        yield format_html("<p>{}</p>", said(recommendation.summary, "recommendation.summary"))


def _asks(context: Context, actions: Iterable[ListedAction]) -> SafeString:
    form = '<li><mark><a href="{}">{}{}<span class="vh">{}{}</span></a></mark></li>'
    rows = (
        (
            address(context, action),
            said(action.title, "action.title"),
            glyph(action.status),
            colon(),
            action.get_status_display(),
        )
        for action in actions
    )
    return format_html_join("", form, rows)


def _margin(context: Context, entry: Entry) -> SafeString:
    head = ""
    if entry.row:
        head = format_html(
            '<p class="head"><a class="quiet" href="{}">{}</a> {}</p>',
            address(context, entry.row.recommendation),
            entry.row.recommendation.number,
            standing(entry.row, "small"),
        )
    return format_html('<div class="margin">{}{}</div>', head, _statuses(context, entry.actions))


def _statuses(context: Context, actions: Iterable[ListedAction]) -> SafeString | str:
    rows = [
        (
            glyph(action.status),
            address(context, action),
            action.label,
            action.get_status_display(),
        )
        for action in actions
    ]
    form = '<li>{}<span><a class="quiet" href="{}">{}</a> {}</span></li>'
    return format_html('<ul role="list">{}</ul>', format_html_join("", form, rows)) if rows else ""
