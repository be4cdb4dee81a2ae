"""How a browser and a phone lead to the form of the inbox, filled with the page that is read."""

from __future__ import annotations

import json
from urllib.parse import quote

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.site_name import site_name
from recommendations.admin.pages import staff_page
from recommendations.web.manifest import manifest_of

# Opens a page of ours beside the one that is read: its address, its title and what is marked.
OPENS = (
    "(()=>{const q=new URLSearchParams({"
    "url:location.href,title:document.title,quotation:String(getSelection()).slice(0,600)});"
    "open(%s+'?'+q,'_blank','noopener')})()"
)
# What an address may have as it is.
PLAIN = "()=>{}[];:,.?+'!*/"


def urls(site: AdminSite) -> list[URLPattern]:
    page = staff_page(site, browser, permission="add_inboxitem")
    manifest = staff_page(site, staff_manifest, permission="")
    return [
        path("inbox/browser/", page, name="inbox_browser"),
        path("manifest.webmanifest", manifest, name="staff_manifest"),
    ]


@require_safe
def browser(request: HttpRequest) -> HttpResponse:
    address = request.build_absolute_uri(reverse("admin:inbox_add"))
    return render(request, "admin/inbox_browser.html", {"bookmarklet": bookmarklet_of(address)})


@require_safe
def staff_manifest(request: HttpRequest) -> JsonResponse:
    """Name the pages of the staff for phones, and the form that a shared page opens."""
    start = reverse("admin:index")
    shared = {
        "action": reverse("admin:inbox_add"),
        "method": "GET",
        "params": {"title": "title", "text": "quotation", "url": "url"},
    }
    may_add = request.user.has_perm("recommendations.add_inboxitem")
    return manifest_of(
        name=_("%(site)s: staff") % {"site": site_name()},
        start=start,
        scope=start,
        # What is shown as any page of a browser is not installed, and shared with by none.
        display="minimal-ui",
        **({"share_target": shared} if may_add else {}),
    )


def bookmarklet_of(address: str) -> str:
    """Return the bookmark that opens the form at an address of this site. It writes nothing."""
    return "javascript:" + quote(OPENS % json.dumps(address), safe=PLAIN)
