"""Take addresses and headlines into the inbox, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.turns import transaction_in_turn
from recommendations import acts
from recommendations.models import Evidence, InboxItem, ListedHost, ReaderReport, Source
from recommendations.models.act import Event
from recommendations.models.inbox_item import CameFrom
from recommendations.sources.known_hosts import HostGuess
from recommendations.statuses import Precision
from recommendations.text.listed_hosts import HostList
from recommendations.text.ranges import ranges
from recommendations.text.scripts import language_of

from .reading import LONGEST_TEXT, read_addresses

# So many are taken in at a time: it stays one short transaction.
MOST_AT_ONCE = 500
# What the record knows of a source, else what is known of its host.
OF_SOURCE = ("title", "publisher", "language", "kind", "published_on", "published_precision")
OF_HOST = ("publisher", "language", "kind")


@dataclass(frozen=True, slots=True)
class News:
    """An address, a headline or both, with whatever else is known of it."""

    url: str = ""
    title: str = ""
    publisher: str = ""
    published_on: date | None = None
    published_precision: str = Precision.DAY
    language: str = ""
    kind: str = ""
    quotation: str = ""
    text: str = ""


@dataclass(slots=True)
class Added:
    """What became of each piece of news: new rows, rows that were there, and why others are none.

    `there` has what waited already. Of what a feed brings also what was decided on: it does not
    come back.
    """

    new: list[InboxItem] = field(default_factory=list)
    there: list[InboxItem] = field(default_factory=list)
    refused: list[tuple[News, list[str]]] = field(default_factory=list)


def add_items(
    news: Iterable[News],
    *,
    came_from: CameFrom,
    by: User | None = None,
    reader_report: ReaderReport | None = None,
    assigned_to: User | None = None,
    now: datetime | None = None,
) -> Added:
    """Take in what is new, and return what became of each piece (some ten queries).

    The same key waits once, however often it is added, by however many at a time. What is empty
    is filled with what the record says of the source, else with what is known of its host. Reads
    no page. Raises ValidationError where it is more than MOST_AT_ONCE.
    """
    added, items, at = Added(), [], now or timezone.now()
    for one in news:
        item = _item_of(one, came_from=came_from, by=by, now=at)
        item.reader_report, item.assigned_to = reader_report, assigned_to
        items.append((one, item))
    if len(items) > MOST_AT_ONCE:
        raise ValidationError(
            _("At most %(limit)d are taken in at a time, these are %(n)d.")
            % {"limit": MOST_AT_ONCE, "n": len(items)}
        )
    hosts = ListedHost.objects.as_list()
    good: dict[str, InboxItem] = {}
    for one, item in items:
        if problems := _problems_of(item, hosts):
            added.refused.append((one, problems))
        else:
            good.setdefault(item.key, item)
    if good:
        _fill(list(good.values()))
        _store(good, added, came_from=came_from, by=by)
    return added


def cleaned_news(one: News) -> News:
    """Return a piece of news. Raises ValidationError, by field, for what cannot be."""
    item = _item_of(one, came_from=CameFrom.PASTED, by=None, now=timezone.now())
    _clean(item)
    return one


def _item_of(one: News, *, came_from: CameFrom, by: User | None, now: datetime) -> InboxItem:
    said = asdict(one) | {"text": one.text[:LONGEST_TEXT]}
    item = InboxItem(**said, came_from=came_from, added_by=by, added_at=now)
    item.url, item.title = item.url.strip(), " ".join(item.title.split())
    item.take_key()
    return item


def _clean(item: InboxItem) -> None:
    item.clean_fields(exclude=["added_by", "assigned_to", "reader_report", "source"])
    if not item.url and not item.title:
        raise ValidationError(_("Give an address, a headline or both."))


def _problems_of(item: InboxItem, hosts: HostList) -> list[str]:
    try:
        _clean(item)
    except ValidationError as error:
        return error.messages
    problem = Evidence(url=item.url).host_problem(hosts)
    return [problem] if problem else []


def _fill(items: Sequence[InboxItem]) -> None:
    """Fill what is empty (two queries)."""
    known = Source.objects.in_bulk([one.key for one in items if one.url], field_name="key")
    guess = HostGuess.of([one.url for one in items if one.url])
    for item in items:
        item.source = known.get(item.key)
        if item.source:
            _take(item, {name: getattr(item.source, name) for name in OF_SOURCE})
        if found := guess.at(item.url):
            _take(item, {name: getattr(found, name) for name in OF_HOST})
        item.language = item.language or (language_of(item.title) if item.title else "")


def _take(item: InboxItem, words: Mapping[str, object]) -> None:
    if item.published_on:
        words = {name: words[name] for name in words if name != "published_precision"}
    for name, value in words.items():
        if name == "published_precision" or not getattr(item, name):
            setattr(item, name, value)


def _store(
    good: Mapping[str, InboxItem], added: Added, *, came_from: CameFrom, by: User | None
) -> None:
    with transaction_in_turn():
        there = InboxItem.objects.known_by(good)
        if came_from != CameFrom.WATCHED:
            there = there.waiting()
        known = {one.key: one for one in there.for_staff_list().order_by("pk")}
        # Who adds the same at this moment is first or second: nothing waits twice.
        InboxItem.objects.bulk_create(
            [item for key, item in good.items() if key not in known], ignore_conflicts=True
        )
        mine = {key: item for key, item in good.items() if key not in known}
        stored = InboxItem.objects.waiting().known_by(mine).for_staff_list()
        for one in stored.order_by("pk"):
            is_new = one.added_at == mine[one.key].added_at and one.added_by_id == (by and by.pk)
            (added.new if is_new else added.there).append(one)
        added.there.extend(known.values())
        if came_from != CameFrom.WATCHED:
            # What a feed brings is fetched by whoever finds that it is worth it.
            read_addresses(added.new)
        if added.new:
            subject = f"inboxitem {ranges(one.pk for one in added.new)}"
            acts.note(Event.INBOX, person=by, subject=subject, detail="added")
