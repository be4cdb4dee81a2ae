"""What editors say of the site, kept with what else every answer of a state tells alike."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from asgiref.local import Local
from django.conf import settings
from django.core.signals import request_started
from django.db import DatabaseError
from django.utils.translation import get_language, gettext

from recommendations.contrast import lightened
from recommendations.text.languages import versions
from recommendations.text.scripts import language_of
from recommendations.viewpoint import Viewpoint

logger = logging.getLogger(__name__)

# Where nobody said otherwise. It belongs to nobody (RFC 2606), so that nobody else has it.
USUAL_FEED_NAME = "integrated-alliance-tracker.example"


@dataclass(frozen=True, slots=True)
class SiteRow:
    """The row, or what holds without one. Texts are as they were written."""

    name: str = settings.SITE_NAME
    strapline: str = ""
    operator: str = ""
    operator_address: str = ""
    operator_url: str = ""
    contact_mail: str = ""
    contact_url: str = ""
    analysts: str = ""
    funding: str = ""
    disputes: str = ""
    feed_name: str = USUAL_FEED_NAME
    home: str = "featured"
    languages: str = ""
    accent: str = ""
    accent_dark: str = ""
    logo: str = ""
    logo_width: int = 0
    logo_height: int = 0

    @property
    def name_said(self) -> str:
        """The name in the language of the reader, without a mark: it stands on every page."""
        found = plain_of_site("name", self.name)
        return gettext(found) if found in (settings.SITE_NAME, settings.EMPTY_SITE_NAME) else found

    @property
    def strapline_said(self) -> str:
        return plain_of_site("strapline", self.strapline)

    @property
    def operator_said(self) -> str:
        return plain_of_site("operator", self.operator)

    @property
    def contact(self) -> str:
        """Where readers write to, as an address that a link can lead to."""
        return f"mailto:{self.contact_mail}" if self.contact_mail else self.contact_url

    @property
    def contact_said(self) -> str:
        return self.contact_mail or self.contact_url

    @property
    def shows_all_reports(self) -> bool:
        """Whether the front page is of all reports."""
        return self.home == "all"

    @property
    def shown_languages(self) -> list[tuple[str, str]]:
        """Codes and names of the languages of its pages, in the order of the settings."""
        chosen = self.languages.split(",")
        return [one for one in settings.LANGUAGES if one[0] in chosen] or list(settings.LANGUAGES)

    @property
    def first_language(self) -> str:
        return self.shown_languages[0][0]

    @property
    def colours(self) -> tuple[str, str]:
        """Its accent by day and by night; empty where it has none of its own."""
        return (
            (self.accent, self.accent_dark or lightened(self.accent)) if self.accent else ("", "")
        )

    @property
    def accent_name(self) -> str:
        """What its stylesheet is called, which changes with every change of the colours."""
        return "-".join(colour.lstrip("#") for colour in self.colours) if self.accent else ""

    @property
    def lasting_feed_name(self) -> str:
        """By which its feeds and calendars are known for good."""
        return settings.FEED_NAME or self.feed_name


def plain_of_site(field: str, text: str) -> str:
    """Return a text in the language of the reader, and note nowhere that it is a draft."""
    if language_of(text) in ("", get_language()):
        return text
    try:
        return versions(text, f"site.{field}")[0].text
    except DatabaseError as error:
        logger.info("Translations of the site cannot be read: %s", error)
        return text


WITHOUT = SiteRow()
_of_thread = Local()
_last_known = WITHOUT


def site() -> SiteRow:
    """Return the row as it was when this request, or this thread, began.

    It is asked for where it may have changed since the last answer; while no database is there,
    what was last known holds.
    """
    global _last_known
    row: SiteRow | None = getattr(_of_thread, "row", None)
    if row is None:
        try:
            row = _of_thread.row = _last_known = _newest()
        except DatabaseError as error:
            logger.info("The row of the site cannot be read: %s", error)
            return _last_known
    return row


def _newest() -> SiteRow:
    # Models are loaded later than what names the site.
    from recommendations.kept_of_state import kept_of_answer

    return kept_of_answer(Viewpoint.present(), "site", _read)


def _read() -> SiteRow:
    from recommendations.record import Record

    row = Record(Viewpoint.present()).site()
    return SiteRow(**{name: getattr(row, name) for name in SiteRow.__slots__}) if row else WITHOUT


def forget(**kwargs: object) -> None:
    """Look for changes before the row is next asked for."""
    _of_thread.row = None


def connect() -> None:
    """Look for changes at the start of each request: another process may have made them."""
    request_started.connect(forget)
