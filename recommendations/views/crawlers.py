"""What search engines ask for: what they may read, and which pages there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from recommendations.exports.sitemap import CONTENT_TYPE, file_of, index_of
from recommendations.figures.crawled_pages import (
    KEYS_A_FILE,
    CrawledPage,
    days_of,
    edition_pages,
    files_of,
    keys_of_file,
    label_pages,
    labels_in_use,
    recommendation_pages,
    report_pages,
    whole_pages,
)
from recommendations.kept_of_state import kept_of_state
from recommendations.models import Party, PolicyArea
from recommendations.record import Record
from recommendations.site_row import site
from recommendations.viewpoint import Viewpoint
from recommendations.web.conditional import revalidated
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

# In each language: no page there is for readers.
FORBIDDEN = ("admin", "accounts")
# Keys of rows have 31 bits.
MOST_FILES = 2**31 // KEYS_A_FILE
ONE_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Kind:
    """Pages of one kind, listed in files: by which rows, and how those between two keys."""

    rows: Callable[[Record], QuerySet]
    pages: Callable[[Record, int, int], Iterator[CrawledPage]]


KINDS: dict[str, Kind] = {
    "reports": Kind(Record.reports, report_pages),
    "recommendations": Kind(Record.recommendations, recommendation_pages),
    "areas": Kind(
        lambda record: labels_in_use(record, PolicyArea, "area"),
        lambda record, first, last: label_pages(record, PolicyArea, "area", first, last),
    ),
    "parties": Kind(
        lambda record: labels_in_use(record, Party, "party"),
        lambda record, first, last: label_pages(record, Party, "party", first, last),
    ),
    "editions": Kind(Record.editions, edition_pages),
}


@require_safe
@strict(has_viewpoint=False, is_file=True)
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Forbid the pages of staff alone. What is not to be found says so itself, and so is read."""
    forbidden = [f"Disallow: {path}" for path in forbidden_paths()]
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    lines = ["User-agent: *", *forbidden, "", f"Sitemap: {sitemap}"]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={ONE_DAY}"
    return response


def forbidden_paths() -> Iterator[str]:
    """Yield the folders of the staff's pages and of the account, of each language."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            home = reverse("recommendations:home")
        yield from (f"{home}{folder}/" for folder in FORBIDDEN)


@require_safe
@revalidated
@strict(has_viewpoint=False, is_file=True)
def sitemap(request: PublicRequest) -> HttpResponse:
    """The list of the files, which begins with that of the pages of which there is one."""
    record = Record(Viewpoint.present())
    paths = [reverse("sitemap_pages")]
    for name, kind in KINDS.items():
        files = kept_of_state(record.viewpoint, f"files of {name}", partial(_files, kind, record))
        paths += [reverse("sitemap_file", args=[name, number]) for number in files]
    root = _root(request)
    index = index_of(f"{root}{path}" for path in paths)
    return HttpResponse("".join(index), content_type=CONTENT_TYPE)


def _root(request: PublicRequest) -> str:
    """Return the address of the site without a slash at its end."""
    return request.build_absolute_uri("/").rstrip("/")


def _files(kind: Kind, record: Record) -> list[int]:
    return files_of(kind.rows(record))


@require_safe
@revalidated
@strict(has_viewpoint=False, is_file=True)
def sitemap_pages(request: PublicRequest) -> StreamingHttpResponse:
    record = Record(Viewpoint.present())
    return _file(request, record, list(whole_pages(record)))


@require_safe
@revalidated
@strict(has_viewpoint=False, is_file=True)
def sitemap_file(request: PublicRequest, kind: str, number: int) -> StreamingHttpResponse:
    record = Record(Viewpoint.present())
    if kind not in KINDS or number >= MOST_FILES:
        raise Http404(f"No file {number} of {kind}.")
    pages = list(KINDS[kind].pages(record, *keys_of_file(number)))
    if not pages:
        raise Http404(f"No file {number} of {kind}.")
    return _file(request, record, pages)


def _file(
    request: PublicRequest, record: Record, pages: list[CrawledPage]
) -> StreamingHttpResponse:
    days = days_of(record, pages)
    root = _root(request)
    told = (_told(page, days, root) for page in pages)
    content = file_of(told, default=site().first_language)
    return StreamingHttpResponse(content, content_type=CONTENT_TYPE)


def _told(
    page: CrawledPage, days: dict[int, date], root: str
) -> tuple[dict[str, str], date | None]:
    """Return the addresses of a page by language, and the day of its edition."""
    path = partial(reverse, f"recommendations:{page.name}", args=page.arguments)
    addresses = {}
    for code, _name in site().shown_languages:
        with override(code):
            addresses[code] = root + path()
    return addresses, days.get(page.edition or 0)
