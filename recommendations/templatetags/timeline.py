"""Updates and their evidence, put together without a template.

The page of a recommendation has a dozen of them, each with some fifty values: in templates they
took half of its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from recommendations.models import Evidence, StatusUpdate
from recommendations.models.edition import EditionKind
from recommendations.statuses import Status
from recommendations.text.html import conditional_escape, format_html, joined
from recommendations.text.kept import kept_by_language
from recommendations.text.punctuation import colon, comma, gap, listed, semicolon, stop

from .citing import also_cited, copy_line
from .content import publisher, said, tagged
from .sources import cited, source_link
from .tracker import change, day, glyph

register = template.Library()


# Evidence ----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def evidence_list(context: Context, items: Iterable[Evidence], action: int = 0) -> SafeString:
    """The items in full, as a list; nothing where there are none.

    Where the page knows who else cites their sources (`also_cited`), each says for which other
    actions than one, and what is kept of its copy (`kept_copies`).
    """
    rows = [
        format_html('<li class="evidence">{}</li>', joined(_item(context, item, action)))
        for item in items
    ]
    if not rows:
        return mark_safe("")
    return format_html('<ul class="evidence-list" role="list">{}</ul>', joined(rows))


def _item(context: Context, item: Evidence, action: int) -> Iterator[Any]:
    yield cited(context, item)
    if item.supports:
        yield gap()
        yield said(item.supports, "evidence.supports")
    if missing := item.missing_facts:
        words = (_("Not recorded:"), gap(), listed(missing), stop())
        yield format_html('{}<span class="meta">{}{}{}{}</span>', gap(), *words)
    if copy := (context.get("kept_copies") or {}).get(item.capture_sha256):
        yield format_html('{}<span class="meta">{}</span>', gap(), copy_line(copy))
    if others := also_cited(context, item, action):
        yield format_html('{}<span class="meta">{}</span>', gap(), others)


@register.simple_tag(takes_context=True)
def sources(context: Context, items: Iterable[Evidence]) -> SafeString:
    """The items in one line: whose they are, and of when."""
    shown = [_source(context, item) for item in items]
    if not shown:
        return mark_safe("")
    return format_html('<p class="evidence">{}</p>', joined(shown, semicolon()))


def _source(context: Context, item: Evidence) -> SafeString:
    link = source_link(context, item.url, publisher(item.publisher))
    if not item.published_on:
        return conditional_escape(link)
    return joined((link, comma(), day(item.published_on, item.published_precision)))


# Updates -----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def timeline_entry(
    context: Context, update: StatusUpdate, may_log: object = False, may_retract: object = False
) -> SafeString:
    """An update of for_timeline() with all that it says, and what staff may do about it."""
    return format_html(
        '<li id="{}"{}>{}</li>',
        update.slug,
        mark_safe(' class="ended"' if update.ended_in_edition_id else ""),
        joined(_entry(context, update, bool(may_log), bool(may_retract))),
    )


def _entry(
    context: Context, update: StatusUpdate, may_log: bool, may_retract: bool
) -> Iterator[Any]:
    yield _when(update.status, update.effective_on, update.effective_precision)
    yield format_html(
        '<h3 class="what"><a class="quiet" href="#action-{}">{}</a></h3>',
        update.action.number,
        tagged(str(update.action)),
    )
    before = getattr(update, "previous_status", None) or Status.NOT_ASSESSED.value
    yield _changed(before, update.status)
    if update.ended_in_edition_id:
        yield _end(update)
    if update.replaces_id:
        yield _note("note", _("This corrects an earlier update:"), _reason(update))
    if explanation := update.explanation:
        yield format_html('<p class="claim">{}</p>', said(explanation, "statusupdate.note"))
    if update.is_confirmation:
        yield confirmed(update)
    elif update.search_note:
        yield _note("", _("Searched:"), said(update.search_note, "statusupdate.search_note"))
    yield evidence_list(context, update.evidence_shown, update.action_id)
    if relied_on := getattr(update, "relied_on", None):
        links = joined(map(_link, relied_on), semicolon())
        yield _note("evidence", _("Relies also on the evidence of:"), links)
    yield _facts(update)
    if update.is_counting and (may_log or may_retract):
        yield _tools(update, may_log, may_retract)


@kept_by_language
def _when(status: str, on: date, precision: str) -> SafeString:
    return format_html('{}<p class="when">{}</p>', glyph(status), day(on, precision))


@kept_by_language
def _changed(before: str, after: str) -> SafeString:
    return format_html("<p>{}</p>", change(before, after))


def _note(css_class: str, words: str, text: object) -> SafeString:
    attribute = format_html(' class="{}"', css_class) if css_class else ""
    return format_html("<p{}>{}{}{}</p>", attribute, words, gap(), text)


def _reason(update: StatusUpdate) -> SafeString | str:
    return said(update.correction_reason, "statusupdate.correction_reason")


def _end(update: StatusUpdate) -> SafeString:
    assert update.ended_in_edition is not None
    return format_html(
        '<p class="note err">{} {}{}{}{}{}</p>',
        update.get_end_reason_display(),
        day(update.ended_in_edition.published_on),
        comma(),
        _("edition %(number)s") % {"number": update.ended_in_edition_id},
        colon(),
        said(update.end_note, "statusupdate.end_note"),
    )


def _link(update: StatusUpdate) -> SafeString:
    return format_html(
        '<a href="#{}">{}{}{}</a>',
        update.slug,
        update.get_status_display(),
        comma(),
        day(update.effective_on, update.effective_precision),
    )


def _facts(update: StatusUpdate) -> SafeString:
    edition = update.edition
    return _facts_of(
        update.confidence_shown,
        update.get_attribution_display() if update.attribution else "",
        edition.number if edition else None,
        edition.published_on if edition else None,
        is_research=edition is not None and edition.kind == EditionKind.RESEARCH,
        is_baseline=update.is_baseline,
    )


@kept_by_language
def _facts_of(
    confidence: str,
    attribution: str,
    edition: int | None,
    published_on: date | None,
    *,
    is_research: bool,
    is_baseline: bool,
) -> SafeString:
    words: list[Any] = []
    if confidence:
        words += [_("Confidence:"), gap(), confidence, stop(), gap()]
    if attribution:
        words += [attribution, stop(), gap()]
    if edition is None:
        words.append(_("Not published yet."))
    else:
        words += [_("Edition %(number)s") % {"number": edition}, comma()]
        words += [format_html("{} {}", _("published"), day(published_on)), stop(), gap()]
        words.append(_seen_by(is_research, is_baseline))
    return format_html('<p class="meta">{}</p>', joined(words))


def _seen_by(is_research: bool, is_baseline: bool) -> str:
    if is_research:
        return _("Research edition: desk research, not yet reviewed by a second person.")
    if is_baseline:
        return _("Baseline: desk research, not yet reviewed by a second person.")
    return _("Logged by an analyst, reviewed by a second person.")


def _tools(update: StatusUpdate, may_log: bool, may_retract: bool) -> SafeString:
    pages = []
    if may_log:
        pages.append(("admin:correct_update", _("Correct this update")))
    if may_retract:
        pages.append(("admin:retract_update", _("Ask for a retraction")))
    links = (
        format_html(
            '<a href="{}">{}<span class="vh">: {}</span></a>',
            reverse(page, args=[update.slug]),
            words,
            update.action.label,
        )
        for page, words in pages
    )
    return format_html('<p class="tools no-print">{}</p>', joined(links))


@register.simple_tag
def confirmed(update: StatusUpdate) -> SafeString:
    """When a search found nothing new, and where it searched; nothing for another update."""
    if not update.is_confirmation:
        return mark_safe("")
    said_on = _("Confirmed on %(confirmed)s") % {"confirmed": day(update.searched_on)}
    words: list[object] = [mark_safe(said_on), stop()]
    if update.search_note:
        note = said(update.search_note, "statusupdate.search_note")
        words += [gap(), _("Searched:"), gap(), note]
    return format_html('<p class="meta">{}</p>', joined(words))
