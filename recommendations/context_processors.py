"""What every page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Edition

THEMES = ("light", "dark")


@dataclass(frozen=True)
class NavigationItem:
    label: str
    url: str
    is_current: bool


# Name of the page, its label, and the permission that it takes.
STAFF_PAGES = (
    ("admin:index", gettext_lazy("Workspace"), ""),
    ("admin:log_update", gettext_lazy("Log an update"), "add_statusupdate"),
    ("admin:review_queue", gettext_lazy("Review"), "review_statusupdate"),
    ("admin:reader_reports", gettext_lazy("Reports of readers"), "view_readerreport"),
    ("recommendations:home", gettext_lazy("Public site"), ""),
)
# The first of these that there is: how somebody signs in is for each installation to say.
ACCOUNT_PAGES = ("mfa_index", "admin:password_change")


class Site:
    """Navigation, theme and the newest edition. Nothing is asked before a template needs it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def theme(self) -> str:
        theme = self.request.COOKIES.get("theme", "")
        return theme if theme in THEMES else ""

    @cached_property
    def edition(self) -> Edition | None:
        return Edition.objects.order_by("-number").first()

    @property
    def navigation(self) -> list[NavigationItem]:
        match = self.request.resolver_match
        current = match.view_name if match else ""
        pages = [
            ("recommendations:home", _("Dashboard"), {"recommendations:report"}),
            ("recommendations:list", _("Recommendations"), {"recommendations:detail"}),
            ("recommendations:changes", _("Change log"), set()),
            ("recommendations:methodology", _("Method"), set()),
        ]
        return [
            NavigationItem(label, reverse(name), current == name or current in others)
            for name, label, others in pages
        ]

    @property
    def staff_navigation(self) -> list[NavigationItem]:
        """The staff's own pages that there are and that this person may open."""
        user, current = self.request.user, getattr(self.request.resolver_match, "view_name", "")
        return [
            NavigationItem(str(label), url, current == name)
            for name, label, permission in STAFF_PAGES
            if (url := address_of(name))
            and (not permission or user.has_perm(f"recommendations.{permission}"))
        ]

    @property
    def account_url(self) -> str:
        return next(filter(None, map(address_of, ACCOUNT_PAGES)), "")


def address_of(name: str, *args: object) -> str:
    """Return the address of a page, empty where this installation has none of this name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def site(request: HttpRequest) -> dict[str, object]:
    return {"site": SimpleLazyObject(lambda: Site(request))}
