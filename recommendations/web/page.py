"""A public page: its template, with the title and the addresses by which it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from recommendations.site_row import site as site_row
from recommendations.text.punctuation import comma

from .addresses import languages_of
from .context_processors import Surroundings
from .public_request import PublicRequest
from .structured_data import Trail, breadcrumbs


def render_page(
    request: PublicRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    path: str = "",
    query: str | None = None,
    description: str = "",
    trail: Trail = (),
) -> HttpResponse:
    """Return the page with its title, as a reader sees, bookmarks and cites it.

    `path` is its lasting path where its own address leads elsewhere in time; `query` its query
    string where the view knows a shorter one than was asked for. `description` is what search
    engines and shared links say of it, `trail` the pages above it and itself.
    """
    if get_language() not in dict(site_row().shown_languages):
        return HttpResponseRedirect(_in_shown_language(request))
    site = Surroundings(request, title=title, path=path, query=query)
    around = {
        "viewpoint": request.viewpoint,
        "title": title,
        "description": description,
        "breadcrumbs": breadcrumbs(request, trail) if trail and not site.is_variant else "",
        "this_site": site,
    }
    return render(request, template, {**around, **context})


def _in_shown_language(request: PublicRequest) -> str:
    """Return the address of the page in the first language that the site shows."""
    return next(link.path for link in languages_of(request) if link.is_default)


def numbered(title: str, page: int) -> str:
    """Return the title of one page of several: the first has that of them all."""
    if page == 1:
        return title
    # Not inside an f-string, where nobody finds what is to be translated.
    number = _("page %(n)s") % {"n": page}
    return f"{title}{comma()}{number}"
