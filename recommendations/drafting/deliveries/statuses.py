"""What a table says of statuses, as draft updates: never as a status that holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import gettext as _

from recommendations import publishing
from recommendations.importing.tables.heads import folded
from recommendations.importing.tables.mapping import Mapping
from recommendations.models import Action, Delivery, DeliveryRow
from recommendations.models.fields import NOTE, QUOTATION
from recommendations.publishing import CitedSource, Claim
from recommendations.sources.known_hosts import HostGuess
from recommendations.statuses import EFFECTIVE_PRECISIONS, EvidenceKind, last_day
from recommendations.text.listed_hosts import host_of
from recommendations.text.scripts import language_of


@dataclass
class Said:
    """A row with its action, and what the last delivery said of it."""

    row: DeliveryRow
    action: Action
    last: DeliveryRow | None


def take_statuses(rows: Iterable[Said], mapping: Mapping) -> list[Said]:
    """Note in each row the status that it claims, and return those that claim one anew.

    What was said before, or stands here already, is no news.
    """
    new = []
    for one in rows:
        code = mapping.statuses.get(folded(one.row.said["status"]), "")
        one.row.said["claim"] = code
        if not code or code == one.action.status or not _is_news(one):
            continue
        one.row.status = code
        _take_date(one.row)
        new.append(one)
    return new


def _is_news(one: Said) -> bool:
    names = ("claim", "status", "since", "response")
    before = one.last.said if one.last else {}
    return any(before.get(name) != one.row.said[name] for name in names)


def _take_date(row: DeliveryRow) -> None:
    """Take the date of effect; of a quarter or a fiscal year, an update can say its year alone."""
    if since := row.said["since"]:
        on, precision = since
        row.effective_on = row._meta.get_field("effective_on").to_python(on)
        row.effective_precision = precision
        if row.effective_on and precision not in EFFECTIVE_PRECISIONS:
            row.effective_on = last_day(row.effective_on, precision)
            row.effective_precision = "year"


def draft_updates(rows: Sequence[DeliveryRow], delivery: Delivery, *, by: User) -> int:
    """Make drafts of the rows that have a date of effect, and return how many there are."""
    dated = [row for row in rows if row.status and row.effective_on and not row.update_id]
    hosts = HostGuess.of({url for row in dated for url in row.said.get("sources", ())})
    claims = [claim_of(row, delivery, hosts) for row in dated]
    drafts = publishing.draft_claims(claims, by=by)
    for row, draft in zip(dated, drafts, strict=True):
        row.update = draft
    return len(drafts)


def claim_of(row: DeliveryRow, delivery: Delivery, hosts: HostGuess) -> Claim:
    assert row.effective_on, row
    return Claim(
        row.action,
        row.status,
        row.effective_on,
        row.effective_precision,
        note_of(row, delivery)[:NOTE],
        list(_sources(row, delivery, hosts)),
    )


def note_of(row: DeliveryRow, delivery: Delivery) -> str:
    """Return for the reviewer what the row says in its own words: never public."""
    said = row.said
    lines = [
        _("From the delivery “%(delivery)s”, row %(row)d: %(status)s")
        % {"delivery": delivery.title, "row": row.row, "status": said["status"]}
    ]
    lines += [said["response"]] if said["response"] else []
    lines += [f"{head}: {value}" for head, value in said["notes"]]
    return "\n".join(lines)


def _sources(row: DeliveryRow, delivery: Delivery, hosts: HostGuess) -> Iterator[CitedSource]:
    """Yield the delivery, where it has an address by which readers find it, and the row's own."""
    if delivery.url:
        yield _delivered(row, delivery)
    for url in row.said.get("sources", ()):
        if url == delivery.url:
            continue
        known = hosts.at(url)
        publisher = (known.publisher if known else "") or host_of(url)
        # Where nobody knows better it counts as what carries no status by itself.
        kind = (known.kind if known else "") or EvidenceKind.ANNOUNCEMENT
        yield CitedSource(str(kind), "", publisher[:200], None, "day", None, url, "")


def _delivered(row: DeliveryRow, delivery: Delivery) -> CitedSource:
    response = row.said["response"]
    return CitedSource(
        delivery.kind,
        delivery.title,
        delivery.publisher,
        delivery.published_on,
        delivery.published_precision,
        delivery.accessed_on,
        delivery.url,
        _page(row, delivery),
        response if len(response) <= QUOTATION else "",
    )


def _page(row: DeliveryRow, delivery: Delivery) -> str:
    with translation.override(language_of(delivery.title) or settings.LANGUAGE_CODE):
        return _("row %(row)d") % {"row": row.row}
