"""A status or a language that is added shows everywhere: what was forgotten is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from recommendations.corpus.history import NEXT
from recommendations.corpus.words import STEPS
from recommendations.statuses import EVIDENCE_RULES, STATUS_MEANINGS, Status
from recommendations.templatetags.content import WORDS_FOR_LANGUAGES

from .factories import SUFFICIENT
from .test_roll_up import ALL

ROOT = Path(settings.BASE_DIR)
# They need a search, or nothing.
WITHOUT_ITEMS = {Status.NO_ACTION, Status.NOT_ASSESSED}
OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def text_of_file(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def refuse_missing(is_there: dict[str, bool]) -> None:
    missing = [place for place, found in is_there.items() if not found]
    assert not missing, "Touch:\n" + "\n".join(missing)


@pytest.mark.parametrize("status", Status)
def test_a_status_is_known_wherever_statuses_are_told_apart(status: Status) -> None:
    sprite, css = (
        text_of_file("templates/components/sprite.html"),
        text_of_file("recommendations/static/recommendations/components.css"),
    )
    is_there = {
        "STATUS_MEANINGS in statuses/vocabulary.py": status in STATUS_MEANINGS,
        "EVIDENCE_RULES in statuses/evidence.py": any(
            status in some for some, _w in EVIDENCE_RULES
        ),
        "the rules of statuses/roll_up.py, told again in tests/test_roll_up.py": status in ALL,
        "a glyph in templates/components/sprite.html": f'id="s-{status}"' in sprite,
        "a fill in components.css": f".f-{status} {{" in css,
        "a stroke in components.css": bool(re.search(rf"\.k-{status}\b", css)),
        "docs/methodology.md": f"| `{status}` |" in text_of_file("docs/methodology.md"),
        "SUFFICIENT in tests/factories.py": status in SUFFICIENT or status in WITHOUT_ITEMS,
        "NEXT in corpus/history.py": status in NEXT or status == Status.NOT_ASSESSED,
        "STEPS in corpus/words.py": status in STEPS or status == Status.NOT_ASSESSED,
    }
    refuse_missing(is_there)


@pytest.mark.parametrize("status", Status)
def test_a_status_has_its_words_in_every_language(status: Status) -> None:
    english = str(status.label)
    for language in OTHERS:
        with translation.override(language):
            told = f"“{english}” has no translation into {language}: fill in its catalogue"
            assert str(status.label) != english, told
            assert "%(n)d" in STATUS_MEANINGS[status].phrase(2)


def test_pages_that_say_how_many_statuses_there_are_count_them() -> None:
    """The templates and the catalogue say “eight”; so do docs/translating.md and its terms."""
    assert "Eight statuses" in text_of_file("templates/recommendations/methodology.html")
    assert len(Status) == 8, "Say another number: grep -rniE 'eight (status|words)'"


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_all_that_goes_with_one(language: str) -> None:
    catalogue = f"recommendations/locale/{language}/LC_MESSAGES/django"
    with (ROOT / f"{catalogue}.po").open("rb") as file:
        untranslated = [one for one in read_po(file, locale=language) if one.id and not one.string]
    is_there = {
        f"{catalogue}.po, of which {len(untranslated)} texts have no translation": not untranslated,
        f"{catalogue}.po (mkdir, then make messages)": (ROOT / f"{catalogue}.po").exists(),
        f"{catalogue}.mo (make messages)": (ROOT / f"{catalogue}.mo").exists(),
        f"fixtures/us_japan_alliance_2024.{language}.po (manage.py dump_translations)": (
            ROOT / f"fixtures/us_japan_alliance_2024.{language}.po"
        ).exists(),
        "WORDS_FOR_LANGUAGES in templatetags/content.py": language in WORDS_FOR_LANGUAGES,
        f"a heading for {language} in docs/translating.md": translation.get_language_info(language)[
            "name"
        ]
        in text_of_file("docs/translating.md"),
    }
    refuse_missing(is_there)
