"""Parts of pages for a frame on pages of other sites: docs/embedding.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.caveats import Caveat
from recommendations.figures.months import History
from recommendations.figures.site_reports import has_several_reports
from recommendations.record import Record
from recommendations.statuses import Status
from recommendations.text.punctuation import colon, comma
from recommendations.web.conditional import revalidated
from recommendations.web.context_processors import THEMES
from recommendations.web.errors import BadAddress
from recommendations.web.filtering import LIST_FILTERS
from recommendations.web.first_search import first_search_behind
from recommendations.web.one_state import indexed
from recommendations.web.open_answers import framable
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

from .charted import of_list, of_recommendation, of_report
from .recommendation_list import ListedRows

FIRST_ROWS = 10


@dataclass(frozen=True)
class Embed:
    """What a frame shows: its template, and about how high it is where it is 600 pixels wide.

    `path` is the page of which it is a part.
    """

    template: str
    title: str
    path: str
    height: int
    context: Mapping[str, Any]


@require_safe
@framable
@revalidated
@strict("theme")
@indexed
def embed_report(request: PublicRequest, report: str) -> HttpResponse:
    return _framed(request, headline_of_report(request, report))


def headline_of_report(request: PublicRequest, report: str) -> Embed:
    found = of_report(request, report)
    caveats = found.shown.caveats()
    context = {
        "name": found.name,
        "counts": found.counts,
        "caveats": caveats,
        "is_of_one_report": True,
        "scope": f"report={report}",
    }
    title = f"{found.name}{colon()}{found.title}"
    height = 350 + _height_of_caveats(request, caveats)
    return Embed("embed/headline.html", title, found.path, height, context)


@require_safe
@framable
@revalidated
@strict("theme")
@indexed
def embed_history(request: PublicRequest, report: str) -> HttpResponse:
    return _framed(request, history_of_report(request, report))


def history_of_report(request: PublicRequest, report: str) -> Embed:
    found = of_report(request, report)
    history, caveats = found.shown.history, found.shown.caveats()
    context = {
        "name": found.name,
        "history": history,
        "statuses": _of_the_past(history),
        "events": found.events,
        "caveats": caveats,
        "is_of_one_report": True,
    }
    title = f"{found.name}{colon()}{history.headline}" if history else found.name
    searches = history.first_searches if history else ()
    marks = len(found.events) + len(searches)
    height = 740 + 26 * marks + _height_of_caveats(request, caveats)
    return Embed("embed/history.html", title, found.path, height, context)


def _height_of_caveats(request: PublicRequest, caveats: list[Caveat]) -> int:
    is_before = first_search_behind(request, request.viewpoint) is not None
    return 70 * (len(caveats) + is_before)


def _of_the_past(history: History | None) -> list[Status]:
    """Return the statuses that nothing has any more: a chart names those at its end itself."""
    steps = history.steps if history else ()
    return [
        status
        for status in Status
        if any(step.counts.n(status) for step in steps) and not steps[-1].counts.n(status)
    ]


@require_safe
@framable
@revalidated
@strict("theme")
@indexed
def embed_recommendation(request: PublicRequest, report: str, number: str) -> HttpResponse:
    return _framed(request, one_recommendation(request, report, number))


def one_recommendation(request: PublicRequest, report: str, number: str) -> Embed:
    found = of_recommendation(request, report, number)
    context = {
        "recommendation": found.detail.recommendation,
        "detail": found.detail,
        "caveats": found.caveats,
        "is_of_one_report": True,
    }
    path = found.detail.recommendation.get_absolute_url()
    rows = 78 * len(found.detail.counted)
    height = 330 + rows + _height_of_caveats(request, found.caveats)
    title = found.title
    if has_several_reports(Record(request.viewpoint)):
        title = f"{title}{comma()}{found.detail.recommendation.report.known_as}"
    return Embed("embed/recommendation.html", title, path, height, context)


@require_safe
@framable
@revalidated
@strict(*LIST_FILTERS, "theme")
@indexed
def embed_list(request: PublicRequest) -> HttpResponse:
    return _framed(request, first_rows(request))


def first_rows(request: PublicRequest) -> Embed:
    found = of_list(request)
    rows = ListedRows(found.selection)
    shown = rows[0:FIRST_ROWS]
    caveats = found.caveats
    query = found.filterset.query()
    context = {
        "found": found,
        "rows": shown,
        "n_more": len(rows) - len(shown),
        "query": query,
        "caveats": caveats,
    }
    page = _("Recommendations and actions")
    title = f"{page}{colon()}{found.title}"
    height = 290 + 70 * len(shown) + _height_of_caveats(request, caveats)
    path = reverse("recommendations:list") + query
    return Embed("embed/list.html", title, path, height, context)


# How each page is made: what oEmbed asks for the title and the height of a frame.
EMBEDS: dict[str, Callable[..., Embed]] = {
    "embed_report": headline_of_report,
    "embed_history": history_of_report,
    "embed_recommendation": one_recommendation,
    "embed_list": first_rows,
}


def _framed(request: PublicRequest, embed: Embed) -> HttpResponse:
    context = {"theme": theme_of(request), "path": embed.path, "height": embed.height}
    return render_page(
        request, embed.template, {**context, **embed.context}, title=embed.title, path=embed.path
    )


def theme_of(request: PublicRequest) -> str:
    """Return ?theme=, empty for the reader's own, or raise BadAddress."""
    values = request.GET.getlist("theme")
    if not values:
        return ""
    if len(values) == 1 and values[0] in THEMES:
        return values[0]
    raise BadAddress(
        [
            _("“%(text)s” is no theme. There are: %(themes)s.")
            % {"text": ", ".join(values)[:40], "themes": ", ".join(THEMES)}
        ]
    )
