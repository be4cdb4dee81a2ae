"""Words, marks and paths that are kept between pages: never in another language or unescaped."""

from __future__ import annotations

from datetime import date

import pytest
from django.test.utils import override_script_prefix
from django.utils.safestring import mark_safe
from django.utils.translation import override

from recommendations.figures.counts import phrase
from recommendations.paths import path_of
from recommendations.statuses import Precision, Status
from recommendations.templatetags.tracker import (
    change,
    day,
    fall,
    icon,
    number_of_actions,
    status_mark,
)
from recommendations.text.kept import kept_by_language

from .reading import text_of

KEPT = [
    (status_mark, ("partly", "small"), "Partly implemented", "一部措置済"),
    (fall, ("implemented",), "Lapsed", "失効"),
    (change, ("partly", "partly"), "Partly implemented confirmed", "一部措置済 変化なしを確認"),
    (day, (date(2025, 3, 24),), "24 Mar 2025", "2025年3月24日"),
    (day, (date(2025, 3, 1), Precision.MONTH), "Mar 2025", "2025年3月"),
    (number_of_actions, (2,), "2 verifiable actions:", "検証可能な2項目："),
    (phrase, ("rejected", 2), "2 rejected", "不採用2件"),
]


@pytest.mark.parametrize(("function", "arguments", "english", "japanese"), KEPT)
def test_what_is_kept_comes_in_the_language_of_each_page(function, arguments, english, japanese):
    for language, expected in [("en", english), ("ja", japanese)] * 2:
        with override(language):
            assert text_of(function(*arguments)) == expected


def test_every_status_has_a_mark_of_its_own():
    assert len({status_mark(status) for status in Status}) == len(Status)
    assert status_mark("partly") != status_mark("partly", "small")


def test_words_that_are_to_be_escaped_stay_apart_from_the_same_words_that_are_safe():
    assert "<b>" in icon(mark_safe("<b>"))
    assert "<b>" not in icon("<b>")
    assert "&lt;b&gt;" in icon("<b>")


def test_equal_arguments_of_other_types_stay_apart():
    @kept_by_language
    def shown(value: object) -> str:
        return str(value)

    assert [shown(1), shown(True), shown(1.0)] == ["1", "True", "1.0"]


def test_it_is_asked_once_for_each_language():
    asked = []

    @kept_by_language
    def shown(value: str) -> str:
        asked.append(value)
        return value

    for language in ("en", "ja", "en", "ja"):
        with override(language):
            assert shown("a") == "a"
    assert asked == ["a", "a"]


def test_paths_are_those_of_the_language_and_of_where_the_site_is_mounted():
    for prefix in ("/", "/tracker/", "/"):
        for language, path in [("en", ""), ("ja", "ja/")] * 2:
            with override(language), override_script_prefix(prefix):
                assert path_of("recommendations:list") == f"{prefix}{path}recommendations/"
                assert path_of("recommendations:area", "a") == f"{prefix}{path}areas/a/"
