"""What a report lists more than once: proposed once, where it is told in full."""

from __future__ import annotations

from .importing_reports import headlines_of, in_sections, proposed, recommendations_of

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
