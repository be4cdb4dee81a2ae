"""What every page shows around its content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.site_name import site_name
from recommendations.accounts.people import mail_language_of
from recommendations.addressee_groups import has_named_groups
from recommendations.figures.caveats import Caveat, caveats_of_record
from recommendations.kept_of_state import kept_of_answer
from recommendations.models import Edition
from recommendations.models.staff import DeadlineMails
from recommendations.paths import path_of
from recommendations.record import Record
from recommendations.site_row import SiteRow
from recommendations.site_row import site as site_row
from recommendations.text.clock import zone_name
from recommendations.text.licence import LICENCE, LICENCE_URL
from recommendations.viewpoint import Viewpoint, today

from .addresses import LanguageLink, asked_query, languages_of, without_viewpoint
from .citation import Citation, citation_of, is_about, is_citable
from .clock_zone import zones
from .first_search import first_search_behind
from .public_request import has_several_reports_of, newest_edition_of

THEMES = ("light", "dark")


@dataclass(frozen=True)
class NavigationItem:
    label: str
    url: str
    is_current: bool
    keys: str = ""

    @property
    def key_list(self) -> list[str]:
        return self.keys.split()


# Name of the page, its label, the permission that it takes, and the keys that lead there.
STAFF_PAGES = (
    ("admin:index", gettext_lazy("Workspace"), "", "g w"),
    ("admin:log_update", gettext_lazy("Log an update"), "add_statusupdate", "n"),
    ("admin:inbox", gettext_lazy("Inbox"), "view_inboxitem", "g i"),
    ("admin:review_queue", gettext_lazy("Review"), "review_statusupdate", "g r"),
    ("admin:reader_reports", gettext_lazy("Reports of readers"), "view_readerreport", "g e"),
    ("recommendations:home", gettext_lazy("Public site"), "", "g p"),
)
# Lists that keys lead to and the bar has no room for.
STAFF_LISTS = (
    ("admin:recommendations_action_changelist", gettext_lazy("Actions"), "view_action", "g a"),
    (
        "admin:recommendations_statusupdate_changelist",
        gettext_lazy("Status updates"),
        "view_statusupdate",
        "g u",
    ),
)
# The first of these that there is: how somebody signs in is for each installation to say.
ACCOUNT_PAGES = ("mfa_index", "admin:password_change")


class Surroundings:
    """Navigation, theme and the newest edition. Nothing is asked before a template needs it."""

    def __init__(
        self, request: HttpRequest, *, title: str = "", path: str = "", query: str | None = None
    ) -> None:
        """Take the title of a page, and where it knows a better address than the one asked for.

        Without a title the page is none of the record, and cannot be cited.
        """
        self.request = request
        self.title, self.path, self.query = title, path, query

    @property
    def name(self) -> str:
        return site_name()

    @property
    def row(self) -> SiteRow:
        """Who runs the site, and what they say of it."""
        return site_row()

    @property
    def has_addressee_groups(self) -> bool:
        """Whether editors named groups of parties, by which there is something to count."""
        return has_named_groups()

    @property
    def licence(self) -> tuple[str, str]:
        """Name and address of the licence of the record."""
        return LICENCE, LICENCE_URL

    @property
    def theme(self) -> str:
        theme = self.request.COOKIES.get("theme", "")
        return theme if theme in THEMES else ""

    @cached_property
    def viewpoint(self) -> Viewpoint:
        """Where the page looks from; pages of staff, and those about an error, from the present."""
        return getattr(self.request, "viewpoint", None) or Viewpoint.present()

    @cached_property
    def edition(self) -> Edition | None:
        """The edition that the page shows: the newest, unless the address names one."""
        if self.viewpoint.edition:
            return self.viewpoint.edition
        return newest_edition_of(self.request)

    @cached_property
    def first_day(self) -> date | None:
        first = self.viewpoint.earliest
        return first or kept_of_answer(
            self.viewpoint, "first day", Record(self.viewpoint).first_day
        )

    @cached_property
    def first_search(self) -> date | None:
        return first_search_behind(self.request, self.viewpoint)

    @property
    def today(self) -> date:
        return today()

    @cached_property
    def citation(self) -> Citation | None:
        """How to cite the page; None for what is none of the record, and before there is one."""
        if not (self.title and is_citable(self.request) and self.edition):
            return None
        return citation_of(
            self.request,
            title=self.title,
            path=self.path or self.request.path,
            on=self.viewpoint.on,
            edition=self.edition,
        )

    @cached_property
    def caveats(self) -> list[Caveat]:
        """What the statuses of the whole record rest on, where nobody has confirmed them."""
        return caveats_of_record(Record(self.viewpoint))

    @cached_property
    def languages(self) -> list[LanguageLink]:
        return languages_of(self.request, query=self.query)

    @property
    def is_variant(self) -> bool:
        """Whether it is filtered, a later page, or of the past: search engines list none of it.

        There are as many as there are combinations and days. They are read all the same, for the
        links that lead on.
        """
        query = asked_query(self.request) if self.query is None else self.query
        return bool(query)

    @cached_property
    def addresses(self) -> list[tuple[LanguageLink, str]]:
        """Where search engines find the page in each language; nowhere if it is none to find."""
        if not (is_citable(self.request) or is_about(self.request)):
            return []
        root, is_today = self.request.build_absolute_uri, self._is_today
        return [
            (one, root(without_viewpoint(one.path) if is_today else one.path))
            for one in self.languages
        ]

    @property
    def _is_today(self) -> bool:
        """Whether the address names today, and no edition but the newest: the page without both."""
        seen = self.viewpoint
        is_newest = seen.edition is None or seen.edition == newest_edition_of(self.request)
        return seen.as_of == today() and is_newest

    @property
    def navigation(self) -> list[NavigationItem]:
        match = self.request.resolver_match
        current = match.view_name if match else ""
        pages = [
            *self._ways_to_reports(),
            ("recommendations:list", _("Recommendations"), {"recommendations:detail"}),
            ("recommendations:changes", _("Change log"), {"recommendations:compare"}),
            ("recommendations:methodology", _("Method"), set()),
        ]
        return [
            NavigationItem(label, path_of(name), current == name or current in others)
            for name, label, others in pages
        ]

    def _ways_to_reports(self) -> list[tuple[str, str, set[str]]]:
        """Return the first page, and that of all reports as soon as there are two."""
        if not has_several_reports_of(self.request):
            return [("recommendations:home", _("Dashboard"), {"recommendations:report"})]
        return [
            ("recommendations:home", _("Dashboard"), set()),
            ("recommendations:reports", _("Reports"), {"recommendations:report"}),
        ]

    @property
    def staff_navigation(self) -> list[NavigationItem]:
        """The staff's own pages that there are and that this person may open."""
        return self._open_pages(STAFF_PAGES)

    @property
    def staff_shortcuts(self) -> list[NavigationItem]:
        return self._open_pages(STAFF_PAGES + STAFF_LISTS)

    def _open_pages(self, pages: Iterable[tuple]) -> list[NavigationItem]:
        user, current = self.request.user, getattr(self.request.resolver_match, "view_name", "")
        return [
            NavigationItem(str(label), url, current == name, keys)
            for name, label, permission, keys in pages
            if (url := address_of(name))
            and (not permission or user.has_perm(f"recommendations.{permission}"))
        ]

    @property
    def mail_languages(self) -> list[tuple[str, str, bool]]:
        """Code and name of each language, and whether this person's mails are in it."""
        chosen = mail_language_of(self.request.user)
        return [(code, name, code == chosen) for code, name in settings.LANGUAGES]

    @property
    def deadline_mails(self) -> list[tuple[str, str | Promise, bool]]:
        """When mails can tell of deadlines, and whether this person chose it."""
        preference = getattr(self.request.user, "preference", None)
        chosen = preference.deadline_mails if preference else DeadlineMails.ALL
        return [(code, label, code == chosen) for code, label in DeadlineMails.choices]

    @property
    def time_zones(self) -> list[tuple[str, bool]]:
        """The zones of clock times, and whether this person chose it."""
        chosen = zone_name()
        return [(name, name == chosen) for name in zones()]

    @property
    def clock_zone(self) -> str:
        """The zone of the clock times on this page."""
        return zone_name()

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
    return {"this_site": SimpleLazyObject(lambda: Surroundings(request))}
