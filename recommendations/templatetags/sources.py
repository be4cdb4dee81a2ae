"""Links to the pages that the record cites."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recommendations.figures.counts import basis_text
from recommendations.models import Action, Evidence
from recommendations.models.listed_host import HostMark
from recommendations.record import Record
from recommendations.text.listed_hosts import HostList
from recommendations.text.punctuation import gap
from recommendations.viewpoint import Viewpoint

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
    if _mark_of(context, address) == HostMark.NEVER_EVIDENCE:
        return format_html("{}{}({})", text, gap(), _("not linked: this site is never evidence"))
    attributes = format_html(' class="{}"', css_class) if css_class else ""
    return format_html('<a{} href="{}" rel="nofollow noopener">{}</a>', attributes, address, text)


@register.simple_tag(takes_context=True)
def archive_link(context: Context, item: Evidence, text: str) -> SafeString | str:
    """A link to the archived copy of a source, unless either of them is on such a host."""
    for address in (item.url, item.archived_url):
        if _mark_of(context, address) == HostMark.NEVER_EVIDENCE:
            return text
    return format_html('<a href="{}" rel="nofollow noopener">{}</a>', item.archived_url, text)


@register.simple_tag(takes_context=True)
def is_state_media(context: Context, item: Evidence) -> bool:
    """Whether the item says so, or the list of hosts."""
    return item.is_state_media or _mark_of(context, item.url) == HostMark.STATE_MEDIA


def _mark_of(context: Context, address: str) -> str:
    return _hosts_of(context).mark_of(address)


def _hosts_of(context: Context) -> HostList:
    """Return the list of hosts, which each page that shows a source asks for once (a query).

    What is rendered apart from a request brings it along as `listed_hosts`.
    """
    if brought := context.get("listed_hosts"):
        return brought
    request = getattr(context, "request", None)
    found: HostList | None = getattr(request, "listed_hosts", None)
    if found is None:
        found = Record(Viewpoint.present()).listed_hosts()
        if request is not None:
            request.listed_hosts = found
    return found
