"""A copy of a page is what was sent, says so itself, and can be read by others' programs."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from warcio.archiveiterator import ArchiveIterator

from alliance.private_storage import PrivateStorage
from recommendations.capturing.answers import Fetched
from recommendations.capturing.fetching import fetch
from recommendations.capturing.warcs import BadCopy, body_in, content_type_in, warc

from .played_web.connector import PUBLIC, named
from .played_web.server import leads_to, page, serving

pytestmark = pytest.mark.run_once

BODY = "<p>橋は開通した。</p>".encode("cp932")


@pytest.fixture
def fetched() -> Fetched:
    answers = {
        "/": leads_to("http://www.example.org/bridges"),
        "/bridges": page(
            gzip.compress(BODY), kind="text/html; charset=shift_jis", Content_Encoding="gzip"
        ),
    }
    with serving(answers) as server:
        web = named("example.org", "www.example.org", ports={80: server.port})
        found = fetch("http://example.org/", agent="Tests", connector=web)
    assert isinstance(found, Fetched)
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    place = tmp_path / "new" / "captures"
    own = {"BACKEND": "alliance.private_storage.PrivateStorage", "OPTIONS": {"location": place}}
    settings.STORAGES = {**settings.STORAGES, "captures": own}
    yield place


def test_copy_has_each_question_and_answer_of_the_way(fetched: Fetched) -> None:
    copy = warc(fetched)
    records = [
        (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
        for record in ArchiveIterator(BytesIO(copy), check_digests=True)
        if record.content_stream().read() is not None and record.digest_checker.passed is not False
    ]
    assert records == [
        ("response", "http://example.org/"),
        ("request", "http://example.org/"),
        ("response", "http://www.example.org/bridges"),
        ("request", "http://www.example.org/bridges"),
    ]


def test_copy_says_its_digest_its_time_and_where_it_was(fetched: Fetched) -> None:
    for record in ArchiveIterator(BytesIO(warc(fetched))):
        if record.rec_type == "response":
            body = record.content_stream().read()
            headers = record.rec_headers
            status = record.http_headers
    assert body == BODY
    assert fetched.sha256 == hashlib.sha256(BODY).hexdigest()
    assert headers.get_header("WARC-Payload-Digest") == f"sha256:{fetched.sha256}"
    assert headers.get_header("WARC-IP-Address") == PUBLIC
    assert headers.get_header("WARC-Date") == fetched.fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert status.get_statuscode() == "200"
    assert status.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert status.get_header("Content-Length") == str(len(BODY))
    assert status.get_header("Content-Encoding") is None


def test_page_is_read_out_of_its_copy(fetched: Fetched) -> None:
    copy = warc(fetched)
    assert body_in(copy, sha256=fetched.sha256) == BODY
    assert content_type_in(copy) == "text/html; charset=shift_jis"


def test_copy_of_another_page_is_refused(fetched: Fetched) -> None:
    copy = warc(fetched)
    with pytest.raises(BadCopy):
        body_in(copy, sha256="0" * 64)
    for damaged in (b"", b"no copy", copy[: len(copy) // 2], b"\0" * 100):
        with pytest.raises(BadCopy):
            body_in(damaged, sha256=fetched.sha256)


def test_copy_that_is_not_written_whole_is_not_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(ContentFile):
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"Ten"
            raise OSError("No space left on device")

    storage = storages["captures"]
    assert isinstance(storage, PrivateStorage)
    with pytest.raises(OSError, match="No space"):
        storage.save("ab/whole.pdf", Full(b""))
    assert [file for file in folder.rglob("*") if file.is_file()] == []
