"""Addresses of pages, and fields of forms, that lead on from the same viewpoint.

They read `request.viewpoint`. A link to one of our pages that is made by Django's own `{% url %}`
leaves the viewpoint: tests/test_viewpoint.py lists those that mean to.
"""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.template import Context
from django.utils.safestring import SafeString

from recommendations.paths import path_of
from recommendations.text.html import format_html_join
from recommendations.viewpoint import Viewpoint

register = template.Library()


class HasPage(Protocol):
    def get_absolute_url(self) -> str: ...


def viewpoint_of(context: Context) -> Viewpoint | None:
    """Return from where a page looks; None for pages of staff, and those about an error.

    A context keeps its request as an attribute inside `{% include … only %}` too.
    """
    return getattr(getattr(context, "request", None), "viewpoint", None)


@register.simple_tag(takes_context=True)
def address(context: Context, target: HasPage | str, query: str = "") -> str:
    """Return the address of a row or path as the page sees it; `query` begins with its "?"."""
    path = target if isinstance(target, str) else target.get_absolute_url()
    viewpoint = viewpoint_of(context)
    return viewpoint.address(path + query) if viewpoint else path + query


@register.simple_tag(takes_context=True)
def page(context: Context, name: str, *args: object, filters: str = "", **more: object) -> str:
    """Return the address of a named page: {% page "recommendations:list" filters=scope page=2 %}.

    `filters` is a query string, with or without its "?"; further parameters follow it.
    """
    query = "&".join(filter(None, (filters.removeprefix("?").removesuffix("&"), urlencode(more))))
    return address(context, path_of(name, *args), f"?{query}" if query else "")


@register.simple_tag
def narrow(scope: str, parameter: str, value: str) -> str:
    """Return the query string of a scope with one parameter more."""
    own = urlencode({parameter: value})
    return f"{scope}&{own}" if scope else own


@register.simple_tag(takes_context=True)
def kept_by_pages(context: Context, keep: str) -> str:
    """Return what the links of a pager keep: what the page says, or the viewpoint."""
    viewpoint = viewpoint_of(context)
    if keep or viewpoint is None or not viewpoint.query:
        return keep
    return f"{viewpoint.query}&"


@register.simple_tag
def page_numbers(page: Page) -> list[int | None]:
    """Return the numbers of the pages to link to; None stands for those left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=3)
    return [number if isinstance(number, int) else None for number in numbers]


@register.simple_tag(takes_context=True)
def viewpoint_fields(context: Context) -> SafeString:
    """Return hidden fields for a form that leads on from the same viewpoint."""
    viewpoint = viewpoint_of(context)
    return format_html_join(
        "",
        '<input type="hidden" name="{}" value="{}">',
        viewpoint.parameters.items() if viewpoint else (),
    )
