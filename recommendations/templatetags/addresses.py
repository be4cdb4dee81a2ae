"""Links and forms that lead on from the same viewpoint."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from recommendations.viewpoint import PARAMETERS, Viewpoint

register = template.Library()


LINK = re.compile(r'(<a\b[^>]*?\bhref=")(/[^"#]*)(#[^"]*)?(")')
STAFF_AND_FILES = re.compile(r"^(/[a-z]{2})?/(admin|accounts|static)/")


@register.tag
def keepviewpoint(parser, token):
    """{% keepviewpoint %} … {% endkeepviewpoint %}: links inside lead on from the same viewpoint.

    From the present nothing is touched. It reads `request.viewpoint`.
    """
    nodes = parser.parse(("endkeepviewpoint",))
    parser.delete_first_token()
    return KeepViewpoint(nodes)


class KeepViewpoint(template.Node):
    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context) -> str:
        html = self.nodelist.render(context)
        viewpoint = getattr(context.get("request"), "viewpoint", None)
        if viewpoint is None or viewpoint.is_present:
            return html
        return mark_safe(LINK.sub(lambda found: _kept(found, viewpoint), html))


def _kept(found: re.Match, viewpoint: Viewpoint) -> str:
    start, address, anchor, end = found.groups()
    if "data-leave" in start or STAFF_AND_FILES.match(address):
        return found[0]
    path, _question, query = address.partition("?")
    own = [
        part for part in query.split("&amp;") if part.partition("=")[0] not in PARAMETERS and part
    ]
    kept = "&amp;".join([*own, escape(viewpoint.query)])
    return f"{start}{path}?{kept}{anchor or ''}{end}"


@register.simple_tag(takes_context=True)
def viewpoint_fields(context) -> SafeString:
    """Hidden fields for a form that leads on from the same viewpoint."""
    viewpoint = getattr(context.get("request"), "viewpoint", None)
    return format_html_join(
        "",
        '<input type="hidden" name="{}" value="{}">',
        viewpoint.parameters.items() if viewpoint else (),
    )
