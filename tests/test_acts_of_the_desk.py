"""Each act of the evidence desk leaves one line of its own: from the inbox to a copy that goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.background.performing import work_off
from recommendations.models import (
    Act,
    Assignment,
    CaptureRemoval,
    Feed,
    InboxItem,
    KnownHost,
    StatusUpdate,
)
from recommendations.models.inbox_item import InboxState

from .factories import (
    CheckedLinkFactory,
    FeedItemFactory,
    LoweredHostFactory,
    SourceFactory,
    draft_update,
    published_action,
    submitted_update,
)
from .played_web.playing import keep_copies_in, played
from .played_web.server import page
from .test_acts import Line, signed_in
from .test_feed_reading import rss
from .test_watching import NEWS, answering, form

pytestmark = pytest.mark.django_db
HOST = "laws.example.org"
LAW = f"http://{HOST}/law"


@pytest.fixture(autouse=True)
def capture_on(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CAPTURE = True
    keep_copies_in(tmp_path, monkeypatch)


@pytest.fixture
def desk(analyst: User) -> Client:
    return signed_in(analyst)


@pytest.fixture
def editors_desk(editor: User) -> Client:
    return signed_in(editor)


def told(do: Callable[[], object]) -> list[Line]:
    """Return event, actor and the first words of the detail of each line that an act leaves."""
    before = set(Act.objects.values_list("pk", flat=True))
    do()
    new = Act.objects.exclude(pk__in=before).order_by("pk")
    assert {act.outcome for act in new} <= {"done"}
    return [(act.event, act.name, act.detail.partition(":")[0]) for act in new]


def post(client: Client, page: str, /, *args: object, **fields: object) -> list[Line]:
    return told(lambda: client.post(reverse(f"admin:{page}", args=args), fields))


def test_each_step_of_an_item_of_the_inbox_leaves_a_line(
    desk: Client, analyst: User, reviewer: User
) -> None:
    said = {"url": "https://news.example.org/7", "title": "Otters", "published_precision": "day"}
    assert post(desk, "inbox_add", **said)[0] == ("inbox", "analyst", "added")
    item = InboxItem.objects.get()
    assert post(desk, "inbox_item", item.pk, go="assign", assigned_to=analyst.pk) == [
        ("inbox", "analyst", "assigned to analyst")
    ]
    assert post(desk, "inbox_item", item.pk, go="assign", assigned_to="") == [
        ("inbox", "analyst", "assigned to nobody")
    ]
    assert post(desk, "inbox_item", item.pk, go="dismiss", reason="Old news.") == [
        ("inbox", "analyst", "dismissed")
    ]
    assert post(desk, "inbox_item", item.pk, go="back") == [("inbox", "analyst", "brought back")]
    item.refresh_from_db()
    assert item.state == InboxState.WAITING


def test_each_step_of_a_copy_leaves_a_line(
    desk: Client, editors_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = SourceFactory(url=LAW)
    assert post(desk, "source_copies", source.pk, go="ask") == [
        ("source", "analyst", "copy asked for")
    ]
    with played(monkeypatch, {"/law": page("<p>The office opened.</p>")}, HOST):
        made = told(work_off)
    assert [one[:2] for one in made if one[2].startswith("copy added")] == [("source", "analyst")]
    file = SimpleUploadedFile("law.html", b"<p>Article 7</p>", content_type="text/html")
    assert [one[:2] for one in post(desk, "source_copies", source.pk, go="upload", file=file)] == [
        ("source", "analyst")
    ]
    capture = source.captures.get()
    for outcome, said in (("decline", "declined"), ("confirm", "confirmed")):
        asked = post(desk, "ask_removal", capture.pk, reason="Demanded.")
        assert asked == [("source", "analyst", "removal of a copy")]
        removal = CaptureRemoval.objects.get(outcome="pending")
        assert post(editors_desk, "decide_removal", removal.pk, go=outcome) == [
            ("source", "editor", "removal of a copy")
        ]
        detail = Act.objects.latest("pk").detail
        assert detail == f"removal of a copy: {said}, SHA-256 {capture.sha256}"


def test_each_change_of_a_feed_leaves_a_line(
    editors_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [one[:2] for one in post(editors_desk, "recommendations_feed_add", **form())] == [
        ("other", "editor")
    ]
    feed = Feed.objects.get(name="Ministry")
    plays = answering(rss(NEWS))
    monkeypatch.setattr(
        "recommendations.admin.watching.feeds.fetch_page",
        lambda address, *, limits, etag="": plays(address, etag=etag),
    )
    for go, said in (("try", "tried"), ("on", "switched on"), ("off", "switched off")):
        assert post(editors_desk, "watched_feed", feed.pk, go=go) == [("other", "editor", said)]
    change = reverse("admin:recommendations_feed_change", args=[feed.pk])
    seen = editors_desk.get(change).context["seen_version"]
    changed = told(lambda: editors_desk.post(change, form(name="Other", seen_version=seen)))
    assert [one[:2] for one in changed] == [("other", "editor")]
    feed.refresh_from_db()
    assert feed.name == "Other"
    gone = post(editors_desk, "recommendations_feed_delete", feed.pk, post="yes")
    assert [one[:2] for one in gone] == [("other", "editor")]
    assert not Feed.objects.filter(pk=feed.pk).exists()


def test_each_correction_of_the_watch_leaves_a_line(desk: Client) -> None:
    item = FeedItemFactory(state="folded")
    assert [one[:2] for one in post(desk, "unfold_item", item.pk)][-1] == ("inbox", "analyst")
    lowered = LoweredHostFactory()
    assert post(desk, "lift_host", lowered.pk) == [("inbox", "analyst", "counts in full again")]
    link = CheckedLinkFactory(next_at=timezone.now() + timedelta(days=6))
    assert post(desk, "check_again", link.pk) == [("source", "analyst", "link")]


def test_each_undoing_leaves_a_line(desk: Client, analyst: User) -> None:
    draft = draft_update(published_action(), by=analyst)
    assert post(desk, "log_update_discard", draft.slug) == [("draft", "analyst", "discard")]
    kept = analyst.discarded_drafts.get()
    assert post(desk, "restore_draft", kept.pk) == [("draft", "analyst", "restore")]
    update = submitted_update(published_action(), by=analyst)
    assert post(desk, "log_update_recall", update.slug) == [("submission", "analyst", "recall")]
    assert StatusUpdate.objects.get(slug=update.slug).review_state == "draft"


def test_each_change_of_who_and_what_is_known_leaves_a_line(
    editors_desk: Client, analyst: User
) -> None:
    action = published_action()
    for name, model, fields in (
        ("assignment", Assignment, {"analyst": analyst.pk, "action": action.pk}),
        ("knownhost", KnownHost, {"host": HOST, "publisher": "Gazette", "kind": "primary"}),
    ):
        page = f"recommendations_{name}"
        [added] = post(editors_desk, f"{page}_add", **fields)
        row = model._default_manager.latest("pk")
        [gone] = post(editors_desk, f"{page}_delete", row.pk, post="yes")
        assert added[1] == gone[1] == "editor"
        assert not model._default_manager.filter(pk=row.pk).exists()
