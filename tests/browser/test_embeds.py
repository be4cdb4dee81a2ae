"""Embeds in the frame of a page of another origin, with scripts and without."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.public_pages import EMBEDS, REPORT, addresses

from .chromium import assert_accessible

HOST_PAGE = """<!doctype html><html lang="en"><title>Another site</title><h1>Another site</h1>
<iframe src="{src}" title="Embed" width="{width}" height="150"></iframe>
<script>
  addEventListener("message", ({{ data, origin, source }}) => {{
    if (origin !== "{origin}" || data?.type !== "tracker-embed") return;
    for (const frame of document.querySelectorAll("iframe"))
      if (frame.contentWindow === source) frame.style.height = `${{data.height}}px`;
  }});
</script></html>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def other_site(tmp_path: Path, live_server: LiveServer) -> Iterator[Callable[..., str]]:
    """Writes a page of another origin that frames an address of ours, and returns its own."""
    server = HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    numbers = iter(range(100))

    def make(address: str, width: int = 600) -> str:
        name = f"{next(numbers)}.html"
        html = HOST_PAGE.format(src=live_server.url + address, width=width, origin=live_server.url)
        (tmp_path / name).write_text(html)
        return f"http://127.0.0.1:{server.server_port}/{name}"

    yield make
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def record(transactional_db: None, baseline: None) -> None:
    """The baseline, where the threads of the server see it."""


def of_another_site(problems: list[str]) -> None:
    """Leave out what is meant: that a page of another site was opened."""
    problems[:] = [one for one in problems if "asks another host: http://127.0.0.1" not in one]


def test_another_site_frames_an_embed_with_scripts_and_without(
    record: None,
    open_page: Callable[..., Page],
    other_site: Callable[..., str],
    page_problems: list[str],
) -> None:
    scripted, plain = open_page(), open_page(java_script_enabled=False)
    for address in addresses(EMBEDS):
        for page in (scripted, plain):
            page.goto(other_site(address))
            frame = page.frame_locator("iframe")
            expect(frame.locator("h1")).to_be_visible()
            expect(frame.locator("footer")).to_contain_text("Record as of")
        assert scripted.context.cookies() == plain.context.cookies() == []
    of_another_site(page_problems)


def test_a_frame_becomes_as_high_as_what_it_shows(
    record: None,
    page: Page,
    other_site: Callable[..., str],
    page_problems: list[str],
) -> None:
    page.goto(other_site(f"/embed{REPORT}/"))
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    page.wait_for_function("document.querySelector('iframe').clientHeight > 200")
    frame = page.frames[1]
    assert not frame.evaluate(
        "document.documentElement.scrollHeight > document.documentElement.clientHeight"
    )
    of_another_site(page_problems)


def test_no_other_page_can_be_framed(
    record: None,
    page: Page,
    other_site: Callable[..., str],
    page_problems: list[str],
) -> None:
    for address in ("/", f"{REPORT}/1.1/", "/embed/reports/none/"):
        page.goto(other_site(address))
        page.wait_for_timeout(300)
        shown = page.frame_locator("iframe").locator(".site-head, .embed")
        assert shown.count() == 0
    assert any("frame-ancestors" in one for one in page_problems)
    page_problems.clear()


def test_embeds_are_accessible_and_as_narrow_as_a_phone(
    record: None, open_page: Callable[..., Page]
) -> None:
    for width, scheme in ((320, "dark"), (390, "light"), (600, "dark"), (1280, "light")):
        page = open_page(viewport={"width": width, "height": 800})
        for address in addresses(EMBEDS):
            for prefix in ("", "/ja"):
                mark = "&" if "?" in address else "?"
                page.goto(f"{prefix}{address}{mark}theme={scheme}")
                assert_accessible(page)
                assert not page.evaluate(
                    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                ), (address, width)


def test_a_link_of_an_embed_opens_the_site_outside_of_the_frame(
    record: None,
    page: Page,
    other_site: Callable[..., str],
    page_problems: list[str],
) -> None:
    page.goto(other_site(f"/embed{REPORT}/1.1/"))
    with page.context.expect_page() as opened:
        page.frame_locator("iframe").locator("h1 a").click()
    expect(opened.value.locator("h1")).to_be_visible()
    assert opened.value.url.endswith(f"{REPORT}/1.1/")
    assert opened.value.evaluate("window.opener") is None
    of_another_site(page_problems)
