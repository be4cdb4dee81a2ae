"""What the importer proposes of the report that the tracker opens on, against what people found.

The report is its owner's and the research is kept apart, so both are read from where
SEED_REPORT and BASELINE say they are.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from recommendations.importing import AddresseeNames, Outline, propose
from recommendations.importing.outline import Place, ProposedRecommendation
from recommendations.importing.sentences import sentences

SEED, BASELINE = os.environ.get("SEED_REPORT"), os.environ.get("BASELINE")
pytestmark = pytest.mark.skipif(
    not (SEED and BASELINE), reason="SEED_REPORT and BASELINE do not say where the files are"
)
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
POINTER = re.compile(
    r"bullet \d+(?:, (?P<headline>headline(?: and )?)?(?P<ordinals>(?:\w+|, | and )+ sentences?)?)?"
)
LEAST_RECALL = 0.9


@dataclass
class Asked:
    """An action that people found, and its places in the text."""

    slug: str
    places: list[Place]


@pytest.fixture(scope="module")
def outline() -> Outline:
    assert SEED
    parties = {"United States": "united-states", "Washington": "united-states"}
    parties |= {"Japan": "japan", "Tokyo": "japan", "South Korea": "south-korea"}
    return propose(Path(SEED).read_bytes(), AddresseeNames(parties, {}, {}))


@pytest.fixture(scope="module")
def found() -> list[dict[str, Any]]:
    """The recommendations that the report lists, as they were broken down by hand."""
    assert BASELINE
    rows = yaml.safe_load(Path(BASELINE).read_text(encoding="utf-8"))["recommendations"]
    return [row for row in rows if row["bullet"] is not None]


def test_title_authors_and_date(outline):
    assert outline.title == "U.S.-Japan Alliance In 2024"
    assert outline.subtitle == "Toward an Integrated Alliance"
    assert outline.authors == ("Richard L. Armitage", "Joseph S. Nye")
    assert outline.published_on == date(2024, 4, 4)
    assert outline.language == "en"


def test_three_pillars_under_their_parent_hold_all_recommendations(outline):
    pillars = [section for section in outline.sections if section.recommendations]
    assert [(s.title, len(s.recommendations)) for s in pillars] == [
        ("Advancing the Security Alliance", 3),
        ("Expanding Partnerships and Coalitions", 6),
        ("Strengthening Economic and Technology Cooperation", 8),
    ]
    parents = {section.parent for section in pillars}
    assert [outline.sections[parent].title for parent in parents] == [
        "Toward an Integrated Alliance"
    ]


def test_every_headline_is_exact(outline, found):
    proposed = [recommendation.headline for recommendation in outline.recommendations]
    assert len(proposed) == 17
    # Those of the research have straight apostrophes and end with the full stop.
    assert [headline.replace("’", "'") for headline in proposed] == [
        row["headline"].rstrip(".") for row in found
    ]


def test_introduction_conclusion_and_authors_are_no_recommendations(outline):
    titles = {section.title for section in outline.sections if section.recommendations}
    assert not titles & {"Introduction", "Conclusion"}
    assert not any("Armitage" in r.headline for r in outline.recommendations)


def places_of(pointer: str, recommendation: ProposedRecommendation, text: str) -> list[Place]:
    """Return where a pointer such as "bullet 1, second and third sentences" points."""
    match = POINTER.match(pointer)
    assert match, pointer
    block, headline = recommendation.place.block, recommendation.place
    spans = [
        Place(block, headline.end + start, headline.end + end)
        for start, end in sentences(text[headline.end :].lstrip(" .") and text[headline.end :])
        if re.search(r"\w", text[headline.end + start : headline.end + end])
    ]
    if not match["headline"] and not match["ordinals"]:
        return spans
    chosen = [headline] if match["headline"] else []
    for word in re.findall(r"\w+", match["ordinals"] or ""):
        if word in ORDINALS:
            chosen.append(spans[ORDINALS.index(word)])
        elif word == "last":
            chosen.append(spans[-1])
    return chosen


def asked_by_hand(outline: Outline, found: list[dict[str, Any]]) -> list[Asked]:
    asked = []
    for recommendation, row in zip(outline.recommendations, found, strict=True):
        text = outline.blocks[recommendation.place.block].text
        for action in row["actions"]:
            pointer = action["location"]["pointer"]
            asked.append(Asked(action["slug"], places_of(pointer, recommendation, text)))
    return asked


def shares(one: Place, other: Place) -> bool:
    return one.block == other.block and one.start < other.end and other.start < one.end


def test_proposals_cover_what_was_found_by_hand(outline, found, record_property):
    asked = asked_by_hand(outline, found)
    proposed = [action.place for action in outline.actions]
    missed = [a.slug for a in asked if not any(shares(p, q) for p in proposed for q in a.places)]
    right = [p for p in proposed if any(shares(p, q) for a in asked for q in a.places)]
    recall = 1 - len(missed) / len(asked)
    precision = len(right) / len(proposed)
    record_property("recall", round(recall, 3))
    record_property("precision", round(precision, 3))
    print(f"recall {recall:.3f} of {len(asked)}, precision {precision:.3f} of {len(proposed)}")
    assert recall >= LEAST_RECALL, f"{recall:.3f}, missed: {missed}"
    # Proposing every sentence would cover them all.
    assert precision >= 0.8, f"{precision:.3f}"
