"""Who is asked: the subject of the sentence, as a known body or as a new name."""

from __future__ import annotations

import pytest

from recommendations.importing import AddresseeNames
from recommendations.importing.addressees import AddresseeReader
from recommendations.importing.document import Block, Document

from .importing_reports import proposed

KNOWN = AddresseeNames(
    parties={
        "Eastland": "eastland",
        "Japan": "japan",
        "council": "council",
        "架空市": "kakuu",
    },
    bodies={
        "Cabinet Office": "cabinet-office-of-japan",
        "Water Board": "water-board",
        "Ministry of Defense": "mod",
        "架空水道局": "suido",
    },
    party_of={"cabinet-office-of-japan": "japan", "mod": "japan", "suido": "kakuu"},
)


def asked_in(
    sentence: str, *others: str
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return parties, bodies and new names that a report of these sentences asks in the first."""
    blocks = tuple(Block("paragraph", text, text) for text in (sentence, *others))
    found = AddresseeReader.of(Document(blocks), KNOWN).asked_in(sentence)
    return found.parties, found.bodies, found.new_bodies


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The Harbour Authority should light the straits.", ("Harbour Authority",)),
        (
            "The Ministry of Wells and the Port Council should agree on a price.",
            ("Ministry of Wells", "Port Council"),
        ),
        (
            "The Department of Health and Social Care must answer.",
            ("Department of Health and Social Care",),
        ),
        (
            "The Ministry of Housing, Communities and Local Government should act.",
            ("Ministry of Housing, Communities and Local Government",),
        ),
        (
            "Governments of the three lands should each review it.",
            ("Governments of the three lands",),
        ),
        ("Led by the Well Board (WB), count the wells.", ("Well Board",)),
        ("We urge the Treasury to pay.", ("Treasury",)),
        ("We therefore invite ministers to explain it.", ("ministers",)),
        (
            "We recommend that the Home Office, in talks with the police, once ready, consider it.",
            ("Home Office",),
        ),
        ("In the next 3 months, the Board should do this.", ("Board",)),
        ("A map should be drawn by the Survey Office.", ("Survey Office",)),
        ("The Lake Board is urged to meet.", ("Lake Board",)),
        (
            "The Lake Board needs a boat, and the Port Office could lend its own.",
            ("Port Office",),
        ),
        (
            "The Lake Board should meet, and the Port Office must answer it.",
            ("Lake Board", "Port Office"),
        ),
        ("The Lake Board should see that the Port Office must answer.", ("Lake Board",)),
        ("As the Lake Board said, rapid tests should be made.", ()),
        ("Require the Lake Board to meet.", ()),
        ("Rapid Testing should be the rule.", ()),
        ("Society must know.", ()),
        ("Nobody should drink it.", ()),
    ],
)
def test_the_subject_of_a_sentence_is_offered_as_a_new_name(sentence, names):
    assert asked_in(sentence) == ((), (), names)


def test_a_known_party_in_small_letters_is_found_as_the_subject_alone():
    assert asked_in("The council should ask Eastland for water.") == (("council",), (), ())
    assert asked_in("Wells that Eastland has should be counted.") == ((), (), ())


@pytest.mark.parametrize(
    ("others", "is_japans"),
    [
        (("Japan has wells. Japan counts them.",), True),
        (("A man of Japan came.", *["The UK has wells."] * 4), False),
        (("France has wells.",), False),
    ],
)
def test_a_known_body_counts_only_where_its_party_is_of_the_report(others, is_japans):
    found = asked_in("The Cabinet Office should lead.", *others)
    known = (("japan",), ("cabinet-office-of-japan",), ())
    assert found == (known if is_japans else ((), (), ("Cabinet Office",)))


def test_a_body_of_a_named_country_is_never_taken_for_that_of_another():
    text = "The UK Cabinet Office should lead."
    assert asked_in(text, "Japan, Japan, Japan.") == ((), (), ("UK Cabinet Office",))
    own = asked_in("Japan’s Ministry of Defense should lead.", "Japan leads.")
    assert own == (("japan",), ("mod",), ())


def test_a_short_form_stands_for_the_name_that_the_report_gave_it():
    explained = "It lies with DOW, the Department of Sand (DOS) and the Office for Sea Ice (OSI)."
    assert asked_in("Led by DOS, count it.", explained)[2] == ("Department of Sand",)
    assert asked_in("The OSI should count it.", explained)[2] == ("Office for Sea Ice",)
    assert asked_in("The TTI should be quick.", explained)[2] == ()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("架空水道局は井戸を掘るべきである。", (("kakuu",), ("suido",), ())),
        ("国土水資源省と井戸庁は協議すべきである。", ((), (), ("国土水資源省", "井戸庁"))),
        ("架空市に対し、修理を求める。", (("kakuu",), (), ())),
        ("費用は住民と分担する必要がある。", ((), (), ())),
    ],
)
def test_japanese_subjects_are_found_before_their_particle(sentence, expected):
    assert asked_in(sentence) == expected


def test_a_letter_asks_whom_it_is_written_to_unless_it_names_another():
    outline = proposed(
        "# 井戸に関する要望書\n\n架空町長　殿\n\n## 要望\n\n"
        "1. 井戸を公開すること。\n2. 井戸庁は台帳をつくるべきである。\n"
    )
    actions = [action for one in outline.recommendations for action in one.actions]
    assert [action.new_bodies for action in actions] == [("架空町長",), ("井戸庁",)]
