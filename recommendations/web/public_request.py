"""The request of a public page, with what its decorators have read from the address."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from recommendations.index.keeping import Index
from recommendations.models import Edition
from recommendations.viewpoint import Viewpoint


class PublicRequest(HttpRequest):
    """`strict()` sets the viewpoint; `revalidated()` the tag of the answer and the newest edition,
    which it asks for; `indexed()` the index."""

    htmx: HtmxDetails
    viewpoint: Viewpoint
    newest_edition: Edition | None
    page_tag: str | None
    index: Index
