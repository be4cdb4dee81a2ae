"""An address is handed to a web archive only where an operator names one."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from alliance.services import archive_template, capture_storage
from recommendations.capturing.archives import hand_to_archive

from .played_web.server import Answer, leads_to, page, serving

pytestmark = pytest.mark.run_once

PAGE = "https://www.example.net/a?b=c&d=橋#e"
SAVE = "http://archive.example.org/save/{address}"


@pytest.fixture(autouse=True)
def capture_on(settings: Any) -> None:
    settings.CAPTURE = True


def told(answers: dict[str, Answer], template: str = SAVE) -> tuple[str, list[bytes]]:
    with serving(answers) as server:
        child = ["-m", "tests.played_web.child", str(server.port), "archive.example.org"]
        return hand_to_archive(PAGE, template, child=child), server.asked


ASKED = "/save/https://www.example.net/a?b=c&d=%E6%A9%8B"
KEPT = "http://archive.example.org/2026/https://www.example.net/a"


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (leads_to("/2026/https://www.example.net/a"), KEPT),
        (page("Kept.", Content_Location="/2026/https://www.example.net/a"), KEPT),
        (page("Kept.", Link=f'<{PAGE}>; rel="original", <{KEPT}>; rel="first memento"'), KEPT),
        (page("We will see."), ""),
        (page("", status="503 Busy"), ""),
        (page("Kept.", Content_Location="http://127.0.0.1/x"), ""),
        (leads_to("http://127.0.0.1/x"), ""),
    ],
)
def test_address_that_the_archive_tells_is_returned(answer: bytes, kept: str) -> None:
    place = "/2026/https://www.example.net/a"
    found, asked = told({ASKED: answer, place: page("The page of then.")})
    assert found == kept
    assert asked[0].startswith(f"GET {ASKED} HTTP/1.1".encode())


def test_address_behind_a_question_mark_is_a_value() -> None:
    _found, asked = told({}, "http://archive.example.org/save?url={address}")
    line = b"GET /save?url=https%3A%2F%2Fwww.example.net%2Fa%3Fb%3Dc%26d%3D%25E6%25A9%258B HTTP/1.1"
    assert asked[0].startswith(line)


def test_nothing_is_handed_over_without_an_archive_or_while_capture_is_off(settings: Any) -> None:
    found, asked = told({}, "")
    assert (found, asked, settings.CAPTURE_ARCHIVE) == ("", [], "")
    settings.CAPTURE = False
    assert told({ASKED: leads_to("/2026/x")}) == ("", [])


def test_address_that_is_not_fetched_is_not_handed_over() -> None:
    assert hand_to_archive("http://10.0.0.1/", SAVE, child=["-c", "raise SystemExit(1)"]) == ""


@pytest.mark.parametrize(
    "template",
    ["http://archive.example.org/{address}", "https://archive.example.org/", "{address}",
     "https://a.example.org/{address}/{address}", "https://user@a.example.org/{address}"],
)  # fmt: skip
def test_template_that_makes_no_sense_stops_the_start(template: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CAPTURE_ARCHIVE"):
        archive_template(template)


def test_bucket_needs_what_writes_into_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("CAPTURE_BUCKET", "copies")
    monkeypatch.setenv("CAPTURE_BUCKET_URL", "https://s3.example.org")
    monkeypatch.setattr("alliance.services.find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="django-storages"):
        capture_storage(tmp_path)
    monkeypatch.setattr("alliance.services.find_spec", lambda name: object())
    found = capture_storage(tmp_path)
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    assert found["OPTIONS"] == {
        "bucket_name": "copies",
        "default_acl": "private",
        "file_overwrite": True,
        "endpoint_url": "https://s3.example.org",
    }
