"""A source stands once: by which key it is known, and who cites it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from recommendations import publishing, sources
from recommendations.models import Act, Evidence, Source
from recommendations.models.act import Event
from recommendations.text.source_keys import LONGEST_KEY, source_key, source_slug

from .factories import (
    draft_update,
    published_action,
    published_update,
    submitted_update,
)

pytestmark = pytest.mark.django_db

PAGE = "https://www.example.org/law/7"


@pytest.mark.parametrize(
    "spelling",
    [
        "HTTPS://WWW.Example.ORG/law/7",
        "https://www.example.org:443/law/7",
        "https://www.example.org./law/7",
        "https://www.example.org/law/7#article-3",
        "https://www.example.org/law/7?utm_source=mail&UTM_medium=x&fbclid=1",
        "https://www.example.org/l%61w/7",
        " https://www.example.org/law/7 ",
    ],
)
def test_spellings_of_one_address_are_one_source(spelling: str) -> None:
    assert source_key(spelling) == source_key(PAGE) == PAGE


@pytest.mark.parametrize(
    "other",
    [
        "http://www.example.org/law/7",
        "https://example.org/law/7",
        "https://www.example.org/law/7/",
        "https://www.example.org/LAW/7",
        "https://www.example.org:8443/law/7",
        "https://www.example.org/law/7?id=1",
        "https://www.example.org/law%2F7",
        "https://www.example.org/law/7?page=utm_source",
    ],
)
def test_whatever_else_differs_is_another_source(other: str) -> None:
    assert source_key(other) != source_key(PAGE)


def test_letters_and_their_escapes_are_one_source_in_japanese_too() -> None:
    assert source_key("https://例え.jp/法律?名=港") == source_key(
        "https://xn--r8jz45g.jp/%e6%b3%95%E5%BE%8B?%E5%90%8D=%e6%b8%af"
    )
    assert source_key("https://example.org") == source_key("https://example.org/")
    assert source_key("https://example.org/?utm_id=3") == "https://example.org/"


def test_a_key_fits_an_index_and_tells_long_addresses_apart() -> None:
    keys = {source_key(f"https://example.org/{'港' * 900}{n}") for n in range(3)}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {LONGEST_KEY}
    assert all(key.isascii() for key in keys)


def test_what_is_no_address_has_a_key_too() -> None:
    assert source_key("https://[::1") == source_key(" https://[::1 ")
    assert source_key("https://example.org:port/") != source_key("https://example.org/")


def test_publishing_gives_items_their_source_in_the_words_of_the_first() -> None:
    first = published_update(
        published_action(), evidence=[{"url": PAGE, "title": "The law", "publisher": "Parliament"}]
    )
    second = published_update(
        published_action(),
        evidence=[
            {"url": f"{PAGE}?utm_source=mail", "title": "Another title", "kind": "press"},
            {"url": "https://example.org/other", "kind": "press"},
        ],
    )
    source = Source.objects.get(key=PAGE)
    assert (source.title, source.publisher) == ("The law", "Parliament")
    assert (source.host, source.slug) == ("www.example.org", source_slug(PAGE))
    cited = {item.update_id for item in source.items.all()}
    assert cited == {first.pk, second.pk}
    assert Source.objects.with_n_items().get(pk=source.pk).n_items == 2
    assert Source.objects.count() == 2
    # The items keep their own words.
    assert second.evidence.first().title == "Another title"


def test_what_drafts_cite_is_no_source_yet() -> None:
    draft = draft_update(published_action(), evidence=[{"url": PAGE}])
    assert not Source.objects.exists()
    assert draft.evidence.get().source is None


def test_publishing_many_asks_as_many_queries_for_sources_as_publishing_one() -> None:
    def taken(n: int) -> int:
        updates = [submitted_update(published_action()) for _n in range(n)]
        items = list(Evidence.objects.filter(update__in=updates))
        with CaptureQueriesContext(connection) as queries:
            sources.give_sources(items)
        return len(queries)

    assert taken(8) == taken(1) <= 3


def test_a_reference_of_what_is_published_is_never_another() -> None:
    update = published_update(published_action(), evidence=[{"url": PAGE}])
    other = sources.source_for("https://example.org/other")
    with pytest.raises(IntegrityError, match="never added to, edited"), transaction.atomic():
        Evidence.objects.filter(update=update).update(source=other)


def test_the_address_of_a_source_is_never_another_and_its_words_may_be() -> None:
    source = sources.source_for(PAGE, title="The law")
    Source.objects.filter(pk=source.pk).update(title="The act", copy_rights="allowed")
    for column, value in (("url", "https://example.org/"), ("key", "x"), ("slug", "x")):
        with pytest.raises(IntegrityError, match="another source"), transaction.atomic():
            Source.objects.filter(pk=source.pk).update(**{column: value})


def test_a_source_is_made_once_and_noted_once() -> None:
    source = sources.source_for(PAGE, title="The law", kind="primary")
    again = sources.source_for(f"{PAGE}#3", title="Other words")
    assert again == source
    assert again.title == "The law"
    act = Act.objects.get(event=Event.SOURCE)
    assert (act.subject, act.detail) == (f"source {source.slug}", f"added: {PAGE}")


@pytest.mark.parametrize(
    "words", [{"url": "javascript:alert(1)"}, {"kind": "rumour"}, {"title": "\x00"}]
)
def test_what_cannot_be_is_refused_in_words(words: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        sources.source_for(**{"url": PAGE, **words})
    assert not Source.objects.exists()


def test_a_correction_cites_the_same_source_and_copy() -> None:
    update = published_update(published_action(), evidence=[{"url": PAGE}])
    draft = publishing.correct(update, by=update.author, reason="A typo.")
    assert draft.evidence.get().source is None
    assert draft.evidence.get().url == PAGE
