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


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        (
            "Alongside the Lake Board and the Ministry of Wells, the Port Office should plan.",
            ("Port Office",),
        ),
        (
            "Together with the Ministry of Housing, Communities and Local Government, "
            "the Port Office should plan.",
            ("Port Office",),
        ),
        (
            "Unlike the Lake Board, the Port Office should meet, and the Sea Council must answer.",
            ("Port Office", "Sea Council"),
        ),
        (
            "However, in addition to the Lake Board and the Sea Council, the Port Office, "
            "once it is ready, should meet.",
            ("Port Office",),
        ),
        (
            "As well as the Sea Office, the Lake Board and the Port Council should meet.",
            ("Lake Board", "Port Council"),
        ),
        ("Besides the Lake Board, we urge the Port Office to meet.", ("Port Office",)),
        ("Like the Lake Board and the Port Office, schools should meet.", ()),
        ("Apart from the Lake Board, schools should meet.", ()),
    ],
)
def test_whom_a_sentence_names_beside_its_subject_is_not_asked(sentence, names):
    assert asked_in(sentence) == ((), (), names)


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Yet the Lake Board must pay.", "Lake Board"),
        ("But Parliament should pay.", "Parliament"),
        ("So, the Lake Board should pay.", "Lake Board"),
        ("Still, the Lake Board should pay.", "Lake Board"),
        ("Still Waters Board should pay.", "Still Waters Board"),
        ("Order Boards should pay.", "Order Boards"),
    ],
)
def test_a_conjunction_before_a_name_is_no_part_of_it(sentence, name):
    assert asked_in(sentence) == ((), (), (name,))


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("It was a review led by the Lake Board, which considered how wells could grow.", ()),
        ("It was a review led by the Lake Board that told how wells could grow.", ()),
        (
            "The Port Office should set up a review led by the Lake Board, which should count.",
            ("Port Office",),
        ),
        ("Launch a review led by the Lake Board, which shall count the wells.", ("Lake Board",)),
        ("Led by the Lake Board, which knows them, count the wells.", ("Lake Board",)),
    ],
)
def test_who_led_what_a_relative_clause_tells_of_is_not_asked(sentence, names):
    assert asked_in(sentence) == ((), (), names)


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Agencies should also have ample flexibility to hire.", ()),
        ("The Lake Board must have full and timely access to the wells.", ()),
        ("We recommend that the Lake Board should have the power to inspect.", ()),
        (
            "The Lake Board should have the right to ask, and the Port Office must answer it.",
            ("Port Office",),
        ),
        ("Ministers should have access to it, and they should ask for more.", ("Ministers",)),
        ("The Lake Board should have a plan for access to wells.", ("Lake Board",)),
        ("The Lake Board should have access controls.", ("Lake Board",)),
    ],
)
def test_who_should_be_granted_something_is_not_asked(sentence, names):
    assert asked_in(sentence) == ((), (), names)


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The Sea Office must have known it, but the Port Office should pay.", ("Port Office",)),
        (
            "The Sea Office has to date sold two; the Port Office has to sell more.",
            ("Port Office",),
        ),
        ("I do not think the Sea Office should go, but the Port Office must.", ("Port Office",)),
    ],
)
def test_who_asks_nothing_now_is_passed_over_for_who_is_asked(sentence, names):
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
