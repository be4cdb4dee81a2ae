"""What a table says of statuses, as draft updates: never as a status that holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from recommendations.statuses import EFFECTIVE_PRECISIONS, last_day
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
    drafts = publishing.draft_claims([claim_of(row, delivery) for row in dated], by=by)
    for row, draft in zip(dated, drafts, strict=True):
        row.update = draft
    return len(drafts)


def claim_of(row: DeliveryRow, delivery: Delivery) -> Claim:
    assert row.effective_on, row
    return Claim(
        row.action,
        row.status,
        row.effective_on,
        row.effective_precision,
        note_of(row, delivery)[:NOTE],
        _source(row, delivery),
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


def _source(row: DeliveryRow, delivery: Delivery) -> CitedSource | None:
    if not delivery.url:
        return None
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
