"""The pages of the inbox: pasted, listed, shared out, dismissed, brought back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.inbox import keep_suggestions
from recommendations.models import Act, InboxItem

from .factories import (
    PUBLISHED_ON,
    InboxItemFactory,
    ReaderReportFactory,
    UserFactory,
    noon,
    published_action,
)

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
LAW = "https://gazette.example.org/law"
NOW = noon(PUBLISHED_ON)


@pytest.fixture
def desk(client: Client, analyst: User) -> Client:
    client.force_login(analyst)
    return client


def html(response) -> str:
    return response.content.decode()


def page_of(desk: Client, item: InboxItem) -> str:
    return html(desk.get(reverse("admin:inbox_item", args=[item.pk])))


def decide(desk: Client, item: InboxItem, go: str, **fields: Any):
    return desk.post(reverse("admin:inbox_item", args=[item.pk]), {"go": go} | fields)


def dismissed(**fields: Any) -> InboxItem:
    decided = {"decided_by": UserFactory(), "decided_at": NOW}
    return InboxItemFactory(state="dismissed", reason="No news.", **decided, **fields)


# Pasting ------------------------------------------------------------------------------------------


def test_pasted_lines_become_rows_with_the_actions_that_they_may_be_about(desk, analyst):
    published_action(title="Count the otters")
    lines = f"{LAW} Ministry counts otters\nカワウソ局を設置"
    response = desk.post(reverse("admin:inbox_paste"), {"lines": lines, "assigned_to": analyst.pk})
    assert response.url == reverse("admin:inbox")
    page = html(desk.get(response.url))
    assert "2 are new in the inbox." in page
    assert "Log for 1a" in page or re.search(r"Log for \S+", page)
    assert {item.assigned_to for item in InboxItem.objects.all()} == {analyst}


def test_bad_lines_stay_in_the_form_and_the_good_ones_are_taken_in(desk):
    lines = f"ftp://example.org/a\n{LAW}\nwww.example.org"
    page = html(desk.post(reverse("admin:inbox_paste"), {"lines": lines}))
    assert "Line 1, “ftp://example.org/a”" in page
    assert "Line 3, “www.example.org”" in page
    assert re.search(r"<textarea[^>]*>\s*ftp://example.org/a\nwww.example.org</textarea>", page)
    assert [item.url for item in InboxItem.objects.all()] == [LAW]


def test_too_many_lines_are_refused_and_stay(desk):
    lines = "\n".join(f"Otter {n}" for n in range(51))
    page = html(desk.post(reverse("admin:inbox_paste"), {"lines": lines}))
    assert "At most 50 lines" in page and "Otter 50" in page
    assert not InboxItem.objects.exists()


def test_pasted_twice_waits_once_and_says_so(desk):
    for _time in range(2):
        response = desk.post(reverse("admin:inbox_paste"), {"lines": LAW}, follow=True)
    assert "1 waits in the inbox already." in html(response)
    assert InboxItem.objects.count() == 1


# From a browser -----------------------------------------------------------------------------------


def test_a_bookmark_opens_a_filled_form_that_writes_nothing_until_it_is_sent(desk):
    filled = {"url": LAW, "title": "The “otter” act", "quotation": "Otters <are> counted."}
    page = html(desk.get(reverse("admin:inbox_add"), filled))
    assert f'value="{LAW}"' in page and "Otters &lt;are&gt; counted." in page
    assert not InboxItem.objects.exists()
    response = desk.post(reverse("admin:inbox_add"), filled | {"published_precision": "day"})
    item = InboxItem.objects.get()
    assert response.url == reverse("admin:inbox_item", args=[item.pk])
    assert (item.url, item.title, item.quotation, item.came_from) == (
        *filled.values(),
        "bookmarklet",
    )


def test_a_phone_may_share_the_address_within_a_text(desk):
    page = html(desk.get(reverse("admin:inbox_add"), {"quotation": f"Otters return {LAW}"}))
    assert f'value="{LAW}"' in page
    assert re.search(r'name="quotation"[^>]*>\s*Otters return</textarea>', page)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "ftp://example.org/", "An address begins with https://"),
        ("quotation", "x" * 601, "at most 600 characters"),
        ("language", "English", "Use the code of a language"),
        ("published_on", "2999-01-01", "is too late"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(desk, field, value, words):
    typed = {"url": LAW, "title": "Otters return", "published_precision": "day", field: value}
    page = html(desk.post(reverse("admin:inbox_add"), typed))
    assert words in page and value in page and "Otters return" in page
    assert not InboxItem.objects.exists()


def test_an_empty_form_says_what_is_needed(desk):
    page = html(desk.post(reverse("admin:inbox_add"), {"published_precision": "day"}))
    assert "Give an address, a headline or both." in page


def test_the_bookmark_only_opens_a_page_of_this_site(desk):
    page = html(desk.get(reverse("admin:inbox_browser")))
    [text] = re.findall(r"<textarea[^>]*>(javascript:[^<]+)</textarea>", page)
    script = unquote(text.replace("&#x27;", "'").replace("&quot;", '"').replace("&gt;", ">"))
    assert "http://testserver/admin/inbox/add/" in script
    assert not re.search(r"fetch|XMLHttp|submit|document\.cookie", script)
    assert 'href="javascript:' not in page


def test_phones_share_pages_with_those_who_may_add_them(desk, client, reviewer):
    page = html(desk.get(reverse("admin:inbox")))
    [address] = re.findall(r'<link rel="manifest" href="([^"]+)" crossorigin', page)
    manifest = desk.get(address).json()
    assert manifest["share_target"]["action"] == reverse("admin:inbox_add")
    assert manifest["share_target"]["method"] == "GET"
    client.force_login(reviewer)
    assert "share_target" not in client.get(address).json()


# The list -----------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_whose_state_and_origin(desk, analyst):
    mine = InboxItemFactory(assigned_to=analyst)
    free = InboxItemFactory(came_from="bookmarklet")
    gone = dismissed()
    shown = {
        "": {mine, free},
        "?whose=mine": {mine},
        "?whose=nobody": {free},
        "?from=bookmarklet": {free},
        "?state=dismissed": {gone},
        "?state=logged": set(),
        "?whose=mine&from=bookmarklet": set(),
    }
    for query, wanted in shown.items():
        page = html(desk.get(reverse("admin:inbox") + query))
        found = {item for item in (mine, free, gone) if f"/inbox/{item.pk}/" in page}
        assert found == wanted, query


@pytest.mark.parametrize(
    "query", ["whose=x", "state=", "from=x", "page=2", "q=x", "whose=a&whose=b"]
)
def test_an_address_that_asks_for_something_else_is_refused(desk, query):
    assert desk.get(f"{reverse('admin:inbox')}?{query}").status_code == 400


def test_a_long_list_takes_as_many_queries_as_a_short_one(desk, analyst):
    def n_of() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("admin:inbox"))
        return len(queries)

    action = published_action(title="Count the otters")
    for n in range(2):
        InboxItemFactory(title=f"Otters counted {n}", assigned_to=analyst)
    dismissed(url="https://news.example.org/same")
    InboxItemFactory(url="https://news.example.org/same")
    keep_suggestions(InboxItem.objects.waiting())
    html(desk.get(reverse("admin:inbox")))
    few = n_of()
    InboxItem.objects.bulk_create(
        InboxItemFactory.build(
            url=f"https://many.example/{n}",
            key=f"https://many.example/{n}",
            added_by=analyst,
            added_at=NOW + timedelta(seconds=n),
            suggestions=InboxItem.objects.exclude(suggestions=[]).first().suggestions,
        )
        for n in range(120)
    )
    assert n_of() == few
    page = html(desk.get(reverse("admin:inbox")))
    assert page.count("?action=" + str(action.pk)) == 25
    assert "page=5" in page


def test_a_row_says_what_became_of_the_same_before(desk):
    InboxItemFactory(url=LAW)
    dismissed(url=LAW)
    page = html(desk.get(reverse("admin:inbox")))
    assert "The same came in before:" in page and "No news." in page


def test_ticked_rows_are_assigned_or_dismissed_at_once(desk, analyst):
    items = [InboxItemFactory() for _n in range(3)]
    ticked = {"item": [item.pk for item in items[:2]]}
    desk.post(reverse("admin:inbox"), ticked | {"go": "assign", "assigned_to": analyst.pk})
    assert InboxItem.objects.assigned_to(analyst).count() == 2
    response = desk.post(reverse("admin:inbox"), ticked | {"go": "dismiss", "reason": "Old news."})
    assert response.status_code == 302
    gone = InboxItem.objects.filter(state="dismissed", reason="Old news.", decided_by=analyst)
    assert set(gone) == set(items[:2])
    details = Act.objects.filter(event="inbox").order_by("pk").values_list("detail", flat=True)
    assert list(details) == ["assigned to analyst", "dismissed: Old news."]


def test_a_dismissal_needs_a_reason_and_keeps_the_ticks(desk):
    item = InboxItemFactory()
    page = html(
        desk.post(reverse("admin:inbox"), {"item": item.pk, "go": "dismiss", "reason": " "})
    )
    assert "Say why it is dismissed." in page
    assert f'value="{item.pk}" checked' in page
    page = html(desk.post(reverse("admin:inbox"), {"go": "dismiss", "reason": "Old news."}))
    assert "Tick at least one row first." in page and "Old news." in page
    assert InboxItem.objects.waiting().count() == 1


def test_what_was_decided_meanwhile_stays_as_it_was_decided(desk):
    gone, item = dismissed(), InboxItemFactory()
    response = desk.post(
        reverse("admin:inbox"),
        {"item": [gone.pk, item.pk], "go": "dismiss", "reason": "Mine."},
        follow=True,
    )
    assert "1 did not wait any more: it stays as it was decided." in html(response)
    gone.refresh_from_db()
    assert gone.reason == "No news."


# One item -----------------------------------------------------------------------------------------


def test_an_item_shows_the_actions_that_it_may_be_about_and_why(desk):
    action = published_action(title="Count the otters")
    page = page_of(desk, InboxItemFactory(title="Ministry counts otters"))
    assert f'name="action" value="{action.pk}"' in page
    assert "Matched: " in page


def test_an_item_is_dismissed_once_and_brought_back(desk, analyst):
    item = InboxItemFactory()
    assert "Say why it is dismissed." in html(decide(desk, item, "dismiss"))
    assert decide(desk, item, "dismiss", reason="Old news.").status_code == 302
    again = decide(desk, item, "dismiss", reason="Another reason.")
    assert again.status_code == 409
    assert "This was decided already" in html(again) and "Another reason." in html(again)
    assert "Old news." in page_of(desk, item)
    decide(desk, item, "back")
    item.refresh_from_db()
    assert (item.state, item.reason, item.decided_by) == ("waiting", "", None)


def test_what_waits_again_already_is_not_brought_back(desk):
    item = dismissed(url=LAW)
    InboxItemFactory(url=LAW)
    response = decide(desk, item, "back")
    assert "The same waits in the inbox already." in html(desk.get(response.url))
    item.refresh_from_db()
    assert item.state == "dismissed"


def test_an_item_is_assigned_and_to_nobody_again(desk, analyst):
    item = InboxItemFactory()
    for to, wanted in ((analyst.pk, analyst), ("", None)):
        decide(desk, item, "assign", assigned_to=to)
        item.refresh_from_db()
        assert item.assigned_to == wanted
    assert "Select a valid choice" in html(decide(desk, item, "assign", assigned_to=10**6))


def test_a_reviewer_reads_and_decides_nothing(client, reviewer):
    item = InboxItemFactory()
    client.force_login(reviewer)
    page = page_of(client, item)
    assert 'value="dismiss"' not in page and "Log for" not in page
    assert decide(client, item, "dismiss", reason="x").status_code == 403
    assert client.post(reverse("admin:inbox"), {"item": item.pk}).status_code == 403
    assert client.get(reverse("admin:inbox_paste")).status_code == 403


@pytest.mark.parametrize("name", ["inbox", "inbox_paste", "inbox_add", "inbox_browser"])
def test_nobody_else_opens_it(client, name):
    assert client.get(reverse(f"admin:{name}")).status_code == 302
    client.force_login(UserFactory())
    assert client.get(reverse(f"admin:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["inbox", "inbox_paste", "inbox_add", "inbox_browser"])
def test_each_page_opens_in_japanese(desk, name):
    assert desk.get("/ja" + reverse(f"admin:{name}")).status_code == 200


# Reports of readers -------------------------------------------------------------------------------


def test_a_readers_source_is_put_into_the_inbox_and_nothing_else_of_the_report(desk):
    action = published_action(title="Run more ferries")
    report = ReaderReportFactory(
        recommendation=action.recommendation,
        action=action,
        url=LAW,
        message="Write to me.",
        contact="reader@example.org",
    )
    address = reverse("admin:inbox_report", args=[report.pk])
    assert address in html(desk.get(reverse("admin:reader_report", args=[report.pk])))
    for _time in range(2):
        response = desk.post(address)
    item = InboxItem.objects.get()
    assert (item.url, item.came_from, item.reader_report) == (LAW, "reader", report)
    page = html(desk.get(response.url))
    assert f'value="{action.pk}" checked' in page
    assert "A reader named it" in page
    kept = " ".join(str(value) for value in InboxItem.objects.values_list()[0])
    assert "reader@example.org" not in page + kept and "Write to me." not in page + kept


def test_what_waits_already_is_the_readers_too(desk):
    item = InboxItemFactory(url=LAW)
    report = ReaderReportFactory(url=LAW)
    desk.post(reverse("admin:inbox_report", args=[report.pk]))
    item.refresh_from_db()
    assert (item.reader_report, item.came_from) == (report, "pasted")


def test_a_report_without_a_source_has_nothing_for_the_inbox(desk):
    report = ReaderReportFactory()
    assert desk.post(reverse("admin:inbox_report", args=[report.pk])).status_code == 404
    page = html(desk.get(reverse("admin:reader_report", args=[report.pk])))
    assert "into the inbox" not in page


def test_the_workspace_counts_what_waits_for_me_and_for_nobody(desk, analyst):
    InboxItemFactory(assigned_to=analyst)
    for _n in range(2):
        InboxItemFactory()
    page = re.sub(r"\s+", " ", html(desk.get(reverse("admin:index"))))
    assert '?whose=mine"><b>1</b> In the inbox, assigned to you' in page
    assert '?whose=nobody"><b>2</b> In the inbox, nobody’s' in page
