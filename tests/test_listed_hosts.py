"""Hosts that are never evidence: no link leads there, and nothing new is cited from there."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from recommendations import integrity, publishing
from recommendations.loading import LoadError, load
from recommendations.models import Action, ListedHost, Recommendation, StatusUpdate, TrackerState
from recommendations.text.listed_hosts import HostList, host_of

from .factories import (
    ContextEventFactory,
    DeadlineFactory,
    ListedHostFactory,
    UserFactory,
    draft_update,
    publish,
    published_action,
    published_update,
    submitted_update,
)
from .test_loading import entry, new_action, new_evidence, new_update, small, text_of
from .test_log_update import item, typed

BAD = "https://eu.made-up-news.example/trade/2024/story.html"
UNLINKED = "(not linked: this site is never evidence)"


# Which host an address is on ------------------------------------------------------------------

LISTED = HostList({"bad.example": "never_evidence", "good.bad.example": "copies"})


@pytest.mark.parametrize(
    "address",
    [
        "https://bad.example/",
        "http://BAD.example:8080/story",
        "https://eu.bad.example./story",
        "https://%62ad.example/",
        "https://ｂａｄ.example/",
        "https://bad.example?x=//good.example/",
    ],
)
def test_an_address_is_on_a_listed_host_however_it_is_written(address):
    assert LISTED.mark_of(address) == "never_evidence"


@pytest.mark.parametrize(
    "address",
    [
        "https://notbad.example/",
        "https://example/bad.example",
        "https://bad.example.org/",
        "https://news.example/?from=https://bad.example/",
        "",
        "https://[bad.example/",
    ],
)
def test_an_address_is_not_on_a_host_that_it_only_names(address):
    assert LISTED.mark_of(address) == ""


def test_the_nearest_entry_decides():
    assert LISTED.mark_of("https://www.good.bad.example/") == "copies"


def test_a_host_of_other_letters_has_one_spelling():
    assert host_of("https://例え.example/") == host_of("https://xn--r8jz45g.example/")


# The list itself ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_list_begins_with_what_the_first_data_cite():
    hosts = ListedHost.objects.as_list()
    assert hosts.mark_of("https://eu.news-pravda.com/trump/2024/") == "never_evidence"
    assert hosts.mark_of("https://mil-translator1.mil-osi.com/x") == "never_evidence"
    assert hosts.mark_of("https://www.einpresswire.com/x") == "copies"
    assert hosts.mark_of("https://en.people.cn/x") == "state_media"
    assert all(one.reason for one in ListedHost.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed_in", "kept"),
    [("EU.Bad.example", "eu.bad.example"), ("https://bad.example/story", "bad.example")],
)
def test_a_host_is_kept_in_one_spelling(typed_in, kept):
    entry = ListedHostFactory.build(host=typed_in)
    entry.full_clean()
    assert entry.host == kept


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["", "com", "bad example.org", "bad..example", "-bad.example"])
def test_what_is_no_host_is_refused(host):
    with pytest.raises(ValidationError) as refused:
        ListedHostFactory.build(host=host).full_clean()
    assert set(refused.value.message_dict) == {"host"}


@pytest.mark.django_db
def test_pages_that_readers_keep_are_out_of_date_when_the_list_changes(client, editor):
    client.force_login(editor)

    def revision() -> int:
        return TrackerState.objects.values_list("content_revision", flat=True).get()

    publishing.touch(None)
    before = revision()
    new = {"host": "bad.example", "mark": "copies", "reason": "As said.", "since_on": "2026-06-01"}
    client.post(reverse("admin:recommendations_listedhost_add"), new)
    entry = ListedHost.objects.get(host="bad.example")
    assert revision() == before + 1
    address = reverse("admin:recommendations_listedhost_delete", args=[entry.pk])
    client.post(address, {"post": "yes"})
    assert not ListedHost.objects.filter(pk=entry.pk).exists()
    assert revision() == before + 2


# What the public sees -------------------------------------------------------------------------


@pytest.fixture
def cited(db: None) -> Action:
    """An action whose status, deadline and chart cite a host that was listed later."""
    action = published_action()
    DeadlineFactory(
        action=action,
        origin="official",
        stated_on="2025-02-01",
        publisher="A ministry",
        url=BAD.replace("story", "deadline"),
    )
    ContextEventFactory(url=BAD.replace("story", "event"))
    bad = {"kind": "official", "url": BAD, "title": "Made-up News", "publisher": "Made-up News"}
    archived = {
        "kind": "press",
        "archived_url": BAD.replace("story", "copy"),
        "url": "https://x.example/1",
    }
    published_update(action, "partly", evidence=[bad, archived])
    publishing.settle_wording(Recommendation.objects.filter(actions=action))
    ListedHostFactory(host="made-up-news.example")
    return action


def pages_of(action: Action) -> list[str]:
    recommendation = action.recommendation
    return [
        "/",
        recommendation.get_absolute_url(),
        f"{recommendation.get_absolute_url()}?edition=2",
        "/changes/",
        "/changes/?edition=2",
        "/deadlines/",
        "/editions/2/",
        reverse("recommendations:changes_feed"),
    ]


def test_no_page_and_no_feed_leads_to_a_host_that_is_never_evidence(client, cited):
    shown = {page: client.get(page) for page in pages_of(cited)}
    assert {page: answer.status_code for page, answer in shown.items()} == dict.fromkeys(shown, 200)
    texts = {page: answer.content.decode() for page, answer in shown.items()}
    assert [page for page, text in texts.items() if "made-up-news" in text] == []
    recommendation = cited.recommendation.get_absolute_url()
    # The deadline and the item itself; of the other item, the archived copy alone.
    assert texts[recommendation].count(UNLINKED) == 2
    for page in (recommendation, "/changes/", reverse("recommendations:changes_feed")):
        assert f"Made-up News {UNLINKED}" in texts[page].replace("&amp;", "&"), page
    assert "archived copy" in texts[recommendation]


def test_a_source_elsewhere_keeps_its_link(client, cited):
    page = client.get(cited.recommendation.get_absolute_url()).content.decode()
    assert 'href="https://x.example/1"' in page


def test_the_list_is_asked_for_once_a_page(client, cited):
    with CaptureQueriesContext(connection) as asked:
        client.get(cited.recommendation.get_absolute_url())
    assert sum("listedhost" in query["sql"] for query in asked) == 1


def test_the_record_keeps_the_address(cited):
    assert cited.updates.get().evidence.filter(url=BAD).exists()
    assert list(integrity.differences()) == []


def test_a_source_of_listed_state_media_is_marked(client, db):
    action = published_action()
    source = {"kind": "press", "url": "https://en.state.example/1", "is_state_media": False}
    published_update(action, "partly", evidence=[source])
    page = action.recommendation.get_absolute_url()
    assert "(state media)" not in client.get(page).content.decode()
    ListedHostFactory(host="state.example", mark="state_media")
    assert "(state media)" in client.get(page).content.decode()


# What is refused -------------------------------------------------------------------------------

REFUSED = "never evidence"


@pytest.fixture
def listed(db: None) -> ListedHost:
    return ListedHostFactory(host="made-up-news.example")


def test_the_form_refuses_a_source_on_such_a_host(client: Client, analyst, listed):
    client.force_login(analyst)
    action = published_action()
    page = client.post(reverse("admin:log_update"), typed(action, item(url=BAD)))
    assert REFUSED in page.content.decode()
    assert not StatusUpdate.objects.exists()


def test_the_form_refuses_it_in_japanese(client: Client, analyst, listed):
    client.force_login(analyst)
    action = published_action()
    with translation.override("ja"):
        address = reverse("admin:log_update")
    page = client.post(address, typed(action, item(url=BAD))).content.decode()
    assert "eu.made-up-news.example" in page
    assert REFUSED not in page


def test_submitting_refuses_a_source_on_such_a_host(listed):
    draft = draft_update(published_action(), evidence=[{"kind": "press", "url": BAD}])
    with pytest.raises(ValidationError, match=REFUSED):
        publishing.submit(draft, by=draft.author)


def test_publishing_refuses_a_source_whose_host_was_listed_since(db):
    waiting = submitted_update(published_action(), evidence=[{"kind": "press", "url": BAD}])
    ListedHostFactory(host="made-up-news.example")
    with pytest.raises(ValidationError, match=REFUSED):
        publish(waiting)


@pytest.mark.parametrize("mark", ["copies", "state_media"])
def test_marks_refuse_nothing(db, mark):
    ListedHostFactory(host="made-up-news.example", mark=mark)
    published_update(published_action(), evidence=[{"kind": "press", "url": BAD}])


def test_a_correction_of_what_is_on_such_a_host_needs_another_source(cited):
    update = cited.updates.get()
    draft = publishing.correct(update, by=UserFactory(), reason="Its site is never evidence.")
    with pytest.raises(ValidationError, match=REFUSED):
        publishing.submit(draft, by=draft.author)
    draft.evidence.filter(url=BAD).update(url="https://ministry.example/original")
    publishing.submit(draft, by=draft.author)


def test_a_baseline_is_loaded_as_it_was_made_and_later_files_are_refused(listed):
    said = [*small(), new_evidence("act-2025-03-01", position=2, url=BAD)]
    load(text_of(said))
    assert list(integrity.differences()) == []
    more = [new_action(), new_update(), new_evidence(url=BAD)]
    with pytest.raises(LoadError, match=REFUSED):
        load(text_of([*said, *more]))
    header = {"kind": "research", "report": ["small"], "slug": "second", "method": "Two codings."}
    research = entry("edition", **header, horizon_on="2026-06-17")
    update = new_update(action=["small", "first", "act"])
    with pytest.raises(LoadError, match=REFUSED):
        load(text_of([research, update, new_evidence(url=BAD)]))
    assert StatusUpdate.objects.count() == 1
