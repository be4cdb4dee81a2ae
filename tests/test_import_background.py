"""A file that takes long is read in the background, once, whatever becomes of the worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from alliance.background import queue
from alliance.background.performing import work_off
from alliance.models import Job, SeenWorker
from recommendations.admin.importing import upload as upload_page
from recommendations.drafting import file_reading
from recommendations.drafting.draft import addressee_names
from recommendations.drafting.file_reading import keep_outcome, read_file
from recommendations.importing import sandbox
from recommendations.importing.outline import as_json, from_json
from recommendations.importing.sandbox import (
    SECONDS,
    SECONDS_IN_A_REQUEST,
    TookTooLong,
    propose_safely,
)
from recommendations.models import FileToRead, Report, ReportImport

from .factories import ReportFactory
from .reading import text_of
from .test_import_admin import FACTS, HARBOUR, PAGE, desk, upload

__all__ = ["desk"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as one that takes long."""
    monkeypatch.setattr(upload_page, "READ_AT_ONCE", 0)


@pytest.fixture
def worker() -> None:
    SeenWorker.objects.create(name="node-1", seen_at=timezone.now())


@pytest.fixture
def unread(desk: Client, in_background: None) -> FileToRead:
    response = upload(desk, HARBOUR.read_bytes(), "harbour.md")
    file = FileToRead.objects.get()
    assert (response.status_code, response["Location"]) == (302, address_of(file))
    return file


def address_of(file: FileToRead) -> str:
    return f"{PAGE}reading/{file.pk}/"


def told(desk: Client, file: FileToRead) -> str:
    response = desk.get(address_of(file))
    assert response.status_code == 200
    return text_of(response.content.decode())


def test_a_small_file_is_read_at_once(desk: Client) -> None:
    assert upload(desk, HARBOUR.read_bytes()).status_code == 302
    assert ReportImport.objects.exists()
    assert not FileToRead.objects.exists()
    assert not Job.objects.exists()


def test_a_large_one_is_answered_at_once_and_read_later(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = HARBOUR.read_bytes()
    monkeypatch.setattr(upload_page, "READ_AT_ONCE", len(data) - 1)
    assert upload(desk, data, "harbour.md").status_code == 302
    file = FileToRead.objects.get()
    assert (file.file_name, bytes(file.data)) == ("harbour.md", data)
    assert not ReportImport.objects.exists()
    assert f'href="{address_of(file)}"' in desk.get(PAGE).content.decode()
    assert work_off() == 1
    kept = ReportImport.objects.get()
    assert desk.get(address_of(file))["Location"] == f"{PAGE}{kept.pk}/"
    assert address_of(file) not in desk.get(PAGE).content.decode()


def test_what_is_read_later_is_what_is_read_at_once(desk: Client, unread: FileToRead) -> None:
    work_off()
    kept = ReportImport.objects.get()
    assert from_json(kept.outline) == propose_safely(HARBOUR.read_bytes(), addressee_names())
    assert (kept.file_name, kept.checksum) == (unread.file_name, unread.checksum)
    assert (kept.uploaded_by, kept.uploaded_at) == (unread.uploaded_by, unread.uploaded_at)
    assert len(list(from_json(kept.outline).recommendations)) == 4


def test_as_soon_as_it_was_read_the_file_is_gone(desk: Client, unread: FileToRead) -> None:
    work_off()
    unread.refresh_from_db()
    assert bytes(unread.data) == b""
    desk.post(f"{PAGE}{unread.read_as_id}/", FACTS)
    assert Report.objects.count() == 1
    assert not FileToRead.objects.exists()


def test_it_is_the_text_of_the_report_that_it_was_uploaded_for(
    desk: Client, in_background: None
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    report = ReportFactory(slug="harbour")
    desk.post(PAGE, {"file": SimpleUploadedFile("a.md", HARBOUR.read_bytes()), "report": "harbour"})
    work_off()
    assert ReportImport.objects.get().report == report


def test_one_that_takes_longer_than_a_page_may_goes_to_the_background(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*args: Any, **options: Any) -> None:
        assert options == {"seconds": SECONDS_IN_A_REQUEST, "wall": SECONDS_IN_A_REQUEST}
        raise TookTooLong

    monkeypatch.setattr(upload_page, "propose_safely", slow)
    upload(desk, HARBOUR.read_bytes())
    assert FileToRead.objects.count() == Job.objects.count() == 1
    work_off()
    assert ReportImport.objects.exists()


def test_while_a_page_reads_another_file_it_goes_to_the_background(desk: Client) -> None:
    with upload_page.room_to_read() as has_room:
        assert has_room
        upload(desk, HARBOUR.read_bytes())
    assert FileToRead.objects.exists()
    assert cache.get(upload_page.UNDER_WAY) is None
    upload(desk, HARBOUR.read_bytes(), "again.md")
    assert ReportImport.objects.get().file_name == "again.md"


def test_its_page_says_how_far_it_is(desk: Client, unread: FileToRead, worker: None) -> None:
    said = told(desk, unread)
    assert "It is next to be read." in said
    assert "Look again" in said
    assert "Nothing works in the background" not in said
    job = queue.take(now=timezone.now())
    assert job
    assert "It is being read" in told(desk, unread)
    queue.fail(job, "Its process ended with -9.", now=timezone.now())
    assert "Reading it was cut off. It is read again" in told(desk, unread)


def test_its_page_says_how_many_come_first(desk: Client, unread: FileToRead) -> None:
    upload(desk, HARBOUR.read_bytes(), "second.md")
    second = FileToRead.objects.get(file_name="second.md")
    assert "1 other piece of work comes first" in told(desk, second)


def test_its_page_says_that_nobody_works(desk: Client, unread: FileToRead) -> None:
    assert "Nothing works in the background at the moment." in told(desk, unread)
    SeenWorker.objects.create(name="node-1", seen_at=timezone.now() - timedelta(hours=1))
    assert "Nothing works in the background at the moment." in told(desk, unread)


def test_a_problem_of_the_file_is_said_in_the_language_of_the_editor_and_not_tried_again(
    desk: Client, in_background: None
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    desk.post(f"/ja{PAGE}", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 nothing")})
    file = FileToRead.objects.get()
    assert work_off() == 1
    file.refresh_from_db()
    assert "PDF" in file.problem and "cannot" not in file.problem
    assert bytes(file.data) == b""
    assert file.problem in told(desk, file)
    assert not ReportImport.objects.exists()
    desk.post(address_of(file), {"again": "1"})
    assert work_off() == 0


def test_in_the_background_it_may_take_minutes(
    unread: FileToRead, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, int]] = []

    def read(*args: Any, **options: int) -> Any:
        given.append(options)
        return propose_safely(*args)

    monkeypatch.setattr(file_reading, "propose_safely", read)
    work_off()
    assert given == [{}] and SECONDS >= 120


def test_it_is_never_two_imports(unread: FileToRead) -> None:
    outline = as_json(propose_safely(HARBOUR.read_bytes(), addressee_names()))
    keep_outcome(unread.pk, outline, "")
    keep_outcome(unread.pk, outline, "")
    read_file.call(unread.pk)
    work_off()
    assert ReportImport.objects.count() == 1


def test_failed_five_times_it_is_kept_and_can_be_read_once_more(
    desk: Client, unread: FileToRead, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **options: Any) -> None:
        raise OSError("no room left")

    with monkeypatch.context() as patch:
        patch.setattr(file_reading, "propose_safely", broken)
        for _n in range(queue.MOST_ATTEMPTS):
            DBTaskResult.objects.update(run_after=timezone.now())
            assert work_off() == 1
    assert "Reading this file failed again and again" in told(desk, unread)
    unread.refresh_from_db()
    assert bytes(unread.data) == HARBOUR.read_bytes()
    desk.post(address_of(unread), {"again": "1"})
    assert work_off() == 1
    assert ReportImport.objects.count() == 1


def test_given_up_neither_file_nor_job_is_left(desk: Client, unread: FileToRead) -> None:
    response = desk.post(address_of(unread), {"give_up": "1"}, follow=True)
    assert "nothing of it is kept" in response.content.decode()
    assert not FileToRead.objects.exists()
    assert not Job.objects.filter(is_open=True).exists()
    assert work_off() == 0
    assert desk.get(address_of(unread))["Location"] == PAGE


def test_nobody_sees_or_gives_up_the_file_of_another_person(
    desk: Client, unread: FileToRead, staff_member
) -> None:
    other = Client()
    other.force_login(staff_member("another", "Editor"))
    for response in (
        other.get(address_of(unread)),
        other.post(address_of(unread), {"give_up": "1"}),
    ):
        assert response["Location"] == PAGE
    assert FileToRead.objects.exists()
    assert "harbour.md" not in other.get(PAGE).content.decode()


def test_what_was_left_unread_goes_after_two_weeks(desk: Client, unread: FileToRead) -> None:
    FileToRead.objects.update(uploaded_at=timezone.now() - timedelta(days=15))
    upload(desk, HARBOUR.read_bytes(), "second.md")
    assert FileToRead.objects.get().file_name == "second.md"


def test_the_list_of_files_does_not_read_them(desk: Client, unread: FileToRead) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        desk.get(PAGE)
        desk.get(address_of(unread))
    asked = [one["sql"] for one in queries if '"recommendations_filetoread"' in one["sql"]]
    assert asked
    assert not [sql for sql in asked if '"data"' in sql]


@pytest.mark.parametrize(
    ("program", "options"),
    [("import time; time.sleep(60)", {"seconds": 1}), ("while True: pass", {"seconds": 1})],
)
def test_both_ways_of_taking_too_long_are_told_apart_from_files_that_are_refused(
    monkeypatch: pytest.MonkeyPatch, program: str, options: dict[str, int]
) -> None:
    monkeypatch.setattr(sandbox, "CHILD", ["-c", program])
    wall = 60 if "while" in program else 1
    with pytest.raises(TookTooLong, match="longer than 1 seconds"):
        propose_safely(b"# Slow\n", addressee_names(), wall=wall, **options)
