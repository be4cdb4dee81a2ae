"""What changed when: the log of updates, two days side by side, and feeds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, translate_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from alliance.site_name import site_name
from recommendations.exports.atom import CONTENT_TYPE, feed_of
from recommendations.figures.logged_updates import FedUpdates, LoggedUpdates
from recommendations.figures.named_reports import with_chosen_report
from recommendations.figures.site_reports import has_several_reports
from recommendations.figures.two_days import compared_days
from recommendations.filters import RecommendationFilterSet
from recommendations.filters.selection import Selection
from recommendations.index.keeping import Index, opened_at
from recommendations.record import Record
from recommendations.templatetags.changes import changed_headline
from recommendations.text.dates import date_text
from recommendations.text.punctuation import colon, comma
from recommendations.web.conditional import revalidated
from recommendations.web.description import described
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
    title, n = _log_title(page.number, filterset), page.paginator.count
    number = ngettext("%(n)s update.", "%(n)s updates.", n) % {"n": n}
    about = _("Every published update, newest edition first. Nothing is edited or removed later.")
    return render_page(
        request,
        "recommendations/changes.html",
        context,
        title=title,
        description=described(f"{title}{colon()}{number}", about),
        trail=[(_log_title(1), request.path)],
    )


def changes_title(request: PublicRequest) -> str:
    filterset = filterset_of(request, skip_empty=True)
    with opened_at(request.viewpoint) as index:
        return _log_title(_page(request, filterset, index).number, filterset)


def _log_title(page: int, filterset: RecommendationFilterSet | None = None) -> str:
    title = _("Change log")
    return numbered(with_chosen_report(title, filterset) if filterset else title, page)


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
    title = with_chosen_report(_("Two dates compared"), filterset)
    log = (_log_title(1), reverse("recommendations:changes"))
    return render_page(
        request,
        "recommendations/compare.html",
        context,
        title=title,
        description=described(_days_compared(before, after), changed_headline(comparison)),
        trail=[log, (title, request.path)],
    )


def _days_compared(before: date, after: date) -> str:
    days = {"earlier": date_text(before), "later": date_text(after)}
    return _("%(earlier)s and %(later)s compared") % days


def compare_title(request: PublicRequest) -> str:
    filterset = filterset_of(request, skip_empty=True)
    before, after = _days(request)
    with compared_days(filterset, before=before, after=after) as comparison:
        page_of(request, comparison.moved, size=ROWS_A_PAGE)
    return with_chosen_report(_("Two dates compared"), filterset)


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
@strict(*FILTERS, "page", is_file=True)
@indexed
def change_feed(request: PublicRequest) -> HttpResponse:
    """The changes of whatever the filters keep, the newest first, page by page."""
    filterset = filterset_of(request)
    title = _("Changes of the %(site)s") % {"site": site_name()}
    if filterset.in_use:
        labels = comma().join(f"{one.label}{colon()}{one.value}" for one in chips_of(filterset))
        title = _("%(title)s (%(filters)s)") % {"title": title, "filters": labels}
    page_url = reverse("recommendations:changes") + filterset.query()
    page = page_of(request, FedUpdates(Selection(filterset, request.index)), size=ENTRIES)
    return _feed(request, page, title=title, page_url=page_url, query=filterset.query())


@require_safe
@revalidated
@strict("page", is_file=True)
def recommendation_feed(request: PublicRequest, report: str, number: str) -> HttpResponse:
    record, viewpoint = Record(request.viewpoint), request.viewpoint
    recommendation = get_object_or_404(
        record.recommendations().select_related("report"),
        report__slug=report,
        number=number,
    )
    updates = record.updates().filter(action__recommendation=recommendation)
    name = str(recommendation)
    if has_several_reports(record):
        name = f"{name}{comma()}{recommendation.report.known_as}"
    title = _("Changes of recommendation %(recommendation)s") % {"recommendation": name}
    page_url = recommendation.get_absolute_url()
    page = page_of(request, updates.for_feed(), size=ENTRIES)
    query = f"?{viewpoint.query}" if viewpoint.query else ""
    return _feed(request, page, title=title, page_url=page_url, query=query)


def _feed(
    request: PublicRequest, page: Page, *, title: str, page_url: str, query: str
) -> HttpResponse:
    text = feed_of(
        cast("list[LoggedUpdate]", list(page.object_list)),
        Record(request.viewpoint),
        title=title,
        root=request.build_absolute_uri("/"),
        page_url=request.build_absolute_uri(page_url),
        feed_url=request.build_absolute_uri(),
        feed_path=translate_url(request.path, settings.LANGUAGE_CODE) + query,
        others=_other_documents(request, page, query),
    )
    return HttpResponse(text, content_type=CONTENT_TYPE)


def _other_documents(request: PublicRequest, page: Page, query: str) -> dict[str, str]:
    """Return where the other documents of a feed are, by their relation to this one."""
    last = page.paginator.num_pages
    numbers = {"first": 1, "last": last} if last > 1 else {}
    if page.has_previous():
        numbers["previous"] = page.previous_page_number()
    if page.has_next():
        numbers["next"] = page.next_page_number()
    return {
        relation: request.build_absolute_uri(request.path + _with_page(query, number))
        for relation, number in numbers.items()
    }


def _with_page(query: str, number: int) -> str:
    """Return a query string with the number of a page; the first is the page without one."""
    own = f"page={number}" if number > 1 else ""
    parts = [part for part in (query.removeprefix("?"), own) if part]
    return f"?{'&'.join(parts)}" if parts else ""
