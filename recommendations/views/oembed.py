"""oEmbed 1.0: what editors and messengers ask for when somebody pastes an address of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import ResolverMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.site_name import site_name
from recommendations import pictures
from recommendations.figures.site_reports import home_report
from recommendations.index.keeping import opened_at
from recommendations.record import Record
from recommendations.web.conditional import revalidated
from recommendations.web.errors import BadAddress
from recommendations.web.open_answers import shown_anywhere
from recommendations.web.page_request import request_of
from recommendations.web.parameters import (
    known_parameters,
    parameters_of,
    refuse_unknown,
    strict,
    viewpoint_of,
)
from recommendations.web.public_request import PublicRequest
from recommendations.web.sharing import frame

from . import embeds

WIDTH, NARROWEST = 600, 320
LONGEST_NUMBER = 5
# Pages by the embed that stands for them; the embeds stand for themselves.
STANDS_FOR = {
    "home": "embed_report",
    "report": "embed_report",
    "detail": "embed_recommendation",
    "list": "embed_list",
}
# Parameters of a page that a frame has no use for.
NOT_KEPT = ("page", "rows")
ONE_DAY = 24 * 3600


@dataclass(frozen=True)
class Found:
    """An address of ours, the embed that stands for it, and what the frame asks for."""

    embed: embeds.Embed
    address: str
    picture: str


@require_safe
@shown_anywhere
@revalidated
@strict("url", "format", "maxwidth", "maxheight", is_file=True)
def oembed(request: PublicRequest) -> HttpResponse:
    if request.GET.get("format", "json") != "json":
        return _plain(_("Only JSON is answered here: format=json."), status=501)
    most_wide, most_high = (_number(request, name) for name in ("maxwidth", "maxheight"))
    address = _asked(request)
    try:
        path = _local(request, address)
        language = translation.get_language_from_path(path.partition("?")[0])
        with translation.override(language or settings.LANGUAGE_CODE):
            found = _found(request, path)
            return JsonResponse(_answer(request, found, most_wide, most_high))
    except (Http404, BadAddress):
        words = _("“%(address)s” is no page of this site that can be embedded.")
        return _plain(words % {"address": address[:200]}, status=404)


def _plain(words: str, *, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


def _number(request: PublicRequest, name: str) -> int | None:
    values = request.GET.getlist(name)
    if not values:
        return None
    text = values[0] if len(values) == 1 else ", ".join(values)
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER and int(text) > 0:
        return int(text)
    raise BadAddress(
        [
            _("“%(name)s” must be a number of pixels from 1 to 99999, not “%(text)s”.")
            % {"name": name, "text": text[:40]}
        ]
    )


def _asked(request: PublicRequest) -> str:
    values = request.GET.getlist("url")
    if len(values) != 1 or not values[0]:
        raise BadAddress([_("Name one page in “url”, with its scheme and host.")])
    return values[0]


# Which page it is --------------------------------------------------------------------------------


def _found(request: PublicRequest, address: str) -> Found:
    """Return what stands for the path of a page, or raise Http404 or BadAddress."""
    page, match = request_of(request, address)
    name = _name_of(match)
    refuse_unknown(page, parameters_of(match.func))
    page.viewpoint = viewpoint_of(page)
    arguments = dict(match.kwargs)
    if match.url_name == "home":
        arguments["report"] = _featured(page)
    asked = page.GET.copy()
    for unused in NOT_KEPT:
        asked.pop(unused, None)
    page.GET = asked  # type: ignore[assignment]
    with opened_at(page.viewpoint) as index:
        page.index = index
        embed = embeds.EMBEDS[name](page, **arguments)
    query = known_parameters(page)
    path = reverse(f"recommendations:{name}", kwargs=arguments)
    return Found(
        embed,
        request.build_absolute_uri(path + _query(query)),
        request.build_absolute_uri(_picture(name, arguments) + _query(query, without="theme")),
    )


def _local(request: HttpRequest, address: str) -> str:
    """Return the path and query of an address of this very site, or raise Http404."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.lower()
    except ValueError:
        raise Http404("No address.") from None
    own = {request.get_host().lower(), urlsplit(settings.SITE_URL).netloc.lower()} - {""}
    if parts.scheme not in ("http", "https") or host not in own:
        raise Http404("Another site.")
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _name_of(match: ResolverMatch) -> str:
    name = match.url_name or ""
    if match.namespaces != ["recommendations"]:
        raise Http404("No page of the record.")
    found = STANDS_FOR.get(name, name)
    if found not in embeds.EMBEDS:
        raise Http404("No page with an embed.")
    return found


def _featured(page: PublicRequest) -> str:
    report = home_report(Record(page.viewpoint))
    if report is None:
        raise Http404("The first page shows no single report.")
    return report.slug


def _picture(name: str, arguments: Mapping[str, str]) -> str:
    """Return the card of a page, whose size is known."""
    if name == "embed_list":
        return reverse("recommendations:list_picture", kwargs={"suffix": "png"})
    kind = "recommendation_picture" if name == "embed_recommendation" else "report_picture"
    known = {**arguments, "chart": "headline", "suffix": "png"}
    return reverse(f"recommendations:{kind}", kwargs=known)


def _query(query: Mapping[str, list[str]], *, without: str = "") -> str:
    kept = {name: values for name, values in query.items() if name != without}
    return f"?{urlencode(kept, doseq=True)}" if kept else ""


# What is answered --------------------------------------------------------------------------------


def _answer(
    request: PublicRequest, found: Found, most_wide: int | None, most_high: int | None
) -> dict[str, object]:
    width = min(WIDTH, most_wide or WIDTH)
    # Narrower, its lines break more often.
    needed = found.embed.height if width >= WIDTH else found.embed.height * 3 // 2
    height = min(needed, most_high or needed)
    answer: dict[str, object] = {
        "version": "1.0",
        "type": "rich",
        "title": found.embed.title,
        "provider_name": site_name(),
        "provider_url": request.build_absolute_uri(reverse("recommendations:home")),
        "cache_age": ONE_DAY,
        "width": width,
        "height": height,
        "html": frame(found.address, found.embed.title, width, height),
    }
    has_room = (most_wide or pictures.WIDTH) >= pictures.WIDTH
    has_room = has_room and (most_high or pictures.CARD_HEIGHT) >= pictures.CARD_HEIGHT
    if has_room and pictures.can_draw(found.embed.title):
        answer["thumbnail_url"] = found.picture
        answer["thumbnail_width"] = pictures.WIDTH
        answer["thumbnail_height"] = pictures.CARD_HEIGHT
    return answer
