"""Feeds of changes, by Django's generator, with what a validator asks for besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations.figures.caveats import caveat_text
from recommendations.figures.changed_entries import changes_of
from recommendations.figures.site_reports import has_several_reports
from recommendations.record import Record
from recommendations.site_row import site
from recommendations.statuses import Status
from recommendations.text.licence import LICENCE, LICENCE_URL
from recommendations.text.listed_hosts import HostList
from recommendations.text.punctuation import colon, comma
from recommendations.viewpoint import Viewpoint

if TYPE_CHECKING:
    from recommendations.rows import LoggedUpdate

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
# A feed without entries must have a date too, and the clock would make it another at each call.
BEFORE_ALL = datetime.combine(date(2024, 1, 1), time(), tzinfo=UTC)


class Feed(Atom1Feed):
    """Django's, of which each document leads to the others of its feed (RFC 5005, section 3)."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=BEFORE_ALL)

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        # As RFC 4946 has it.
        links = {**self.feed["others"], "license": LICENCE_URL}
        for relation, address in links.items():
            handler.addQuickElement("link", "", {"rel": relation, "href": address})


def feed_of(
    updates: Sequence[LoggedUpdate],
    record: Record,
    *,
    title: str,
    root: str,
    page_url: str,
    feed_url: str,
    feed_path: str,
    others: Mapping[str, str],
) -> str:
    """Return the feed of these updates, the newest first.

    An entry is known by the reference of its update, in whichever language: it is one change. A
    feed is known by its path, in one language: who follows two of them asks for two documents. No
    id has anything of the request in it. An entry that ended comes again, as changed.
    """
    row = site()
    feed = Feed(
        title=title,
        link=page_url,
        description=_("Each published change of a status, with its evidence."),
        language=translation.get_language(),
        author_name=row.operator_said or site_name(),
        author_link=row.operator_url or None,
        feed_url=feed_url,
        feed_guid=tag_of(f"feed:{translation.get_language()}:{feed_path}"),
        feed_copyright=f"{LICENCE} ({LICENCE_URL})",
        others=others,
    )
    listed_hosts = Record(Viewpoint.present()).listed_hosts()
    is_named = has_several_reports(record)
    changed_at = changes_of(record, updates)
    for update in updates:
        feed.add_item(
            title=title_of(update, is_named=is_named),
            link=urljoin(root, update.get_absolute_url()),
            description=_entry(update, listed_hosts),
            unique_id=tag_of(f"update:{update.slug}"),
            pubdate=update.published_at,
            updateddate=changed_at[update.pk],
            categories=[str(Status(update.status).label)],
        )
    return feed.writeString("utf-8")


def tag_of(what: str) -> str:
    """Return an id that no other feed has (RFC 4151), whoever asks and by whatever name."""
    return f"tag:{site().lasting_feed_name},2024:{what}"


def _entry(update: LoggedUpdate, listed_hosts: HostList) -> str:
    is_research = update.is_baseline and update.edition is not None
    context = {
        "update": update,
        "listed_hosts": listed_hosts,
        "research": caveat_text(update.edition) if is_research and update.edition else "",
    }
    return render_to_string("recommendations/feed_entry.html", context)


def title_of(update: LoggedUpdate, *, is_named: bool) -> str:
    """Return what changed, with the report of the number where there are several."""
    before = update.previous_status or Status.NOT_ASSESSED
    after = Status(update.status)
    if before == after:
        change = _("%(status)s, confirmed") % {"status": after.label}
    else:
        change = _("%(before)s → %(after)s") % {
            "before": Status(before).label,
            "after": after.label,
        }
    action = str(update.action)
    if is_named:
        action = f"{action}{comma()}{update.action.recommendation.report.known_as}"
    title = f"{action}{colon()}{change}"
    if update.ended_in_edition_id:
        return f"{update.get_end_reason_display()}{colon()}{title}"
    return title
