"""Updates and their evidence, put together without a template.

The page of a recommendation has a dozen of them, each with some fifty values: in templates they
took half of its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from recommendations.models import Evidence, StatusUpdate
from recommendations.models.edition import EditionKind
from recommendations.statuses import Status
from recommendations.text.punctuation import colon, comma, gap, listed, stop

from .content import said, tagged
from .sources import archive_link, is_state_media, source_link
from .tracker import change, day, glyph

register = template.Library()


def _joined(parts: Iterable[Any]) -> SafeString:
    """Put parts together, each escaped unless it is HTML."""
    return mark_safe("".join(str(conditional_escape(part)) for part in parts))


# Evidence ----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def evidence_list(context: Context, items: Iterable[Evidence]) -> SafeString:
    """The items in full, as a list; nothing where there are none."""
    rows = [
        format_html('<li class="evidence">{}</li>', _joined(_item(context, item))) for item in items
    ]
    if not rows:
        return mark_safe("")
    return format_html('<ul class="evidence-list" role="list">{}</ul>', _joined(rows))


def _item(context: Context, item: Evidence) -> Iterator[Any]:
    yield format_html('<span class="kind">{}{}</span>', item.get_kind_display(), colon())
    if item.title:
        yield source_link(context, item.url, tagged(item.title, item.spoken))
        yield comma()
        yield format_html('<span class="pub">{}</span>', tagged(item.publisher))
    else:
        yield source_link(context, item.url, tagged(item.publisher))
    if is_state_media(context, item):
        yield format_html(" ({})", _("state media"))
    if item.published_on:
        yield comma()
        yield day(item.published_on, item.published_precision)
    if item.page:
        yield comma()
        yield _("page %(page)s") % {"page": item.page}
    if item.archived_url:
        yield comma()
        yield archive_link(context, item, _("archived copy"))
    yield stop()
    if item.accessed_on:
        yield format_html("{}{} {}{}", gap(), _("Accessed"), day(item.accessed_on), stop())
    if item.quotation:
        yield format_html("{}<q>{}</q>", gap(), tagged(item.quotation, item.spoken))
    if item.supports:
        yield gap()
        yield said(item.supports, "evidence.supports")
    if missing := item.missing_facts:
        words = (_("Not recorded:"), gap(), listed(missing), stop())
        yield format_html('{}<span class="meta">{}{}{}{}</span>', gap(), *words)


@register.simple_tag(takes_context=True)
def sources(context: Context, items: Iterable[Evidence]) -> SafeString:
    """The items in one line: whose they are, and of when."""
    shown = [_source(context, item) for item in items]
    if not shown:
        return mark_safe("")
    return format_html('<p class="evidence">{}</p>', mark_safe("; ".join(shown)))


def _source(context: Context, item: Evidence) -> SafeString:
    link = source_link(context, item.url, tagged(item.publisher))
    if not item.published_on:
        return conditional_escape(link)
    return _joined((link, comma(), day(item.published_on, item.published_precision)))


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
        _joined(_entry(context, update, bool(may_log), bool(may_retract))),
    )


def _entry(
    context: Context, update: StatusUpdate, may_log: bool, may_retract: bool
) -> Iterator[Any]:
    when = day(update.effective_on, update.effective_precision)
    yield format_html('{}<p class="when">{}</p>', glyph(update.status), when)
    yield format_html(
        '<h3 class="what"><a class="quiet" href="#action-{}">{}</a></h3>',
        update.action.number,
        tagged(str(update.action)),
    )
    before = getattr(update, "previous_status", None) or Status.NOT_ASSESSED.value
    yield format_html("<p>{}</p>", change(before, update.status))
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
    yield evidence_list(context, update.evidence_shown)
    if relied_on := getattr(update, "relied_on", None):
        links = mark_safe("; ".join(map(_link, relied_on)))
        yield _note("evidence", _("Relies also on the evidence of:"), links)
    yield format_html('<p class="meta">{}</p>', _joined(_facts(update)))
    if update.is_counting and (may_log or may_retract):
        yield _tools(update, may_log, may_retract)


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


def _facts(update: StatusUpdate) -> Iterator[Any]:
    if confidence := update.confidence_shown:
        yield from (_("Confidence:"), gap(), confidence, stop(), gap())
    if update.attribution:
        yield from (update.get_attribution_display(), stop(), gap())
    if update.edition is None:
        yield _("Not published yet.")
        return
    yield _("Edition %(number)s") % {"number": update.edition_id}
    yield comma()
    yield format_html("{} {}", _("published"), day(update.edition.published_on))
    yield from (stop(), gap())
    if update.edition.kind == EditionKind.RESEARCH:
        yield _("Research edition: desk research, not yet reviewed by a second person.")
    elif update.is_baseline:
        yield _("Baseline: desk research, not yet reviewed by a second person.")
    else:
        yield _("Logged by an analyst, reviewed by a second person.")


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
    return format_html('<p class="tools no-print">{}</p>', _joined(links))


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
    return format_html('<p class="meta">{}</p>', _joined(words))
