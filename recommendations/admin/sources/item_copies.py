"""What stands beside an item of the log form about copies, and a passage of one: for its script."""

from __future__ import annotations

import re

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations import copying
from recommendations.admin.log.copies import copy_read, passage_in
from recommendations.admin.log.copy_boxes import MAY_ASK, copy_box
from recommendations.admin.pages import staff_page, user_of

PREFIX = re.compile(r"evidence-\d{1,3}")
LONGEST = 2_000


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="add_statusupdate")

    return [
        path("sources/item-copy/", page(item_copy), name="item_copy"),
        path("sources/item-copy/passage/", page(item_passage), name="item_passage"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def item_copy(request: HttpRequest) -> HttpResponse:
    """Answer with the part of the form about copies of `url`; a POST has one made first."""
    said = request.POST if request.method == "POST" else request.GET
    prefix, address = said.get("prefix", ""), said.get("url", "")[:LONGEST]
    if not PREFIX.fullmatch(prefix):
        return HttpResponseBadRequest(_("“prefix” names no item of the form."))
    may_ask, refusal = request.user.has_perm(MAY_ASK), ""
    if request.method == "POST":
        if not may_ask:
            raise PermissionDenied
        try:
            copying.ask_capture(address, user_of(request))
        except ValidationError as refused:
            refusal = " ".join(refused.messages)
    known = copying.what_was_read(address) if address.strip() else None
    chosen = said.get("chosen", "")
    box = copy_box(prefix, known, may_ask=may_ask, chosen=chosen, refusal=refusal)
    return HttpResponse(box)


@require_http_methods(["GET", "HEAD", "POST"])
def item_passage(request: HttpRequest) -> JsonResponse:
    """Answer with the text of the copy that was read, and to a POST with a passage of it.

    `chosen` is the SHA-256 of the copy; without one it is the newest of `url`. Nothing is changed:
    a passage may be longer than an address can be.
    """
    said = request.POST if request.method == "POST" else request.GET
    capture = copy_read(said.get("url", "")[:LONGEST], said.get("chosen", ""))
    if capture is None:
        problem = _("There is no copy of this address yet.")
        return JsonResponse({"text": "", "quotation": "", "problem": problem, "sha256": ""})
    if request.method != "POST":
        return JsonResponse({"text": capture.text, "sha256": capture.sha256})
    quotation, problem = passage_in(capture, said.get("passage", ""))
    return JsonResponse({"quotation": quotation, "problem": problem, "sha256": capture.sha256})
