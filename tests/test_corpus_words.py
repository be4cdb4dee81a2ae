"""The words of a made-up record are spread as those of a real one."""

from __future__ import annotations

import math
import re
from collections import Counter
from random import Random

import pytest

from recommendations.corpus import words
from recommendations.corpus.plan import ACTIONS, SIZES, numbers_of_actions
from recommendations.corpus.vocabulary import KNOWN, ONLY_ONCE, Zipf, english, japanese
from recommendations.text.tokens import JAPANESE_RUN

DRAWS = 20_000


def test_vocabulary_has_some_20_000_words() -> None:
    both = [*english().things, *japanese().things]
    assert len(both) == len(set(both)) == 20_000
    assert all(re.fullmatch("[a-z]+", word) for word in english().things)
    assert all(JAPANESE_RUN.fullmatch(word) for word in japanese().things)


@pytest.mark.parametrize("vocabulary", [english(), japanese()], ids=["English", "Japanese"])
def test_frequencies_follow_zipf(vocabulary: Zipf[str]) -> None:
    counted = Counter(vocabulary.draw(Random(1), DRAWS))
    first = counted[vocabulary.things[0]]
    for rank in (2, 5, 10):
        assert math.isclose(counted[vocabulary.things[rank - 1]] * rank, first, rel_tol=0.2)
    assert sum(counted[word] == 1 for word in counted) > len(counted) / 10


def test_words_of_known_frequency_have_it() -> None:
    rng = Random(1)
    titles = [
        words.action_title(rng, "Space", words.known_words(rng)).split() for _n in range(DRAWS)
    ]
    for word, share in KNOWN.items():
        found = sum(word in title for title in titles)
        assert abs(found - share * DRAWS) < 4 * math.sqrt(share * DRAWS)


def test_no_other_word_is_one_of_known_frequency() -> None:
    rest = " ".join((*words.TOPICS, *words.VERBS, *words.THINGS, *words.STEPS.values()))
    others = {*english().things, *re.findall("[a-z]+", f"{rest} {words.PUBLISHERS}".lower())}
    assert not others & {*KNOWN, ONLY_ONCE}


def test_texts_say_that_they_are_a_sample_and_some_are_japanese() -> None:
    rng = Random(1)
    texts = [
        text
        for _n in range(100)
        for text in (
            words.action_title(rng, "Space", []),
            words.note(rng, "partly", "Space"),
            words.source_title(rng, "Space"),
            words.summary(rng),
        )
    ]
    assert all(text.endswith(words.SAMPLE) for text in texts)
    assert 10 < sum(bool(JAPANESE_RUN.search(text)) for text in texts) < 60


def test_most_recommendations_have_few_actions_and_a_few_have_many() -> None:
    size = SIZES["L"]
    found = [n for seed in range(40) for n in numbers_of_actions(Random(seed), size)]
    assert 3.8 < sum(found) / len(found) < 4.2
    assert sorted(found)[len(found) // 2] <= 3
    assert {min(found), max(found)} == {min(ACTIONS), max(ACTIONS)}
    most = sorted(found, reverse=True)[: len(found) // 5]
    assert sum(most) > sum(found) / 2


def test_a_few_hold_most_and_the_rest_is_a_long_tail() -> None:
    counted = Counter(Zipf(range(100)).draw(Random(1), DRAWS))
    held = sorted(counted.values(), reverse=True)
    assert sum(held[:10]) > DRAWS / 2
    assert len(held) == 100
