"""What the texts of a made-up record are put together from. All of it says that it is a sample."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from .vocabulary import KNOWN, english, japanese

SAMPLE = "(sample)"
# From those that many actions name to those that few do.
PARTIES = (
    ("united-states", "United States", "government"),
    ("japan", "Japan", "government"),
    ("australia", "Australia", "government"),
    ("south-korea", "South Korea", "government"),
    ("japanese-industry", "Japanese industry", "private"),
    *(
        (f"sample-party-{n}", f"Partner {n} {SAMPLE}", kind)
        for n, kind in enumerate(("government", "private", "group", "authority") * 4, start=1)
    ),
)
TOPICS = (
    "Shipbuilding",
    "Cyber defence",
    "Missile defence",
    "Supply chains",
    "Critical minerals",
    "Energy security",
    "Space",
    "Intelligence sharing",
    "Export controls",
    "Disaster relief",
    "Exchanges of students",
    "Undersea cables",
    "Joint exercises",
    "Air defence",
    "Fisheries",
    "Food security",
    "Public health",
    "Ports",
    "Language training",
    "Nuclear safety",
    "Quantum research",
    "Patents",
    "Visas",
    "Museums",
)
VERBS = (
    "Establish",
    "Expand",
    "Fund",
    "Publish",
    "Negotiate",
    "Test each year",
    "Simplify",
    "Give a legal basis to",
)
THINGS = (
    "a joint office",
    "a shared standard",
    "a standing working group",
    "a programme of exercises",
    "an early warning line",
    "a procurement agreement",
    "a training centre",
    "a common budget line",
    "a register of suppliers",
)
STEPS = {
    "no_action": "No documented step was found.",
    "in_progress": "Talks on {thing} for {topic} opened, and a first meeting was held.",
    "partly": "A first part of {thing} for {topic} is in operation; the rest waits.",
    "implemented": "All that was asked of {thing} for {topic} is in force.",
    "stalled": "Work on {thing} for {topic} was halted, and no new date is known.",
    "rejected": "The addressee declined {thing} for {topic}.",
    "overtaken": "{thing} for {topic} can no longer be done as it was asked.",
}
JAPANESE_DONE = ("協議した", "確認した", "検討している", "公表した")
IN_JAPANESE = 0.12
PUBLISHERS = tuple(
    f"Sample {name}" for name in ("Bulletin", "Ministry", "Daily", "Review", "Court", "Agency")
)
REASONS = ("The source was misread.", "The date was that of the announcement.", "A page was wrong.")


def headline(rng: Random, topic: str) -> str:
    about = " ".join(english().draw(rng, 3))
    return f"{rng.choice(VERBS)} {rng.choice(THINGS)} for {topic.lower()}: {about}"


def known_words(rng: Random) -> list[str]:
    """Draw which words of a known frequency an action has in its title."""
    return [word for word, share in KNOWN.items() if rng.random() < share]


def action_title(rng: Random, topic: str, known: Sequence[str]) -> str:
    return " ".join([headline(rng, topic), *english().draw(rng, 2), *known, SAMPLE])


def note(rng: Random, status: str, topic: str) -> str:
    text = STEPS[status].format(thing=rng.choice(THINGS), topic=topic.lower())
    in_japanese = f" {japanese_sentence(rng)}" if rng.random() < IN_JAPANESE else ""
    return f"{text[0].upper()}{text[1:]} {sentence(rng, 10)}{in_japanese} {SAMPLE}"


def sentence(rng: Random, n: int) -> str:
    return f"{' '.join(english().draw(rng, n)).capitalize()}."


def summary(rng: Random) -> str:
    return f"{sentence(rng, rng.randint(8, 24))} {SAMPLE}"


def japanese_sentence(rng: Random) -> str:
    one, other, third = japanese().draw(rng, 3)
    return f"{one}と{other}の{third}を{rng.choice(JAPANESE_DONE)}。"


def source_title(rng: Random, topic: str) -> str:
    if rng.random() < IN_JAPANESE:
        return f"{'・'.join(japanese().draw(rng, 4))} {SAMPLE}"
    return f"{headline(rng, topic)} {SAMPLE}"


def names(sequence: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return a slug and a name of each."""
    return [(f"sample-{one.lower().replace(' ', '-')}", f"{one} {SAMPLE}") for one in sequence]
