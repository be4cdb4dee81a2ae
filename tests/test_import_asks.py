"""Which sentences ask for something, of whom, and by when."""

from __future__ import annotations

from datetime import date

import pytest

from recommendations.importing import AddresseeNames, propose
from recommendations.importing.deadlines import deadline_in
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
        ("港は浅くなった。", None),
        ("市は昨年、橋を直した。", None),
    ],
)
def test_sentence_asks_by_its_words(sentence, rule):
    found = ask_in(sentence)
    assert (found.name if found else None) == rule


@pytest.mark.parametrize(
    ("sentence", "on", "precision"),
    [
        ("by March 2025", date(2025, 3, 1), "month"),
        ("by the end of March 2025", date(2025, 3, 1), "month"),
        ("before 1 September 2025", date(2025, 9, 1), "day"),
        ("by September 1st, 2025", date(2025, 9, 1), "day"),
        ("no later than 2026-06-30", date(2026, 6, 30), "day"),
        ("by the end of 2027", date(2027, 1, 1), "year"),
        ("by FY2026", date(2026, 1, 1), "fiscal_year_us"),
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
        ("by 31 February 2025", None, None),
        ("2025年13月までに", None, None),
    ],
)
def test_deadline_is_read_with_its_precision(sentence, on, precision):
    found = deadline_in(sentence, published_on=PUBLISHED)
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


def test_addressees_are_found_as_words_the_longer_name_first():
    known = AddresseeNames(
        parties={"Japan": "japan", "United States": "us", "日本": "japan"},
        bodies={"Department of Defense": "dod", "United States Navy": "navy"},
        party_of={"dod": "us", "navy": "us"},
    )
    named = known.named_in("Japan's fleet and the United States Navy; Japanese yards.")
    assert named.parties == ("japan", "us")
    assert named.bodies == ("navy",)
    assert known.named_in("日本政府は").parties == ("japan",)
    assert known.named_in("Japanese yards").parties == ()


def test_a_headline_without_an_ask_below_it_is_the_ask():
    outline = propose(
        b"## What to do\n\n- **Light the pier.** It is dark.\n- **Mend the road.** Do.\n",
        AddresseeNames({}, {}, {}),
    )
    assert [(a.text, a.rule) for a in outline.actions] == [
        ("Light the pier.", "headline"),
        ("Mend the road.", "headline"),
    ]
