"""Staff ask for copies beside an item of evidence and on the page of a source, and quote them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.models import Job, SeenWorker
from recommendations import copying, sources
from recommendations.models import Act, Action, Capture, CaptureRequest, Source, StatusUpdate
from recommendations.models.act import Event

from .factories import CaptureFactory, CaptureRequestFactory, SourceFactory, published_action
from .reading import form_values, text_of
from .test_log_update import NEW, item, send, typed

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
PAGE = "https://example.org/opening"
TEXT = "The office opened on 1 November 2026.\nIt has “forty desks” – all of them taken.\n" * 3


@pytest.fixture(autouse=True)
def capture_on(settings: Any) -> None:
    settings.CAPTURE = True


@pytest.fixture
def action() -> Action:
    return published_action()


@pytest.fixture
def desk(client: Client, analyst: User) -> Client:
    client.force_login(analyst)
    return client


@pytest.fixture
def capture() -> Capture:
    source = SourceFactory(url=PAGE, title="Opening", publisher="The ministry", language="en")
    return CaptureFactory(source=source, text=TEXT)


def html(response: Any) -> str:
    return response.content.decode()


def values_of(response: Any) -> dict[str, str]:
    """Return what the form of an update has typed in it."""
    return {name: values[-1] for name, values in form_values(html(response), "log").items()}


def last_lines() -> list[tuple[str, str, str]]:
    acts = Act.objects.filter(event=Event.SOURCE).order_by("pk")
    return [(one.outcome, one.name, one.detail) for one in acts]


# Beside an item, without the script -------------------------------------------------------------


def test_the_button_saves_the_draft_and_asks(desk: Client, action: Action) -> None:
    response = send(desk, typed(action, item(), go="copy-0"))
    draft = StatusUpdate.objects.get(slug="u-0123456789")
    page = reverse("admin:log_update_draft", args=[draft.slug])
    assert (response.status_code, response["Location"]) == (302, f"{page}#evidence-0-copy")
    assert draft.evidence.get().url == PAGE
    asked = CaptureRequest.objects.get()
    assert (asked.address, asked.asked_by.username, asked.state) == (PAGE, "analyst", "waiting")
    assert last_lines() == [("done", "analyst", "copy asked for")]
    text = text_of(html(desk.get(page)))
    assert "A copy is being made in the background." in text
    assert "its worker is not there" in text
    SeenWorker.objects.create(name="node-1", seen_at=timezone.now())
    assert "its worker is not there" not in text_of(html(desk.get(page)))
    assert 'value="copy-0"' not in html(desk.get(page))


def test_a_form_that_cannot_be_saved_asks_and_keeps_what_was_typed(
    desk: Client, action: Action
) -> None:
    response = send(desk, typed(action, item(), go="copy-0", status="", note="Half a note"))
    assert response.status_code == 200
    assert values_of(response)["note"] == "Half a note"
    assert "A copy is being made" in text_of(html(response))
    assert not StatusUpdate.objects.filter(slug="u-0123456789").exists()
    assert CaptureRequest.objects.count() == 1


def test_a_form_sent_twice_asks_once(desk: Client, action: Action) -> None:
    for _time in range(2):
        send(desk, typed(action, item(), go="copy-0"))
    assert (CaptureRequest.objects.count(), Job.objects.count()) == (1, 1)
    assert StatusUpdate.objects.filter(slug="u-0123456789").count() == 1


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://10.0.0.1/secret", "leads into a private network"),
        ("", "This is no address of a web page."),
        ("\x00", "This is no address of a web page."),
    ],
)
def test_an_address_that_is_never_fetched_is_named_beside_its_item(
    desk: Client, action: Action, address: str, said: str
) -> None:
    response = send(desk, typed(action, item(url=address), go="copy-0", note="Half a note"))
    assert response.status_code == 200
    assert said in text_of(html(response))
    assert values_of(response)["note"] == "Half a note"
    assert not CaptureRequest.objects.exists()


def test_what_could_not_be_fetched_is_named_beside_its_item(desk: Client, action: Action) -> None:
    CaptureRequestFactory(address=PAGE, state="failed", reason="not_found", ended_at=timezone.now())
    response = send(desk, typed(action, item(), go="draft"))
    text = text_of(html(desk.get(response["Location"])))
    assert "No copy was made. The site says that there is no such page." in text


def test_without_capture_there_is_no_button(desk: Client, action: Action, settings: Any) -> None:
    address = reverse(NEW)
    assert 'value="copy-0"' in html(desk.get(address, {"action": action.pk}))
    settings.CAPTURE = False
    assert 'value="copy-0"' not in html(desk.get(address, {"action": action.pk}))
    response = send(desk, typed(action, item(), go="copy-0"))
    assert "Pages are not fetched here" in text_of(html(response))


def test_a_copy_that_there_is_fills_what_is_empty(
    desk: Client, action: Action, capture: Capture
) -> None:
    sent = typed(action, item(title=""), go=f"take-0-{capture.pk}")
    values = values_of(send(desk, sent))
    assert values["evidence-0-capture_sha256"] == capture.sha256
    assert values["evidence-0-title"] == "Opening"
    assert values["evidence-0-language"] == "en"
    # What was typed is left.
    assert values["evidence-0-publisher"] == "Ministry of Defense (Japan)"
    assert not StatusUpdate.objects.filter(slug="u-0123456789").exists()


def test_a_copy_of_another_address_is_not_taken(desk: Client, action: Action) -> None:
    other = CaptureFactory()
    response = send(desk, typed(action, item(), go=f"take-0-{other.pk}"))
    assert "This copy is not of this address" in text_of(html(response))
    assert values_of(response)["evidence-0-capture_sha256"] == ""


@pytest.mark.parametrize(
    ("passage", "quotation"),
    [
        ("it has 'FORTY  desks' - all", "It has “forty desks” – all"),
        ("opened on 1 November 2026. It has", "opened on 1 November 2026.\nIt has"),
    ],
)
def test_a_passage_is_quoted_as_it_stands_in_the_copy(
    desk: Client, action: Action, capture: Capture, passage: str, quotation: str
) -> None:
    sent = typed(action, item(**{"passage": passage}), go="quote-0")
    values = values_of(send(desk, sent))
    assert values["evidence-0-quotation"].replace("\r\n", "\n") == quotation
    assert values["evidence-0-capture_sha256"] == capture.sha256
    assert values["evidence-0-passage"] == ""


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("It has fifty desks", "This does not stand in the copy."),
        ("", "Select a passage, type it or paste it."),
    ],
)
def test_a_passage_that_is_not_in_the_copy_is_refused_and_stays(
    desk: Client, action: Action, capture: Capture, passage: str, said: str
) -> None:
    sent = typed(action, item(passage=passage, quotation="Typed before"), go="quote-0")
    response = send(desk, sent)
    assert said in text_of(html(response))
    values = values_of(response)
    assert (values["evidence-0-passage"], values["evidence-0-quotation"]) == (
        passage,
        "Typed before",
    )


def test_a_passage_longer_than_a_quotation_is_refused(desk: Client, action: Action) -> None:
    CaptureFactory(source=SourceFactory(url=PAGE), text="words and " * 100)
    response = send(desk, typed(action, item(passage="words and " * 80), go="quote-0"))
    assert "A quotation has at most 600 characters" in text_of(html(response))


def test_many_items_cost_as_many_queries_as_one(desk: Client, action: Action) -> None:
    def taken(n: int) -> int:
        addresses = [f"{PAGE}/{number}" for number in range(n)]
        for address in addresses:
            if not Source.objects.filter(url=address).exists():
                CaptureFactory(source=SourceFactory(url=address))
        sent = typed(action, *(item(url=one) for one in addresses), go="add")
        send(desk, sent)
        with CaptureQueriesContext(connection) as queries:
            assert send(desk, sent).status_code == 200
        return len(queries)

    assert taken(1) == taken(9)


# Beside an item, for the script -----------------------------------------------------------------


def test_the_script_asks_and_is_told_how_far_it_is(desk: Client) -> None:
    page = reverse("admin:item_copy")
    said = {"url": PAGE, "prefix": "evidence-3", "chosen": ""}
    part = html(desk.post(page, said))
    assert 'id="evidence-3-copy"' in part
    assert "data-is-open" in part
    assert CaptureRequest.objects.get().address == PAGE
    assert "data-is-open" in html(desk.get(page, said))
    CaptureRequest.objects.update(state="failed", reason="refused_private", ended_at=timezone.now())
    part = html(desk.get(page, said))
    assert "leads into a private network" in text_of(part)
    assert "data-is-open" not in part


@pytest.mark.parametrize("prefix", ["", "x", 'evidence-0"><script>', "evidence-99999"])
def test_a_part_of_no_item_is_refused(desk: Client, prefix: str) -> None:
    answer = desk.get(reverse("admin:item_copy"), {"url": PAGE, "prefix": prefix})
    assert answer.status_code == 400


def test_the_script_is_given_text_and_passage(desk: Client, capture: Capture) -> None:
    page = reverse("admin:item_passage")
    assert desk.get(page, {"url": PAGE}).json() == {"text": TEXT, "sha256": capture.sha256}
    said = desk.post(page, {"url": PAGE, "passage": "forty desks"}).json()
    assert said == {"quotation": "forty desks", "problem": "", "sha256": capture.sha256}
    said = desk.post(page, {"url": PAGE, "passage": "fifty desks"}).json()
    assert (said["quotation"], bool(said["problem"])) == ("", True)
    for address in ("", "\x00", "https://[::1", "https://example.org/unknown"):
        assert desk.get(page, {"url": address}).json()["text"] == ""


def test_who_may_not_ask_for_copies_is_refused(
    client: Client, staff_member: Callable[[str, str], User]
) -> None:
    client.force_login(staff_member("rev", "Reviewer"))
    asked = {"url": PAGE, "prefix": "evidence-0"}
    assert client.post(reverse("admin:item_copy"), asked).status_code == 403
    source = SourceFactory()
    page = reverse("admin:source_copies", args=[source.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"go": "ask"}).status_code == 403
    assert not CaptureRequest.objects.exists()


# The page of a source ---------------------------------------------------------------------------


def test_a_new_copy_is_asked_for_on_the_page_of_a_source(desk: Client) -> None:
    source = SourceFactory(url=PAGE)
    page = reverse("admin:source_copies", args=[source.pk])
    change = reverse("admin:recommendations_source_change", args=[source.pk])
    assert f'href="{page}"' in html(desk.get(change))
    for _time in range(2):
        assert desk.post(page, {"go": "ask"}).status_code == 302
    assert CaptureRequest.objects.get().address == PAGE
    assert "Being made" in text_of(html(desk.get(page)))
    assert last_lines()[0] == ("done", "analyst", "copy asked for")


def test_a_file_is_uploaded_as_a_copy_and_refused_with_what_to_do(desk: Client) -> None:
    source = SourceFactory(url=PAGE)
    page = reverse("admin:source_copies", args=[source.pk])

    def upload(data: bytes) -> Any:
        return desk.post(page, {"go": "upload", "file": SimpleUploadedFile("law.txt", data)})

    response = desk.post(page, {"go": "upload"})
    assert (response.status_code, "Choose a file." in html(response)) == (400, True)
    assert "The file is empty." in html(upload(b""))
    response = upload(b"x" * (20 * 1024 * 1024 + 1))
    assert (response.status_code, "20 MB" in html(response)) == (400, True)
    assert not CaptureRequest.objects.exists()
    assert upload("第七条".encode()).status_code == 302
    asked = CaptureRequest.objects.get()
    assert (asked.way, asked.file_name, bytes(asked.data)) == (
        "uploaded",
        "law.txt",
        "第七条".encode(),
    )
    assert "law.txt" in text_of(html(desk.get(page)))


def test_the_page_of_a_source_lists_its_copies(desk: Client, capture: Capture) -> None:
    page = reverse("admin:source_copies", args=[capture.source_id])
    text = text_of(html(desk.get(page)))
    assert capture.sha256 in text
    assert reverse("admin:copy_text", args=[capture.pk]) in html(desk.get(page))

    def taken() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(page).status_code == 200
        return len(queries)

    few = taken()
    for _n in range(9):
        CaptureFactory(source=capture.source)
    assert taken() == few


def test_the_text_of_a_copy_is_shown_and_never_run(desk: Client) -> None:
    capture = CaptureFactory(text="<script>steal()</script> Ten bridges.")
    page = reverse("admin:copy_text", args=[capture.pk])
    shown = html(desk.get(page, {"q": "ten bridges"}))
    assert "<script>steal()" not in shown
    assert "&lt;script&gt;steal()" in shown
    assert '<textarea id="found" rows="3" readonly>Ten bridges</textarea>' in shown
    assert "does not stand in the copy" in html(desk.get(page, {"q": "nine bridges"}))


def test_a_file_is_saved_and_never_shown_as_a_page(
    desk: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    source = SourceFactory(url=PAGE)
    capture = sources.add_capture(source, content=b"<script>", media_type="text/html")
    answer = desk.get(reverse("admin:staff_copy", args=[capture.pk]))
    assert b"".join(answer.streaming_content) == b"<script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert desk.get(reverse("admin:staff_copy", args=[CaptureFactory().pk])).status_code == 404


def test_what_came_to_nothing_is_listed_until_it_is_asked_for_anew(
    desk: Client, analyst: User
) -> None:
    for n in range(3):
        CaptureRequestFactory(
            address=f"{PAGE}/{n}", state="failed", reason="not_found", ended_at=timezone.now()
        )
    page = reverse("admin:copy_requests")
    text = text_of(html(desk.get(page)))
    assert f"{PAGE}/1" in text
    assert "The site says that there is no such page." in text
    copying.ask_capture(f"{PAGE}/1", analyst)
    text = text_of(html(desk.get(page)))
    assert f"{PAGE}/1" not in text
    assert "1 copy is being made." in text
    listed = reverse("admin:recommendations_source_changelist")
    assert f'href="{page}"' in html(desk.get(listed))
