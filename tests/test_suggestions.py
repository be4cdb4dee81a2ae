"""News finds its action: in both languages, by words, names and addresses, or not at all."""

from __future__ import annotations

import io
import json
import os
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from recommendations import publishing
from recommendations.models import Action, StatusUpdate, Translation
from recommendations.suggesting import finding, suggest
from recommendations.suggesting.addresses import addresses_in
from recommendations.suggesting.passages import Field, Passage
from recommendations.suggesting.ranking import FURTHER, Table, WholeRecord
from recommendations.suggesting.words import plain, tokens_in, words_in
from recommendations.text.languages import forget
from recommendations.watching.ranking import FITS

from .factories import (
    PUBLISHED_ON,
    ActionFactory,
    EvidenceFactory,
    RecommendationFactory,
    StatusUpdateFactory,
    corrected,
    draft_update,
    moment,
    publish,
    published_action,
    published_update,
    retracted,
    split,
)
from .suggestion_scores import GROUPS, Measured, measured

ADDRESS = "https://news.example.org/ferry-timetable"


# Words ------------------------------------------------------------------------------------------


def names_of(text: str) -> list[str]:
    text = plain(text)
    return [text[word.start : word.end] for word in words_in(text) if word.is_name]


def test_words_are_stems_and_kanji_are_cut_apart_from_kana() -> None:
    assert tokens_in("Ferries of the U.S. in the 1990s") == ["ferri", "us", "1990"]
    assert tokens_in("離島のフェリーを増便する") == ["離島", "フェリー", "増便"]
    assert tokens_in("ﾌｪﾘｰ、港") == ["フェリー", "港"]


def test_names_are_capitals_inside_a_sentence_acronyms_and_katakana() -> None:
    said = "Ministers met in Osaka. They praised NATO’s work on フェリー and islands."
    assert names_of(said) == ["Osaka", "NATO", "フェリー"]


# Ranking ----------------------------------------------------------------------------------------


def table_of(*actions: tuple[int, int, str], updates: tuple[tuple[int, int, str], ...] = ()):
    of_action = {action: recommendation for action, recommendation, _title in actions}
    passages = [
        Passage.of([title], Field.ASK, recommendation, action)
        for action, recommendation, title in actions
    ]
    passages += [
        Passage.of([text], Field.NOTE, of_action[action], action, update)
        for update, action, text in updates
    ]
    return Table(passages)


def order(table: Table, text: str) -> list[int]:
    return [match.action for match in table.matches(text)]


THREE = ((1, 10, "Run more ferries"), (2, 20, "Plant trees in towns"), (3, 30, "Teach sailing"))


def test_an_action_is_found_by_its_words_and_one_without_any_is_not() -> None:
    table = table_of(*THREE)
    assert order(table, "A new ferry sails tomorrow") == [1, 3]
    assert order(table, "Quite another thing") == []
    assert order(table, "") == []


def test_a_score_is_a_share_of_what_was_asked() -> None:
    table = table_of(*THREE)
    [whole] = table.matches("trees")
    [half] = table.matches("trees bicycles")
    assert 0 < half.score < whole.score <= 1


def test_what_was_told_of_an_action_finds_it_and_its_siblings_after_it() -> None:
    table = table_of(*THREE, (4, 10, "Lower fares"), updates=((7, 1, "The harbour was dredged"),))
    assert order(table, "Dredging goes on") == [1, 4]
    assert order(table.without(updates=[7]), "Dredging goes on") == []
    assert order(table.without(recommendations=[10]), "Dredging of trees") == [2]


def test_siblings_stand_lower_one_by_one() -> None:
    table = table_of((1, 10, "Ferries"), (2, 10, "Ferries"), (3, 20, "Trees"))
    first, second = table.matches("Ferries")
    assert second.score == pytest.approx(first.score * FURTHER)


def test_a_word_is_as_rare_as_the_recommendations_that_have_it_are_few() -> None:
    table = table_of((1, 20, "Timber"), (2, 30, "Timber"), (3, 10, "Harbour"), (4, 10, "Harbour"))
    assert order(table, "Timber for the harbour")[0] == 3


def test_a_text_that_fits_several_recommendations_scores_lower_than_one_that_fits_one() -> None:
    table = table_of(*THREE)
    sure, *_ = table.matches("ferries bicycles")
    unsure, *_ = table.matches("ferries trees")
    assert sure.action == unsure.action == 1
    assert sure.score > unsure.score > 0


def test_other_actions_of_the_recommendation_do_not_make_it_less_sure() -> None:
    alone, *_ = table_of(*THREE).matches("ferries bicycles")
    beside, *_ = table_of(*THREE, (4, 10, "Run ferries")).matches("ferries bicycles")
    assert beside.score >= alone.score


def test_words_that_matched_are_told_as_they_were_written_those_that_count_first() -> None:
    table = table_of((1, 10, "離島航路を守る"), (2, 20, "航路"), (3, 30, "Ferries"))
    [best, *_] = table.matches("離島航路とferriesの話")
    assert best.words == ("離島航路",)


def test_the_size_of_a_larger_record_says_how_rare_a_word_is() -> None:
    passages = table_of(*THREE).passages
    rare = Table(passages, WholeRecord(5_000, 1_000, lambda token: 1))
    often = WholeRecord(5_000, 1_000, lambda token: 900 if token == "ferri" else 1)
    frequent = Table(passages, often)
    text = "ferry tree"
    assert order(rare, text)[:2] == [1, 2]
    assert order(frequent, text)[:2] == [2, 1]


# The record -------------------------------------------------------------------------------------


@pytest.fixture
def ferries(db: None) -> Action:
    published_action(title="Plant trees in every town")
    return published_action(title="Run more ferries to the islands")


def labels(text: str) -> list[str]:
    return [one.action.title for one in suggest(text)]


@pytest.mark.about_databases
def test_an_action_is_suggested_with_its_report_and_the_words_that_matched(ferries) -> None:
    [found] = suggest("Ferries sail at night")
    assert found.action == ferries
    assert found.report == ferries.recommendation.report.slug
    assert found.reasons == ["Ferries"]
    assert 0 < found.score < 1


def test_a_translation_finds_the_action_in_the_other_language(ferries) -> None:
    text = "離島へのフェリーを増やす"
    Translation.objects.create(
        kind="action.title", original=ferries.title, language="ja", text=text
    )
    forget()
    assert labels("フェリー増便を決定") == [ferries.title]


def test_what_is_not_public_is_neither_suggested_nor_looked_at(ferries) -> None:
    ActionFactory(recommendation=RecommendationFactory(), title="Zeppelins over the bay")
    draft = StatusUpdateFactory(action=ferries, note="Submarines were bought")
    EvidenceFactory(update=draft, url="https://draft.example.org/", title="Submarines bought")
    assert labels("Zeppelins") == labels("Submarines") == []
    assert labels("https://draft.example.org/") == []


def test_what_was_told_before_a_correction_finds_its_action_and_what_was_retracted_does_not(
    ferries,
) -> None:
    update = published_update(ferries, note="A catamaran was ordered")
    corrected(update, note="A tugboat was ordered")
    assert labels("Catamaran") == labels("Tugboat") == [ferries.title]
    retracted(StatusUpdate.objects.get(note="A tugboat was ordered"))
    assert labels("Tugboat") == []


def cite(action: Action, address: str, **fields: Any) -> None:
    draft = draft_update(action, note="More of them sail")
    EvidenceFactory(update=draft, url=address, position=99, **fields)
    publishing.submit(draft, by=draft.author, now=moment(PUBLISHED_ON))
    draft.refresh_from_db()
    publish(draft)


@pytest.mark.about_databases
@pytest.mark.parametrize(
    "pasted",
    [
        ADDRESS,
        "http://News.example.org/ferry-timetable/",
        f"Read this: {ADDRESS}#more, please.",
        "https://archive.example.org/1",
    ],
)
def test_an_address_finds_who_cites_it_first_however_it_is_spelled(ferries, pasted: str) -> None:
    cite(ferries, ADDRESS, archived_url="https://archive.example.org/1")
    first, *_rest = suggest(pasted)
    assert first.action == ferries
    assert len(first.cited) == 1
    assert first.score == 1
    assert first.reasons[0] == f"cited in {ferries.label}"


def test_an_address_suggests_what_its_title_is_about_too(ferries) -> None:
    cite(ferries, ADDRESS, title="Minister praises trees and ferries")
    first, second = suggest(ADDRESS)
    assert (first.action, bool(second.cited)) == (ferries, False)
    assert second.action.title == "Plant trees in every town"


def test_a_page_that_is_fetched_is_read_with_the_text(ferries) -> None:
    assert labels(ADDRESS) == []
    found = suggest(ADDRESS, fetch=lambda address: "Ferries" if address == ADDRESS else "")
    assert [one.action for one in found] == [ferries]


def test_addresses_end_before_what_ends_a_sentence() -> None:
    assert addresses_in("See https://a.example/x. And (http://b.example/y)!") == (
        ["https://a.example/x", "http://b.example/y"],
        "See   And ( ",
    )
    assert addresses_in("記事（https://a.example/x）を見る。")[0] == ["https://a.example/x"]


def test_a_split_action_leads_to_what_came_of_it(ferries) -> None:
    cite(ferries, ADDRESS, title="A night boat sails")
    owner = ferries.recommendation
    into = [ActionFactory(recommendation=owner, title=f"Build bridge {n}") for n in "AB"]
    split(ferries, into=into, reason="Two bridges are asked for instead.")
    for text in (ADDRESS, "night boat"):
        assert {one.action.pk for one in suggest(text)} == {one.pk for one in into}, text
    assert labels("Run more ferries to the islands") == []


@pytest.mark.about_databases
def test_a_large_record_is_asked_by_its_index_and_answers_the_same(ferries, monkeypatch) -> None:
    cite(ferries, ADDRESS, title="Fähren nach 離島の航路 フェリー")
    for text in ("Ferries sail", "離島の航路", "フェリー", "trees and ferries", "nothing of it"):
        monkeypatch.setattr(finding, "MOST_KEPT_ACTIONS", 2_000)
        whole = [one.action for one in suggest(text)]
        monkeypatch.setattr(finding, "MOST_KEPT_ACTIONS", 0)
        assert [one.action for one in suggest(text)] == whole, text


# The command ------------------------------------------------------------------------------------


def said(*arguments: str, text: str = "", monkeypatch: pytest.MonkeyPatch) -> str:
    typed = SimpleNamespace(buffer=io.BytesIO(text.encode()))
    monkeypatch.setattr("sys.stdin", typed)
    out = io.StringIO()
    call_command("suggest_actions", *arguments, stdout=out)
    return out.getvalue()


def test_command_tells_a_list_as_json_and_an_empty_one(ferries, monkeypatch) -> None:
    [row] = json.loads(said("--format", "json", text="Ferries", monkeypatch=monkeypatch))
    assert row == {
        "report": ferries.recommendation.report.slug,
        "action": ferries.label,
        "score": row["score"],
        "reasons": ["Ferries"],
    }
    assert 0 < row["score"] <= 1
    assert json.loads(said("--format", "json", text="\0 zzz", monkeypatch=monkeypatch)) == []


def test_command_takes_addresses_and_can_be_read(ferries, monkeypatch) -> None:
    cite(ferries, ADDRESS)
    shown = said(ADDRESS, monkeypatch=monkeypatch)
    assert f"1.00  {ferries.recommendation.report.slug}  {ferries.label}  {ferries.title}" in shown
    assert "Nothing fits." in said("https://nobody.example.org/", monkeypatch=monkeypatch)


# Against the research ---------------------------------------------------------------------------

LEAST_SHARES = {"at_1": 0.38, "at_5": 0.63, "at_10": 0.78, "recommendation_at_5": 0.80}
# 0.35 is wanted of all: decision 16 says how far it is from that.
MOST_WRONGLY = {"all": 0.37, "half 1 (reported)": 0.35}


@pytest.mark.skipif("SECOND_CODING" not in os.environ, reason="SECOND_CODING is not set")
def test_sources_of_the_research_find_the_actions_that_cite_them(whole_record) -> None:
    found: dict[str, Measured] = measured()
    ours, plain_way = found["ours"], found["plain BM25"]
    for group, most_wrongly in MOST_WRONGLY.items():
        scores = ours.scores(GROUPS[group])
        assert all(getattr(scores, name) >= least for name, least in LEAST_SHARES.items()), scores
        assert scores.at_1 > plain_way.scores(GROUPS[group]).at_1
        assert scores.wrongly <= most_wrongly, scores
        assert scores.wrongly < plain_way.scores(GROUPS[group]).wrongly
    assert ours.suggested_at(FITS).kept >= 0.8
    japanese, others = (ours.scores(GROUPS[name]) for name in ("Japanese", "not Japanese"))
    assert all(getattr(japanese, n) >= getattr(others, n) - 0.05 for n in LEAST_SHARES)
