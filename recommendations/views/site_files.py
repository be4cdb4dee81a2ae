"""Files that browsers and phones ask for at the root of a site: its icons and its name."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from alliance.site_name import site_name
from recommendations.contrast import stylesheet
from recommendations.pictures.logo import TYPES
from recommendations.record import Record
from recommendations.site_row import site
from recommendations.viewpoint import Viewpoint
from recommendations.web.manifest import manifest_of
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

ICONS = {
    "favicon.ico": "image/x-icon",
    "apple-touch-icon.png": "image/png",
    "icon-192.png": "image/png",
    "icon-512.png": "image/png",
}
LASTING = f"public, max-age={365 * 24 * 60 * 60}, immutable"
CACHE = f"public, max-age={24 * 60 * 60}"


@require_safe
@strict(has_viewpoint=False)
def icon(request: PublicRequest, name: str) -> HttpResponse:
    found = finders.find(f"recommendations/{name}")
    if not isinstance(found, str):
        raise Http404
    response = HttpResponse(Path(found).read_bytes(), content_type=ICONS[name])
    response["Cache-Control"] = CACHE
    return response


@require_safe
@strict(has_viewpoint=False)
def logo(request: PublicRequest, name: str) -> HttpResponse:
    """The logo of the site. Another one has another address."""
    data = Record(Viewpoint.present()).site_logo(name)
    kind = TYPES.get(name.rpartition(".")[2], "")
    if data is None or not kind:
        raise Http404
    response = HttpResponse(data, content_type=kind)
    response["Cache-Control"] = LASTING
    return response


@require_safe
@strict(has_viewpoint=False)
def accent(request: PublicRequest, name: str) -> HttpResponse:
    """The colours of the site, as a style sheet after those that it changes."""
    row = site()
    if not name or name != row.accent_name:
        raise Http404
    response = HttpResponse(stylesheet(*row.colours), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = LASTING
    return response


@require_safe
@strict(has_viewpoint=False)
def manifest(request: PublicRequest) -> JsonResponse:
    """What a phone calls the site that somebody puts on its first screen. Nothing works offline."""
    response = manifest_of(
        name=site_name(), start=reverse("recommendations:home"), scope="/", display="browser"
    )
    response["Cache-Control"] = CACHE
    return response
