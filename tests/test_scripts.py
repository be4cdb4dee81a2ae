"""The language of a text is told by one rule, in an import as in the record."""

from __future__ import annotations

import pytest
from django.conf import settings

from recommendations.importing import read
from recommendations.text.scripts import SCRIPTS, language_of


def test_all_languages_but_one_have_a_script_to_be_told_by():
    without = [language for language, _name in settings.LANGUAGES if language not in SCRIPTS]
    assert len(without) == 1, f"Give each but one its script in text/scripts.py: {without}"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The port should be dredged.", "en"),
        ("港湾法改正案、早期成立要望。", "ja"),
        ("The office (防衛装備庁) should be enlarged, and given more people.", "en"),
        ("Café and façade.", "en"),
    ],
)
def test_an_import_tells_the_language_as_the_record_does(text, language):
    assert language_of(text) == read(text.encode()).language == language


def test_a_file_without_letters_is_in_some_language():
    assert language_of("1 2 3") == ""
    assert read(b"1 2 3").language == "en"


def test_a_language_that_the_site_does_not_have_is_not_told(settings):
    settings.LANGUAGES = [("en", "English")]
    language_of.cache_clear()
    assert language_of("港を深くする") == "en"
    language_of.cache_clear()
