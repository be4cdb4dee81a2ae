"""ETags: what is unchanged is not sent again, and nobody gets an answer made for another."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations import publishing
from recommendations.models import PolicyArea

from .factories import published_action, published_update, withdraw
from .public_pages import EVERY, FORMS, OF_THE_RECORD, addresses
from .reading import post_change

pytestmark = pytest.mark.run_once

PAGES = [
    *addresses(OF_THE_RECORD),
    "/recommendations/?q=defence&status=partly",
    "/changes/feed.atom?as_of=2025-06-30&edition=1",
]


def tag_of(client, page: str, **headers: str) -> str:
    response = client.get(page, headers=headers)
    assert response.status_code == 200, page
    return response["ETag"]


def test_every_public_page_can_be_asked_for_again() -> None:
    without = {one.name for one in EVERY if not getattr(one.view, "is_revalidated", False)}
    # A copy may be removed, or its rights withdrawn, without a change of the record.
    assert without == FORMS | {"copy_file"}


@pytest.mark.parametrize("page", PAGES)
def test_unchanged_page_is_answered_without_a_page_in_two_queries(client, baseline, page):
    tag = tag_of(client, page)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page, headers={"If-None-Match": tag})
    assert response.status_code == 304 and response.getvalue() == b""
    assert response["ETag"] == tag
    assert len(queries) <= 2
    assert client.head(page, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "change",
    [
        lambda action: published_update(action, "partly"),
        lambda action: withdraw(action, reason="Counted twice."),
        lambda action: publishing.settle_wording(type(action.recommendation).objects.all()),
    ],
)
@pytest.mark.django_db
def test_each_change_of_public_content_brings_a_new_page(client, change):
    action = published_action()
    tag = tag_of(client, "/")
    change(action)
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200
    assert tag_of(client, "/") != tag


def test_an_edit_in_the_admin_brings_a_new_page(client, baseline, editor):
    tag = tag_of(client, "/areas/taiwan/")
    area = PolicyArea.objects.get(slug="taiwan")
    client.force_login(editor)
    data = {"name": "Taiwan and its strait", "slug": "taiwan", "position": area.position}
    data |= {f"assignments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    response = post_change(client, f"/admin/recommendations/policyarea/{area.pk}/change/", data)
    assert response.status_code == 302
    client.logout()
    page = client.get("/areas/taiwan/", headers={"If-None-Match": tag})
    assert page.status_code == 200 and "Taiwan and its strait" in page.content.decode()


def test_language_theme_viewpoint_and_part_of_the_page_each_have_their_own(client, baseline):
    page = "/recommendations/"
    tags = [
        tag_of(client, page),
        tag_of(client, f"/ja{page}"),
        tag_of(client, f"{page}?as_of=2025-06-30"),
        tag_of(client, f"{page}?edition=1"),
        tag_of(client, f"{page}?status=partly"),
        tag_of(client, page, **{"HX-Request": "true"}),
        tag_of(client, page, host="localhost"),
    ]
    client.cookies["theme"] = "dark"
    tags.append(tag_of(client, page))
    assert len(set(tags)) == len(tags)
    varied = client.get(page)["Vary"]
    assert "Cookie" in varied and "HX-Request" in varied


def test_the_next_day_brings_a_new_page(client, baseline, monkeypatch):
    tag = tag_of(client, "/")
    tomorrow = datetime(2030, 1, 1, 0, 0, 1, tzinfo=UTC)
    monkeypatch.setattr("recommendations.viewpoint.timezone", SimpleNamespace(now=lambda: tomorrow))
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_what_staff_see_is_kept_nowhere(client, baseline, analyst):
    tag = tag_of(client, "/reports/us-japan-alliance-2024/1.1/")
    client.force_login(analyst)
    page = client.get("/reports/us-japan-alliance-2024/1.1/", headers={"If-None-Match": tag})
    assert page.status_code == 200 and "Log an update" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert "ETag" not in page


def test_behind_a_proxy_it_is_told_what_it_may_keep(client, baseline, analyst, settings):
    told = "X-Accel-Expires"
    assert told not in client.get("/")
    settings.NUM_PROXIES = 1
    page = client.get("/")
    assert page[told] == "1"
    assert client.get("/", headers={"If-None-Match": page["ETag"]})[told] == "1"
    settings.PROXY_KEEPS = 0
    assert client.get("/")[told] == "@1", "A moment long ago: it is kept, and asked for each time."
    for address in ("/?zzz=1", "/areas/nowhere/", "/accounts/login/", "/appearance/", "/readyz"):
        assert told not in client.get(address)
    client.force_login(analyst)
    assert told not in client.get("/")


@pytest.mark.parametrize("address", ["/?zzz=1", "/areas/nowhere/", "/?as_of=2999-01-01"])
def test_refusals_carry_no_tag(client, baseline, address):
    response = client.get(address)
    assert response.status_code in (400, 404) and "ETag" not in response


def test_a_reader_polling_a_feed_gets_it_once(client, baseline):
    response = client.get("/changes/feed.atom")
    again = client.get("/changes/feed.atom", headers={"If-None-Match": response["ETag"]})
    assert (response.status_code, again.status_code) == (200, 304)
    assert "Last-Modified" not in response
