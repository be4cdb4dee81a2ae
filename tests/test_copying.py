"""Pages that staff ask for are fetched, read and kept in the background; files are read and kept.

The web is played: names and addresses are public ones, and no packet leaves this machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alliance.background.performing import work_off
from alliance.models import Job
from recommendations import copying, sources
from recommendations.capturing.limits import Limits
from recommendations.capturing.problems import Reason
from recommendations.capturing.warcs import body_in
from recommendations.copying import jobs
from recommendations.models import Act, Capture, CaptureRequest, Source, TrackerState
from recommendations.models.act import Event
from recommendations.models.capture_request import CaptureState

from .factories import UserFactory, published_action, published_update
from .played_web.playing import keep_copies_in, played
from .played_web.server import Answer, dripping, huge, leads_to, page
from .printed_pages import paragraph, printed
from .reading import text_of
from .report_files import picture_pdf

pytestmark = pytest.mark.django_db
HOSTS = ("www.example.org", "archive.example.org", "laws.example.jp")
LAW = "http://laws.example.jp/law/7"
ENGLISH = """<html lang="en"><head><title>Ten bridges | The Ministry</title>
<meta property="og:site_name" content="The Ministry">
<meta property="article:published_time" content="2026-03-05T10:00:00Z"></head>
<body><h1>Ten bridges</h1><p>The ministry opened “ten bridges” on Monday.</p>
<script>steal()</script></body></html>"""
JAPANESE = """<html lang="ja"><head><title>第七条の改正</title>
<meta name="citation_publisher" content="官報"></head>
<body><p>令和8年3月5日</p><p>第七条を次のように改める。</p></body></html>"""
LETTER = printed(
    [paragraph(["The council should dredge the harbour, and", "says that it will."], top=200)]
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    keep_copies_in(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture(autouse=True)
def capture_on(settings: Any) -> None:
    settings.CAPTURE = True
    settings.SITE_URL = "https://tracker.example.org"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    return lambda answers: played(monkeypatch, answers, *HOSTS)


@pytest.fixture
def ana() -> User:
    return UserFactory(username="ana")


def asked_and_done(web: Callable[..., Any], answer: Answer, address: str = LAW) -> CaptureRequest:
    with web(answer):
        asked = copying.ask_capture(address, UserFactory())
        work_off()
    asked.refresh_from_db()
    return asked


def files(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def lines() -> list[tuple[str, str, str]]:
    acts = Act.objects.filter(event=Event.SOURCE).order_by("pk")
    return [(one.outcome, one.name, one.detail) for one in acts]


# Pages ------------------------------------------------------------------------------------------


def test_a_page_is_kept_with_what_it_says(web: Callable[..., Any], folder: Path, ana: User) -> None:
    with web({"/bridges?utm_source=mail": page(ENGLISH)}):
        asked = copying.ask_capture("http://www.example.org/bridges?utm_source=mail", ana)
        assert asked.is_waiting
        assert not Source.objects.exists()
        work_off()
    asked.refresh_from_db()
    capture = Capture.objects.select_related("source").get()
    assert (asked.state, asked.capture, asked.sha256) == (CaptureState.KEPT, capture, "")
    source = capture.source
    assert (source.url, source.title, source.publisher, source.language) == (
        "http://www.example.org/bridges?utm_source=mail",
        "Ten bridges",
        "The Ministry",
        "en",
    )
    assert (str(source.published_on), source.published_precision) == ("2026-03-05", "day")
    assert (capture.made_by, capture.media_type) == (ana, "application/warc")
    assert capture.fetched_url == "http://www.example.org/bridges?utm_source=mail"
    assert "opened “ten bridges” on Monday" in capture.text
    assert "steal" not in capture.text
    [file] = files(folder)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == capture.sha256
    assert sources.is_whole(capture)
    body = ENGLISH.encode()
    assert body_in(file.read_bytes(), sha256=hashlib.sha256(body).hexdigest()) == body
    assert [(outcome, name, detail.partition(":")[0]) for outcome, name, detail in lines()] == [
        ("done", "ana", "copy asked for"),
        ("done", "ana", "added"),
        ("done", "ana", "copy added"),
    ]


def test_a_page_in_japanese_is_kept_with_the_day_of_its_era(web: Callable[..., Any]) -> None:
    asked_and_done(web, page(JAPANESE.encode("cp932"), kind="text/html; charset=shift_jis"))
    source = Source.objects.get()
    assert (source.title, source.publisher, source.language) == ("第七条の改正", "官報", "ja")
    assert str(source.published_on) == "2026-03-05"
    assert "第七条を次のように改める。" in Capture.objects.get().text


def test_a_pdf_is_read_in_the_child_and_kept(web: Callable[..., Any]) -> None:
    asked = asked_and_done(web, page(LETTER, kind="application/pdf"))
    assert asked.state == CaptureState.KEPT
    assert "dredge the harbour" in Capture.objects.get().text


def test_what_a_source_says_already_stays(web: Callable[..., Any]) -> None:
    source = sources.source_for(LAW, title="The seventh law")
    asked_and_done(web, page(JAPANESE))
    source.refresh_from_db()
    assert (source.title, source.publisher) == ("The seventh law", "官報")
    assert ("done", "filled from a copy: publisher, language, published_on") in [
        (outcome, detail) for outcome, _name, detail in lines()
    ]


def test_what_a_page_says_wrongly_is_left_out(web: Callable[..., Any]) -> None:
    head = "".join(
        f'<meta property="{name}" content="{value}">'
        for name, value in {
            "og:title": "T" * 700,
            "og:site_name": "\u2028 ",
            "article:published_time": "2999-01-01",
        }.items()
    )
    asked = asked_and_done(web, page(f"<html><head>{head}</head><body>Text.</body></html>"))
    assert asked.state == CaptureState.KEPT
    source = Source.objects.get()
    assert (len(source.title), source.publisher, source.published_on) == (500, "", None)


def test_a_page_that_leads_on_is_a_copy_of_the_address_that_was_named(
    web: Callable[..., Any],
) -> None:
    answers = {"/law/7": leads_to("http://www.example.org/new"), "/new": page(ENGLISH)}
    asked_and_done(web, answers)
    capture = Capture.objects.select_related("source").get()
    assert (capture.source.url, capture.fetched_url) == (LAW, "http://www.example.org/new")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({}, Reason.NOT_FOUND),
        (leads_to("http://10.0.0.1/secret"), Reason.REFUSED_PRIVATE),
        (leads_to("http://localhost/"), Reason.REFUSED_PRIVATE),
        (page("", status="503 Busy"), Reason.SERVER_ERROR),
    ],
    ids=["dead", "leads to a private address", "leads here", "busy"],
)
def test_what_cannot_be_fetched_is_named_and_leaves_nothing(
    web: Callable[..., Any], folder: Path, answer: Answer, reason: Reason
) -> None:
    asked = asked_and_done(web, answer)
    assert (asked.state, asked.reason) == (CaptureState.FAILED, reason.value)
    known = copying.what_was_read(LAW)
    assert known.problem == asked.problem != ""
    assert (known.source, known.newest, known.text, known.words) == (None, None, "", {})
    assert not Source.objects.exists()
    assert files(folder) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://0x7f000001/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "https://user:secret@example.org/",
        "https://example.org:8443/",
        "no address",
        "",
    ],
)
def test_an_address_that_is_never_fetched_is_refused_at_once(address: str, ana: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        copying.ask_capture(address, ana)
    [sentence] = refusal.value.messages
    assert sentence.endswith(".")
    assert not CaptureRequest.objects.exists()
    assert not Job.objects.exists()
    assert [line[:2] for line in lines()] == [("refused", "ana")]


def test_nothing_is_asked_while_capture_is_off(settings: Any, ana: User) -> None:
    settings.CAPTURE = False
    with pytest.raises(ValidationError, match="not fetched here"):
        copying.ask_capture(LAW, ana)
    # What was asked before it was switched off says so.
    settings.CAPTURE = True
    asked = copying.ask_capture(LAW, ana)
    settings.CAPTURE = False
    work_off()
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (CaptureState.FAILED, Reason.OFF.value)


def test_a_page_of_200_megabytes_and_a_tarpit_leave_the_worker_alive(
    web: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    large = asked_and_done(web, huge(200))
    fetch = jobs.fetch_page
    with monkeypatch.context() as patch:
        hasty = Limits(wall=2, silence=1)
        patch.setattr(jobs, "fetch_page", lambda address: fetch(address, limits=hasty))
        slow = asked_and_done(web, dripping(b""), f"{LAW}/slow")
    assert [one.reason for one in (large, slow)] == [Reason.TOO_LARGE, Reason.TIMEOUT]
    assert files(folder) == []
    after = asked_and_done(web, page(ENGLISH), f"{LAW}/after")
    assert after.state == CaptureState.KEPT


# Asking -----------------------------------------------------------------------------------------


def test_what_waits_is_not_asked_for_twice(ana: User) -> None:
    first = copying.ask_capture(LAW, ana)
    second = copying.ask_capture(f"{LAW}#part-2", UserFactory())
    assert first == second
    assert Job.objects.count() == 1
    assert len(lines()) == 1


def test_each_time_that_it_is_asked_for_anew_there_is_another_copy(
    web: Callable[..., Any],
) -> None:
    for _time in range(2):
        asked_and_done(web, page(ENGLISH))
    assert [one.state for one in CaptureRequest.objects.all()] == ["kept", "kept"]
    assert Capture.objects.count() == 2
    assert len(copying.what_was_read(LAW).captures) == 2


def test_a_request_whose_job_was_given_up_says_so_and_can_be_asked_again(
    web: Callable[..., Any], ana: User
) -> None:
    copying.ask_capture(LAW, ana)
    Job.objects.update(is_open=False)
    known = copying.what_was_read(LAW)
    assert (known.has_failed, known.is_waiting) == (True, False)
    asked = asked_and_done(web, page(ENGLISH))
    assert (asked.state, CaptureRequest.objects.count()) == (CaptureState.KEPT, 1)


def test_what_is_known_of_many_addresses_costs_as_many_queries_as_of_one(
    web: Callable[..., Any], ana: User
) -> None:
    asked_and_done(web, page(ENGLISH))
    for n in range(3):
        copying.ask_capture(f"{LAW}/{n}", ana)

    def taken(addresses: list[str]) -> int:
        with CaptureQueriesContext(connection) as queries:
            copying.known_copies(addresses)
        return len(queries)

    addresses = [LAW, *(f"{LAW}/{n}" for n in range(3)), "https://example.org/unknown"]
    assert taken(addresses) == taken(addresses[1:2]) == 4
    known = copying.known_copies(addresses)
    assert [one.is_waiting for one in known.values()] == [False, True, True, True, False]


def test_what_a_removed_copy_said_is_no_more_told(web: Callable[..., Any], ana: User) -> None:
    asked_and_done(web, page(ENGLISH))
    assert "bridges" in copying.what_was_read(LAW).text
    removal = sources.ask_removal(Capture.objects.get(), by=ana, reason="Demanded.")
    sources.confirm_removal(removal, by=UserFactory())
    known = copying.what_was_read(LAW)
    assert (known.newest, known.text) == (None, "")


def test_readers_learn_of_a_copy_of_what_they_see_alone(web: Callable[..., Any]) -> None:
    published_update(published_action(), evidence=[{"kind": "primary", "url": LAW}])

    def revision() -> int:
        return TrackerState.objects.get().content_revision

    before = revision()
    asked_and_done(web, page(ENGLISH), "http://www.example.org/unseen")
    assert revision() == before
    asked_and_done(web, page(JAPANESE))
    assert revision() == before + 1


def test_readers_see_that_a_copy_is_kept_and_get_it_where_its_rights_allow(
    web: Callable[..., Any], client: Client
) -> None:
    asked_and_done(web, page(JAPANESE))
    capture = Capture.objects.select_related("source").get()
    item = {"kind": "primary", "url": LAW, "capture_sha256": capture.sha256}
    update = published_update(published_action(), evidence=[item])
    address = update.action.recommendation.get_absolute_url()
    html = client.get(address).content.decode()
    assert f"SHA-256 {capture.sha256[:12]}…" in text_of(html)
    assert "Copy kept" in html
    place = f"/sources/{capture.source.slug}/copies/{capture.sha256}"
    assert place not in html
    assert client.get(place).status_code == 404
    Source.objects.update(copy_rights="allowed")
    answer = client.get(place)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].endswith('.warc.gz"')
    copy = b"".join(answer.streaming_content)
    assert hashlib.sha256(copy).hexdigest() == capture.sha256


# Archives ---------------------------------------------------------------------------------------


def test_where_an_archive_is_set_it_is_handed_the_address(
    web: Callable[..., Any], settings: Any
) -> None:
    settings.CAPTURE_ARCHIVE = "http://archive.example.org/save/{address}"
    answers = {
        "/law/7": page(JAPANESE),
        f"/save/{LAW}": leads_to("/2026/law"),
        "/2026/law": page("The page of then."),
    }
    with web(answers) as server:
        asked = copying.ask_capture(LAW, UserFactory())
        assert work_off() == 2
        jobs.ask_archive.call(asked.pk)
    asked.refresh_from_db()
    assert asked.archived_url == Source.objects.get().archived_url
    assert asked.archived_url == "http://archive.example.org/2026/law"
    assert sum(b"/save/" in one for one in server.asked) == 1


def test_an_archive_that_tells_nothing_leaves_the_copy(
    web: Callable[..., Any], settings: Any
) -> None:
    settings.CAPTURE_ARCHIVE = "http://archive.example.org/save/{address}"
    asked = asked_and_done(web, {"/law/7": page(JAPANESE)})
    assert (asked.state, asked.archived_url) == (CaptureState.KEPT, "")
    assert Source.objects.get().archived_url == ""
    assert not Job.objects.filter(is_open=True).exists()


# Files ------------------------------------------------------------------------------------------


def test_an_uploaded_file_is_kept_as_it_is(folder: Path, ana: User) -> None:
    source = sources.source_for(LAW)
    asked = copying.bring_file(source, LETTER, name="law.pdf", by=ana)
    assert asked == copying.bring_file(source, LETTER, name="law (1).pdf", by=ana)
    work_off()
    capture = Capture.objects.get()
    said = (capture.way, capture.media_type, capture.made_by)
    assert said == ("uploaded", "application/pdf", ana)
    assert "dredge the harbour" in capture.text
    assert [file.read_bytes() for file in files(folder)] == [LETTER]
    asked.refresh_from_db()
    assert (asked.state, bytes(asked.data)) == (CaptureState.KEPT, b"")
    assert copying.bring_file(source, LETTER, name="law.pdf", by=ana) is None


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"<html><body><p>A letter.</p></body></html>", "text/html"),
        ("第七条".encode(), "text/plain"),
        (picture_pdf(), "application/pdf"),
    ],
)
def test_a_file_is_what_its_bytes_are(data: bytes, media_type: str, ana: User) -> None:
    copying.bring_file(sources.source_for(LAW), data, name="x.exe", by=ana)
    work_off()
    assert Capture.objects.get().media_type == media_type


@pytest.mark.parametrize("data", [b"\x7fELF\x00\x01\x02\x03" * 100, b"PK\x03\x04 no document"])
def test_a_file_that_is_no_document_is_not_kept(data: bytes, folder: Path, ana: User) -> None:
    asked = copying.bring_file(sources.source_for(LAW), data, name="law.pdf", by=ana)
    work_off()
    assert asked is not None
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (CaptureState.FAILED, Reason.UNREADABLE.value)
    assert (files(folder), bytes(asked.data)) == ([], b"")


@pytest.mark.parametrize("data", [b"", b"x" * (20 * 1024 * 1024 + 1)], ids=["empty", "too large"])
def test_a_file_that_cannot_be_taken_says_what_to_do(data: bytes, ana: User) -> None:
    with pytest.raises(ValidationError):
        copying.bring_file(sources.source_for(LAW), data, name="law.pdf", by=ana)
    assert not CaptureRequest.objects.exists()
