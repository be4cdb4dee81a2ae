"""Sets of words that many rows have: what they say is what the full text says."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.http import QueryDict
from pyroaring import BitMap

from recommendations.filters import RecommendationFilterSet
from recommendations.index import checking, frequent, keeping
from recommendations.index.store import Damaged, Store, opened, packed
from recommendations.models import Action
from recommendations.publishing import touch

from .factories import published_actions, published_update
from .indexed import listed

pytestmark = pytest.mark.django_db(transaction=True)

TITLES = ("number", "headline", "title")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(frequent, "LEAST", 2)
    settings.INDEX_DIR = tmp_path / "index"
    return settings.INDEX_DIR


@pytest.fixture
def actions() -> list[Action]:
    """Three about otters, one of which is about newts too."""
    found = published_actions(3, title="Count the otters")
    Action.objects.filter(pk=found[0].pk).update(title="Count the otters and newts")
    found[0].refresh_from_db()
    touch([found[0].recommendation_id])
    return found


def found(word: str) -> set[int]:
    return set(listed(RecommendationFilterSet(QueryDict(f"q={word}"))))


def store() -> Store:
    """Return the file, brought up to date."""
    found("otters")
    return opened(keeping.path_of_index())


def of(word: str, fields: tuple[str, ...] = TITLES) -> BitMap | None:
    return frequent.rows_with(store(), "action_words", fields, word)


def keys(actions: list[Action]) -> BitMap:
    return BitMap([action.pk for action in actions])


def retitled(action: Action, title: str) -> None:
    Action.objects.filter(pk=action.pk).update(title=title)
    touch([action.recommendation_id])


def test_word_of_many_rows_has_a_set_and_a_rare_one_has_none(actions):
    assert of("otter") == keys(actions)
    assert of("newt") is None
    assert of("otter", ("number", "headline")) == BitMap()


def test_every_set_is_what_the_full_text_says(actions):
    published_update(actions[1], note="Otters were counted twice.")
    published_update(actions[2], note="Otters were counted once.")
    call_command("update_index", anew=True)
    sets = list(frequent.kept(store()))
    assert {table for table, _fields, _word in sets} == {"action_words", "update_words"}
    for table, fields, word in sets:
        expected = frequent.searched(store(), table, fields, f'"{word}"')
        assert frequent.rows_with(store(), table, fields, word) == expected


def test_rows_written_since_are_looked_at_themselves(actions):
    assert found("otters") == {*keys(actions)}
    retitled(actions[1], "Count the badgers")
    assert of("otter") == keys([actions[0], actions[2]])
    assert found("otters") == {actions[0].pk, actions[2].pk}
    retitled(actions[1], "Count the badgers, otters and newts")
    assert of("otter") == keys(actions)
    assert of("otter", ("number", "headline")) == BitMap()


def test_where_too_many_were_written_since_the_full_text_answers(actions, monkeypatch):
    store()
    retitled(actions[1], "Count the badgers")
    monkeypatch.setattr(frequent, "MOST_MOVED", 0)
    assert of("otter") is None
    assert frequent.are_worn(store())
    assert found("otters") == {actions[0].pk, actions[2].pk}


def test_update_index_writes_worn_sets_anew(actions, monkeypatch):
    store()
    retitled(actions[1], "Count the badgers")
    monkeypatch.setattr(frequent, "MOST_MOVED", 0)
    found("otters")
    call_command("update_index")
    assert not frequent.are_worn(store())
    assert of("otter") == keys([actions[0], actions[2]])


def test_update_index_leaves_sets_that_serve(actions):
    store()
    retitled(actions[1], "Count the badgers")
    found("otters")
    call_command("update_index")
    assert frequent._moved(store(), "action_words")


def test_index_that_does_not_know_what_was_written_since_is_made_anew(actions):
    store().execute("DELETE FROM moved")
    with pytest.raises(Damaged):
        frequent.rows_with(opened(keeping.path_of_index()), "action_words", TITLES, "otter")
    with suppress(keeping.BeingMade):
        found("count")
    assert found("count") == {*keys(actions)}
    assert frequent._moved(store(), "action_words") == BitMap()


def test_set_that_says_otherwise_is_named(actions):
    name = ("action_words", " ".join(TITLES), "otter")
    content = packed(BitMap([actions[0].pk]), *name)
    file = store()
    assert list(checking.differences()) == []
    query = "UPDATE frequent SET keys = ? WHERE name = ? AND fields = ? AND word = ?"
    file.execute(query, (content, *name))
    [difference] = checking.differences()
    assert "otter" in str(difference)


@pytest.mark.parametrize("word", ["otter", "+who", "同盟", "2024"])
def test_words_of_texts_are_those_of_the_full_text(word):
    assert frequent.WORD.findall(f"a {word} + b") == ["a", word, "+", "b"]
