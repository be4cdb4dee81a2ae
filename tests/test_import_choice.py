"""Which of its styles a report is read by, part by part."""

from __future__ import annotations

from datetime import date

import pytest

from .importing_reports import (
    actions_of,
    headlines_of,
    in_sections,
    proposed,
    recommendations_of,
    titles_of,
)


def test_a_list_under_recommendations_weighs_more_than_bold_words_elsewhere():
    outline = proposed(
        "# Wells\n\n# Recommendations\n\n"
        "- The Well Board should publish a map each spring.\n"
        "- The Town should agree with the Board on its form.\n"
        "- The Treasury should pay for two trials. Each should be in another town. Such as:\n"
        "    - Levels: one trial should join maps with rain.\n"
        "    - Visits: the other should count who comes.\n\n"
        "# 1. Background\n\n**Class A.** Wells that were seen.\n\n**Class B.** Others.\n\n"
        "# 2. Abroad\n\n**Eastland.** It has maps.\n\n**Westland.** It has none.\n\n"
        "**Figure 1.** Wells by depth.\n"
    )
    assert list(in_sections(outline)) == ["Recommendations"]
    [first, second, third] = outline.recommendations
    assert third.headline == "The Treasury should pay for two trials"
    assert "Levels: one trial should join maps with rain." in actions_of(third)
    assert "Visits: the other should count who comes." in actions_of(third)
    assert [len(one.actions) for one in (first, second)] == [1, 1]


CAPTIONED = """# Counting

## Key points

1.  **Days of counting.** A count that takes a week is late. It should take a day.
2.  **Those who count.** They need pay.

## Evidence

**Figure 1.** Counts by day.

**Table 2: Counters by age.** Means of ten.

**Case study 3.** One town.

**Box 4.** Another.
"""


def test_captions_of_figures_tables_boxes_and_cases_are_never_taken():
    outline = proposed(CAPTIONED)
    assert [one.headline for one in outline.recommendations] == [
        "Days of counting",
        "Those who count",
    ]
    assert titles_of(outline) == ["Key points", "Evidence"]


QUOTING = """# The Ferry Inquiry

## 2. Recommendations

1. The Line shall answer in writing by 3 May 2033.
2. The Mayor shall say in public what “a fair price” means.
3. The Line shall pay for the advice of every passenger.

## 3. What others asked for

3.1. In 2029 a board made proposals of its own. They were these:

“Recommendation 1: The line should stay.

Recommendation 4: The board shall meet every month.”

3.2. Recommendation 9, an end of fear, was not for one line alone.
"""


def test_a_label_that_is_quoted_or_counts_from_nothing_does_not_rule():
    outline = proposed(QUOTING)
    assert recommendations_of(QUOTING) == [
        "1 The Line shall answer in writing by 3 May 2033",
        "2 The Mayor shall say in public what “a fair price” means",
        "3 The Line shall pay for the advice of every passenger",
    ]
    assert list(in_sections(outline)) == ["2. Recommendations"]
    assert [ask.text for section in outline.sections for ask in section.asks] == []


@pytest.mark.parametrize(
    "title",
    [
        "Conclusions and recommendations",
        "Summary of recommendations",
        "CHAPTER 9: Conclusions and Recommendations",
    ],
)
def test_a_chapter_of_conclusions_and_recommendations_has_both(title):
    text = (
        "# Fifth Report: Wells\n\n## Introduction\n\n1. We heard people in spring.\n\n"
        f"## {title}\n\n"
        "21. Wells still give water. (Paragraph 30)\n"
        "22. We recommend that the Well Agency keep all nine of them open. (Paragraph 31)\n"
        "23. The Government should publish their depth by the end of 2033. (Paragraph 42)\n"
        "24. We urge the Treasury to pay for them. (paragraph 50)\n"
    )
    outline = proposed(text)
    assert recommendations_of(text) == [
        "22 We recommend that the Well Agency keep all nine of them open",
        "23 The Government should publish their depth by the end of 2033",
        "24 We urge the Treasury to pay for them",
    ]
    [conclusion] = [
        ask for section in outline.sections for ask in section.asks if ask.rule == "conclusion"
    ]
    assert conclusion.text == "Wells still give water."
    assert "1 numbered paragraph asks for nothing. Take it if you want it." in outline.notes


IMPERATIVE = """# Wells that give: an action plan

## 1. Dig what is missing

### 1.1 Depth

The wells are shallow. Their plan has money for ten years.

1. Publish, within 6 months, a plan of ten years. The plan needs a map of each well.
2. Deepen the northern well to 30 metres by 2033.
3. Appoint a warden for each town who can close it.

### 1.2 People

4. Count how many wardens will retire. Nobody knows it; a count should be made.
5. Support schools in training wardens.
6. Pay them from their first day.
"""


def test_numbered_sentences_in_the_imperative_are_asks_in_each_section():
    outline = proposed(IMPERATIVE)
    found = in_sections(outline)
    assert [one.number for one in outline.recommendations] == ["1", "2", "3", "4", "5", "6"]
    assert {title: len(ones) for title, ones in found.items()} == {"1.1 Depth": 3, "1.2 People": 3}
    first = found["1.1 Depth"][0]
    assert first.headline == "Publish, within 6 months, a plan of ten years"
    assert first.actions[0].text == "Publish, within 6 months, a plan of ten years."
    assert first.actions[0].rule == "imperative"


def test_recommended_actions_announce_the_items_below_them():
    text = (
        "# The Well Plan\n\n## Less paper\n\nRules are old.\n\n**Recommended Policy Actions**\n\n"
        "- Led by the Well Ministry, ask owners which rules hinder them.\n"
        "- Review all orders of ten years.\n\n"
        "## More people\n\nThere are few.\n\nRecommended actions\n\n- Pay for 20 places by 2033.\n"
    )
    outline = proposed(text)
    assert [one.headline for one in outline.recommendations] == [
        "Led by the Well Ministry, ask owners which rules hinder them",
        "Review all orders of ten years",
        "Pay for 20 places by 2033",
    ]
    assert [len(ones) for ones in in_sections(outline).values()] == [2, 1]
    [led, _review, paid] = [one.actions[0] for one in outline.recommendations]
    assert led.new_bodies == ("Well Ministry",)
    assert (paid.deadline.on, paid.deadline.precision) == (date(2033, 1, 1), "year")


def test_labels_of_actions_with_tables_of_milestones():
    outline = proposed(
        "---\ntitle: Plan\n---\n\n# 2033 Plan\n\n**Last updated 4 May 2033.** Dates moved.\n\n"
        "## What the town does\n\n### Action 1: Ask\n\nBy June 2033, all will ask.\n\n"
        "| Milestone | Measure | Target Date | Responsible |\n|---|---|---|---|\n"
        "| Ask the owners | Done | May 30, 2033 | Well Warden |\n"
        "| Publish the answers | Done | <s>June 30, 2033</s> <b>July 31, 2033*</b> | All |\n\n"
        "### Action 2: Set up a board\n\n"
        "| Milestone | Measure | Target Date | Responsible |\n|---|---|---|---|\n"
        "| Name its members | Done | January 31, 2034 | Well Council |\n"
        "| Meet each month | Number | (see above) | Well Council |\n"
    )
    assert [f"{one.number} {one.headline}" for one in outline.recommendations] == [
        "1 Ask",
        "2 Set up a board",
    ]
    assert list(in_sections(outline)) == ["What the town does"]
    actions = [action for one in outline.recommendations for action in one.actions]
    assert [action.text for action in actions] == [
        "Ask the owners",
        "Publish the answers",
        "Name its members",
        "Meet each month",
    ]
    days = [action.deadline and action.deadline.on.isoformat() for action in actions]
    assert days == ["2033-05-30", "2033-07-31", "2034-01-31", None]
    assert actions[3].deadline_words == "(see above)"
    assert [action.new_bodies for action in actions[2:]] == [("Well Council",)] * 2


def test_a_label_alone_in_a_heading_names_the_sentence_below_it():
    text = (
        "# Audit\n\n## Findings\n\n### Recommendation 1\n\nThe Office should keep its books. They "
        "lie open.\n\n### Recommendation 2\n\nThe Office should lock its doors.\n"
    )
    assert recommendations_of(text) == [
        "1 The Office should keep its books",
        "2 The Office should lock its doors",
    ]


def test_a_sentence_that_ends_in_a_colon_announces_the_list_below_it():
    text = (
        "# Wells\n\n## Vision\n\nWe make two recommendations that matter:\n\n"
        "1. Wells must be clean.\n2. Wells must be counted.\n\n"
        "## Abroad\n\nIn Eastland the plan says:\n\n- Support for wells\n- Promote their use\n"
    )
    assert headlines_of(text) == ["Wells must be clean", "Wells must be counted"]


def test_a_title_that_speaks_of_recommendations_announces_none():
    text = (
        "# Review\n\n## Response to the recommendations of the last report\n\n"
        "- The Board answered the first.\n- The Board answered the second.\n\n"
        "## Recommendations\n\n- The Board should answer the third.\n"
        "- The Board should answer the fourth.\n"
    )
    assert headlines_of(text) == [
        "The Board should answer the third",
        "The Board should answer the fourth",
    ]


def test_numbered_chapters_in_the_part_of_recommendations_are_these():
    chapters = "".join(
        f"### {n}. {name}\n\nIt is so.\n\nThere should be a {name}:\n\n- a first;\n- a second.\n\n"
        for n, name in enumerate(("memorial", "school", "register"), start=1)
    )
    text = (
        f"# Inquiry\n\n## 1.5 Recommendations\n\n### Introduction\n\nI ask for much.\n\n{chapters}"
    )
    assert recommendations_of(text) == ["1 memorial", "2 school", "3 register"]


def test_letters_number_recommendations_and_digits_what_lies_below_them():
    text = (
        "# Schools\n\n## Recommendations\n\nA. Schools should stay open. It means:\n\n"
        "1) more teachers;\n\n2) tests.\n\nB. The Town should count pupils:\n\n1) each month;\n\n"
        "2) in each school.\n"
    )
    assert recommendations_of(text) == [
        "A Schools should stay open",
        "B The Town should count pupils",
    ]


MANIFESTO = """## もっと良い町に

- 現状
  - 井戸が足りない
- マニフェスト
  - 井戸を広く早く数える「井戸調べ」
  - 水の情報をわかりやすく発信する
  - 町民が水の計画に参加できる場をつくる

## 井戸は足りない

- 三年続けて水が足りない

## ①井戸を広く早く数える「井戸調べ」

- 井戸の数を毎月公表します

## ②水の情報をわかりやすく発信

- 水位を毎日伝えます

## ③町民が水の計画に参加できる場づくり

- 集まりを開きます
"""


def test_chapters_that_tell_again_what_a_manifesto_lists_are_taken_in_its_place():
    assert headlines_of(MANIFESTO) == [
        "井戸を広く早く数える「井戸調べ」",
        "水の情報をわかりやすく発信",
        "町民が水の計画に参加できる場づくり",
    ]


def test_items_below_an_item_that_announces_them_are_taken_and_no_others():
    text = MANIFESTO.partition("## 井戸は")[0]
    assert headlines_of(text) == [
        "井戸を広く早く数える「井戸調べ」",
        "水の情報をわかりやすく発信する",
        "町民が水の計画に参加できる場をつくる",
    ]


def test_numbered_headings_that_pledge_are_taken_as_they_stand():
    parts = "### 現状認識\n\n- 遅れている\n\n### 概要\n\n- 窓口を一つにする\n\n"
    text = "".join(
        f"## {n}）{what}\n\n{parts}"
        for n, what in enumerate(
            ("窓口をなくします", "書類を減らします", "働き方を変えます"), start=1
        )
    )
    assert headlines_of(text) == ["窓口をなくします", "書類を減らします", "働き方を変えます"]


LETTER = """# 水道法改正に関する意見書

２０３２年５月９日

架空水道庁長官　様

架空井戸協会

## １　水道の理念について

（１）　水道の記録を保存することを理念として明記すること。
（２）　「水道」の名称を整理し、条件を法に明記すること。

## ２　その他

ア　水道の設置者として組合を明記すること。
イ　申請は令和１５年３月末までとすること。
"""


def test_requests_in_koto_are_told_apart_without_blank_lines():
    outline = proposed(LETTER)
    found = in_sections(outline)
    assert (outline.authors, outline.published_on) == (("架空井戸協会",), date(2032, 5, 9))
    assert list(found) == ["１ 水道の理念について", "２ その他"]
    assert [[one.headline for one in ones] for ones in found.values()] == [
        [
            "水道の記録を保存することを理念として明記すること",
            "「水道」の名称を整理し、条件を法に明記すること",
        ],
        ["水道の設置者として組合を明記すること", "申請は令和１５年３月末までとすること"],
    ]
    assert [one.number for one in outline.recommendations] == ["1.1", "1.2", "2.1", "2.2"]
    last = outline.recommendations
    actions = [action for one in last for action in one.actions]
    assert actions[-1].deadline.on.isoformat() == "2033-03-01"
    assert {action.new_bodies for action in actions} == {("架空水道庁長官",)}


def test_terms_in_bold_and_questions_are_no_recommendations():
    text = (
        "# Paper\n\n## Terms\n\n**Well.** A hole with water.\n\n**Spring.** Water without.\n\n"
        "## Questions\n\n1. Do you agree that wells should be counted?\n2. What else should be?\n"
        "3. Should there be more wells?\n"
    )
    assert headlines_of(text) == []
