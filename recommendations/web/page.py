"""A public page: its template, with the title and the addresses by which it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from recommendations.text.punctuation import comma

from .context_processors import Site
from .public_request import PublicRequest


def render_page(
    request: PublicRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    path: str = "",
    query: str | None = None,
) -> HttpResponse:
    """Return the page with its title, as a reader sees, bookmarks and cites it.

    `path` is its lasting path where its own address leads elsewhere in time; `query` its query
    string where the view knows a shorter one than was asked for.
    """
    site = Site(request, title=title, path=path, query=query)
    around = {"viewpoint": request.viewpoint, "title": title, "this_site": site}
    return render(request, template, {**around, **context})


def numbered(title: str, page: int) -> str:
    """Return the title of one page of several: the first has that of them all."""
    if page == 1:
        return title
    # Not inside an f-string, where nobody finds what is to be translated.
    number = _("page %(n)s") % {"n": page}
    return f"{title}{comma()}{number}"
