"""One list of queries, which finds the same on SQLite and on PostgreSQL."""

from datetime import date

import pytest
from django.http import QueryDict

from recommendations.filters import RecommendationFilterSet
from recommendations.index.conditions import matching
from recommendations.models import Action
from recommendations.viewpoint import Viewpoint
from tests.factories import ActionFactory, RecommendationFactory, ReportFactory, include

from .reading import csv_rows

TITLES = {
    "1.1": "Restructure command and control of U.S. forces",
    "1.10": "Let commanders plan for integration of the staff",
    "1.2": "Hold a summit of Australia, the U.S.-Japan alliance and others",
    "2.1": "Sign the allies' treaty on safe AI/ML and/or Japan's chips",
    "3": "Deliver F-35s, as in the 1990s, between 2024-2027",
    "4": "Open a café for Naïve’s well-known, 2-star general",
    "5": "日米同盟の指揮統制を見直す",
    "6": "ジョー・バイデンとデータ共有、ﾐｻｲﾙ防衛",
    "7": "日米2+2でUSFJと共同声明を出す",
    "8": "𠮷野家の同志",
}
EVERYTHING = set(TITLES)
QUERIES = {
    # English words, by their stems
    "command": {"1.1", "1.10"},
    "commands": {"1.1", "1.10"},
    "COMMANDER": {"1.1", "1.10"},
    "signing treaties": {"2.1"},
    "ally": {"2.1"},
    "forces alliance": set(),
    "Taiwan": set(),
    # phrases
    '"command and control"': {"1.1"},
    '"control command"': set(),
    '"commands control': {"1.1"},
    "“command and control”": {"1.1"},
    "＂command and control＂": {"1.1"},
    '"integration of staff"': {"1.10"},
    '""': set(),
    '"': set(),
    '"" treaty': {"2.1"},
    # what to leave out
    "command -control": {"1.10"},
    'command -"command and control"': {"1.10"},
    'command -"control command"': {"1.1", "1.10"},
    "command －control": {"1.10"},
    "-command": EVERYTHING - {"1.1", "1.10"},
    "-command -treaty -日米": EVERYTHING - {"1.1", "1.10", "2.1", "5", "7"},
    "-日米USFJ": EVERYTHING - {"7"},
    "日米 -同盟": {"7"},
    "-the treaty": {"2.1"},
    "-": set(),
    "--": set(),
    '-"': set(),
    "--command treaty": {"2.1"},
    # stop words
    "the": set(),
    "-the": set(),
    '"of the"': set(),
    "the treaty of": {"2.1"},
    # punctuation
    "?!": set(),
    "… ・ 、。": set(),
    "🙂": set(),
    "treaty?": {"2.1"},
    "(treaty)": {"2.1"},
    "and/or": set(),
    "AI/ML": {"2.1"},
    "ML/AI": set(),
    "a_b": set(),
    # numbers
    "1.1": {"1.1"},
    "1.1a": {"1.1"},
    "1.10": {"1.10"},
    "1.1b": set(),
    "2.1": {"2.1"},
    "2024": {"3"},
    "2027": {"3"},
    "1990": {"3"},
    "1990's": {"3"},
    "2+2": {"7"},
    # hyphens, apostrophes, abbreviations and accents
    "U.S.-Japan": {"1.2"},
    "US-Japan": {"1.2"},
    "U.S.": {"1.1", "1.2"},
    "us": {"1.1", "1.2"},
    "u.s": {"1.1", "1.2"},
    "Japan-U.S.": set(),
    "japan": {"1.2", "2.1"},
    "Japan's": {"1.2", "2.1"},
    "Japan’s": {"1.2", "2.1"},
    "allies'": {"2.1"},
    "F-35": {"3"},
    "f-35s": {"3"},
    "well-known": {"4"},
    "known": {"4"},
    "2-star": {"4"},
    "cafe": {"4"},
    "CAFÉ": {"4"},
    "cafe\u0301": {"4"},
    "naive": {"4"},
    # Japanese
    "同盟": {"5"},
    "盟同": set(),
    "指揮統制": {"5"},
    "指揮 統制": {"5"},
    "統制指揮": set(),
    "指揮\u3000統制": {"5"},
    '"指揮統制"': {"5"},
    "日米": {"5", "7"},
    "同": {"5", "7", "8"},
    "す": {"5", "7"},
    "志": {"8"},
    "々": set(),
    "𠮷": {"8"},
    "𠮷野": {"8"},
    # width and the two scripts of kana
    "ミサイル防衛": {"6"},
    "ﾐｻｲﾙ": {"6"},
    "みさいる": {"6"},
    "バイデン": {"6"},
    "ばいでん": {"6"},
    "ﾊﾞｲﾃﾞﾝ": {"6"},
    "ジョー・バイデン": {"6"},
    "を見直ス": {"5"},
    "ＣＯＭＭＡＮＤ": {"1.1", "1.10"},
    "１．１": {"1.1"},
    # Latin inside Japanese
    "USFJ": {"7"},
    "USFJと共同声明": {"7"},
    "日米2+2": {"7"},
    "日米alliance": set(),
    # what is an operator elsewhere is a word or nothing here
    "command AND treaty": set(),
    "command OR treaty": set(),
    "NOT command": {"1.1", "1.10"},
    "NEAR(command control)": set(),
    "command NEAR/2 control": set(),
    "comman*": set(),
    "treat*": set(),
    "treaty*": {"2.1"},
    "^restructure": {"1.1"},
    "words:command": set(),
    "bigrams:同盟": set(),
    "{words} : command": set(),
    "+command": {"1.1", "1.10"},
    "command & treaty": set(),
    "command | treaty": set(),
    "!command": {"1.1", "1.10"},
    "command <-> control": {"1.1"},
    "command:*": {"1.1", "1.10"},
    "command:A": {"1.1", "1.10"},
    "((": set(),
    'a"b"c': set(),
    "' or 1=1 --": {"1.1"},
    "';DROP TABLE x": set(),
    "%": set(),
    "%s": set(),
    "\\": set(),
    "\\'": set(),
    "$9": set(),
}
# The list refuses these; search itself has to survive them.
UNFIT = {
    "command\0": {"1.1", "1.10"},
    "\0": set(),
    "\ud800": set(),
    "treaty\udfff": {"2.1"},
    "a" * 10_000: set(),
    "同" * 10_000: set(),
    "command " * 2_000: {"1.1", "1.10"},
    "-treaty " * 200: EVERYTHING - {"2.1"},
    '"' * 10_001: set(),
    "(" * 10_000: set(),
}


@pytest.fixture
def record(db):
    """An action for each title, the only one of the recommendation with this number."""
    report = ReportFactory()
    for number, title in TITLES.items():
        recommendation = RecommendationFactory(report=report, number=number, headline="Headline")
        recommendation.section.title = "Section"
        recommendation.section.save()
        ActionFactory(recommendation=recommendation, number=1, title=title, parties=["x"])
    include(reports=[report])


def found(query: str) -> set[str]:
    actions = matching(Action.objects.all(), query)
    numbers = [action.recommendation.number for action in actions.select_related("recommendation")]
    assert len(numbers) == len(set(numbers))
    return set(numbers)


def test_every_query_finds_what_the_list_of_queries_says(record):
    wrong = {
        query[:80]: found(query)
        for query, expected in (QUERIES | UNFIT).items()
        if found(query) != expected
    }
    assert wrong == {}


def test_the_list_and_its_export_find_the_same(client, record):
    wrong = {}
    for query, expected in QUERIES.items():
        rows = csv_rows(client.get("/recommendations.csv", {"q": query}))
        if {row["action_number"] for row in rows} != {f"{number}a" for number in expected}:
            wrong[query] = rows
    assert wrong == {}


def test_recommendations_are_found_by_their_actions(record):
    def numbers(query):
        asked = QueryDict(mutable=True)
        asked.update({"q": query, "unit": "recommendations"})
        seen = Viewpoint(date(2026, 11, 24))
        return {one.number for one in RecommendationFilterSet(asked, viewpoint=seen).qs}

    wrong = {query for query, expected in QUERIES.items() if numbers(query) != expected}
    assert wrong == set()
