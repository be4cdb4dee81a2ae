"""What a page says of itself in the words of schema.org, as a block of data that no browser runs.

A policy that allows no inline script allows it: browsers ask for none to read data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from alliance.site_name import site_name
from recommendations.paths import path_of

# A name and the path of its page, from the first page down.
Trail = Sequence[tuple[str, str]]
# What could end the block early, written as JSON may write any character.
ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def json_ld(data: dict[str, Any]) -> SafeString:
    """Return a block of data, whatever the texts in it are."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    return mark_safe(f'<script type="application/ld+json">{text.translate(ESCAPED)}</script>')


def breadcrumbs(request: HttpRequest, trail: Trail) -> SafeString:
    """Return the way to a page from the first page of the site, which is no part of `trail`."""
    pages = [(site_name(), path_of("recommendations:home")), *trail]
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "name": name,
            "item": request.build_absolute_uri(path),
        }
        for position, (name, path) in enumerate(pages, start=1)
    ]
    return json_ld({"@type": "BreadcrumbList", "itemListElement": items})
