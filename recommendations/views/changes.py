"""What changed when: the log of updates, two days side by side, and feeds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.site_name import site_name
from recommendations.exports.atom import CONTENT_TYPE, feed_of
from recommendations.figures.logged_updates import LoggedUpdates
from recommendations.figures.two_days import compared_days
from recommendations.filters import RecommendationFilterSet
from recommendations.filters.selection import Selection
from recommendations.index.keeping import Index, opened_at
from recommendations.record import Record
from recommendations.text.punctuation import colon, comma
from recommendations.web.conditional import revalidated
from recommendations.web.errors import BadAddress
from recommendations.web.filtering import FILTERS, FINDERS, chips_of, filterset_of
from recommendations.web.one_state import indexed
from recommendations.web.page import numbered, render_page
from recommendations.web.parameters import day_of, page_of, strict
from recommendations.web.public_request import PublicRequest

if TYPE_CHECKING:
    from recommendations.rows import LoggedUpdate

ROWS_A_PAGE = 50
ENTRIES = 50


@require_safe
@revalidated
@strict(*FILTERS, *FINDERS, "page")
@indexed
def change_log(request: PublicRequest) -> HttpResponse:
    filterset = filterset_of(request, skip_empty=True)
    page = _page(request, filterset, request.index)
    context = {
        "page": page,
        "filterset": filterset,
        "chips": chips_of(filterset),
        "keep_pages": _kept(filterset.query()),
        "feed_query": filterset.query(),
        "compare_from": _a_year_before(request.viewpoint.on),
    }
    title = _log_title(page.number)
    return render_page(request, "recommendations/changes.html", context, title=title)


def changes_title(request: PublicRequest) -> str:
    filterset = filterset_of(request, skip_empty=True)
    with opened_at(request.viewpoint) as index:
        return _log_title(_page(request, filterset, index).number)


def _log_title(page: int) -> str:
    return numbered(_("Change log"), page)


def _page(request: PublicRequest, filterset: RecommendationFilterSet, index: Index) -> Page:
    return page_of(request, LoggedUpdates(Selection(filterset, index)), size=ROWS_A_PAGE)


def _kept(query: str) -> str:
    """Return what the links of a pager keep."""
    return f"{query.removeprefix('?')}&" if query else ""


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


@require_safe
@revalidated
@strict(*FILTERS, *FINDERS, "from", "to", "page")
@indexed
def change_comparison(request: PublicRequest) -> HttpResponse:
    """Two days side by side, by default today and a year before."""
    filterset = filterset_of(request, skip_empty=True)
    before, after = _days(request)
    days = {"from": before.isoformat(), "to": after.isoformat()}
    context = {
        "filterset": filterset,
        "chips": chips_of(filterset, **days),
        "clear_query": f"?{urlencode(days)}",
        "keep_pages": _kept(filterset.query(**days)),
        "days": days,
    }
    with compared_days(filterset, before=before, after=after) as comparison:
        page = page_of(request, comparison.moved, size=ROWS_A_PAGE)
        moved = comparison.actions_of(page.object_list)
    context |= {"comparison": comparison, "page": page, "moved": moved}
    title = _("Two dates compared")
    return render_page(request, "recommendations/compare.html", context, title=title)


def compare_title(request: PublicRequest) -> str:
    filterset = filterset_of(request, skip_empty=True)
    before, after = _days(request)
    with compared_days(filterset, before=before, after=after) as comparison:
        page_of(request, comparison.moved, size=ROWS_A_PAGE)
    return _("Two dates compared")


def _days(request: PublicRequest) -> tuple[date, date]:
    """Return the two days of the address, the earlier one first, or raise BadAddress."""
    latest = request.viewpoint.on
    first = Record(request.viewpoint).first_day() or latest
    after = day_of(request, "to", earliest=first, latest=latest) or latest
    before = day_of(request, "from", earliest=first, latest=latest)
    if before is None:
        before = max(min(first, after), _a_year_before(after))
    if before > after:
        raise BadAddress(
            [_("“from” is later than “to”. Give the earlier day first, or leave one out.")]
        )
    return before, after


@require_safe
@revalidated
@strict(*FILTERS, is_file=True)
@indexed
def change_feed(request: PublicRequest) -> HttpResponse:
    """The newest changes, of whatever the filters keep."""
    filterset = filterset_of(request)
    title = _("Changes of the %(site)s") % {"site": site_name()}
    if filterset.in_use:
        labels = comma().join(f"{one.label}{colon()}{one.value}" for one in chips_of(filterset))
        title = _("%(title)s (%(filters)s)") % {"title": title, "filters": labels}
    page_url = reverse("recommendations:changes") + filterset.query()
    newest = LoggedUpdates(Selection(filterset, request.index)).newest(ENTRIES)
    return _feed(request, newest, title=title, page_url=page_url)


@require_safe
@revalidated
@strict(is_file=True)
def recommendation_feed(request: PublicRequest, report: str, number: str) -> HttpResponse:
    record = Record(request.viewpoint)
    recommendation = get_object_or_404(
        record.recommendations().select_related("report"),
        report__slug=report,
        number=number,
    )
    updates = record.updates().filter(action__recommendation=recommendation)
    title = _("Changes of recommendation %(recommendation)s") % {"recommendation": recommendation}
    page_url = recommendation.get_absolute_url()
    newest = cast("list[LoggedUpdate]", list(updates.for_feed()[:ENTRIES]))
    return _feed(request, newest, title=title, page_url=page_url)


def _feed(
    request: PublicRequest, newest: list[LoggedUpdate], *, title: str, page_url: str
) -> HttpResponse:
    text = feed_of(
        newest,
        title=title,
        root=request.build_absolute_uri("/"),
        page_url=request.build_absolute_uri(page_url),
        feed_url=request.build_absolute_uri(),
    )
    return HttpResponse(text, content_type=CONTENT_TYPE)
