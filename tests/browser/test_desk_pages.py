"""Every page of the evidence desk on a phone, in both languages, and each of its acts by keyboard.

Each is opened in the states that it has, with words that are as long as a field takes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from recommendations import copying
from recommendations.inbox import keep_suggestions
from recommendations.inbox.deciding import dismiss_items
from recommendations.models import (
    CaptureRemoval,
    CaptureRequest,
    CheckedLink,
    Feed,
    InboxItem,
    LoweredHost,
)
from tests.factories import (
    CaptureFactory,
    CaptureRemovalFactory,
    CaptureRequestFactory,
    CheckedLinkFactory,
    FeedFactory,
    FeedItemFactory,
    InboxItemFactory,
    LoweredHostFactory,
    SourceFactory,
    published_action,
    published_actions,
    published_update,
)
from tests.test_feed_reading import rss
from tests.test_watching import NEWS, answering

from .chromium import assert_accessible
from .test_import_pages import refuse_lost_focus
from .test_public_pages import is_wider_than_the_window

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "otter" * 40
PHONE = {"width": 390, "height": 844}
SignIn = Callable[[Page, User], Page]


@pytest.fixture(autouse=True)
def capture_on(settings: Any) -> None:
    settings.CAPTURE = True


@pytest.fixture
def root(transactional_db: None) -> User:
    return User.objects.create_superuser("root", password="secret")


def inbox_pages(person: User) -> list[str]:
    """Rows that wait with a suggestion, are being read, could not be read, and were decided on."""
    one, other = published_actions(2, title="Count the otters of the river")
    url = f"https://news.example.org/{LONG}"
    said = {"title": f"Otters of the river counted {LONG}", "quotation": LONG, "publisher": LONG}
    item = InboxItemFactory(url=url, assigned_to=person, language="en", **said)
    keep_suggestions([item])
    copying.ask_capture(InboxItemFactory(added_at=timezone.now()).url, person)
    InboxItemFactory(title=LONG, problem="no_such_name", came_from="watched", added_by=None)
    gone = InboxItemFactory(url=f"{url}/2", title="Otters return")
    dismiss_items([gone.pk], reason=LONG, by=person)
    chosen = f"?action={one.pk}&action={other.pk}"
    return [
        reverse("admin:inbox"),
        f"{reverse('admin:inbox')}?state=dismissed",
        reverse("admin:inbox_paste"),
        reverse("admin:inbox_add"),
        reverse("admin:inbox_browser"),
        reverse("admin:inbox_item", args=[item.pk]),
        reverse("admin:inbox_item", args=[gone.pk]),
        reverse("admin:inbox_log", args=[item.pk]) + chosen,
    ]


def source_pages() -> list[str]:
    law = f"https://laws.example.org/{LONG}"
    said = {"url": law, "title": LONG, "publisher": LONG, "kind": "primary"}
    published_update(published_action(), evidence=[said])
    source = SourceFactory(url="https://source.example.org/law", title=LONG, publisher=LONG)
    capture = CaptureFactory(source=source, text=f"{LONG}\n第七条を改める。" * 20)
    removed = CaptureFactory(source=source, name="", removed_at=timezone.now(), removal_reason=LONG)
    asked = CaptureRemovalFactory(capture=capture, reason=LONG)
    CaptureRequestFactory(
        address=law, state="failed", reason="no_such_name", ended_at=timezone.now()
    )
    kept = CaptureFactory(source=source)
    return [
        reverse("admin:recommendations_source_changelist"),
        reverse("admin:recommendations_source_add"),
        reverse("admin:recommendations_source_change", args=[source.pk]),
        reverse("admin:source_copies", args=[source.pk]),
        reverse("admin:copy_requests"),
        f"{reverse('admin:copy_text', args=[capture.pk])}?q=otter",
        reverse("admin:recommendations_capture_changelist"),
        *(
            reverse("admin:recommendations_capture_change", args=[one.pk])
            for one in (capture, removed)
        ),
        reverse("admin:ask_removal", args=[kept.pk]),
        reverse("admin:decide_removal", args=[asked.pk]),
        reverse("admin:recommendations_captureremoval_changelist"),
    ]


def watch_pages() -> list[str]:
    url = f"https://feed.example.org/{LONG}"
    found = {"found_in": url, "found_on": timezone.now().date()}
    feed = FeedFactory(name=LONG, url=url, is_on=True, problem=LONG, **found)
    FeedItemFactory.create_batch(2, feed=feed, title=LONG, url=url, state="folded")
    LoweredHostFactory(action=published_action(title=LONG))
    return [
        reverse("admin:recommendations_feed_changelist"),
        reverse("admin:recommendations_feed_add"),
        reverse("admin:recommendations_feed_change", args=[feed.pk]),
        reverse("admin:watched_feed", args=[feed.pk]),
        reverse("admin:lowered_hosts"),
    ]


def link_pages() -> list[str]:
    since = timezone.now() - timedelta(days=30)
    for n, state in enumerate(("dead", "dead", "gone", "unknown")):
        source = SourceFactory(url=f"https://gone-{n}.example.org/{LONG}", title=LONG)
        if n == 1:
            source.archived_url = f"https://archive.example.org/{LONG}"
            source.save()
        CheckedLink.objects.filter(source=source).delete()
        facts = {"reason": "not_found", "times_gone": 3, "gone_since": since}
        facts = facts if state != "unknown" else {"reason": "timeout"}
        CheckedLinkFactory(source=source, state=state, checked_at=timezone.now(), **facts)
    address = reverse("admin:dead_links")
    return [f"{address}?list={one}" for one in ("bare", "archived", "gone", "unknown")]


@pytest.mark.parametrize(("language", "scheme"), [("", "light"), ("/ja", "dark")])
def test_pages_of_the_desk_are_accessible_and_fit_a_phone(
    open_page: Callable[..., Page], sign_in: SignIn, root: User, language: str, scheme: str
) -> None:
    addresses = [*inbox_pages(root), *source_pages(), *watch_pages(), *link_pages()]
    page = sign_in(open_page(viewport=PHONE, color_scheme=scheme), root)
    for address in addresses:
        response = page.goto(f"{language}{address}")
        assert response is not None
        assert response.status == 200, address
        while (folded := page.locator("main details:not([open]) > summary:visible")).count():
            folded.first.press("Enter")
        assert_accessible(page)
        assert not is_wider_than_the_window(page), address
        refuse_lost_focus(page)


def test_items_are_given_dismissed_and_brought_back_by_keyboard(
    page: Page, sign_in: SignIn, analyst: User
) -> None:
    one, other = InboxItemFactory.create_batch(2)
    sign_in(page, analyst).goto(reverse("admin:inbox"))
    page.locator(f"[name=item][value='{one.pk}']").press("Space")
    page.get_by_label("Why it is no news").focus()
    page.keyboard.type("Old news.")
    page.get_by_role("button", name="Dismiss").press("Enter")
    expect(page.get_by_text("1 is dismissed.")).to_be_visible()
    assert InboxItem.objects.waiting().get() == other
    page.goto(reverse("admin:inbox_item", args=[one.pk]))
    page.get_by_role("button", name="Bring it back").press("Enter")
    expect(page.get_by_role("button", name="Dismiss")).to_be_visible()
    assert InboxItem.objects.waiting().count() == 2


def test_a_feed_is_tried_and_switched_on_by_keyboard(
    page: Page, sign_in: SignIn, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    plays = answering(rss(NEWS))
    monkeypatch.setattr(
        "recommendations.admin.watching.feeds.fetch_page",
        lambda address, *, limits, etag="": plays(address, etag=etag),
    )
    feed = FeedFactory(worked_at=None)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(page, editor).goto(reverse("admin:watched_feed", args=[feed.pk]))
    page.get_by_role("button", name="Try it now").press("Enter")
    expect(page.get_by_role("heading", name="What would come")).to_be_visible()
    assert_accessible(page)
    assert not is_wider_than_the_window(page)
    page.get_by_role("button", name="Switch it on").press("Enter")
    expect(page.get_by_role("button", name="Switch it off")).to_be_visible()
    assert Feed.objects.get(pk=feed.pk).is_on


def test_a_copy_is_removed_by_the_keyboards_of_two(
    open_page: Callable[..., Page], sign_in: SignIn, analyst: User, editor: User
) -> None:
    capture = CaptureFactory()
    page = sign_in(open_page(viewport=PHONE), analyst)
    page.goto(reverse("admin:ask_removal", args=[capture.pk]))
    page.get_by_role("button", name="Ask for the removal").press("Enter")
    page.get_by_label("Reason").focus()
    page.keyboard.type("The publisher demands it.")
    page.get_by_role("button", name="Ask for the removal").press("Enter")
    expect(page.get_by_text("Another person has to confirm the removal.")).to_be_visible()
    asked = CaptureRemoval.objects.get()
    other = sign_in(open_page(viewport=PHONE), editor)
    other.goto(reverse("admin:decide_removal", args=[asked.pk]))
    other.get_by_role("button", name="Decline: it stays").press("Enter")
    expect(other.get_by_text("Declined. The copy stays.")).to_be_visible()
    assert_accessible(other)


def test_a_link_is_asked_again_and_a_host_counts_in_full_by_keyboard(
    page: Page, sign_in: SignIn, analyst: User
) -> None:
    link = CheckedLinkFactory(
        state="unknown", reason="timeout", next_at=timezone.now() + timedelta(days=6)
    )
    lowered = LoweredHostFactory()
    sign_in(page, analyst).goto(f"{reverse('admin:dead_links')}?list=unknown")
    page.locator("main form button").press("Enter")
    expect(page.get_by_text("It is checked by the next run.")).to_be_visible()
    assert CheckedLink.objects.get(pk=link.pk).next_at <= timezone.now()
    page.goto(reverse("admin:lowered_hosts"))
    page.get_by_role("button", name=lowered.host).press("Enter")
    expect(page.get_by_text("It counts in full again.")).to_be_visible()
    assert not LoweredHost.objects.exists()


def test_a_copy_is_asked_for_on_the_page_of_its_source_by_keyboard(
    page: Page, sign_in: SignIn, analyst: User
) -> None:
    source = SourceFactory()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(page, analyst).goto(reverse("admin:source_copies", args=[source.pk]))
    page.locator("button[name=go][value=ask]").press("Enter")
    expect(page.get_by_text("The copy is made in the background.").first).to_be_visible()
    assert CaptureRequest.objects.get().address == source.url
    assert_accessible(page)
