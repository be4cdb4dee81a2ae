"""What is put into the inbox waits once, with what is known of it already."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.inbox import (
    MOST_AT_ONCE,
    Added,
    News,
    add_items,
    keep_suggestions,
    kept_suggestions,
    reading,
    suggested,
)
from recommendations.inbox.deciding import bring_back, dismiss_items
from recommendations.inbox.lines import MOST_LINES, read_lines
from recommendations.models import Act, InboxItem, KnownHost
from recommendations.models.inbox_item import CameFrom
from recommendations.sources.known_hosts import HostGuess, learn_hosts

from .factories import (
    InboxItemFactory,
    KnownHostFactory,
    ListedHostFactory,
    ReaderReportFactory,
    SourceFactory,
    UserFactory,
    published_action,
)

pytestmark = pytest.mark.django_db
LAW = "https://gazette.example.org/law"


@pytest.fixture
def person() -> User:
    return UserFactory()


def pasted(person: User, *news: News) -> Added:
    return add_items(news, came_from=CameFrom.PASTED, by=person)


# Once ---------------------------------------------------------------------------------------------


def test_two_spellings_of_an_address_are_one_row(person):
    added = pasted(person, News(LAW), News("https://GAZETTE.example.org:443/law?utm_source=x"))
    assert [item.url for item in added.new] == [LAW]
    again = pasted(person, News(f"{LAW}#article-3"))
    assert (again.new, again.there) == ([], added.new)


def test_two_spellings_of_a_headline_are_one_row(person):
    added = pasted(person, News(title="Otters  return"), News(title="ＯＴＴＥＲＳ return"))
    assert [item.title for item in added.new] == ["Otters return"]
    assert pasted(person, News(LAW, "Otters return")).new, "An address is another thing."


def test_what_was_decided_on_may_be_pasted_again_and_no_feed_brings_it_back(person):
    [item] = pasted(person, News(LAW)).new
    dismiss_items([item.pk], reason="Old.", by=person)
    watched = add_items([News(LAW)], came_from=CameFrom.WATCHED)
    assert (watched.new, watched.there) == ([], [item])
    assert pasted(person, News(LAW)).new
    with pytest.raises(ValidationError, match="waits in the inbox already"):
        bring_back(item, by=person)


def test_what_a_colleague_adds_at_the_same_moment_waits_once(person):
    """The other one is stored after this one looked for it."""
    colleagues: list[InboxItem] = []

    def before(execute, sql, *args):
        if sql.startswith("INSERT") and "inboxitem" in sql and not colleagues:
            colleagues.append(InboxItemFactory.build(url=LAW, added_by=person))
            colleagues[0].save()
        return execute(sql, *args)

    with connection.execute_wrapper(before):
        added = pasted(person, News(LAW))
    assert (added.new, added.there) == ([], colleagues)
    assert InboxItem.objects.waiting().get() == colleagues[0]


def test_bad_ones_are_named_and_the_others_are_taken_in(person):
    ListedHostFactory(host="fake.example", mark="never_evidence")
    news = [News("ftp://example.org/"), News("https://fake.example/a"), News(), News(LAW)]
    added = pasted(person, *news)
    assert [item.url for item in added.new] == [LAW]
    assert [one for one, _problems in added.refused] == news[:3]
    said = " ".join(" ".join(problems) for _one, problems in added.refused)
    for words in ("begins with https://", "never evidence", "an address, a headline or both"):
        assert words in said


def test_so_many_at_once_that_a_transaction_stays_short(person):
    with pytest.raises(ValidationError, match=f"At most {MOST_AT_ONCE}"):
        pasted(person, *(News(title=f"Otter {n}") for n in range(MOST_AT_ONCE + 1)))
    assert not InboxItem.objects.exists()


def test_many_take_as_many_queries_as_few(person):
    def n_of(news: list[News]) -> int:
        with CaptureQueriesContext(connection) as queries:
            pasted(person, *news)
        return len(queries)

    few = n_of([News(f"https://few.example/{n}") for n in range(2)])
    assert n_of([News(f"https://many.example/{n}") for n in range(30)]) == few


def test_a_feed_needs_nobody_and_the_log_of_acts_names_who_added(person):
    [item] = add_items([News(LAW)], came_from=CameFrom.WATCHED).new
    assert item.added_by is None
    pasted(person, News(title="Otters return"))
    act = Act.objects.latest("pk")
    assert (act.event, act.detail, act.person) == ("inbox", "added", person)


# What is known already ----------------------------------------------------------------------------


def test_what_the_record_says_of_a_source_is_filled_in(person):
    source = SourceFactory(
        url=LAW,
        title="The otter act",
        publisher="Gazette",
        kind="primary",
        published_on=date(2025, 3, 1),
        published_precision="month",
    )
    [item] = pasted(person, News(LAW)).new
    assert (item.source, item.title, item.publisher) == (source, "The otter act", "Gazette")
    assert (item.kind, item.published_on, item.published_precision) == (
        "primary",
        date(2025, 3, 1),
        "month",
    )


def test_what_is_known_of_a_host_is_filled_in_and_never_over_what_was_said(person):
    KnownHostFactory(host="example.org", publisher="Example", kind="press", language="en")
    KnownHostFactory(host="gazette.example.org", publisher="Gazette", kind="primary")
    items = pasted(
        person,
        News(LAW),
        News("https://www.example.org/a", publisher="Mine"),
        News("https://x.example/"),
    ).new
    said = {item.url: (item.publisher, item.kind, item.language) for item in items}
    assert said == {
        LAW: ("Gazette", "primary", ""),
        "https://www.example.org/a": ("Mine", "press", "en"),
        "https://x.example/": ("", "", ""),
    }


def test_the_language_of_a_headline_is_told_by_its_script(person):
    items = pasted(person, News(title="カワウソ局を設置"), News(title="Otters return")).new
    assert {item.language for item in items} == {"ja", "en"}


def test_hosts_are_learnt_where_their_sources_agree():
    for n, (kind, language) in enumerate((("official", "ja"), ("announcement", ""))):
        words = {"publisher": "Ministry", "kind": kind, "language": language}
        SourceFactory(url=f"https://ministry.example/{n}", **words)
        SourceFactory(url=f"https://copies.example/{n}", publisher=f"Wire {n}", kind="press")
        SourceFactory(url=f"https://paper.example/{n}", publisher="Paper", kind="press")
    SourceFactory(url="https://once.example/1", publisher="Once")
    KnownHostFactory(host="paper.example", publisher="As an editor says", kind="")
    assert learn_hosts() == 1
    said = set(KnownHost.objects.values_list("host", "publisher", "kind", "language"))
    assert said == {
        ("ministry.example", "Ministry", "official", "ja"),
        ("paper.example", "As an editor says", "", ""),
    }
    assert learn_hosts() == 0


def test_a_host_whose_pages_differ_in_kind_has_its_publisher_alone():
    for n, kind in enumerate(("press", "primary")):
        SourceFactory(url=f"https://house.example/{n}", publisher="House", kind=kind)
    learn_hosts()
    assert KnownHost.objects.values_list("publisher", "kind").get() == ("House", "")


def test_no_host_is_looked_up_for_a_headline():
    assert HostGuess.of(["", LAW]).at("") is None


# The actions that it may be about -----------------------------------------------------------------


def test_the_actions_of_a_headline_are_kept_with_the_words_that_matched(person):
    action = published_action(title="Count the otters of the river")
    published_action(title="Run more ferries")
    [item] = pasted(person, News(title="Ministry begins to count otters")).new
    assert keep_suggestions([item]) == 1
    item.refresh_from_db()
    [one] = kept_suggestions(item)
    assert (one.action, one.label, one.is_citing) == (action.pk, action.label, False)
    assert "otters" in " ".join(one.words).lower()
    assert item.suggested_at is not None
    assert suggested(item) == [one]


def test_the_action_of_a_readers_report_comes_first(person):
    action = published_action(title="Run more ferries")
    report = ReaderReportFactory(recommendation=action.recommendation, action=action, url=LAW)
    [item] = add_items([News(LAW)], came_from=CameFrom.READER, by=person, reader_report=report).new
    [first] = suggested(item)
    assert (first.action, first.is_named) == (action.pk, True)


def test_looking_for_actions_ends_in_time_and_leaves_the_rest_without(person):
    published_action(title="Count the otters")
    items = pasted(person, News(title="Otters counted"), News(title="Otters seen")).new
    assert keep_suggestions(items, seconds=-1) == 0
    assert not InboxItem.objects.filter(suggested_at__isnull=False).exists()


# Pages that are read in the background ------------------------------------------------------------


def test_what_was_read_fills_what_nobody_said(person):
    [item] = pasted(person, News(LAW, title="As pasted")).new
    read = {
        "title": "As read",
        "publisher": "Gazette",
        "published_on": date(2025, 3, 1),
        "published_precision": "month",
        "language": "no code",
        "text": "Otters are counted.",
    }
    item = reading.keep_words(item.pk, read)
    assert (item.title, item.publisher, item.text) == (
        "As pasted",
        "Gazette",
        "Otters are counted.",
    )
    assert (item.published_on, item.published_precision) == (date(2025, 3, 1), "month")
    assert item.language == "en", "What is no code of a language is left out."
    assert reading.keep_words(item.pk, {}, problem="The server refused.").problem


# Pasted lines -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "url", "title"),
    [
        (LAW, LAW, ""),
        ("https://a.example/otter_(animal)", "https://a.example/otter_(animal)", ""),
        ("Otters return", "", "Otters return"),
        (f"Otters return – {LAW}", LAW, "Otters return"),
        (f"• {LAW} Otters  return", LAW, "Otters return"),
        (f"カワウソ局を設置（{LAW}）", LAW, "カワウソ局を設置"),
    ],
)
def test_a_line_has_an_address_a_headline_or_both(line, url, title):
    [read] = read_lines(f"\n  {line}  \r\n\n")
    assert read.news == News(url=url, title=title)
    assert (read.number, read.text, read.problems) == (2, line, ())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ftp://example.org/law", "An address begins with https://"),
        ("www.example.org/law", "An address begins with https://"),
        (f"{LAW} {LAW}-2", "several addresses"),
        ("https://user:secret@example.org/", "Leave the name or password"),
        ("x" * 501, "at most 500 characters"),
    ],
)
def test_a_line_that_cannot_be_read_says_what_to_do(line, words):
    good, bad = read_lines(f"Otters return\n{line}")
    assert good.news and not bad.news
    assert words in " ".join(bad.problems)
    assert bad.text == line


def test_too_many_lines_are_none():
    with pytest.raises(ValidationError, match=f"At most {MOST_LINES} lines"):
        read_lines("\n".join(f"Otter {n}" for n in range(MOST_LINES + 1)))
