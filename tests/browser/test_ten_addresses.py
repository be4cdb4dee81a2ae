"""Ten addresses are pasted, read, and logged for eight actions, in at most sixty presses.

The web is played: what is fetched goes by a connector of the test to a server on this machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from alliance.background.performing import work_off
from alliance.private_storage import PrivateStorage
from recommendations.models import Action, Capture, Evidence, InboxItem, StatusUpdate
from tests.factories import KnownHostFactory, TranslationFactory, published_actions
from tests.played_web.playing import keep_copies_in, played
from tests.played_web.server import leads_to, page
from tests.printed_pages import paragraph, printed

from .chromium import assert_accessible
from .hand import Hand

pytestmark = pytest.mark.django_db(transaction=True)
MOST_PRESSES = 60
GAZETTE, NEWS, KANPO = "gazette.example.org", "news.example.org", "kanpo.example.jp"
ASKED = {
    "otters": ("Count the otters of the river", "川のカワウソを数える"),
    "bridges": ("Repair ten wooden bridges", "木の橋を十本直す"),
    "ferries": ("Run ferries at night", "夜間にフェリーを運航する"),
    "lighthouse": ("Light the northern lighthouse", "北の灯台に灯をともす"),
    "orchards": ("Plant apple orchards along the road", "街道沿いにりんご園を造る"),
    "museum": ("Open a museum of clocks", "時計の博物館を開く"),
    "beekeepers": ("License beekeepers in every town", "町ごとに養蜂家に免許を与える"),
    "quarry": ("Close the limestone quarry", "石灰石の採石場を閉じる"),
}
SAID = {
    "/otters": "The ministry counted the otters of the river and found ninety.",
    "/bridges": "Workers began to repair ten wooden bridges this spring.",
    "/ferries": "The first ferries ran at night between both harbours.",
    "/lighthouse": "The northern lighthouse was lit for the first time since the storm.",
    "/orchards": "Apple orchards were planted along the old road by two villages.",
    "/museum": "A museum of clocks opened its doors on Monday.",
    "/bees": "The act licenses beekeepers in every town of the country.",
    "/bridges-2": "All ten wooden bridges are repaired and open to carts.",
}
JAPANESE = "石灰石の採石場を閉じる法律が公布された。"


def html(text: str, *, title: str, language: str = "en") -> bytes:
    return page(
        f'<html lang="{language}"><head><title>{title}</title>'
        '<meta property="article:published_time" content="2026-03-05T10:00:00Z"></head>'
        f"<body><h1>{title}</h1><p>{text}</p></body></html>"
    )


def web() -> dict[str, bytes]:
    lines = [
        "The ministry counted the otters of the river",
        "a second time and found more of them.",
    ]
    pdf = printed([paragraph(lines, top=200)])
    return {
        **{path: html(text, title=text.split(".")[0]) for path, text in SAID.items()},
        "/law": html(JAPANESE, title="石灰石の採石場を閉じる法律", language="ja"),
        "/count.pdf": page(pdf, kind="application/pdf"),
        "/inside": leads_to("http://10.0.0.1/"),
    }


ADDRESSES = [
    *(f"http://{GAZETTE}{path}" for path in list(SAID)[:4]),
    *(f"http://{NEWS}{path}" for path in list(SAID)[4:]),
    f"http://{KANPO}/law",
    f"http://{GAZETTE}/count.pdf",
]
DEAD, PRIVATE = f"http://{NEWS}/gone", f"http://{NEWS}/inside"


@pytest.fixture
def actions() -> dict[str, Action]:
    found = {}
    for name, (title, japanese) in ASKED.items():
        [action] = published_actions(1, title=title)
        TranslationFactory(kind="action.title", original=title, text=japanese)
        found[name] = action
    return found


@pytest.fixture
def copies(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PrivateStorage:
    settings.CAPTURE = True
    keep_copies_in(tmp_path, monkeypatch)
    return PrivateStorage(location=tmp_path)


@pytest.fixture
def hosts() -> None:
    KnownHostFactory(host=GAZETTE, publisher="The Gazette", kind="primary")
    KnownHostFactory(host=NEWS, publisher="The News", kind="press")
    KnownHostFactory(host=KANPO, publisher="官報", kind="primary")


def log(hand: Hand, row: Locator, *, note: str) -> None:
    """Log an item for the action that is suggested first, and come back to the list."""
    shown = hand.page
    hand.click(row.get_by_role("link", name="Log for").first)
    key = shown.locator("[name=action]").input_value()
    hand.click(shown.locator(f"[name=a{key}-status][value=in_progress]"))
    hand.fill(shown.locator(f"[name=a{key}-effective_on]"), "2026-03-05")
    hand.fill(shown.locator(f"[name=a{key}-note]"), note)
    for name, value in (("title", "The second count"), ("published_on", "2026-03-05")):
        field = shown.locator(f"[name=evidence-0-{name}]")
        if not field.input_value():
            hand.fill(field, value)
    hand.press("Control+Enter")
    expect(shown).to_have_url(re.compile(r"/admin/inbox/$"))
    expect(shown.get_by_text("Submitted: ")).to_be_visible()


@pytest.mark.usefixtures("hosts")
def test_ten_addresses_become_ten_updates_of_eight_actions(
    page: Page,
    analyst: User,
    sign_in: Callable[[Page, User], Page],
    actions: dict[str, Action],
    copies: PrivateStorage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in(page, analyst)
    page.goto("/admin/")
    hand = Hand(page)
    with played(monkeypatch, web(), GAZETTE, NEWS, KANPO):
        hand.click(page.get_by_role("link", name="Inbox").first)
        hand.click(page.get_by_role("link", name="Paste addresses or headlines"))
        lines = page.get_by_label("Addresses or headlines, one in a line")
        hand.fill(lines, "\n".join([*ADDRESSES, DEAD, PRIVATE]))
        hand.click(page.get_by_role("button", name="Put into the inbox"))
        expect(page.get_by_text("12 are new in the inbox.")).to_be_visible()
        work_off()
    # What was read comes into the list by itself.
    expect(page.locator("[data-reading]")).to_have_count(0)
    assert_accessible(page)
    rows = page.locator(".inbox > li")
    expect(rows).to_have_count(12)
    for address, why in (
        (DEAD, "there is no such page"),
        (PRIVATE, "leads into a private network"),
    ):
        expect(rows.filter(has_text=address)).to_contain_text(why)

    for n, item in enumerate(InboxItem.objects.filter(url__in=ADDRESSES).order_by("pk")):
        log(hand, page.locator(f"#item-{item.pk}"), note=f"Seen in source {n}.")
    assert hand.steps <= MOST_PRESSES, hand.steps

    updates = StatusUpdate.objects.filter(author=analyst, review_state="submitted")
    assert updates.count() == 10
    assert {one.action for one in updates} == set(actions.values())
    evidence = Evidence.objects.filter(update__in=updates)
    assert {one.url for one in evidence} == set(ADDRESSES)
    assert {one.language for one in evidence} == {"en", "ja"}
    for item in evidence:
        capture = Capture.objects.get(sha256=item.capture_sha256)
        content = copies.open(capture.name).read()
        assert hashlib.sha256(content).hexdigest() == item.capture_sha256
        assert capture.source.url == item.url
    left = InboxItem.objects.filter(state="waiting")
    assert {one.url for one in left} == {DEAD, PRIVATE}
    assert not Capture.objects.filter(source__url__in=[DEAD, PRIVATE]).exists()
