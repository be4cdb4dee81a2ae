"""Beside a source: for which other actions it is cited, and what is kept of a copy of it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.figures.also_cited import NOBODY, AlsoCited, CitingAction
from recommendations.models import Capture, Evidence
from recommendations.paths import path_of
from recommendations.text.html import format_html, joined
from recommendations.text.punctuation import brackets, colon, comma, gap, stop

from .addresses import address, page
from .content import tagged
from .tracker import day

register = template.Library()
SHOWN_DIGITS = 12


@register.simple_tag(takes_context=True)
def also_cited(context: Context, item: Evidence, action: int) -> SafeString | str:
    """For which other actions than one the source of an item is cited, and how many more.

    It is told where the page knows (`also_cited`), and nothing where for none.
    """
    known: AlsoCited = context.get("also_cited") or NOBODY
    found = known.besides(item.source_id, action)
    if found is None:
        return ""
    citing, others, more = found
    words: list[Any] = [_("Also cited for"), gap()]
    # One that had no report beside those that have would be taken for the report of its neighbour.
    is_named = any(one.slug != known.report for one in others)
    words.append(joined((_action(context, one, is_named=is_named) for one in others), comma()))
    if more > 0:
        told = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
        link = page(context, "recommendations:list", source=citing.slug)
        words += [gap(), format_html('<a href="{}" rel="nofollow">{}</a>', link, told)]
    return joined([*words, stop()])


def _action(context: Context, one: CitingAction, *, is_named: bool) -> SafeString:
    link = format_html('<a href="{}">{}</a>', address(context, one.path), one.label)
    if not is_named:
        return link
    before, behind = brackets()
    return format_html("{}{}{}{}", link, before, tagged(one.report), behind)


def copy_line(copy: Capture) -> SafeString:
    """What is kept of a copy: its hash and day, or when and why it was removed."""
    words: list[Any] = []
    if copy.removed_at:
        words += [_("Copy removed"), comma(), day(copy.removed_at.date()), colon()]
        words += [copy.removal_reason, gap()]
    else:
        words += [_kept(copy), comma(), day(copy.made_at.date()), colon()]
    digest = format_html('<code title="{}">{}…</code>', copy.sha256, copy.sha256[:SHOWN_DIGITS])
    return joined([*words, "SHA-256", gap(), digest, stop()])


def _kept(copy: Capture) -> SafeString | str:
    """The words “copy kept”, which lead to it where readers may have it."""
    words = _("Copy kept")
    if not copy.may_be_shown:
        return words
    link = path_of("recommendations:copy_file", copy.source.slug, copy.sha256)
    return format_html('<a href="{}" rel="nofollow">{}</a>', link, words)
