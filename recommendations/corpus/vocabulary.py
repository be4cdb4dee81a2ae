"""Some 20,000 words whose frequencies follow Zipf: real ones of policy, and many that are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, islice, product
from random import Random
from typing import Generic, TypeVar

# How many of all actions have these words in their titles, however large the record.
KNOWN = {"gazette": 0.66, "semiconductor": 0.05, "hypersonic": 0.0014}
# Stands in the title of one action of a record, and nowhere else.
ONLY_ONCE = "desalination"

ENGLISH_WORDS, JAPANESE_WORDS = 16_000, 4_000
REAL_WORDS = """
policy defence security cooperation joint review agency budget training exercise plan report
partner region supply export standard research industry technology maritime network capacity
agreement access command framework resilience dialogue investment planning readiness logistics
energy data port repair stockpile licence procurement transparency oversight deterrence airspace
harbour frequency satellite cable mineral battery reactor hydrogen grid fishery customs visa
language scholarship exchange museum archive audit inspection reform statute treaty protocol
clause annex summit minister parliament committee secretariat embassy consulate prefecture island
strait coast typhoon earthquake relief shelter evacuation hospital vaccine quarantine broadband
encryption malware router sensor drone radar sonar frigate tanker dockyard shipyard runway hangar
depot ammunition fuel lubricant steel titanium cobalt graphite lithium nickel rare earth foundry
lithography wafer optics laser quantum algorithm robotics biotech genome patent trademark tariff
quota subsidy loan bond insurance pension apprenticeship curriculum teacher student veteran
"""
POLICY = REAL_WORDS.split()
ONSETS = [*"bdfghklmnprstvz", "br", "dr", "fl", "gl", "kl", "pl", "sk", "st", "tr"]
VOWELS = "aeiou"
ENDINGS = ("ane", "elt", "ic", "or", "um", "ent", "al", "ine", "ost", "ard")
KANJI_FIRST = (
    "防安同経共海宇情技外産貿供資電原水医教訓補装基国地"
    "災救避食農漁鉱半法税財労環気衛通輸航港軍警監検調研"
)
KANJI_SECOND = (
    "衛全盟済同洋報術交業易給源力子療育練備地際域害助難料林物体律務政働境候星信送空湾事察視査究策"
)
KATAKANA = "アイウエオカキクケコサシスセソタチツテトナニノハヒフホマミムメモラリルレロ"


Drawn = TypeVar("Drawn")


class Zipf(Generic[Drawn]):
    """Things of which the nth is n times as rare as the first."""

    def __init__(self, things: Sequence[Drawn]) -> None:
        self.things = things
        self._sums = list(accumulate(1 / rank for rank in range(1, len(things) + 1)))

    def draw(self, rng: Random, n: int) -> list[Drawn]:
        return rng.choices(self.things, cum_weights=self._sums, k=n)

    def draw_different(self, rng: Random, n: int) -> list[Drawn]:
        """Return up to n things, each once."""
        return list(dict.fromkeys(self.draw(rng, n)))


@cache
def english() -> Zipf[str]:
    """Real words are the most frequent, as those that readers know are."""
    syllables = [onset + vowel for onset, vowel in product(ONSETS, VOWELS)]
    made_up = _drawn(Random("english"), (syllables, syllables, ONSETS, ENDINGS))
    taken = {*POLICY, *KNOWN, ONLY_ONCE}
    new = (word for word in made_up if word not in taken)
    return Zipf([*POLICY, *islice(new, ENGLISH_WORDS - len(POLICY))])


@cache
def japanese() -> Zipf[str]:
    """Pairs of kanji, among them words of names in katakana."""
    pairs = [one + other for one, other in product(KANJI_FIRST, KANJI_SECOND) if one != other]
    rng = Random("japanese")
    rng.shuffle(pairs)
    kanji = _unique(pairs)
    names = _drawn(rng, (KATAKANA, KATAKANA, "ーンッル", KATAKANA))
    both = (next(names if n % 2 else kanji) for n in range(JAPANESE_WORDS))
    return Zipf([*both])


def _drawn(rng: Random, parts: Sequence[Sequence[str]]) -> Iterator[str]:
    return _unique("".join(rng.choice(part) for part in parts) for _n in iter(int, 1))


def _unique(words: Iterator[str] | Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for word in words:
        if word not in seen:
            seen.add(word)
            yield word
