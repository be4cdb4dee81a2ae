"""Which sentences ask for something, of whom, and by when."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from recommendations.fiscal_years import FiscalYearRule
from recommendations.importing import AddresseeNames, propose
from recommendations.importing.deadlines import deadline_in, said_in
from recommendations.importing.imperatives import is_imperative
from recommendations.importing.request_sentences import ask_in
from recommendations.importing.sentences import sentences

PUBLISHED = date(2024, 4, 4)


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("Japan should join.", "should"),
        ("Both governments must also pay.", "must"),
        ("The council needs to act.", "must"),
        ("Tokyo ought to lead.", "should"),
        ("We urge the council to act.", "urges"),
        ("The panel strongly recommends a pause.", "urges"),
        ("It calls on both parties to meet.", "urges"),
        ("The mayor is urged to resign.", "urges"),
        ("The allies could build ships together.", "could"),
        ("政府は法律を改めるべきである。", "べきである"),
        ("予算を増やす必要がある。", "必要がある"),
        ("制度を見直さなければならない。", "必要がある"),
        ("政府に対し早期の締結を求める。", "求める"),
        ("両国の協力を提言する。", "求める"),
        ("企業の参加が望ましい。", "求める"),
        ("The harbour is old.", None),
        ("The mayor visited the mustard works.", None),
        ("They should have asked before.", None),
        ("They should have seven days to ask.", "should"),
        ("The council has to publish it.", "must"),
        ("I do not think it should close, but the council must pay.", "must"),
        ("We see no reason why it should not be published.", "should"),
        ("The council should not believe that it is safe.", "should"),
        ("港は浅くなった。", None),
        ("市は昨年、橋を直した。", None),
    ],
)
def test_sentence_asks_by_its_words(sentence, rule):
    found = ask_in(sentence)
    assert (found.name if found else None) == rule


FISCAL_YEARS = {
    "united-states": FiscalYearRule(10, 1, True, "fiscal_year_us"),
    "japan": FiscalYearRule(4, 1, False, "fiscal_year_japan"),
    "otterland": FiscalYearRule(7, 1, True),
    "calendria": FiscalYearRule(1, 1, True),
}


@pytest.mark.parametrize(
    ("sentence", "on", "precision"),
    [
        ("by March 2025", date(2025, 3, 1), "month"),
        ("by the end of March 2025", date(2025, 3, 1), "month"),
        ("before 1 September 2025", date(2025, 9, 1), "day"),
        ("by September 1st, 2025", date(2025, 9, 1), "day"),
        ("no later than 2026-06-30", date(2026, 6, 30), "day"),
        ("by the end of 2027", date(2027, 1, 1), "year"),
        ("by FY2026", date(2025, 10, 1), "fiscal_year_us"),
        ("by Q2 2026", date(2026, 4, 1), "quarter"),
        ("within 180 days of publication", date(2024, 10, 1), "day"),
        ("within two years", date(2026, 4, 1), "month"),
        ("within six weeks", None, None),
        ("2027年度までに", date(2027, 4, 1), "fiscal_year_japan"),
        ("２０２７年度末までに", date(2027, 4, 1), "fiscal_year_japan"),
        ("2026年3月末までに", date(2026, 3, 1), "month"),
        ("2026年3月31日までに", date(2026, 3, 31), "day"),
        ("2030年までに", date(2030, 1, 1), "year"),
        ("since March 2025", None, None),
        ("starting within six months", date(2024, 10, 1), "month"),
        ("in the next 3 months", date(2024, 7, 1), "month"),
        ("within the next twelve months of the publication", date(2025, 4, 1), "month"),
        ("before the end of this year", date(2024, 1, 1), "year"),
        ("before the end of the year 2031", date(2031, 1, 1), "year"),
        ("by the end of the 2033/34 financial year", date(2034, 3, 31), "day"),
        ("by FY2033-34", date(2033, 10, 1), "fiscal_year_us"),
        ("令和１４年３月末までに", date(2032, 3, 1), "month"),
        ("令和14年3月31日まで", date(2032, 3, 31), "day"),
        ("令和９年度末までに", date(2027, 4, 1), "fiscal_year_japan"),
        ("平成元年までに", date(1989, 1, 1), "year"),
        ("令和14年13月までに", None, None),
        ("by 31 February 2025", None, None),
        ("2025年13月までに", None, None),
    ],
)
def test_deadline_is_read_with_its_precision(sentence, on, precision):
    known = AddresseeNames({}, {}, {}, FISCAL_YEARS)
    of = partial(known.fiscal_year_of, ["united-states"] if "FY" in sentence else [])
    found = deadline_in(
        sentence, published_on=PUBLISHED, fiscal_year_for=lambda usual: of(usual=usual)
    )
    if sentence == "within six weeks":
        assert found is not None
        assert found.on == date(2024, 5, 16)
    elif sentence == "by 31 February 2025":
        # The day does not exist; the month does.
        assert found is None or found.precision != "day"
    else:
        assert (found and (found.on, found.precision)) == (on and (on, precision))


def test_a_number_of_days_counts_from_nothing_without_a_date_of_publication():
    assert deadline_in("within 180 days") is None


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Do it by autumn 2032.", "by autumn 2032"),
        ("Do it at the earliest opportunity.", "at the earliest opportunity"),
        ("Do it as soon as is practicable.", "as soon as is practicable"),
        ("Ask not less than once every five years.", "not less than once every five years"),
        ("Do it within 12 months of the publication.", "within 12 months"),
        ("In the next 3 months, do it.", "In the next 3 months"),
        ("早急に直すべきである。", "早急に"),
        ("Do it well.", None),
        ("", None),
    ],
)
def test_words_of_a_time_are_kept_where_they_give_no_date(sentence, words):
    said = said_in(sentence)
    assert (said.words if said else None) == words
    assert said is None or said.found is None


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("Publish the plan.", True),
        ("Rapidly publish the plan.", True),
        ("Led by the Board, count the wells.", True),
        ("By June 2031, at the office, count them.", True),
        ("Do not sell them.", True),
        ("Prioritize, collect, and share them.", True),
        ("Re-examine the law.", True),
        ("Support schools in training wardens.", True),
        ("Support for schools is low.", False),
        ("Review of the law.", False),
        ("Do you agree?", False),
        ("Nobody knows it.", False),
        ("The plan is old.", False),
        ("", False),
    ],
)
def test_a_sentence_is_in_the_imperative_by_its_first_verb(sentence, is_one):
    assert is_imperative(sentence) is is_one


@pytest.mark.parametrize(
    "sentence",
    [
        "Any right should be read with page 4.",
        "Such losses should not have been borne by one.",
        "Should there be more of them?",
        "The board must have known it.",
        "The board should also have reviewed the wells.",
        "It ought to have been clear.",
        "The wells could reasonably have been kept.",
        "The board has to date published two papers.",
        "I can see no reason why the board, the port and the sea office need to wait.",
        "I do not consider that the board should be closed.",
        "We don’t believe the board should close.",
        "The panel does not suggest that the board must close.",
        "He said: “The board should have met long before this, and it must meet at once.”",
    ],
)
def test_what_tells_how_to_read_what_is_past_denied_or_quoted_asks_for_nothing(sentence):
    assert ask_in(sentence) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("The U.S. Congress met. It ended.", ["The U.S. Congress met.", "It ended."]),
        ("He went to the U.S. The rest stayed.", ["He went to the U.S.", "The rest stayed."]),
        ("Mr. Kim and Gen. Lee agreed.", ["Mr. Kim and Gen. Lee agreed."]),
        ("See No. 4. Then go.", ["See No. 4.", "Then go."]),
        ("It said “no.” We did.", ["It said “no.”", "We did."]),
        ("4.2 The fare should fall.", ["4.2 The fare should fall."]),
        ("第一である。第二である！", ["第一である。", "第二である！"]),
        ("「そうだ。」と述べた。次だ。", ["「そうだ。」", "と述べた。", "次だ。"]),
        ("No end", ["No end"]),
        ("   ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert [text[start:end] for start, end in sentences(text)] == expected


@pytest.mark.parametrize(
    ("parties", "on", "precision"),
    [
        (["otterland"], date(2025, 7, 1), "fiscal_year"),
        (["calendria"], date(2026, 1, 1), "year"),
        (["japan"], date(2026, 4, 1), "fiscal_year_japan"),
        # Whose it is stays open where nobody said, or where several are meant.
        ([], None, None),
        (["nowhere"], None, None),
        (["otterland", "japan"], None, None),
    ],
)
def test_fiscal_year_is_that_of_who_is_asked(parties, on, precision):
    known = AddresseeNames({}, {}, {}, FISCAL_YEARS)
    found = deadline_in(
        "by the end of FY2026",
        fiscal_year_for=lambda usual: known.fiscal_year_of(parties, usual=usual),
    )
    assert (found and (found.on, found.precision)) == (on and (on, precision))


def test_fiscal_year_of_all_others_is_read_where_nobody_else_is_meant():
    known = AddresseeNames({}, {}, {}, {**FISCAL_YEARS, "": FiscalYearRule(3, 21, False)})
    assert known.fiscal_year_of([]) == known.fiscal_year_of(["nowhere"])
    assert known.fiscal_year_of([]).first_day_of(2026) == date(2026, 3, 21)
    assert known.fiscal_year_of(["otterland"]).first_day_of(2026) == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("parties", "on", "precision"),
    [
        (["otterland"], date(2033, 7, 1), "fiscal_year"),
        (["japan"], date(2033, 4, 1), "fiscal_year_japan"),
        # Nobody said when it begins: who writes it so ends it in March.
        ([], date(2034, 3, 31), "day"),
    ],
)
def test_a_fiscal_year_that_is_written_with_both_its_years(parties, on, precision):
    known = AddresseeNames({}, {}, {}, FISCAL_YEARS)
    found = deadline_in(
        "by the end of 2033/34",
        fiscal_year_for=lambda usual: known.fiscal_year_of(parties, usual=usual),
    )
    assert found and (found.on, found.precision) == (on, precision)


def test_a_headline_without_an_ask_below_it_is_the_ask():
    outline = propose(
        b"## What to do\n\n- **Light the pier.** It is dark.\n- **Mend the road.** Do.\n",
        AddresseeNames({}, {}, {}),
    )
    assert [(a.text, a.rule) for a in outline.actions] == [
        ("Light the pier.", "headline"),
        ("Mend the road.", "headline"),
    ]
