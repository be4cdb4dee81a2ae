"""Links to the pages that the record cites."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recommendations.figures.counts import basis_text
from recommendations.figures.dead_links import DeadLink
from recommendations.kept_of_state import kept_of_answer
from recommendations.models import Action, Evidence
from recommendations.models.listed_host import HostMark
from recommendations.record import Record
from recommendations.text.html import format_html, joined
from recommendations.text.kept import kept_by_language
from recommendations.text.listed_hosts import HostList
from recommendations.text.punctuation import brackets, colon, comma, gap, stop
from recommendations.text.scripts import language_of
from recommendations.viewpoint import Viewpoint

from .content import publisher, tagged
from .tracker import day

register = template.Library()


@register.simple_tag
def rests_on(action: Action) -> SafeString | str:
    """What the status of an action rests on: "1 primary, 2 press"."""
    said = basis_text(action.basis, action.status)
    if not said:
        return ""
    label = _("Rests on:")
    return format_html('<span class="basis"><span class="vh">{} </span>{}</span>', label, said)


@register.simple_tag(takes_context=True)
def source_link(context: Context, address: str, text: str, css_class: str = "") -> SafeString | str:
    """A link to a source, or its text alone where its host is never evidence, with the reason."""
    return _link(hosts_of(context).mark_of(address), address, text, css_class)


def _link(mark: str, address: str, text: str, css_class: str = "") -> SafeString:
    if mark == HostMark.NEVER_EVIDENCE:
        before, behind = brackets()
        words = _("not linked: this site is never evidence")
        return format_html("{}{}{}{}", text, before, words, behind)
    attributes = format_html(' class="{}"', css_class) if css_class else ""
    return format_html('<a{} href="{}" rel="nofollow noopener">{}</a>', attributes, address, text)


class Source(NamedTuple):
    """What an item of evidence says of its source: kind and publisher in words, all else bare."""

    kind: str
    title: str
    publisher: str
    language: str
    is_state_media: bool
    published_on: date | None
    published_precision: str
    accessed_on: date | None
    url: str
    archived_url: str
    quotation: str
    page: str


_values = attrgetter(*Source._fields[1:])


def cited(context: Context, item: Evidence) -> SafeString:
    """The source of an item with all that it says of it, and the links to it.

    Where the page knows that its link is dead (`dead_links`), the archived copy comes first.
    """
    hosts = hosts_of(context)
    dead: DeadLink | None = (context.get("dead_links") or {}).get(item.source_id)
    title, name, *rest = _values(item)
    source = Source(item.get_kind_display(), title, publisher(name), *rest)
    if dead and not source.archived_url:
        source = source._replace(archived_url=dead.archived_url)
    archive = hosts.mark_of(source.archived_url) if source.archived_url else ""
    return _cited(hosts.mark_of(item.url), archive, dead.since if dead else None, *source)


@kept_by_language
def _cited(host: str, archive: str, dead_since: date | None, *source: Any) -> SafeString:
    return joined(_citation(Source(*source), host, archive, dead_since))


def _citation(source: Source, host: str, archive: str, dead_since: date | None) -> Iterator[Any]:
    spoken = source.language or language_of(source.title or source.quotation)
    is_linked = HostMark.NEVER_EVIDENCE not in (host, archive)
    yield format_html('<span class="kind">{}{}</span>', source.kind, colon())
    if dead_since and source.archived_url and is_linked:
        yield _archived(source.archived_url)
        yield colon()
    if source.title:
        yield _link(host, source.url, tagged(source.title, spoken))
        yield comma()
        yield format_html('<span class="pub">{}</span>', source.publisher)
    else:
        yield _link(host, source.url, source.publisher)
    if dead_since:
        before, behind = brackets()
        since = day(dead_since)
        yield format_html(
            "{}{}{}{}{}", before, _("dead link, page gone since"), gap(), since, behind
        )
    if source.is_state_media or host == HostMark.STATE_MEDIA:
        before, behind = brackets()
        yield format_html("{}{}{}", before, _("state media"), behind)
    if source.published_on:
        yield comma()
        yield day(source.published_on, source.published_precision)
    if source.page:
        yield comma()
        yield _("page %(page)s") % {"page": source.page}
    if source.archived_url and not (dead_since and is_linked):
        yield comma()
        yield _archived(source.archived_url if is_linked else "")
    yield stop()
    if source.accessed_on:
        yield format_html("{}{} {}{}", gap(), _("Accessed"), day(source.accessed_on), stop())
    if source.quotation:
        yield format_html("{}<q>{}</q>", gap(), tagged(source.quotation, spoken))


def _archived(address: str) -> SafeString | str:
    words = _("archived copy")
    if not address:
        return words
    return format_html('<a href="{}" rel="nofollow noopener">{}</a>', address, words)


def hosts_of(context: Context) -> HostList:
    """Return the list of hosts, which each page that shows a source asks for once (a query).

    What is rendered apart from a request brings it along as `listed_hosts`.
    """
    if brought := context.get("listed_hosts"):
        return brought
    request = getattr(context, "request", None)
    found: HostList | None = getattr(request, "listed_hosts", None)
    if found is None:
        now = Viewpoint.present()
        found = kept_of_answer(now, "listed hosts", Record(now).listed_hosts)
        if request is not None:
            request.listed_hosts = found
    return found
