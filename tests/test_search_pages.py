"""What a search says beside its hits: where the words stand, what it passed over, which report."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recommendations.figures.named_reports import named_reports
from recommendations.index.keeping import opened_at
from recommendations.models import Action, Report, SearchAlias, Translation
from recommendations.record import Record
from recommendations.text.languages import forget, in_every_language
from recommendations.text.search_names import SearchNames
from recommendations.viewpoint import Viewpoint

from .factories import (
    ActionFactory,
    BodyFactory,
    PartyFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    SearchAliasFactory,
    corrected,
    draft_update,
    include,
    published_action,
    published_actions,
    published_update,
    retracted,
    set_verifiable,
    withdraw,
)
from .reading import list_count, text_of

LIST = "/recommendations/"
UNITS = ("actions", "recommendations")

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


def page(client: Client, query: str, prefix: str = "", **parameters: str) -> str:
    response = client.get(f"{prefix}{LIST}", {"q": query, **parameters})
    assert response.status_code == 200, response.content
    return response.content.decode()


def quoted(html: str) -> list[str]:
    """What the rows quote, with the marks in it as [brackets]."""
    return [
        text_of(re.sub("</?mark>", lambda tag: "]" if "/" in tag[0] else "[", one))
        for one in re.findall(r'<p class="found-in">(.*?)</p>', html, re.S)
    ]


def named(html: str) -> list[str]:
    return [
        text_of(one)
        for block in re.findall(r'<ul class="named-reports".*?</ul>', html, re.S)
        for one in re.findall("<li>(.*?)</li>", block, re.S)
    ]


def translate(kind: str, original: str, text: str, *, is_confirmed: bool = True) -> None:
    at = timezone.now() if is_confirmed else None
    Translation.objects.create(
        kind=kind, original=original, language="ja", text=text, confirmed_at=at
    )
    forget()


# The passage ------------------------------------------------------------------------------------


@pytest.fixture
def action() -> Action:
    """An action with a text of every kind, each with a word of its own and with "everywhere"."""
    PartyFactory(slug="frog", name="Party frog everywhere")
    action = published_action(title="Title otter", parties=["frog"])
    recommendation = action.recommendation
    recommendation.headline = "Headline heron"
    recommendation.summary = "Summary newt everywhere"
    recommendation.save()
    recommendation.section.title = "Section toad everywhere"
    recommendation.section.save()
    recommendation.areas.add(PolicyAreaFactory(name="Area crane everywhere"))
    action.bodies.add(BodyFactory(name="Body swan everywhere"), through_defaults={"basis": "named"})
    published_update(
        action,
        note="Note badger everywhere",
        evidence=[
            {
                "title": "Source lynx everywhere",
                "publisher": "Press wolf",
                "supports": "It says ibex everywhere",
            }
        ],
    )
    return action


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("badgers", "Note: Note [badger] everywhere"),
        ("lynx", "Source: Source [lynx] everywhere"),
        ("ibex", "What it supports: It says [ibex] everywhere"),
        ("wolf", "Publisher: Press [wolf]"),
        ("newt", "Summary: Summary [newt] everywhere"),
        ("toad", "Section: Section [toad] everywhere"),
        ("crane", "Policy area: Area [crane] everywhere"),
        ("frog", "Responsible party: Party [frog] everywhere"),
        ("swan", "Lead body: Body [swan] everywhere"),
        # the first of those that have all, or else most, of what the head of the row lacks
        ("everywhere", "Note: Note badger [everywhere]"),
        ("everywhere frog", "Responsible party: Party [frog everywhere]"),
        ("heron everywhere", "Note: Note badger [everywhere]"),
        ("badger swan", "Note: Note [badger] everywhere"),
        ('"swan everywhere" -treaty', "Lead body: Body [swan everywhere]"),
    ],
)
def test_a_row_quotes_the_first_text_that_has_the_words(client, action, unit, query, expected):
    assert quoted(page(client, query, unit=unit)) == [expected]


def test_the_words_of_an_action_are_quoted_with_its_recommendation(client, action):
    html = page(client, "otters", unit="recommendations")
    assert quoted(html) == ["Action: Title [otter]"]


def test_words_in_title_and_headline_are_marked_and_nothing_is_quoted(client, action):
    html = page(client, "otters heron")
    assert quoted(html) == []
    assert "Title <mark>otter</mark>" in html
    assert "Headline <mark>heron</mark>" in html
    html = page(client, "otters heron", sort="report")
    assert "Title <mark>otter</mark>" in html
    assert "Headline <mark>heron</mark>" in html
    assert "Headline <mark>heron</mark>" in page(client, "heron", unit="recommendations")


def test_a_number_is_no_word_to_quote(client, action):
    assert quoted(page(client, action.label)) == []
    assert quoted(page(client, action.recommendation.number, unit="recommendations")) == []


def test_nothing_is_quoted_where_nothing_is_wanted_or_searched(client, action):
    for parameters in ({"q": "-treaty"}, {"q": "the"}, {}):
        html = client.get(LIST, parameters).content.decode()
        assert quoted(html) == []
        assert "<mark>" not in html


def test_actions_in_the_order_of_the_report_quote_their_recommendation_once(client):
    for one in (first := published_actions(2)):
        one.recommendation.summary = "About newts."
        one.recommendation.save()
    published_update(first[0], note="Newts were counted.")
    html = page(client, "newt", sort="report")
    assert quoted(html) == ["Summary: About [newts].", "Note: [Newts] were counted."]
    assert quoted(page(client, "newt")) == [
        "Note: [Newts] were counted.",
        "Summary: About [newts].",
    ]


@pytest.mark.parametrize("unit", UNITS)
def test_only_what_counts_is_quoted(client, unit):
    one, other, third = published_actions(3)
    for own in (one, other, third):
        own.title = "Count the otters"
        own.save()
    corrected(published_update(one, note="Otters: one badger."), note="Otters: two badgers.")
    retracted(published_update(other, note="Otters: three badgers."))
    draft_update(third, note="Otters: four badgers.")
    html = page(client, "badger", unit=unit)
    assert quoted(html) == ["Note: Otters: two [badgers]."]
    assert "one badger" not in text_of(html)


@pytest.mark.about_databases
@pytest.mark.parametrize("unit", UNITS)
def test_the_past_quotes_what_counted_then(client, unit):
    action = published_action()
    update = published_update(action, on=date(2025, 3, 1), note="One badger.")
    edition = str(update.edition_id)
    corrected(update, note="Two badgers.")
    published_update(action, "partly", on=date(2026, 3, 1), note="Three badgers.")
    assert quoted(page(client, "badger", unit=unit)) == ["Note: Three [badgers]."]
    assert quoted(page(client, "badger", unit=unit, edition=edition)) == ["Note: One [badger]."]
    assert quoted(page(client, "badger", unit=unit, as_of="2025-12-31")) == ["Note: Two [badgers]."]


def test_actions_outside_the_record_are_not_quoted(client):
    recommendation = published_action(title="Plain").recommendation
    gone = ActionFactory(recommendation=recommendation, title="Count the otters")
    include(actions=[gone])
    ActionFactory(recommendation=recommendation, title="Draft of otters")
    unverifiable = ActionFactory(recommendation=recommendation, title="Love the otters")
    include(actions=[unverifiable])
    set_verifiable(unverifiable, is_verifiable=False, reason="Nobody could tell.")
    withdraw(gone, reason="Merged.")
    html = page(client, "otter", unit="recommendations")
    assert quoted(html) == ["Action: Love the [otters]"]


def test_a_long_text_is_quoted_in_part_as_it_is_written(client):
    note = "前置き。" * 80 + "ﾐｻｲﾙ防衛を、U.S.と進める。" + "後書き。" * 80
    published_update(published_action(), note=note)
    [found] = quoted(page(client, "ミサイル防衛 US"))
    assert "[ﾐｻｲﾙ防衛]" in found
    assert "[U.S]" in found
    kept = re.sub(r"[\[\]]", "", found.removeprefix("Note: …").removesuffix(" (in Japanese)"))
    assert kept.endswith("…")
    assert kept.removesuffix("…") in note
    assert len(kept) <= 161


def test_other_names_are_marked(client):
    SearchAlias.objects.all().delete()
    SearchAliasFactory(names="Otter office\nOTO\nカワウソ局")
    published_update(published_action(), note="The OTO moved.")
    published_update(published_action(), note="カワウソ局の移転")
    assert quoted(page(client, "otter office")) == [
        "Note: The [OTO] moved.",
        "Note: [カワウソ局]の移転 (in Japanese)",
    ]


# Languages --------------------------------------------------------------------------------------


@pytest.mark.about_databases
def test_the_text_that_matched_is_quoted_the_readers_own_first(client):
    note, title = "Otters were counted by the G7.", "See the herons"
    published_update(published_action(title=title), note=note)
    translate("statusupdate.note", note, "カワウソをG7が数えた。", is_confirmed=False)
    translate("action.title", title, "サギを数える")
    assert quoted(page(client, "g7")) == ["Note: Otters were counted by the [G7]."]
    assert quoted(page(client, "カワウソ")) == ["Note: [カワウソ]をG7が数えた。 (in Japanese)"]
    japanese = page(client, "g7", "/ja")
    assert quoted(japanese) == ["注記： カワウソを[G7]が数えた。"]
    assert '<span class="drafted">カワウソを<mark>G7</mark>' in japanese
    assert quoted(page(client, "counted", "/ja")) == [
        "注記： Otters were [counted] by the G7. （英語）"
    ]
    # The title that is shown has not the word that its original has.
    assert quoted(page(client, "heron", "/ja")) == ["項目： See the [herons] （英語）"]
    html = page(client, "サギ", "/ja")
    assert quoted(html) == []
    assert "<mark>サギ</mark>を数える" in html


def test_a_draft_that_is_not_shown_is_not_said_to_be(client):
    note = "Otters were counted."
    published_update(published_action(), note=note)
    translate("statusupdate.note", note, "カワウソを数えた。", is_confirmed=False)
    assert "※" not in page(client, "otter")


# Escaping ---------------------------------------------------------------------------------------

HOSTILE = (
    '"' * 200,
    "<script>alert(1)</script>",
    "</mark><b>x",
    "&lt;b&gt; &amp;",
    "'\"><img src=x onerror=alert(1)>",
    "%(words)s {{ 7|add:7 }} %s",
    "-" * 200,
    "同" * 200,
    "か\u3099\u0301\ufe0f",
    "the " * 50,
)


@pytest.mark.parametrize("query", HOSTILE)
def test_texts_and_words_are_data(client, query):
    note = "A <script>alert(1)</script> & </mark><b>x</b> img onerror 同 %(words)s add"
    published_update(published_action(title="Title <i>script</i>"), note=note)
    for unit in UNITS:
        html = page(client, query, unit=unit)
        for tag in ("<script>alert", "<b>x", "<img src=x", "<i>"):
            assert tag not in html
        assert html.count("<mark>") == html.count("</mark>")


def test_a_control_character_is_refused(client):
    assert client.get(LIST, {"q": "a\0"}).status_code == 400


# What is passed over ----------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS)
def test_words_that_are_passed_over_are_said(client, unit):
    published_action(title="The treaty of otters")
    html = page(client, "the treaty of <the>", unit=unit)
    assert "Ignored in the search: “the”, “of”." in text_of(html)
    assert list_count(html)[0] == 1
    html = page(client, "the of", unit=unit)
    assert "Ignored in the search: “the”, “of”." in text_of(html)
    assert "There is nothing in these words to search for" in html
    assert list_count(html)[0] == 0
    assert f'href="{LIST}{"?unit=recommendations" if unit == UNITS[1] else ""}"' in html


def test_signs_alone_are_told_to_be_no_words(client):
    published_action()
    html = page(client, "?!")
    assert "Ignored in the search" not in html
    assert "There is nothing in these words to search for" in html


def test_what_htmx_swaps_says_the_same(client):
    published_update(published_action(), note="The badgers were counted.")
    html = client.get(LIST, {"q": "the badger"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in html
    assert quoted(html) == ["Note: The [badgers] were counted."]
    assert "Ignored in the search: “the”." in text_of(html)


# Reports ----------------------------------------------------------------------------------------


def report(**fields: object) -> Report:
    made = ReportFactory(**fields)
    ActionFactory(recommendation=RecommendationFactory(report=made))
    include(reports=[made])
    made.refresh_from_db()
    return made


@pytest.fixture
def otters() -> Report:
    return report(
        title="The Otter Alliance",
        subtitle="Toward herons",
        authors="Ada Lovelace\nGrace Hopper",
        series="Blue papers",
        publisher="Centre of Rivers",
    )


@pytest.mark.parametrize(
    "query",
    [
        *("otter alliances", "the otter", "heron otter", '"otter alliance"', "Lovelace"),
        *("grace hopper otter", "blue paper", "center rivers", "otter -badger"),
    ],
)
def test_words_of_a_report_lead_to_its_dashboard(client, otters, query):
    html = page(client, query)
    assert named(html) == ["Report: The Otter Alliance: Toward herons"]
    assert f'href="{otters.get_absolute_url()}"' in html
    assert list_count(html)[0] == 0


@pytest.mark.parametrize(
    "query",
    ["otter badger", '"alliance otter"', '"ada hopper"', "otter -heron", "the", "-badger", "ott"],
)
def test_other_words_name_no_report(client, otters, query):
    assert named(page(client, query)) == []


def test_a_translated_title_names_its_report(client, otters):
    translate("report.title", otters.title, "カワウソ同盟")
    assert named(page(client, "カワウソ同盟", "/ja")) == ["報告書： カワウソ同盟：Toward herons"]
    assert named(page(client, "カワウソ同盟")) == ["Report: The Otter Alliance: Toward herons"]
    assert named(page(client, "otter", "/ja")) == ["報告書： カワウソ同盟：Toward herons"]


def test_another_name_of_a_report_comes_first_and_with_other_words_too(client, otters):
    other = report(title="A paper")
    SearchAliasFactory(names="Otter", report=other)
    assert named(page(client, "otters")) == [
        "Report: A paper",
        "Report: The Otter Alliance: Toward herons",
    ]
    assert named(page(client, "otter treaty")) == ["Report: A paper"]


def test_three_reports_are_named_at_most(client):
    for _n in range(5):
        report(title="Otters")
    assert len(named(page(client, "otter"))) == 3


def test_only_reports_of_the_record_are_named(client, otters):
    ReportFactory(title="Otter draft")
    ReportFactory(title="Otter bibliography", is_bibliographic=True)
    late = report(title="Otter supplement", published_on=date(2026, 5, 1))
    assert len(named(page(client, "otter"))) == 2
    before = page(client, "otter", as_of="2026-04-30")
    assert named(before) == ["Report: The Otter Alliance: Toward herons"]
    assert "as_of=2026-04-30" in re.search(r'named-reports".*?href="([^"]+)"', before, re.S)[1]
    edition = str(otters.from_edition_id)
    assert len(named(page(client, "otter", edition=edition))) == 1
    withdraw(late, reason="A mistake.")
    assert named(page(client, "otter")) == ["Report: The Otter Alliance: Toward herons"]


# Queries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS)
def test_queries_do_not_grow_with_what_is_quoted(client, unit):
    def more(n: int) -> None:
        for _n in range(n):
            for one in published_actions(2, parties=["japan"]):
                one.bodies.add(BodyFactory(), through_defaults={"basis": "named"})
                one.recommendation.areas.add(PolicyAreaFactory())
                published_update(one, note="Badgers were counted.")
                published_update(one, "partly", on=date(2025, 6, 1), note="Badgers again.")

    def asked() -> list[str]:
        page(client, "badger", unit=unit)
        with CaptureQueriesContext(connection) as found:
            html = page(client, "badger", unit=unit)
        assert quoted(html)
        return [query["sql"] for query in found]

    more(1)
    # Of several reports, as later: the only one is asked for by name.
    more(2)
    few = asked()
    more(6)
    many = asked()
    assert len(few) == len(many), many


def test_a_search_in_titles_alone_asks_for_nothing_to_quote(client):
    published_action(title="Count the otters")
    page(client, "otter")
    with CaptureQueriesContext(connection) as asked:
        page(client, "otter")
    assert not [query for query in asked if "_evidence" in query["sql"]]


def test_reports_are_named_by_one_query(otters, django_assert_num_queries):
    for n in range(30):
        report(title=f"Otter paper {n}")
    names = SearchNames.of([("Otter paper 7", otters.pk)])
    query = names.query("otter paper 7")
    # The page has them already.
    list(in_every_language("Translations", "report.title"))
    # A page looks at one state of the record, which is told by a query of its own.
    with opened_at(Viewpoint.present()), django_assert_num_queries(1):
        found = named_reports(Record(Viewpoint.present()), query, names, "otter paper 7")
    assert [one.title for one in found] == ["The Otter Alliance", "Otter paper 7"]
