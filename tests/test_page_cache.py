"""Pages that are kept or compressed say what those say that are made anew."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations import publishing
from recommendations.models import TrackerState

from .factories import published_action, published_update
from .public_pages import OF_THE_RECORD, PAGES, addresses

pytestmark = pytest.mark.run_once
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def kept(settings: Any) -> Iterator[Any]:
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": backend, "LOCATION": "tests"}}
    yield caches["pages"]
    caches["pages"].clear()


@pytest.mark.parametrize("page", addresses(OF_THE_RECORD))
@pytest.mark.parametrize("headers", [{}, GZIP], ids=["plain", "gzip"])
def test_a_page_is_the_same_each_time(client, baseline, kept, page, headers):
    first, again = (client.get(page, headers=headers) for _n in range(2))
    assert first.status_code == again.status_code == 200
    assert first.getvalue() == again.getvalue()
    # What is answered from memory is not counted, and so says nothing of what is left.
    counted = {"RateLimit": first.headers.get("RateLimit")} if "RateLimit" in first else {}
    assert dict(first.headers) == dict(again.headers) | counted
    assert "RateLimit" not in again or first.streaming
    assert client.get(page, headers={**headers, "If-None-Match": again["ETag"]}).status_code == 304


@pytest.mark.parametrize("page", addresses([one for one in PAGES if one in OF_THE_RECORD]))
def test_a_kept_page_costs_as_little_as_an_unchanged_one(client, baseline, kept, page):
    response = client.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).content == response.content
    assert len(queries) <= 2


@pytest.mark.parametrize("page", ["/", "/recommendations/", "/changes/feed.atom"])
def test_a_compressed_answer_unfolds_to_the_plain_one(client, baseline, kept, page):
    plain = client.get(page)
    for _n in range(2):
        response = client.get(page, headers=GZIP)
        assert response["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in response["Vary"]
        assert response["ETag"] == f"W/{plain['ETag']}"
        assert gzip.decompress(response.content) == plain.content
        assert len(response.content) < len(plain.content) / 3


@pytest.mark.parametrize(
    ("said", "takes"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0.01", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("x-gzip-like", False),
        ("", False),
    ],
)
def test_who_does_not_take_gzip_gets_none(client, baseline, kept, said, takes):
    for _n in range(2):
        response = client.get("/", headers={"Accept-Encoding": said})
        assert response.has_header("Content-Encoding") is takes
        assert "Accept-Encoding" in response["Vary"]


@pytest.mark.django_db
def test_what_is_published_shows_at_once(client: Client, kept) -> None:
    action = published_action()
    before = client.get("/").content
    published_update(action, "implemented")
    assert client.get("/").content != before


@pytest.mark.django_db
def test_the_same_number_after_a_restore_is_no_old_page(client: Client, kept) -> None:
    """As after a restore of a backup, from which other things were published than before."""
    action = published_action()
    client.get("/")
    revision = TrackerState.objects.get().content_revision
    action.title = "Another ask"
    action.save()
    publishing.touch(None)
    TrackerState.objects.update(content_revision=revision)
    page = client.get(f"{action.recommendation.get_absolute_url()}")
    tag = client.get("/")["ETag"]
    TrackerState.objects.update(content_token="another")
    assert client.get("/")["ETag"] != tag
    assert "Another ask" in page.content.decode()


def test_signed_in_people_are_answered_anew_and_without_compression(
    client: Client, analyst, baseline, kept
) -> None:
    client.get("/")
    n = len(kept._cache)
    client.force_login(analyst)
    response = client.get("/", headers=GZIP)
    assert "Content-Encoding" not in response
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response
    assert len(kept._cache) == n


def test_a_form_with_a_token_is_sent_as_it_is(client: Client, baseline) -> None:
    response = client.get("/accounts/login/", headers=GZIP)
    assert response.cookies
    assert "Content-Encoding" not in response


@pytest.mark.django_db
def test_refusals_are_not_kept(client: Client, kept) -> None:
    assert client.get("/recommendations/?status=zzz").status_code == 400
    assert client.get("/nowhere/").status_code == 404
    assert not kept._cache


def test_each_reader_gets_the_page_in_their_language_and_theme(client, baseline, kept) -> None:
    plain = client.get("/").content
    assert client.get("/ja/").content != plain
    client.cookies["theme"] = "dark"
    assert b'data-theme="dark"' in client.get("/").content
    client.cookies.clear()
    assert client.get("/").content == plain
