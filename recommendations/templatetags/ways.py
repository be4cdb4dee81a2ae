"""The ways into the record, written once for all pages of one state of it."""

from __future__ import annotations

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from recommendations.figures.ways_in import WaysIn
from recommendations.kept_of_state import kept_of_state

register = template.Library()


@register.simple_tag(takes_context=True)
def ways_in(context: Context, ways: WaysIn) -> SafeString:
    """Write them as this page would: every page of the same viewpoint and language has the same.

    With twenty links and more they were a fortieth of the work of a dashboard.
    """
    request, own = context["request"], {"ways": ways, "this_site": context["this_site"]}

    def written() -> SafeString:
        return render_to_string("components/ways_in.html", own, request)

    return kept_of_state(request.viewpoint, "ways in, written", written)
