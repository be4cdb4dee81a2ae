"""Links of sources, for the staff: which are dead, which were gone, which cannot be checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from recommendations import links
from recommendations.admin.pages import staff_page, user_of
from recommendations.capturing.problems import Reason, sentence_of
from recommendations.models import CheckedLink
from recommendations.models.checked_link import LinkState
from recommendations.querysets import CheckedLinkQuerySet
from recommendations.web.errors import BadAddress
from recommendations.web.parameters import page_of, strict

LINKS_A_PAGE = 50
CHANGE = "recommendations.change_source"


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="view_source")

    return [
        path("links/", page(dead_links), name="dead_links"),
        path("links/<int:pk>/again/", page(check_again), name="check_again"),
    ]


class LinkList(StrEnum):
    """The lists of the page. The first is what there is to do."""

    BARE = "bare"
    ARCHIVED = "archived"
    GONE = "gone"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return {
            self.BARE: _("Dead, without an archived copy"),
            self.ARCHIVED: _("Dead, with an archived copy"),
            self.GONE: str(LinkState.GONE.label),
            self.UNKNOWN: str(LinkState.UNKNOWN.label),
        }[self]

    @property
    def links(self) -> CheckedLinkQuerySet:
        """Return its links, what has been so longest first."""
        rows = CheckedLink.objects.all()
        return {
            self.BARE: rows.to_mend().order_by("gone_since", "pk"),
            self.ARCHIVED: rows.dead()
            .exclude(source__archived_url="")
            .order_by("gone_since", "pk"),
            self.GONE: rows.filter(state=LinkState.GONE).order_by("gone_since", "pk"),
            self.UNKNOWN: rows.filter(state=LinkState.UNKNOWN).order_by("checked_at", "pk"),
        }[self]


@dataclass(frozen=True, slots=True)
class NumberOfLinks:
    kind: LinkList
    n: int


@dataclass(frozen=True, slots=True)
class ShownLink:
    link: CheckedLink

    @property
    def sentence(self) -> str:
        """Return what the last check found; nothing for a reason of another release."""
        known = self.link.reason in set(Reason)
        return sentence_of(Reason(self.link.reason)) if known else ""


@require_safe
@strict("list", "page", has_viewpoint=False)
def dead_links(request: HttpRequest) -> HttpResponse:
    """Show how many links each list has, and those of one: what is to be mended, unless asked."""
    chosen = _list_of(request)
    page = page_of(request, chosen.links.select_related("source"), size=LINKS_A_PAGE)
    last = CheckedLink.objects.filter(checked_at__isnull=False).order_by("-checked_at").first()
    context = {
        "numbers": [NumberOfLinks(one, one.links.count()) for one in LinkList],
        "chosen": chosen,
        "page": page,
        "shown": [ShownLink(link) for link in page],
        "keep": f"list={chosen}&",
        "last": last.checked_at if last else None,
        "is_on": settings.CAPTURE,
        "may_change": request.user.has_perm(CHANGE),
    }
    return render(request, "admin/dead_links.html", context)


def _list_of(request: HttpRequest) -> LinkList:
    asked = request.GET.getlist("list") or [LinkList.BARE]
    if len(asked) > 1 or asked[0] not in set(LinkList):
        sentence = _("“list” can be one of: %(lists)s.")
        raise BadAddress([sentence % {"lists": ", ".join(LinkList)}])
    return LinkList(asked[0])


@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the next run check a link, and lead back to its list."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    link = get_object_or_404(CheckedLink.objects.select_related("source"), pk=pk)
    links.ask_again(link, by=user_of(request), now=timezone.now())
    messages.success(request, _("It is checked by the next run."))
    chosen = request.POST.get("list", "")
    where = f"?list={chosen}" if chosen in set(LinkList) else ""
    return redirect(reverse("admin:dead_links") + where)
