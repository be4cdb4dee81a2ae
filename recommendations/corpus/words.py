"""What the texts of a made-up record are put together from. All of it says that it is a sample."""

from __future__ import annotations

from random import Random

PARTIES = (
    ("united-states", "United States", "government"),
    ("japan", "Japan", "government"),
    ("australia", "Australia", "government"),
    ("south-korea", "South Korea", "government"),
    ("japanese-industry", "Japanese industry", "private"),
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
JAPANESE_NOTE = "日米の実務者が協議した。"
PUBLISHERS = tuple(f"Sample {name}" for name in ("Gazette", "Ministry", "Daily", "Review", "Court"))
REASONS = ("The source was misread.", "The date was that of the announcement.", "A page was wrong.")
SAMPLE = "(sample)"


def sample_headline(rng: Random, topic: str) -> str:
    return f"{rng.choice(VERBS)} {rng.choice(THINGS)} for {topic.lower()}"


def note(rng: Random, status: str, topic: str) -> str:
    text = STEPS[status].format(thing=rng.choice(THINGS), topic=topic.lower())
    japanese = f" {JAPANESE_NOTE}" if rng.random() < 0.1 else ""
    return f"{text[0].upper()}{text[1:]}{japanese} {SAMPLE}"


def names(sequence: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return a slug and a name of each."""
    return [(f"sample-{one.lower().replace(' ', '-')}", f"{one} {SAMPLE}") for one in sequence]
