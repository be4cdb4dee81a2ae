"""Who runs the site: said once in the admin, and followed wherever the site speaks of itself."""

from __future__ import annotations

from typing import Any

import feedparser
import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from alliance.site_name import site_name
from recommendations import site_row
from recommendations.accounts import letters
from recommendations.models import Edition, Site, Translation
from recommendations.models.site import refuse_no_feed_name
from recommendations.publishing import touch
from recommendations.site_row import USUAL_FEED_NAME, forget
from recommendations.translating.record_texts import KINDS, is_in_record

from .factories import SiteFactory, UserFactory, published_action, published_update
from .reading import form_values, links_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

ABOUT = "/about/"
CHANGE = "/admin/recommendations/site/1/change/"
SAID = {
    "strapline": "Otters, counted",
    "operator": "Otter Office",
    "operator_address": "1 River Street\nTokyo",
    "operator_url": "https://otters.example/",
    "contact_mail": "desk@otters.example",
    "contact_url": "https://otters.example/contact",
    "analysts": "Two people who know otters.",
    "funding": "By the river fund.",
    "disputes": "Within ten days, by an editor.",
}


def say(**fields: str) -> None:
    """Let editors have said something of the site."""
    row = Site.objects.get()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    touch(())
    forget()


def about(client: Client, prefix: str = "") -> str:
    return client.get(f"{prefix}{ABOUT}").content.decode()


# The row ---------------------------------------------------------------------------------------


def test_it_begins_with_the_name_as_it_was() -> None:
    row = Site.objects.get()
    assert (row.name, row.feed_name) == ("Integrated Alliance Tracker", USUAL_FEED_NAME)
    assert row.history.count() == 1
    assert not any(getattr(row, name) for name in SAID)
    with translation.override("ja"):
        assert site_name() == "統合同盟トラッカー"
    drafted = Translation.objects.get(kind="site.name", language="ja")
    assert (drafted.text, drafted.is_confirmed) == ("統合同盟トラッカー", False)


def test_its_texts_are_offered_to_translators() -> None:
    assert {"site.name", "site.operator", "site.funding", "site.disputes"} <= set(KINDS)
    assert is_in_record("site.name", "Integrated Alliance Tracker")


def test_a_drafted_name_marks_no_page_as_drafted(client: Client) -> None:
    published_action()
    html = client.get("/ja/methodology/").content.decode()
    assert "統合同盟トラッカー" in html and "drafted-note" not in html


@pytest.mark.parametrize(
    "name",
    ["", "Otters.example", "otters..example", "-otters.example", "a b", "otters/x", "é.example"],
)
def test_feeds_are_named_by_what_a_tag_takes(name: str) -> None:
    with pytest.raises(ValidationError):
        refuse_no_feed_name(name)


def test_there_is_one_that_nobody_adds_or_deletes(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert client.get(reverse("admin:recommendations_site_add")).status_code == 403
    assert client.get("/admin/recommendations/site/1/delete/").status_code == 403


def test_an_editor_names_the_site_and_every_page_follows(client: Client, editor: User) -> None:
    published_action()
    before = client.get("/")
    assert "Integrated Alliance Tracker" in before.content.decode()
    staff = Client()
    staff.force_login(editor)
    form = form_values(staff.get(CHANGE).content.decode(), "site_form")
    answer = staff.post(CHANGE, form | {"name": "Otter Tracker", "contact_mail": "a@b.example"})
    assert answer.status_code == 302, text_of(answer.content.decode())
    after = client.get("/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    html = after.content.decode()
    assert "Otter Tracker" in html and "Integrated Alliance Tracker" not in html
    assert "a@b.example" in html
    assert Site.objects.get().history.count() == 2
    # The translation of the former name stands for the new one, marked, until somebody looks.
    assert "統合同盟トラッカー" in client.get("/ja/methodology/").content.decode()


def test_the_name_for_feeds_is_fixed_with_the_first_edition(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert "feed_name" in form_values(client.get(CHANGE).content.decode(), "site_form")
    published_action()
    assert Edition.objects.exists()
    form = form_values(client.get(CHANGE).content.decode(), "site_form")
    assert "feed_name" not in form
    client.post(CHANGE, form | {"feed_name": "other.example"})
    assert Site.objects.get().feed_name == USUAL_FEED_NAME


def test_another_process_is_believed_with_the_next_request(client: Client) -> None:
    published_action()
    client.get("/methodology/")
    row = Site.objects.get()
    row.name = "Otter Tracker"
    row.save()
    assert "Otter Tracker" in client.get("/methodology/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_pages_ask_for_it_after_the_record_changed_alone(client: Client) -> None:
    def asked(address: str) -> bool:
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return any('FROM "recommendations_site"' in one["sql"] for one in queries)

    published_update(published_action())
    assert asked("/changes/")
    assert not any(map(asked, ["/changes/", "/methodology/", "/ja/changes/?edition=1"]))
    say(name="Otter Tracker")
    assert asked("/methodology/") and not asked("/changes/")


def test_without_a_row_the_setting_names_the_site(client: Client) -> None:
    Site.objects.all().delete()
    forget()
    assert site_name() == "Integrated Alliance Tracker"
    assert client.get(ABOUT).status_code == 200


def test_while_the_database_is_away_the_name_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Any:
        raise DatabaseError("no connection")

    say(name="Otter Tracker")
    assert site_name() == "Otter Tracker"
    forget()
    monkeypatch.setattr(site_row, "_read", away)
    assert site_name() == "Otter Tracker"
    monkeypatch.setattr(site_row, "_last_known", site_row.WITHOUT)
    assert site_name() == "Integrated Alliance Tracker"


# What follows ----------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_what_is_said_stands_on_the_page_about_the_site(client: Client, prefix: str) -> None:
    published_action()
    say(**SAID)
    text = text_of(about(client, prefix))
    for words in SAID.values():
        assert all(line in text for line in words.split("\n")), words
    assert "CC BY 4.0" in text


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_what_is_empty_is_shown_nowhere(client: Client, prefix: str) -> None:
    published_action()
    bare = about(client, prefix)
    for anchor in ("operator", "contact", "funding"):
        assert f'id="{anchor}"' not in bare
    assert 'href=""' not in bare and "mailto:" not in bare
    for name, words in SAID.items():
        say(**{name: words})
        assert words.split("\n")[0] in about(client, prefix)
        say(**{name: ""})
        assert about(client, prefix) == bare


def test_markup_in_what_is_said_is_text(client: Client) -> None:
    published_action()
    say(operator="<script>alert(1)</script>", funding="<b>none</b>")
    html = about(client)
    assert "<script>alert" not in html and "<b>none" not in html


def test_the_page_about_the_site_is_found_and_not_cited(client: Client) -> None:
    published_action()
    html = about(client)
    assert '<link rel="canonical" href="http://testserver/about/">' in html
    assert 'hreflang="ja" href="http://testserver/ja/about/"' in html
    assert "cite.bib" not in html
    assert client.get("/cite.bib?page=/about/").status_code == 400
    assert ("/about/", "About this site") in links_of(client.get("/methodology/").content.decode())


def test_the_foot_names_operator_contact_and_licence(client: Client) -> None:
    published_action()
    say(operator="Otter Office", contact_mail="desk@otters.example")
    foot = client.get("/methodology/").content.decode().partition("<footer")[2]
    text = text_of(foot)
    assert "Run by: Otter Office" in text and "desk@otters.example" in text
    assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license' in foot


def test_feeds_are_by_whoever_runs_the_site(client: Client) -> None:
    published_update(published_action())
    feed = feedparser.parse(client.get("/changes/feed.atom").content).feed
    assert feed.author == "Integrated Alliance Tracker"
    say(operator="Otter Office", operator_url="https://otters.example/")
    feed = feedparser.parse(client.get("/changes/feed.atom").content).feed
    assert feed.author_detail.name == "Otter Office"
    assert feed.author_detail.href == "https://otters.example/"


def test_citations_name_the_publisher_where_there_is_one(client: Client) -> None:
    published_action()
    bibtex, ris = (client.get(f"/cite.{kind}?page=/changes/") for kind in ("bib", "ris"))
    assert b"organization" not in bibtex.content and b"PB  - " not in ris.content
    say(operator="Otter & Office")
    bibtex, ris = (client.get(f"/cite.{kind}?page=/changes/") for kind in ("bib", "ris"))
    assert r"organization = {{Otter \& Office}}" in bibtex.content.decode()
    assert "PB  - Otter & Office\r\n" in ris.content.decode()


def test_mails_end_with_who_sends_them() -> None:
    person = UserFactory(email="ada@example.org")
    assert "-- " not in letters.password_chosen(person).body
    say(operator="Otter Office", contact_mail="desk@otters.example")
    end = letters.password_chosen(person).body.splitlines()[-4:]
    assert end == ["-- ", "Integrated Alliance Tracker", "Otter Office", "desk@otters.example"]


@pytest.mark.parametrize(
    ("said", "contact"),
    [
        ({"contact_mail": "desk@otters.example"}, "mailto:desk@otters.example"),
        ({"contact_url": "https://otters.example/c"}, "https://otters.example/c"),
        ({"contact_url": "http://otters.example/c"}, ""),
        ({}, ""),
    ],
)
def test_weaknesses_are_reported_to_readers_contact_where_there_is_no_other(
    client: Client, settings: Any, said: dict[str, str], contact: str
) -> None:
    say(**said)
    answer = client.get("/.well-known/security.txt")
    assert answer.status_code == (200 if contact else 404)
    if contact:
        assert f"Contact: {contact}\n" in answer.content.decode()
    settings.SECURITY_CONTACT = "mailto:security@otters.example"
    text = client.get("/.well-known/security.txt").content.decode()
    assert text.count("Contact:") == 1 and "mailto:security@otters.example" in text


def test_a_factory_gives_the_one_row() -> None:
    assert SiteFactory().pk == 1
    assert not mail.outbox
