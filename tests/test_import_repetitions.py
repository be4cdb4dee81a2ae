"""What a report lists more than once: proposed once, where it is told in full."""

from __future__ import annotations

import pytest

from recommendations.importing.announcing import context_of
from recommendations.importing.document import Block
from recommendations.importing.repetitions import merged
from recommendations.importing.styles import numbered_headings

from .importing_reports import (
    actions_of,
    headlines_of,
    in_sections,
    proposed,
    recommendations_of,
)

REPEATING = """# A report on bridges

## Executive summary

**Recommendation 1: One owner for each bridge.** **Recommendation 2: A test each spring.**

## 1. Owners

Bridges have too many owners.

#### Recommendation 1: One owner for each bridge

The Road Ministry should name one owner for each bridge.

## 2. Tests

#### Recommendation 2: A test each spring

Each owner should hold a test each spring.

## Appendix: List of recommendations

#### Recommendation 1: One owner for each bridge

The Road Ministry should name one owner for each bridge.

#### Recommendation 2: A test each spring

Each owner should hold a test each spring.
"""


def test_what_is_listed_three_times_is_proposed_once_with_the_number_of_the_report():
    outline = proposed(REPEATING)
    assert recommendations_of(REPEATING) == ["1 One owner for each bridge", "2 A test each spring"]
    assert list(in_sections(outline)) == ["1. Owners", "2. Tests"]
    assert [len(one.actions) for one in outline.recommendations] == [1, 1]
    assert [len(one.repeated) for one in outline.recommendations] == [2, 2]
    assert any("2 recommendations more than once" in note for note in outline.notes)


def test_one_number_in_two_parts_for_two_things_is_no_repetition():
    text = (
        "# Both\n\n## Roads\n\n### Recommendation 1: Mend the roads\n\nThe Town should do it.\n\n"
        "## Wells\n\n### Recommendation 1: Clean the wells\n\nThe Town should clean them.\n\n"
        "### Recommendation 2: Count the wells\n\nThe Town should count them.\n"
    )
    assert headlines_of(text) == ["Mend the roads", "Clean the wells", "Count the wells"]


def test_the_same_ask_in_two_chapters_of_a_plan_is_asked_twice():
    chapter = (
        "## {}\n\n**Recommended actions**\n\n- Count the wells in {}.\n"
        "- Keep a common list of them.\n- Pay for {}.\n\n"
    )
    text = "# Plan\n\n" + "".join(chapter.format(n, n, n) for n in ("North", "South", "East"))
    assert headlines_of(text).count("Keep a common list of them") == 3


TOLD_AND_LISTED = """# The Lake Inquiry

## 4. Recommendations

### 1. Signs on the shore

Nobody knew where the ice was thin. I recommend that:

The Lake Office should put up signs.

### 2. Boats for all

#### What we heard

Two boats were found. The Lake Office should buy ten.

### 3. A winter watch

#### What we heard

No one was on watch. The Town should name a warden.

### List of the recommendations

#### 1. Signs on the shore

The Lake Office should put up signs.

#### 2. Boats for all

The Lake Office should buy ten.

#### 3. A winter watch

The Town should name a warden.
"""


def test_a_telling_that_opens_with_a_heading_below_it_is_fuller_than_a_list_at_the_end():
    outline = proposed(TOLD_AND_LISTED)
    assert [f"{one.number} {one.headline}" for one in outline.recommendations] == [
        "1 Signs on the shore",
        "2 Boats for all",
        "3 A winter watch",
    ]
    told = [outline.blocks[one.blocks[0]].level for one in outline.recommendations]
    assert told == [3, 3, 3]
    assert [len(one.repeated) for one in outline.recommendations] == [1, 1, 1]


LISTED_FIRST = """<h1>The Lake Inquiry</h1><h2>Recommendations</h2><h3>All of them</h3>
<h4>1. Signs on the shore</h4><p>The Lake Office should put up signs.</p>
{}<p>The Lake Office should buy ten boats.</p>
<h3>1. Signs on the shore</h3><p>There were none.</p>
<h3>2. Boats for all</h3><p>There were two.</p><p>The Lake Office should buy ten boats.</p>"""


@pytest.mark.parametrize(
    "line", ["<p>2. Boats for all.</p>", "<table><tr><td>2. Boats for all</td></tr></table>"]
)
def test_a_line_with_the_next_number_of_a_list_ends_what_stands_before_it(line):
    outline = proposed(LISTED_FIRST.format(line))
    assert {one.headline: actions_of(one) for one in outline.recommendations} == {
        "Signs on the shore": ["The Lake Office should put up signs."],
        "Boats for all": ["The Lake Office should buy ten boats."],
    }
    assert [len(one.repeated) for one in outline.recommendations] == [1, 1]
    assert not [ask for section in outline.sections for ask in section.asks]


@pytest.mark.parametrize("line", ["<p>3. Boats for all</p>", "<p>2. Boats were sought.</p>"])
def test_a_line_with_another_number_or_other_words_goes_on_with_what_stands_before_it(line):
    first = next(iter(proposed(LISTED_FIRST.format(line)).recommendations))
    assert actions_of(first)[-1] == "The Lake Office should buy ten boats."


def test_lines_that_count_on_are_each_the_entry_of_their_number():
    titles = ["1. Signs on the shore", "2. Boats for all", "3. A winter watch", "4. Free lessons"]
    text = Block("paragraph", "There were none.", "There were none.")
    told = [block for title in titles for block in (Block("heading", title, title, 3), text)]
    kinds = ("heading", "row", "paragraph", "heading")
    listed = [
        block
        for kind, title in zip(kinds, titles, strict=True)
        for block in (Block(kind, title, title, 4 if kind == "heading" else 0), text)
    ]
    blocks = [Block("heading", "Recommendations", "Recommendations", 1), *told]
    blocks += [Block("heading", "List", "List", 2), *listed]
    context = context_of(blocks)
    found = merged(context, list(numbered_headings(context)))
    assert [(one.hit.block, [hit.block for hit in one.repeated]) for one in found] == [
        (1, [10]),
        (3, [12]),
        (5, [14]),
        (7, [16]),
    ]
