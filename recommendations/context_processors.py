"""What every page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _

from .models import Edition

THEMES = ("light", "dark")


@dataclass(frozen=True)
class NavigationItem:
    label: str
    url: str
    is_current: bool


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


def site(request: HttpRequest) -> dict[str, object]:
    return {"site": SimpleLazyObject(lambda: Site(request))}
