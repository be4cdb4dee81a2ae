"""The actions of a recommendation with all that its page says of each, without a template.

There are up to 45 of them on a page, each with some thirty values.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from recommendations.addressee_groups import group_of, has_named_groups
from recommendations.figures.recommendation import ActionDetail
from recommendations.models import Action, ActionBody, Deadline, Party, StatusUpdate
from recommendations.models.action import LeadBasis
from recommendations.statuses import WITH_OTHERS, Status
from recommendations.text.html import format_html, joined
from recommendations.text.kept import kept_by_language
from recommendations.text.punctuation import brackets, colon, comma, gap, semicolon

from .addresses import address
from .content import publisher, said
from .sources import rests_on, source_link
from .timeline import confirmed
from .tracker import bracketed, day, icon, standing, time_left

if TYPE_CHECKING:
    from recommendations.rows import DetailedAction

register = template.Library()


@register.simple_tag(takes_context=True)
def action_entry(
    context: Context, one: ActionDetail, on: date, may_log: object = False
) -> SafeString:
    """An action of for_detail() as its page shows it, and what staff may do about it."""
    return format_html(
        '<li id="action-{}"><span class="no num">{}</span><div><h3>{}</h3>{}</div></li>',
        one.action.number,
        one.action.label,
        said(one.action.title, "action.title"),
        joined(_parts(context, one, on, bool(may_log))),
    )


def _parts(context: Context, one: ActionDetail, on: date, may_log: bool) -> Iterator[SafeString]:
    action = one.action
    yield _line(joined(_standing(action)))
    if one.succession.after:
        yield _line(_span(_after(context, one.succession.after)))
    if one.succession.before:
        yield _line(_span(_before(context, one.succession.before, action)))
    yield _line(_span(_asked_of(action, one.parties, one.leads)))
    yield _line(joined(_facts(action, on)))
    if one.deadlines:
        deadlines = (_span(_deadline(context, deadline)) for deadline in one.deadlines)
        yield _line(time_left(action, on), *deadlines)
    if latest := one.standing_update:
        yield _why(latest, action.label)
        yield confirmed(latest)
    if may_log and not action.is_withdrawn:
        yield _tools(action)


def _line(*parts: Any) -> SafeString:
    return format_html('<p class="line">{}</p>', joined(parts))


def _span(text: Any) -> SafeString:
    return format_html("<span>{}</span>", text)


def _standing(action: DetailedAction) -> Iterator[Any]:
    if action.is_verifiable:
        yield standing(action)
        if action.status_since:
            yield _since(action.status, day(action.since_on, action.since_precision))
        yield rests_on(action)
    else:
        note = said(action.verifiability_note, "action.verifiability_note")
        yield _span(joined((_("Not verifiable, in no count:"), gap(), note)))
    if action.is_withdrawn:
        reason = said(action.withdrawal_reason, "action.withdrawal_reason")
        yield _span(joined((_("Withdrawn:"), gap(), reason)))


@kept_by_language
def _since(status: str, since: str) -> SafeString:
    words = _("since %(since)s")
    if status == Status.NO_ACTION:
        words = _("at the search of %(since)s")
    return _span(_put_in(words, since=since))


def _put_in(words: str, **values: str) -> SafeString:
    """Put HTML into words of ours, which are none."""
    return mark_safe(words % values)


def _after(context: Context, actions: list[Action]) -> SafeString:
    words = _("Split into:") if len(actions) > 1 else _("Merged into:")
    named = (
        format_html("{} {}", _link(context, one), said(one.title, "action.title"))
        for one in actions
    )
    return format_html("{} {}", words, joined(named, semicolon()))


def _before(context: Context, actions: list[Action], action: Action) -> SafeString:
    is_merger = len(actions) > 1 or actions[0].until_edition_id != action.from_edition_id
    words = _("It takes in:") if is_merger else _("It was split off from:")
    links = (_link(context, one) for one in actions)
    return format_html("{} {}", words, joined(links, comma()))


def _link(context: Context, action: Action) -> SafeString:
    return format_html('<a href="{}">{}</a>', address(context, action), action.label)


def _asked_of(action: Action, parties: list[Party], leads: list[ActionBody]) -> SafeString:
    words: list[Any] = [group_of(action.addressee).label]
    if action.addressee == WITH_OTHERS:
        names = joined([said(party.name, "party.name") for party in parties], comma())
        before, behind = brackets()
        words = [*words, before, names, behind] if has_named_groups() else [names]
    for place, lead in enumerate(leads):
        words += [comma() if place else colon(), said(lead.body.name, "body.name")]
        if lead.basis == LeadBasis.IMPLIED:
            words.append(_implied())
    return joined(words)


@kept_by_language
def _implied() -> SafeString:
    before, behind = brackets()
    return format_html('<span class="meta">{}{}{}</span>', before, _("assumed lead"), behind)


def _facts(action: DetailedAction, on: date) -> Iterator[SafeString]:
    yield _labelled(_("How it is asked:"), action.get_ask_strength_display())
    yield _labelled(_("Kind:"), action.get_kind_display())
    if action.last_reviewed_on:
        yield _searched(day(action.last_reviewed_on))
    if action.review_due_on < on:
        yield _overdue(day(action.review_due_on))
    if action.last_reviewed_on and not action.is_reviewed:
        yield _span(_("Awaiting second review"))


@kept_by_language
def _labelled(label: str, words: str) -> SafeString:
    return format_html('<span><span class="key">{}</span>{}{}</span>', label, gap(), words)


@kept_by_language
def _searched(reviewed: str) -> SafeString:
    return _span(_put_in(_("Searched %(reviewed)s"), reviewed=reviewed))


@kept_by_language
def _overdue(due: str) -> SafeString:
    return format_html(
        '<span class="due missed with-icon">{}{}</span>',
        icon("clock"),
        _span(_put_in(_("Needs review since %(due)s"), due=due)),
    )


def _deadline(context: Context, deadline: Deadline) -> SafeString:
    words: list[Any] = [
        deadline.get_origin_display(),
        colon(),
        day(deadline.on, deadline.precision),
    ]
    if deadline.stated_on:
        source = source_link(context, deadline.url, publisher(deadline.publisher))
        stated = format_html("{} {}", _("stated"), day(deadline.stated_on))
        words += [comma(), stated, bracketed(source)]
    return joined(words)


def _why(update: StatusUpdate, label: str) -> SafeString:
    return format_html(
        '<p class="why">{} <a class="no-print" href="#{}">{}<span class="vh"> {}</span></a></p>',
        said(update.explanation, "statusupdate.note"),
        update.rests_on.slug if update.rests_on else update.slug,
        _("Evidence"),
        _("for %(label)s") % {"label": label},
    )


def _tools(action: Action) -> SafeString:
    log = f"{reverse('admin:log_update')}?{urlencode({'action': action.pk})}"
    of_label = _("of %(label)s") % {"label": action.label}
    links = [_tool(log, _("Log an update"), of_label)]
    if action.status != Status.NOT_ASSESSED:
        confirm = reverse("admin:confirm_status", args=[action.pk])
        links.append(_tool(confirm, _("Nothing changed: confirm"), action.label))
    return format_html('<p class="line no-print">{}</p>', joined(links))


def _tool(path: str, words: str, of: str) -> SafeString:
    return format_html('<a href="{}">{}<span class="vh"> {}</span></a>', path, words, of)
