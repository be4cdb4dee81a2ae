"""For what a source is cited: on pages, in lists, in the tables and the API, and for the staff."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from recommendations import sources
from recommendations.models import Act, Capture, CaptureRemoval, Source
from recommendations.models.act import Event

from .factories import (
    SourceFactory,
    UserFactory,
    corrected,
    draft_update,
    published_action,
    published_actions,
    published_update,
    retracted,
)
from .reading import text_of

pytestmark = pytest.mark.django_db

LAW = "https://example.org/law/7"
LIST, API = "/recommendations/", "/api/v1"


def item(url: str = LAW, **said: Any) -> dict[str, Any]:
    return {"kind": "primary", "url": url, "title": "The law", **said}


def cite(n: int = 1, url: str = LAW) -> list[Any]:
    """So many actions, each of a recommendation of its own, that cite a source."""
    return [published_update(published_action(), evidence=[item(url)]).action for _n in range(n)]


def page_of(action: Any, client: Client, query: str = "") -> str:
    return client.get(action.recommendation.get_absolute_url() + query).content.decode()


# Pages -------------------------------------------------------------------------------------------


def test_a_page_says_for_which_other_actions_a_source_is_cited(client: Client) -> None:
    first, second, alone = *cite(2), *cite(url="https://example.org/other")
    html = page_of(first, client)
    # The label alone: the other action is of another report.
    assert f"Also cited for {second.label} (" in text_of(html)
    assert f'href="{second.recommendation.get_absolute_url()}#action-{second.number}"' in html
    assert "Also cited" not in page_of(alone, client)
    assert (
        "ほかの引用先"
        in client.get(f"/ja{first.recommendation.get_absolute_url()}").content.decode()
    )


def test_many_are_named_in_part_and_counted(client: Client) -> None:
    actions = cite(8)
    source = Source.objects.get()
    for action in (actions[0], actions[-1]):
        html = page_of(action, client)
        assert f'href="/recommendations/?source={source.slug}"' in html
        text = text_of(html)
        assert "and 2 more" in text
        named = text.partition("Also cited for")[2].partition("and 2 more")[0]
        assert len(named.split(",")) == 5


def test_each_of_many_is_named_with_its_report_on_each_page(client: Client) -> None:
    first, *others, last = cite(8)
    for action in (first, *others, last):
        text = text_of(page_of(action, client))
        named = text.partition("Also cited for")[2].partition("and 2 more")[0]
        titles = re.findall(r"\(([^)]+)\)", named)
        assert len(titles) == 5
        assert action.recommendation.report.title not in titles


def test_what_was_ended_or_never_published_is_not_told(client: Client) -> None:
    action, gone = cite(2)
    retracted(gone.updates.get())
    draft_update(published_action(), evidence=[item()])
    assert "Also cited" not in page_of(action, client)


def test_an_earlier_edition_tells_who_cited_it_then(client: Client) -> None:
    [first] = cite()
    number = first.updates.get().edition_id
    cite()
    assert "Also cited" in page_of(first, client)
    assert "Also cited" not in page_of(first, client, f"?edition={number}")


def test_a_page_asks_one_query_more_however_many_cite_its_sources(client: Client) -> None:
    action, _other = cite(2)

    def taken() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(action, client)
        return len(queries)

    taken()
    alone = taken()
    cite(12)
    taken()
    assert taken() == alone


# The list ----------------------------------------------------------------------------------------


def found(client: Client, query: str) -> set[str]:
    rows = client.get(f"{API}/actions?{query}").json()["data"]
    return {row["id"] for row in rows}


def test_a_list_can_be_of_what_rests_on_a_source(client: Client) -> None:
    first, second, other = *cite(2), *cite(url="https://example.org/other")
    source = Source.objects.get(key=LAW)
    names = {f"{one.recommendation.report.slug}/{one.label}" for one in (first, second)}
    assert found(client, f"source={source.slug}") == names
    html = client.get(f"{LIST}?source={source.slug}").content.decode()
    assert "The law" in text_of(html)
    assert f'<input type="hidden" name="source" value="{source.slug}">' in html
    assert other.title not in text_of(html).partition("Filters")[2]
    assert client.get(f"/recommendations.csv?source={source.slug}").status_code == 200
    rows = client.get(f"{API}/recommendations?source={source.slug}").json()["data"]
    assert len(rows) == 2


def test_a_source_that_is_corrected_away_is_no_reason_any_more(client: Client) -> None:
    [action] = cite()
    source = Source.objects.get(key=LAW)
    assert len(found(client, f"source={source.slug}")) == 1
    draft = corrected(action.updates.get())
    assert found(client, f"source={source.slug}")
    retracted(draft)
    assert not found(client, f"source={source.slug}")


@pytest.mark.parametrize("value", ["zzz", "%00", "A" * 16, "1234"])
def test_what_is_no_source_is_refused_and_an_unknown_one_finds_nothing(
    client: Client, value: str
) -> None:
    cite()
    answer = client.get(f"{API}/actions?source={value}")
    assert answer.status_code == 400
    assert "is not a source" in answer.json()["detail"] or answer.json()["errors"]
    assert not found(client, f"source={'0' * 16}")


# Tables and API ----------------------------------------------------------------------------------


def test_the_api_has_sources_and_copies_of_what_is_public_alone(client: Client) -> None:
    cite()
    hidden = SourceFactory(title="Nobody may see it")
    capture = _capture(Source.objects.get(key=LAW))
    _capture(hidden)
    [row] = client.get(f"{API}/sources").json()["data"]
    source = Source.objects.get(key=LAW)
    assert (row["id"], row["source_url"], row["title"], row["items"]) == (
        source.slug,
        LAW,
        "The law",
        1,
    )
    assert row["url"].endswith(f"/recommendations/?source={source.slug}")
    assert client.get(f"{API}/sources/{source.slug}").json()["data"] == row
    assert client.get(f"{API}/sources/{hidden.slug}").status_code == 404
    [copy] = client.get(f"{API}/captures").json()["data"]
    assert (copy["id"], copy["sha256"]) == (f"{source.slug}/{capture.pk}", capture.sha256)
    assert client.get(f"{API}/captures/{copy['id']}").json()["data"] == copy
    assert client.get(f"{API}/captures?source={hidden.slug}").status_code == 400
    assert client.get(f"{API}/captures?source={source.slug}").json()["data"] == [copy]
    [evidence] = client.get(f"{API}/evidence").json()["data"]
    assert (evidence["source"], evidence["capture_sha256"]) == (source.slug, "")
    text = b"".join(client.get("/data/sources.csv")).decode()
    assert "Nobody may see it" not in text
    assert source.slug in text


def _capture(source: Source, **said: Any) -> Capture:
    values = {"made_at": timezone.now(), "way": "fetched", "sha256": f"{source.pk:064x}"}
    values |= {"size": 3, "media_type": "text/html", "name": "x", **said}
    return Capture.objects.create(source=source, **values)


def test_an_item_shows_what_is_kept_of_its_copy(client: Client) -> None:
    source = sources.source_for(LAW)
    capture = _capture(source, made_at=timezone.now())
    said = item(capture_sha256=capture.sha256)
    action = published_update(published_action(), evidence=[said]).action
    text = text_of(page_of(action, client))
    assert f"Copy kept, {date.today():%-d %B %Y}"[:10] in text
    assert f"SHA-256 {capture.sha256[:12]}…" in text
    assert f"/sources/{source.slug}/copies/" not in page_of(action, client)
    Source.objects.filter(pk=source.pk).update(copy_rights="allowed")
    assert f"/sources/{source.slug}/copies/{capture.sha256}" in page_of(action, client)
    asked = sources.ask_removal(capture, by=UserFactory(), reason="The publisher demands it.")
    sources.confirm_removal(asked, by=UserFactory())
    text = text_of(page_of(action, client))
    assert "Copy removed" in text
    assert "The publisher demands it." in text
    assert capture.sha256[:12] in text


def test_readers_get_our_copy_only_where_its_rights_allow(client: Client) -> None:
    source = sources.source_for(LAW)
    capture = sources.add_capture(source, content=b"<script>", media_type="text/html; charset=x")
    published_update(published_action(), evidence=[item(capture_sha256=capture.sha256)])
    address = reverse("recommendations:copy_file", args=[source.slug, capture.sha256])
    assert client.get(address).status_code == 404
    Source.objects.filter(pk=source.pk).update(copy_rights="allowed")
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"<script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    asked = sources.ask_removal(capture, by=UserFactory(), reason="Demanded.")
    sources.confirm_removal(asked, by=UserFactory())
    assert client.get(address).status_code == 404


# Staff -------------------------------------------------------------------------------------------


@pytest.fixture
def analyst_desk(staff_member: Callable[[str, str], User]) -> Client:
    client = Client()
    client.force_login(staff_member("ana", "Analyst"))
    return client


def test_with_one_report_the_form_names_the_number_alone(analyst_desk: Client) -> None:
    first, second = published_actions(2)
    for action in (first, second):
        published_update(action, evidence=[item()])
    query = {"url": LAW, "action": first.pk}
    said = analyst_desk.get(reverse("admin:source_at"), query).json()
    assert said["cited"] == f"Also cited for {second.label}."


def test_the_form_learns_what_the_record_knows_of_an_address(analyst_desk: Client) -> None:
    first, second = cite(2)
    address = reverse("admin:source_at")
    query = {"url": f"{LAW}?utm_source=mail", "action": first.pk}
    said = analyst_desk.get(address, query).json()
    assert said["words"]["title"] == "The law"
    assert said["words"]["kind"] == "primary"
    report = second.recommendation.report.title
    assert said["cited"] == f"Also cited for {second.label} ({report})."
    for unknown in ("https://example.org/new", "", "\x00", "https://[::1"):
        said = analyst_desk.get(address, {"url": unknown}).json()
        assert said == {"words": None, "cited": ""}
    assert Client().get(address, query).status_code == 302


def test_the_page_of_a_source_lists_what_cites_it(analyst_desk: Client) -> None:
    first, second = cite(2)
    source = Source.objects.get()
    page = reverse("admin:recommendations_source_change", args=[source.pk])
    html = analyst_desk.get(page).content.decode()
    for action in (first, second):
        assert f"#{action.updates.get().slug}" in html
    listed = reverse("admin:recommendations_source_changelist")
    for words in ("The law", "example.org"):
        html = analyst_desk.get(listed, {"q": words}).content.decode()
        link = f"{reverse('admin:recommendations_action_changelist')}?source={source.slug}"
        assert f'<td class="field-cited_by"><a href="{link}">2</a></td>' in html
    other = published_update(published_action()).action
    html = analyst_desk.get(link).content.decode()
    pages = [
        reverse("admin:recommendations_action_change", args=[one.pk]) for one in (first, other)
    ]
    assert [page in html for page in pages] == [True, False]
    unknown = link.replace(source.slug, "0" * 16)
    assert analyst_desk.get(unknown).status_code == 302


def test_a_source_is_added_by_hand_once_and_noted(analyst_desk: Client) -> None:
    page = reverse("admin:recommendations_source_add")
    form = {"url": LAW, "title": "The law", "published_precision": "day"}
    assert analyst_desk.post(page, form).status_code == 302
    [act] = Act.objects.filter(event=Event.SOURCE)
    assert act.detail.startswith("added")
    answer = analyst_desk.post(page, form | {"url": f"{LAW}#2"})
    assert "This source is there already" in text_of(answer.content.decode())
    assert Source.objects.count() == 1


def test_a_copy_is_removed_on_the_pages_of_two(
    analyst_desk: Client, staff_member: Callable[[str, str], User]
) -> None:
    capture = _capture(sources.source_for(LAW))
    ask = reverse("admin:ask_removal", args=[capture.pk])
    assert "hash" in text_of(analyst_desk.get(ask).content.decode())
    assert analyst_desk.post(ask, {"reason": ""}).status_code == 200
    assert analyst_desk.post(ask, {"reason": "Demanded."}).status_code == 302
    asked = CaptureRemoval.objects.get()
    decide = reverse("admin:decide_removal", args=[asked.pk])
    assert analyst_desk.post(decide, {"go": "confirm"}).status_code == 403
    editor = Client()
    editor.force_login(staff_member("ed", "Editor"))
    assert "Demanded." in text_of(editor.get(decide).content.decode())
    assert editor.post(decide, {"go": "confirm"}).status_code == 302
    capture.refresh_from_db()
    assert capture.removal_reason == "Demanded."
    assert editor.post(decide, {"go": "confirm"}).status_code == 409
    events = Act.objects.filter(event=Event.SOURCE).values_list("detail", flat=True)
    assert [one.partition(",")[0].partition(":")[2] for one in events][::-1][1:3] == [
        " asked for",
        " confirmed",
    ]


def test_lists_of_sources_ask_as_many_queries_of_many_as_of_few(analyst_desk: Client) -> None:
    page = reverse("admin:recommendations_source_changelist")
    cite(2)

    def taken() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert analyst_desk.get(page).status_code == 200
        return len(queries)

    taken()
    few = taken()
    for n in range(30):
        SourceFactory(url=f"https://example.org/{n}")
    cite(3, url="https://example.org/7")
    taken()
    assert taken() == few


def test_the_form_keeps_the_copy_that_an_item_names(analyst_desk: Client) -> None:
    capture = _capture(sources.source_for(LAW))
    author = User.objects.get(username="ana")
    said = item(capture_sha256=capture.sha256)
    draft = draft_update(published_action(), evidence=[said], by=author)
    page = reverse("admin:log_update_draft", args=[draft.slug])
    html = analyst_desk.get(page).content.decode()
    assert f'value="{capture.sha256}"' in html
    assert reverse("admin:source_at") in html
