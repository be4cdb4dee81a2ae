"""Feeds are watched: each item comes once, to whoever looks after the action that it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from recommendations import inbox, watching
from recommendations.capturing import sandbox
from recommendations.capturing.answers import Fetched, Refusal
from recommendations.capturing.feeds import MOST_ITEMS
from recommendations.capturing.limits import Limits
from recommendations.capturing.problems import Reason
from recommendations.inbox.deciding import bring_back, dismiss_items
from recommendations.models import Act, Feed, FeedItem, InboxItem, LoweredHost, StatusUpdate
from recommendations.models.feed import FeedItemState
from recommendations.models.inbox_item import CameFrom
from recommendations.watching import fetching, running, storing

from .factories import (
    ActionFactory,
    AssignmentFactory,
    FeedFactory,
    FeedItemFactory,
    InboxItemFactory,
    LoweredHostFactory,
    RecommendationFactory,
    SearchAliasFactory,
    UserFactory,
    include,
)
from .played_web.server import dripping, page, serving
from .test_feed_reading import fetched, item, rss

pytestmark = pytest.mark.django_db

FERRIES = "Run more ferries to the outer islands"
HOST = "news.example.org"
NEWS = f"<item><title>Ministry to run more ferries to outer islands</title><link>https://{HOST}/1</link></item>"
OTHER = f"<item><title>Recipe of the day: pumpkin soup</title><link>https://{HOST}/2</link></item>"


@pytest.fixture
def ferries() -> Any:
    """An action about ferries, beside others that are not."""
    found = action_of(FERRIES)
    for title in ("Plant trees in towns", "Teach sailing at school", "Repair bridges"):
        action_of(title)
    return found


def action_of(title: str) -> Any:
    action = ActionFactory(
        title=title, recommendation=RecommendationFactory(headline=title, summary="")
    )
    include(reports=[action.recommendation.report])
    return action


def answering(*bodies: str | Refusal) -> Callable[..., Fetched | Refusal]:
    """Return a web of one feed that says these things in turn, the last ever after."""
    left = list(bodies)

    def fetch(address: str, *, etag: str = "") -> Fetched | Refusal:
        said = left.pop(0) if len(left) > 1 else left[0]
        return said if isinstance(said, Refusal) else fetched(said)

    return fetch


def watch(*bodies: str | Refusal, **said: Any) -> watching.Watched:
    until = timezone.now() + timedelta(minutes=10)
    return watching.watch(until=until, fetch=answering(*bodies), **said)


def make_due() -> None:
    Feed.objects.update(next_at=timezone.now() - timedelta(minutes=1))


def refused(reason: Reason) -> Refusal:
    return Refusal("https://x.example", reason, "https://x.example")


@pytest.fixture
def feed() -> Feed:
    return FeedFactory(is_on=True)


# What comes, and to whom -------------------------------------------------------------------------


def test_what_fits_waits_with_why_and_the_rest_is_folded(feed: Feed, ferries: Any) -> None:
    assert watch(rss(NEWS, OTHER)) == watching.Watched(
        fetched=1, failed=0, new=2, waiting=1, folded=1
    )
    [waiting] = InboxItem.objects.all()
    assert (waiting.came_from, waiting.url) == (CameFrom.WATCHED, f"https://{HOST}/1")
    [best, *_rest] = inbox.kept_suggestions(waiting)
    assert best.action == ferries.pk
    assert "ferries" in " ".join(best.words)
    assert FeedItem.objects.folded().get().title == "Recipe of the day: pumpkin soup"
    assert not StatusUpdate.objects.exists()


def test_it_waits_for_whoever_looks_after_the_action(feed: Feed, ferries: Any) -> None:
    far, near = UserFactory(), UserFactory()
    AssignmentFactory(analyst=far, action=None, section=ferries.recommendation.section)
    watch(rss(NEWS))
    assert InboxItem.objects.get().assigned_to == far
    AssignmentFactory(analyst=near, action=ferries)
    make_due()
    watch(rss(NEWS.replace("/1", "/3")))
    assert InboxItem.objects.latest("pk").assigned_to == near


def test_what_nobody_looks_after_waits_for_nobody(feed: Feed, ferries: Any) -> None:
    AssignmentFactory(analyst=UserFactory(is_active=False), action=ferries)
    watch(rss(NEWS))
    assert InboxItem.objects.get().assigned_to is None


def test_other_names_find_an_action_too(feed: Feed, ferries: Any) -> None:
    SearchAliasFactory(names="Sea link programme\nmore ferries to the outer islands")
    headline = "Ministry to run more ferries to outer islands"
    assert watch(rss(NEWS.replace(headline, "Sea link programme begins"))).waiting == 1
    make_due()
    other = NEWS.replace(headline, "Sea change in fashion begins").replace("/1", "/2")
    assert watch(rss(other)).folded == 1


def test_an_item_comes_once(feed: Feed, ferries: Any) -> None:
    watch(rss(NEWS, OTHER))
    make_due()
    again = watch(rss(item(9), NEWS, OTHER))
    assert (again.new, FeedItem.objects.count(), InboxItem.objects.count()) == (1, 3, 1)


def test_an_item_that_was_dismissed_does_not_come_back(feed: Feed, ferries: Any) -> None:
    watch(rss(NEWS))
    dismiss_items([InboxItem.objects.get().pk], reason="An old one.", by=UserFactory())
    FeedFactory(is_on=True)
    make_due()
    watch(rss(NEWS))
    assert InboxItem.objects.get().is_dismissed


def test_the_same_page_in_two_feeds_waits_once(feed: Feed, ferries: Any) -> None:
    FeedFactory(is_on=True)
    assert watch(rss(NEWS)).fetched == 2
    assert InboxItem.objects.count() == 1


def test_what_was_folded_can_be_put_into_the_inbox(
    client: Client, analyst: User, feed: Feed, ferries: Any
) -> None:
    watch(rss(OTHER))
    client.force_login(analyst)
    folded = FeedItem.objects.get()
    html = client.get(reverse("admin:watched_feed", args=[feed.pk])).content.decode()
    assert "1 item fits no action" in html
    for _twice in range(2):
        client.post(reverse("admin:unfold_item", args=[folded.pk]))
    assert InboxItem.objects.get().title == "Recipe of the day: pumpkin soup"
    folded.refresh_from_db()
    assert folded.state == FeedItemState.WAITING
    assert Act.objects.filter(detail="put into the inbox, though it fitted nothing").count() == 1


# Limits ------------------------------------------------------------------------------------------


def test_of_a_feed_of_five_thousand_items_the_newest_come_once(feed: Feed) -> None:
    body, now = rss(*map(item, range(5000))), timezone.now()
    found = []
    for _twice in range(2):
        make_due()
        held = running.hold(now=now)
        assert held
        reading = fetching.fetch_feed(held, today=now.date(), fetch=answering(body))
        found.append(storing.store(held, reading, now=now))
    assert found == [MOST_ITEMS, 0]
    # The newest is listed first, and has come last.
    assert FeedItem.objects.latest("pk").title == "Item 0"


def test_queries_of_storing_do_not_grow_with_what_was_seen(feed: Feed) -> None:
    def taken(n: int) -> int:
        FeedItemFactory.create_batch(n, feed=feed)
        reading = fetching.fetch_feed(
            feed, today=date(2026, 6, 1), fetch=answering(rss(*map(item, range(n))))
        )
        feed.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            assert storing.store(feed, reading, now=timezone.now()) is not None
        return len(queries)

    assert taken(3) >= taken(40)


def test_a_tarpit_is_a_problem_of_its_feed_alone(feed: Feed, settings: Any, ferries: Any) -> None:
    settings.CAPTURE = True
    settings.SITE_URL = "https://tracker.example.org"
    begin = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n<rss>"
    good = FeedFactory(is_on=True, url=f"http://{HOST}/good")
    Feed.objects.filter(pk=feed.pk).update(url=f"http://{HOST}/tarpit")
    with serving({"/tarpit": dripping(begin), "/good": page(rss(NEWS))}) as server:
        child = ["-m", "tests.played_web.child", str(server.port), HOST]
        fetch = partial(sandbox.fetch_page, limits=Limits(wall=2), child=child)
        found = watching.watch(until=timezone.now() + timedelta(minutes=10), fetch=fetch)
    assert (found.fetched, found.failed, found.waiting) == (1, 1, 1)
    feed.refresh_from_db()
    good.refresh_from_db()
    assert "took too long" in feed.problem
    assert good.problem == ""


def test_what_is_still_the_same_is_not_sent_again(feed: Feed, settings: Any) -> None:
    settings.CAPTURE = True
    settings.SITE_URL = "https://tracker.example.org"
    same = b'HTTP/1.1 304 Not Modified\r\nETag: "7"\r\nContent-Length: 0\r\n\r\n'
    Feed.objects.filter(pk=feed.pk).update(url=f"http://{HOST}/feed", etag='"7"')
    with serving({"/feed": same}) as server:
        child = ["-m", "tests.played_web.child", str(server.port), HOST]
        fetch = partial(sandbox.fetch_page, child=child)
        found = watching.watch(until=timezone.now() + timedelta(minutes=10), fetch=fetch)
    assert b'\r\nIf-None-Match: "7"\r\n' in server.asked[0]
    feed.refresh_from_db()
    assert (found.fetched, found.new, feed.problem, feed.etag) == (1, 0, "", '"7"')


@pytest.mark.parametrize("tag", ['"a\tb"', "x" * 500, '"é"'])
def test_a_tag_that_cannot_be_sent_back_is_left_out(feed: Feed, tag: str) -> None:
    one = fetched(rss(NEWS))
    last = one.last
    fields = (*last.answered, ("ETag", tag))
    said = Fetched(one.asked_for, (type(last)(**{**fields_of(last), "answered": fields}),))
    assert fetching.etag_of(said) == ""


def fields_of(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def test_a_feed_that_fails_is_asked_less_and_less_often(feed: Feed) -> None:
    pauses = []
    for _n in range(6):
        make_due()
        watch(refused(Reason.SERVER_ERROR))
        feed.refresh_from_db()
        pauses.append(round((feed.next_at - feed.fetched_at) / timedelta(hours=1)))
    assert pauses == [12, 24, 48, 96, 168, 168]
    assert feed.problem
    make_due()
    watch(rss(NEWS))
    feed.refresh_from_db()
    assert (feed.failures, feed.problem) == (0, "")


def test_two_runs_at_once_fetch_nothing_twice(feed: Feed) -> None:
    now = timezone.now()
    assert running.hold(now=now) == feed
    assert running.hold(now=now) is None
    assert running.hold(now=now + running.HELD) == feed


def test_whoever_held_a_feed_too_long_stores_nothing(feed: Feed) -> None:
    now = timezone.now()
    late = running.hold(now=now)
    assert late
    make_due()
    watch(rss(NEWS))
    reading = fetching.fetch_feed(late, today=now.date(), fetch=answering(rss(OTHER)))
    assert storing.store(late, reading, now=now) is None
    assert FeedItem.objects.count() == 1


def test_an_api_is_asked_for_what_is_new(feed: Feed) -> None:
    feed.url = "https://api.example.org/items?from={since}"
    feed.worked_at = datetime(2026, 6, 20, tzinfo=UTC)
    asked = fetching.address_of(feed, today=date(2026, 6, 21))
    assert asked == "https://api.example.org/items?from=2026-06-13"


def test_nothing_is_fetched_while_capture_is_off(feed: Feed) -> None:
    with pytest.raises(CommandError, match="set CAPTURE=1"):
        call_command("watch")


def test_feeds_that_are_off_are_not_fetched(ferries: Any) -> None:
    FeedFactory(is_on=False)
    assert watch(rss(NEWS)).fetched == 0


# What editors do ---------------------------------------------------------------------------------


def form(**said: Any) -> dict[str, Any]:
    return {
        "name": "Ministry",
        "url": "https://ministry.example.org/feed",
        "kind": "rss",
        "adapter": "",
        "found_in": "",
        "found_on": "",
    } | said


def test_an_editor_adds_tries_and_switches_a_feed_on(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(editor)
    client.post(reverse("admin:recommendations_feed_add"), form())
    feed = Feed.objects.get(name="Ministry")
    assert (feed.is_on, feed.added_by) == (False, editor)
    address = reverse("admin:watched_feed", args=[feed.pk])
    client.post(address, {"go": "on"})
    feed.refresh_from_db()
    assert not feed.is_on

    plays = answering(rss(NEWS))
    monkeypatch.setattr(
        "recommendations.admin.watching.feeds.fetch_page",
        lambda address, *, limits, etag="": plays(address, etag=etag),
    )
    html = client.post(address, {"go": "try"}).content.decode()
    assert "Ministry to run more ferries" in html
    assert not FeedItem.objects.exists()
    client.post(address, {"go": "on"})
    feed.refresh_from_db()
    assert feed.is_on and feed.worked_at
    client.post(address, {"go": "off"})
    feed.refresh_from_db()
    assert not feed.is_on
    acts = Act.objects.filter(subject=f"feed {feed.pk}").order_by("pk")
    assert [one.detail for one in acts] == ["tried: 1 items", "switched on", "switched off"]


def test_a_feed_that_was_changed_has_to_be_tried_anew(client: Client, editor: User) -> None:
    client.force_login(editor)
    feed = FeedFactory(is_on=True, name="Ministry", url="https://ministry.example.org/feed")
    address = reverse("admin:recommendations_feed_change", args=[feed.pk])
    shown = client.get(address)
    assert shown.context["adminform"].form["adapter"].value() == ""
    seen = shown.context["seen_version"]
    client.post(address, form(name="The ministry", seen_version=seen))
    feed.refresh_from_db()
    assert feed.is_on
    seen = client.get(address).context["seen_version"]
    client.post(address, form(url="https://ministry.example.org/other", seen_version=seen))
    feed.refresh_from_db()
    assert (feed.is_on, feed.worked_at) == (False, None)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "api"}, "An API needs an adapter."),
        ({"adapter": '{"title": "a", "address": "b"}'}, "Only an API has an adapter"),
        ({"kind": "api", "adapter": '{"title": "a"}'}, "It needs the first two"),
        ({"found_in": "https://example.org/list"}, "both where and when"),
        ({"url": "ftp://example.org/"}, "begins with https:// or http://"),
    ],
)
def test_a_feed_that_cannot_be_is_refused_and_what_was_typed_stays(
    client: Client, editor: User, said: dict[str, str], sentence: str
) -> None:
    client.force_login(editor)
    before = Feed.objects.count()
    page = client.post(reverse("admin:recommendations_feed_add"), form(**said))
    assert sentence in page.content.decode().replace("&quot;", '"')
    assert "Ministry" in page.content.decode()
    assert Feed.objects.count() == before


def test_a_try_without_items_does_not_switch_on() -> None:
    feed = FeedFactory(is_on=False, worked_at=None)
    reading = watching.try_feed(feed, by=UserFactory(), now=timezone.now(), fetch=answering(rss()))
    assert reading.problem
    with pytest.raises(ValidationError):
        watching.switch_on(feed, by=UserFactory(), now=timezone.now())


@pytest.mark.parametrize("role", ["analyst", "reviewer"])
def test_others_look_at_feeds_and_change_nothing(
    client: Client, request: pytest.FixtureRequest, feed: Feed, role: str
) -> None:
    client.force_login(request.getfixturevalue(role))
    address = reverse("admin:watched_feed", args=[feed.pk])
    assert "Switch it off" not in client.get(address).content.decode()
    assert client.post(address, {"go": "off"}).status_code == 403
    assert client.get(reverse("admin:recommendations_feed_add")).status_code == 403


def test_shipped_feeds_are_off_and_say_where_and_when_they_were_found() -> None:
    shipped = Feed.objects.filter(added_by__isnull=True)
    assert shipped.count() == 4
    assert not shipped.filter(is_on=True).exists()
    assert not shipped.filter(found_in="").exists()
    assert not shipped.filter(found_on=None).exists()


def test_lists_ask_as_much_however_many_there_are(client: Client, editor: User, feed: Feed) -> None:
    client.force_login(editor)
    pages = [
        reverse("admin:recommendations_feed_changelist"),
        reverse("admin:watched_feed", args=[feed.pk]),
        reverse("admin:lowered_hosts"),
    ]

    def taken(n: int) -> list[int]:
        FeedFactory.create_batch(n)
        FeedItemFactory.create_batch(n, feed=feed, state="folded")
        LoweredHostFactory.create_batch(n)
        found = []
        for address in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    taken(1)
    assert taken(1) == taken(20)


# Dismissals lower a host -------------------------------------------------------------------------


def dismissed(n: int, action: Any) -> list[InboxItem]:
    said = [
        {"action": action.pk, "label": action.label, "report": "r", "score": 0.5, "words": []}
        | {"is_citing": False}
    ]
    items = [
        InboxItemFactory(url=f"https://{HOST}/old/{one}", suggestions=said) for one in range(n)
    ]
    for one in items:
        dismiss_items([one.pk], reason="Not about that.", by=UserFactory())
    return items


def test_dismissals_lower_a_host_for_an_action_by_half_at_most(ferries: Any) -> None:
    def score() -> float:
        [found] = [
            one
            for one in inbox.suggested_of(FERRIES, f"https://{HOST}/x")
            if one.action == ferries.pk
        ]
        return found.score

    full = score()
    dismissed(1, ferries)
    assert score() == pytest.approx(full * 0.9, abs=0.002)
    dismissed(20, ferries)
    assert score() == pytest.approx(full * 0.5, abs=0.002)
    other = inbox.suggested_of(FERRIES, "https://other.example.org/x")
    assert other[0].score == full


def test_bringing_back_undoes_what_a_dismissal_did(ferries: Any) -> None:
    items = dismissed(2, ferries)
    assert LoweredHost.objects.get().dismissals == 2
    bring_back(items[0], by=UserFactory())
    assert LoweredHost.objects.get().dismissals == 1
    bring_back(items[1], by=UserFactory())
    assert not LoweredHost.objects.exists()


def test_staff_see_what_is_lowered_and_undo_it(client: Client, analyst: User, ferries: Any) -> None:
    dismissed(2, ferries)
    client.force_login(analyst)
    html = client.get(reverse("admin:lowered_hosts")).content.decode()
    assert HOST in html
    assert "Lowered by 19%: dismissed 2 times." in html
    address = reverse("admin:lift_host", args=[LoweredHost.objects.get().pk])
    for _twice in range(2):
        client.post(address)
    assert not LoweredHost.objects.exists()
    assert Act.objects.filter(detail="counts in full again").count() == 1


def test_a_citation_is_not_lowered(ferries: Any) -> None:
    said = [
        {"action": ferries.pk, "label": "1", "report": "r", "score": 1.0, "words": []}
        | {"is_citing": True}
    ]
    one = InboxItemFactory(url=f"https://{HOST}/cited", suggestions=said)
    dismiss_items([one.pk], reason="Known.", by=UserFactory())
    assert not LoweredHost.objects.exists()
