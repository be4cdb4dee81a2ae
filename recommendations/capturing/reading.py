"""Reading what was fetched or uploaded, in a process that can open nothing."""

from __future__ import annotations

from datetime import date

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from recommendations.importing.child import ANSWERED, REFUSED

from . import confined
from .answers import Fetched, Page, Unread
from .limits import MEGABYTE
from .questions import PageQuestion

CHILD = ("-m", "recommendations.capturing.reading_child")
SECONDS = 30
WALL = 90
# A text and its facts, in UTF-8.
MOST = 10 * MEGABYTE


def read_page(fetched: Fetched) -> Page | Unread:
    """Return what a fetched page says of itself, and its text."""
    return read_body(
        fetched.body,
        content_type=fetched.content_type,
        address=fetched.address,
        today=fetched.fetched_at.date(),
    )


def read_body(
    body: bytes, *, today: date, content_type: str = "", address: str = ""
) -> Page | Unread:
    """Return what a file says, uploaded or fetched. `today` is the day on which it came here."""
    question = PageQuestion(
        translation.get_language() or settings.LANGUAGE_CODE,
        tuple((code, str(name)) for code, name in settings.LANGUAGES),
        content_type,
        address,
        today,
    )
    outcome = confined.run(CHILD, question.to_bytes() + body, seconds=SECONDS, wall=WALL, most=MOST)
    if outcome.code == REFUSED and outcome.said:
        return Unread(outcome.said.decode(errors="replace"))
    if outcome.code == ANSWERED:
        try:
            return msgspec.msgpack.decode(outcome.said, type=Page)
        except msgspec.DecodeError:
            pass
    return Unread(
        _(
            "The page could not be read within the memory and time that it may take. Open it in a "
            "browser, and fill the form in by hand."
        )
    )
