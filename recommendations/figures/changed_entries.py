"""When the entry of an update last said something else than before, in the reader's language.

What was published of an update never changes. What is said around it does: it ends, the action is
worded anew, a text is translated anew, or what went before it turns out to be another status.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from recommendations.models import StatusUpdate
from recommendations.record import Record
from recommendations.statuses import Status
from recommendations.text.languages import said_anew_at

if TYPE_CHECKING:
    from recommendations.rows import LoggedUpdate


class Said(NamedTuple):
    """An update by what decides which status another one follows."""

    pk: int
    action: int
    day: object
    edition: int
    published_at: datetime
    ended_in: int | None
    ended_at: datetime | None
    status: str

    @property
    def place(self) -> tuple:
        return (self.day, self.edition)

    def counted_in(self, edition: int) -> bool:
        return self.edition <= edition and (self.ended_in is None or self.ended_in > edition)


def changes_of(record: Record, updates: Sequence[LoggedUpdate]) -> dict[int, datetime]:
    """Return when each entry was last changed (two queries, where there are entries)."""
    if not updates:
        return {}
    actions = {update.action_id for update in updates}
    worded = dict(_worded_anew(record.titles_over_time(actions).iterator()))
    said: dict[int, list[Said]] = defaultdict(list)
    for row in record.updates().filter(action__in=actions).order_by().values_list(*COLUMNS):
        said[row[1]].append(Said(*row))
    number = record.viewpoint.number
    return {
        update.pk: max(
            filter(
                None,
                [
                    ended_or_published_at(update),
                    worded.get(update.action_id),
                    _followed_anew(update, said, number),
                    *_translated_anew(update),
                ],
            )
        )
        for update in updates
    }


COLUMNS = (
    *("pk", "action_id", "effective_day", "edition_id", "edition__published_at"),
    *("ended_in_edition_id", "ended_in_edition__published_at", "status"),
)


def ended_or_published_at(update: StatusUpdate) -> datetime:
    """Return when the record itself last said something of an update."""
    if update.ended_in_edition:
        return update.ended_in_edition.published_at
    assert update.published_at is not None  # Feeds are of the published.
    return update.published_at


def _worded_anew(titles: Iterable[tuple[int, str, datetime]]) -> Iterator[tuple[int, datetime]]:
    """Yield when each action got another title; the last pair of an action holds."""
    known: dict[int, str] = {}
    for action, title, at in titles:
        if known.get(action, title) != title:
            yield action, at
        known[action] = title


def _followed_anew(
    update: LoggedUpdate, said: dict[int, list[Said]], number: int | None
) -> datetime | None:
    """Return when an edition last changed which status an update follows.

    Of one that ended that stays as it was said then.
    """
    own = next((one for one in said[update.action_id] if one.pk == update.pk), None)
    if own is None or update.ended_in_edition_id:
        return None
    before = [one for one in said[update.action_id] if one.place < own.place]
    changed_at, status = None, _status_before(before, own.edition)
    for edition, at in _editions_after(before, own.edition, number):
        if (now := _status_before(before, edition)) != status:
            changed_at, status = at, now
    return changed_at


def _editions_after(
    before: list[Said], first: int, last: int | None
) -> Iterator[tuple[int, datetime]]:
    """Yield the editions that said or ended something, and when, in their order."""
    found = {one.edition: one.published_at for one in before}
    found |= {one.ended_in: one.ended_at for one in before if one.ended_in and one.ended_at}
    for edition in sorted(found):
        if first < edition <= (last or edition):
            yield edition, found[edition]


def _status_before(before: list[Said], edition: int) -> str:
    counting = [one for one in before if one.counted_in(edition)]
    return max(counting, key=lambda one: one.place).status if counting else Status.NOT_ASSESSED


def _translated_anew(update: LoggedUpdate) -> Iterator[datetime]:
    """Yield when the texts of an entry were last translated, after it was published."""
    assert update.published_at is not None
    texts = {
        "action.title": update.action.title,
        "statusupdate.note": update.explanation,
        "statusupdate.search_note": update.search_note,
        "statusupdate.end_note": update.end_note if update.ended_in_edition_id else "",
        "statusupdate.correction_reason": update.correction_reason if update.replaces_id else "",
        "edition.method": update.edition.method if update.edition and update.is_baseline else "",
    }
    for kind, text in texts.items():
        at = said_anew_at(text, kind)
        if at and at > update.published_at:
            yield at
