"""Pages at addresses of the inbox: read in the background, and taken over into the form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from alliance.background.performing import work_off
from alliance.models import Job
from recommendations import copying
from recommendations.capturing.problems import Reason, sentence_of
from recommendations.inbox import News, add_items
from recommendations.inbox.reading import ask_for_pages
from recommendations.models import CaptureRequest, Evidence, InboxItem, StatusUpdate
from recommendations.models.inbox_item import CameFrom

from .factories import (
    CaptureFactory,
    InboxItemFactory,
    SourceFactory,
    UserFactory,
    published_action,
    published_actions,
)
from .played_web.playing import keep_copies_in, played
from .played_web.server import leads_to, page
from .reading import text_of
from .test_inbox_logging import address, opened, typed

pytestmark = pytest.mark.django_db
HOST = "laws.example.org"
LAW = f"http://{HOST}/law"
READ = """<html lang="en"><head><title>Act on otters</title>
<meta property="og:site_name" content="The Gazette">
<meta property="article:published_time" content="2026-03-05T10:00:00Z"></head>
<body><p>The office opened with “forty desks” to count otters.</p></body></html>"""


@pytest.fixture(autouse=True)
def capture_on(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CAPTURE = True
    keep_copies_in(tmp_path, monkeypatch)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    return lambda answers: played(monkeypatch, answers, HOST)


@pytest.fixture
def desk(client: Client, analyst: User) -> Client:
    client.force_login(analyst)
    return client


def pasted(*urls: str, by: User | None = None, came_from: CameFrom = CameFrom.PASTED) -> Any:
    return add_items([News(url) for url in urls], came_from=came_from, by=by or UserFactory()).new


def listed(desk: Client, prefix: str = "") -> str:
    return shown(desk.get(f"{prefix}/admin/inbox/"))


def shown(response: Any) -> str:
    return text_of(response.content.decode())


def test_an_item_takes_over_what_its_page_says_and_finds_its_action(web, desk, analyst) -> None:
    action = published_action(title="Count the otters")
    with web({"/law": page(READ)}):
        desk.post(reverse("admin:inbox_paste"), {"lines": LAW})
        assert "Its page is being read in the background." in listed(desk)
        work_off()
    item = InboxItem.objects.get()
    assert (item.title, item.publisher, item.language) == ("Act on otters", "The Gazette", "en")
    assert "forty desks" in item.text and not item.problem
    assert f"{item.published_on}" == "2026-03-05"
    assert item.suggestions[0]["action"] == action.pk
    assert CaptureRequest.objects.get().asked_by == analyst
    after = listed(desk)
    assert "Copy kept" in after and "being read" not in after
    assert "Copy kept" in shown(desk.get(reverse("admin:inbox_item", args=[item.pk])))


@pytest.mark.parametrize(
    ("answer", "address", "reason"),
    [
        (None, f"http://{HOST}/gone", Reason.NOT_FOUND),
        (leads_to("http://10.0.0.1/"), LAW, Reason.REFUSED_PRIVATE),
        (None, "http://10.0.0.1/", Reason.REFUSED_PRIVATE),
        (None, "http://no-such.example.org/", Reason.NO_SUCH_NAME),
    ],
)
def test_what_cannot_be_read_says_why_to_each_in_their_language(
    web, desk, answer, address, reason
) -> None:
    with web({"/law": answer} if answer else {}):
        pasted(address)
        work_off()
    assert sentence_of(reason) in listed(desk)
    with translation.override("ja"):
        japanese = sentence_of(reason)
    assert japanese != sentence_of(reason)
    assert japanese in listed(desk, "/ja")
    assert "being read" not in listed(desk)
    assert not Job.objects.filter(is_open=True).exists()


def test_only_what_a_person_adds_is_read_and_only_where_that_is_on(settings) -> None:
    add_items([News(LAW)], came_from=CameFrom.WATCHED)
    add_items([News(title="Otters return")], came_from=CameFrom.PASTED, by=UserFactory())
    settings.CAPTURE = False
    pasted(f"{LAW}/2")
    work_off()
    assert not CaptureRequest.objects.exists()
    settings.CAPTURE = True
    [item] = pasted(f"{LAW}/3")
    work_off()
    assert CaptureRequest.objects.get().key == item.key


def test_whoever_was_killed_in_the_midst_asks_for_none_twice(web) -> None:
    items = pasted(LAW, f"{LAW}/2")
    keys = [item.pk for item in items]
    with web({"/law": page(READ)}):
        copying.ask_capture(LAW, items[0].added_by)
        work_off()
        ask_for_pages.func(keys)
        ask_for_pages.func(keys)
    assert CaptureRequest.objects.count() == 2


def test_a_copy_that_a_colleague_asked_for_serves_the_item(web) -> None:
    with web({"/law": page(READ)}):
        copying.ask_capture(LAW, UserFactory())
        [item] = pasted(LAW)
        work_off()
    item.refresh_from_db()
    assert item.title == "Act on otters"
    assert CaptureRequest.objects.count() == 1


def test_what_was_decided_meanwhile_is_left(web) -> None:
    with web({"/law": page(READ)}):
        [item] = pasted(LAW)
        by, at = UserFactory(), timezone.now()
        InboxItem.objects.update(state="dismissed", reason="No.", decided_by=by, decided_at=at)
        work_off()
    item.refresh_from_db()
    assert not item.title and not CaptureRequest.objects.exists()


def test_an_update_names_the_copy_that_was_read(web, desk, analyst) -> None:
    actions = published_actions(2, title="Count the otters")
    with web({"/law": page(READ)}):
        [item] = pasted(LAW, by=analyst)
        work_off()
    capture = CaptureRequest.objects.get().capture
    form = desk.get(address(item), {"action": [action.pk for action in actions]})
    assert form.context["formset"][0].initial["capture_sha256"] == capture.sha256
    data = opened(desk, item, actions) | typed(actions)
    data |= {"evidence-0-url": LAW, "evidence-0-capture_sha256": capture.sha256}
    assert desk.post(address(item), data | {"go": "submit"}).status_code == 302
    assert StatusUpdate.objects.filter(review_state="submitted").count() == 2
    assert {one.capture_sha256 for one in Evidence.objects.all()} == {capture.sha256}


def test_buttons_of_copies_work_without_the_script_and_keep_what_is_typed(desk) -> None:
    [action] = published_actions(1, title="Count the otters")
    source = SourceFactory(url=LAW)
    capture = CaptureFactory(source=source, text="The office opened with “forty desks”.")
    item = InboxItemFactory(url=LAW)
    data = opened(desk, item, [action]) | typed([action], **{"evidence-0-url": LAW})
    data["evidence-0-passage"] = "FORTY desks"
    taken = desk.post(address(item), data | {"go": "quote-0"})
    assert taken.context["formset"][0]["quotation"].value() == "forty desks"
    assert taken.context["formset"][0]["capture_sha256"].value() == capture.sha256
    note = data[f"a{action.pk}-note"]
    assert note in taken.content.decode()
    asked = desk.post(address(item), data | {"go": "copy-0"})
    assert "A copy is being made in the background." in shown(asked)
    assert note in asked.content.decode()
    assert CaptureRequest.objects.get().is_waiting
    assert not StatusUpdate.objects.filter(review_state="draft").exists()


def test_the_list_asks_as_much_for_many_copies_as_for_few(desk) -> None:
    def queries(n: int) -> int:
        for _n in range(n):
            item = InboxItemFactory(added_at=timezone.now())
            copying.ask_capture(item.url, item.added_by)
            CaptureFactory(source=SourceFactory(url=item.url))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            desk.get("/admin/inbox/")
        return len(asked)

    few = queries(2)
    assert queries(18) == few
