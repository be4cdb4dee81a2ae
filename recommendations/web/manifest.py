"""What a phone calls a site that somebody puts on its first screen. Nothing works offline."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# What is behind pages, and the colour of the mark, in the light appearance: manifests know one.
PAPER, MARK = "#fcfcfa", "#0b5d4e"


def manifest_of(*, name: str, start: str, scope: str, display: str, **more: Any) -> JsonResponse:
    """Return the manifest of the pages below `scope`, in the language of the request."""
    content = {
        "name": name,
        "description": _(
            "What became of the recommendations of policy reports, and on what evidence."
        ),
        "lang": get_language(),
        "dir": "ltr",
        "start_url": start,
        "scope": scope,
        "display": display,
        "background_color": PAPER,
        "theme_color": MARK,
        "icons": [
            {"src": f"/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ],
        **more,
    }
    return JsonResponse(content, content_type="application/manifest+json")
