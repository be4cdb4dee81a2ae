"""The language of a text, told by its script: one rule, for what is imported and what is kept."""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings

# As the inside of a character class: kana and their extensions, kanji, half-width kana.
JAPANESE_LETTERS = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Of the languages that have a script of their own.
SCRIPTS = {"ja": re.compile(f"[{JAPANESE_LETTERS}]")}
LETTER = re.compile(r"[^\W\d_]")
# A sentence that names a Japanese office in its own script is not Japanese for that.
LEAST_SHARE = 0.25


@lru_cache(maxsize=20_000)
def language_of(text: str) -> str:
    """Return the language of LANGUAGES that a text is in, and "" for one without any letter.

    One whose script is nobody's own is in the first language that has none.
    """
    letters = len(LETTER.findall(text))
    if not letters:
        return ""
    languages = [language for language, _name in settings.LANGUAGES]
    for language, script in SCRIPTS.items():
        if language in languages and len(script.findall(text)) >= letters * LEAST_SHARE:
            return language
    return next(language for language in languages if language not in SCRIPTS)
