"""Rows of the list and values of its filters, put together without a template.

A page of the list has 25 of the one and a hundred of the other.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from recommendations.addressee_groups import group_of
from recommendations.figures.facets import Facet, FacetValue
from recommendations.figures.matches import Matches, Quotation
from recommendations.models import Recommendation
from recommendations.querysets.fetched import fetched
from recommendations.statuses import WITH_OTHERS, Precision
from recommendations.text.html import format_html, format_html_join
from recommendations.text.punctuation import colon, comma, gap

from .addresses import address
from .content import said
from .named_reports import names_reports, of_report
from .search import quoted_text, said_with_matches
from .sources import rests_on
from .tracker import day, glyph, icon, standing, time_left

if TYPE_CHECKING:
    from recommendations.rows import ListedAction

register = template.Library()
NOTHING = mark_safe("")


@register.simple_tag
def filter_value(facet: Facet, value: FacetValue) -> SafeString:
    """A value of a filter: a box to tick, and how many rows have it."""
    option = value.option
    return format_html(
        '<li class="depth-{}{}"><label><input type="checkbox" name="{}" value="{}" id="{}-{}"{}>'
        '{}<span class="t">{}</span> <span class="n">{}</span></label></li>',
        option.depth,
        "" if value.n else " zero",
        facet.name,
        option.code,
        facet.name,
        option.code,
        mark_safe(" checked" if value.is_chosen else ""),
        glyph(option.code) if facet.name == "status" else NOTHING,
        option.label,
        value.n,
    )


@register.simple_tag
def list_quotation(quotation: Quotation | None) -> SafeString:
    """What a search found in a text of a row; nothing where it found it in the title."""
    if quotation is None:
        return NOTHING
    return format_html(
        '<p class="found-in"><span class="kind">{}{}</span>{}</p>',
        quotation.of.label,
        colon(),
        quoted_text(quotation),
    )


@register.simple_tag(takes_context=True)
def list_action(
    context: Context,
    action: ListedAction,
    matches: Matches | None,
    on: date,
    recommendation: Recommendation | None = None,
) -> SafeString:
    """An action of for_list() as a row; with its recommendation where it stands apart from it."""
    return format_html(
        '<tr class="item"><td class="id">{}</td>'
        '<td class="act"><a class="quiet" href="{}">{}</a>{}{}</td>'
        '<td class="st">{} {}</td><td>{}</td>{}'
        '<td class="rev">{}</td></tr>',
        action.label,
        address(context, action),
        said_with_matches(action.title, "action.title", matches),
        _owner(context, recommendation, matches) if recommendation else NOTHING,
        list_quotation(matches.quotations.get(action.pk) if matches else None),
        standing(action),
        rests_on(action),
        _addressees(action),
        _deadline(action, on),
        _review(action, on),
    )


def _owner(context: Context, recommendation: Recommendation, matches: Matches | None) -> SafeString:
    headline = said_with_matches(recommendation.headline, "recommendation.headline", matches)
    report = of_report(context, recommendation.report) if names_reports(context) else NOTHING
    return format_html('<span class="of">{}{}</span>', headline, report)


def _key(words: str) -> SafeString:
    return format_html('<span class="key">{}{}</span>', words, gap())


def _addressees(action: ListedAction) -> SafeString:
    names: str = group_of(action.addressee).label
    if action.addressee == WITH_OTHERS:
        parties = ((said(party.name, "party.name"),) for party in fetched(action, "parties"))
        names = format_html_join(comma(), "{}", parties)
    bodies = [(said(body.name, "body.name"),) for body in fetched(action, "bodies")]
    leads = NOTHING
    if bodies:
        shown = format_html_join(" · ", "{}", bodies)
        leads = format_html('<br><span class="meta">{}</span>', shown)
    return format_html("{}{}{}", _key(_("Asked of:")), names, leads)


def _deadline(action: ListedAction, on: date) -> SafeString:
    if action.due_on is None:
        return format_html(
            '<td class="empty"><span class="vh">{}</span><span aria-hidden="true">–</span></td>',
            _("No deadline"),
        )
    return format_html(
        "<td>{}{}<br>{}</td>",
        _key(_("Deadline:")),
        day(action.deadline_on, action.deadline_precision or Precision.DAY),
        time_left(action, on),
    )


def _review(action: ListedAction, on: date) -> SafeString:
    reviewed: SafeString | str = _("never")
    if action.last_reviewed_on:
        reviewed = day(action.last_reviewed_on)
        if not action.is_reviewed:
            waits = _("awaiting second review")
            reviewed = format_html('{}<br><span class="meta">{}</span>', reviewed, waits)
    overdue = NOTHING
    if action.review_due_on < on:
        overdue = format_html(
            '<br><span class="due missed with-icon">{}<span>{}</span></span>',
            icon("clock"),
            _("Needs review"),
        )
    return format_html("{}{}{}", _key(_("Searched:")), reviewed, overdue)
