"""Names that mean the same: whoever searches for one finds what has any of them."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.index.conditions import matching
from recommendations.models import Action, Recommendation, SearchAlias, TrackerState
from recommendations.text.queries import Name, Term, parse
from recommendations.text.search_names import SearchNames

from .factories import (
    RecommendationFactory,
    ReportFactory,
    SearchAliasFactory,
    published_action,
    published_update,
)
from .reading import csv_rows, text_of

LIST = "/recommendations/"
FORCES = "JSDF\nSelf-Defense Forces\n自衛隊"
EYES = "Five Eyes\nファイブ・アイズ"
NAMES = SearchNames.of([(FORCES, None), (EYES, None), ("Otter report", 7), ("Heron\nサギ", 8)])


@pytest.fixture
def forces(db):
    SearchAlias.objects.all().delete()
    SearchAliasFactory(names=FORCES)
    SearchAliasFactory(names=EYES)


# What is read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        *("jsdf", "JSDF", '"JSDF"', "ＪＳＤＦ", "self-defense forces", "Self Defence Force"),
        *('"Self-Defense Forces"', "self defense the forces", "自衛隊", '"自衛隊"'),
    ],
)
def test_a_name_is_known_however_it_is_typed(typed):
    [part] = NAMES.query(typed).wanted
    assert isinstance(part, Name)
    assert len(part.others) == 2


@pytest.mark.parametrize(
    "typed",
    [
        "defense forces self",
        '"the JSDF base"',
        "自衛隊法",
        "self -x defense forces",
        'self "defense"',
    ],
)
def test_words_that_are_no_name_by_themselves_are_words(typed):
    assert all(isinstance(part, Term) for part in NAMES.query(typed).wanted)


def test_kana_and_dots_make_no_difference():
    for typed in ("ファイブアイズ", "ふぁいぶあいず", "ﾌｧｲﾌﾞ･ｱｲｽﾞ"):
        assert NAMES.query(typed).also == ("Five Eyes",)


def test_several_names_and_words_are_read_apart():
    query = NAMES.query('treaty five eyes JSDF the -"five eyes" -heron')
    kinds = [type(part) for part in query.wanted]
    assert kinds == [Term, Name, Name]
    assert query.also == ("ファイブ・アイズ", "Self-Defense Forces", "自衛隊")
    assert query.also_not == ("ファイブ・アイズ", "サギ")
    assert query.ignored == ("the",)
    assert len(query.unwanted) == 2


def test_the_longest_name_is_taken():
    names = SearchNames.of([("Forces\n軍", None), ("Forces Japan\n在日", None)])
    assert names.query("forces japan forces").also == ("在日", "軍")


def test_a_name_that_is_never_asked_for_is_no_name():
    names = SearchNames.of([("of the\nOtters", None), ("?!\nHerons", None)])
    assert names.query("otters herons of the") == parse("otters herons of the")


def test_the_report_of_a_name_is_known():
    assert NAMES.reports_in("otter report") == {7}
    assert NAMES.reports_in("what the Otter Reports say of heron") == {7, 8}
    assert NAMES.reports_in('otter "report"') == set()
    assert NAMES.reports_in('-"otter report"') == set()


# What is found ----------------------------------------------------------------------------------


@pytest.fixture
def record(forces):
    """An action for each title."""
    titles = {
        "a": "Let the Self-Defense Forces plan",
        "b": "自衛隊の計画",
        "c": "Give the JSDF an office with the Five Eyes",
        "d": "Forces of self and defense",
        "e": "Otters",
    }
    rows = {key: published_action(title=title) for key, title in titles.items()}
    published_update(rows["e"], note="ファイブアイズは遠い。")
    return rows


FOUND = {
    "jsdf": "abc",
    '"Self-Defense Forces"': "abc",
    # All of the words as they were typed, or another name as a phrase.
    "self-defense forces": "abcd",
    "self defense forces": "abcd",
    "自衛隊": "abc",
    "JSDF plan": "a",
    "jsdf five eyes": "c",
    "five eyes": "ce",
    "五 eyes": "",
    "-jsdf": "de",
    "-jsdf -otters": "d",
    "forces -自衛隊": "d",
    "ファイブ・アイズ -JSDF": "e",
}


@pytest.mark.parametrize("query", FOUND)
def test_any_of_the_names_is_found_in_lists_and_exports(client, record, query):
    expected = {row.pk for key, row in record.items() if key in FOUND[query]}
    assert {row.pk for row in matching(Action.objects.all(), query)} == expected
    rows = csv_rows(client.get("/recommendations.csv", {"q": query}))
    assert {row["action"] for row in rows} == {
        row.title for row in record.values() if row.pk in expected
    }
    html = client.get(LIST, {"q": query}).content.decode()
    for row in record.values():
        assert (f'href="{row.get_absolute_url()}"' in html) == (row.pk in expected)


def test_recommendations_are_found_by_other_names_of_their_actions(record):
    found = set(matching(Recommendation.objects.all(), "jsdf five eyes"))
    assert found == {record["c"].recommendation}


def test_the_page_says_what_was_also_searched(client, record):
    html = text_of(client.get(LIST, {"q": "JSDF -five eyes the"}).content.decode())
    assert "Also searched: “Self-Defense Forces”, “自衛隊”." in html
    assert "Ignored in the search: “the”." in html
    assert "Also left out" not in html
    html = text_of(client.get(f"/ja{LIST}", {"q": '-"five eyes"'}).content.decode())
    assert "併せて除いた語：「ファイブ・アイズ」。" in html
    for address in ("/changes/", "/deadlines/", "/changes/compare/"):
        html = text_of(client.get(address, {"q": "JSDF the"}).content.decode())
        assert "Also searched: “Self-Defense Forces”, “自衛隊”." in html, address
        assert "Ignored in the search: “the”." in html, address


def test_a_page_without_search_says_nothing_and_asks_for_no_names(client, record):
    with CaptureQueriesContext(connection) as asked:
        html = client.get(LIST).content.decode()
    assert "search-said" not in html
    assert not [query for query in asked if "searchalias" in query["sql"]]


def test_names_are_asked_for_once_a_search(client, record):
    for address in (LIST, "/recommendations.csv", "/changes/", "/deadlines/"):
        with CaptureQueriesContext(connection) as asked:
            b"".join(client.get(address, {"q": "JSDF"}))
        n = sum("searchalias" in query["sql"] for query in asked)
        assert n == 1, address


# What editors keep ------------------------------------------------------------------------------


def test_an_editor_keeps_names_and_pages_are_made_anew(client: Client, editor, forces):
    action = published_action(title="The herons")
    client.force_login(editor)
    before = TrackerState.objects.get().content_token
    address = reverse("admin:recommendations_searchalias_add")
    client.post(address, {"names": " Grey  birds \r\n\r\nherons\r\n", "report": ""})
    alias = SearchAlias.objects.get(names="Grey birds\nherons")
    assert TrackerState.objects.get().content_token != before
    assert [row.pk for row in matching(Action.objects.all(), "grey bird")] == [action.pk]
    before = TrackerState.objects.get().content_token
    client.post(
        reverse("admin:recommendations_searchalias_delete", args=[alias.pk]), {"post": "yes"}
    )
    assert TrackerState.objects.get().content_token != before
    assert not SearchAlias.objects.filter(pk=alias.pk).exists()
    assert [line.history_type for line in alias.history.all()] == ["-", "+"]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("Otters", "Give at least two names, or the report of one."),
        ("Otters\nof the", "Search passes over all words of “of the”."),
        ("Otters\notter", "To search, “otter” and “Otters” are one name: leave one out."),
        (
            "Otters\nself-defence force",
            "Another entry has “self-defence force” already: “JSDF / Self-Defense Forces",
        ),
        ("", "This field is required."),
    ],
)
def test_what_cannot_be_kept_is_told(client: Client, editor, forces, names, told):
    client.force_login(editor)
    response = client.post(
        reverse("admin:recommendations_searchalias_add"), {"names": names, "report": ""}
    )
    assert response.status_code == 200
    assert told in text_of(response.content.decode())
    assert SearchAlias.objects.count() == 2


def test_a_name_stays_in_its_own_group(forces):
    alias = SearchAlias.objects.get(names=FORCES)
    alias.names += "\nJapan’s forces"
    alias.full_clean()
    with pytest.raises(ValidationError):
        SearchAliasFactory.build(names="five eye\nX").full_clean()


def test_one_name_of_a_report_will_do(forces):
    SearchAliasFactory.build(names="The blue book", report=ReportFactory()).full_clean()


# What a new database begins with ----------------------------------------------------------------

begin = import_module("recommendations.migrations.0033_begin_search_aliases")


@pytest.mark.django_db
def test_a_new_database_begins_with_names_that_its_own_form_would_take():
    SearchAlias.objects.all().delete()
    begin.begin_names(apps, None)
    for alias in SearchAlias.objects.all():
        alias.full_clean()
        assert alias.history.first().names == alias.names
    assert SearchAlias.objects.as_names().query("jsdf").also[-1] == "自衛隊"


@pytest.mark.django_db
def test_a_database_with_a_report_is_left_as_it_is():
    SearchAlias.objects.all().delete()
    RecommendationFactory()
    begin.begin_names(apps, None)
    assert not SearchAlias.objects.exists()
