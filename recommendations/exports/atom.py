"""Feeds of changes, by Django's generator, with what a validator asks for besides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations.figures.caveats import caveat_text
from recommendations.models import StatusUpdate
from recommendations.record import Record
from recommendations.statuses import Status
from recommendations.text.listed_hosts import HostList
from recommendations.text.punctuation import colon
from recommendations.viewpoint import Viewpoint

if TYPE_CHECKING:
    from recommendations.rows import LoggedUpdate

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
# A feed without entries must have a date too, and the clock would make it another at each call.
BEFORE_ALL = datetime.combine(date(2024, 1, 1), time(), tzinfo=UTC)


class Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=BEFORE_ALL)


def feed_of(
    updates: Sequence[LoggedUpdate], *, title: str, root: str, page_url: str, feed_url: str
) -> str:
    """Return the feed of these updates, the newest first.

    An entry is known by the reference of its update, and the feed by its English address: both
    are the same in every language. An entry that ended comes again, as changed.
    """
    name = site_name()
    feed = Feed(
        title=title,
        link=page_url,
        description=_("Each published change of a status, with its evidence."),
        language=translation.get_language(),
        author_name=name,
        feed_url=feed_url,
        feed_guid=translate_url(feed_url, settings.LANGUAGE_CODE),
    )
    host = urlsplit(root).hostname
    listed_hosts = Record(Viewpoint.present()).listed_hosts()
    for update in updates:
        feed.add_item(
            title=title_of(update),
            link=urljoin(root, update.get_absolute_url()),
            description=_entry(update, listed_hosts),
            unique_id=f"tag:{host},2024:update:{update.slug}",
            pubdate=update.published_at,
            updateddate=changed_at(update),
            categories=[str(Status(update.status).label)],
        )
    return feed.writeString("utf-8")


def _entry(update: LoggedUpdate, listed_hosts: HostList) -> str:
    is_research = update.is_baseline and update.edition is not None
    context = {
        "update": update,
        "listed_hosts": listed_hosts,
        "research": caveat_text(update.edition) if is_research and update.edition else "",
    }
    return render_to_string("recommendations/feed_entry.html", context)


def title_of(update: LoggedUpdate) -> str:
    before = update.previous_status or Status.NOT_ASSESSED
    after = Status(update.status)
    if before == after:
        change = _("%(status)s, confirmed") % {"status": after.label}
    else:
        change = _("%(before)s → %(after)s") % {
            "before": Status(before).label,
            "after": after.label,
        }
    title = f"{update.action}{colon()}{change}"
    if update.ended_in_edition_id:
        return f"{update.get_end_reason_display()}{colon()}{title}"
    return title


def changed_at(update: StatusUpdate) -> datetime:
    """Return when the entry last said something new."""
    if update.ended_in_edition:
        return update.ended_in_edition.published_at
    assert update.published_at is not None  # Feeds are of the published.
    return update.published_at
