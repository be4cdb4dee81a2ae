"""The Japanese catalogue: complete, with every placeholder, and of the words that the code has."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOGUE = Path("recommendations/locale/ja/LC_MESSAGES/django.po")
SOURCES = ["alliance", "recommendations", "templates", "manage.py"]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%[sd]|\{(\w*)\}")


def messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [one for one in read_po(file, locale="ja") if one.id]


def texts_of(message: Message) -> tuple[str, ...]:
    """Return the translation, one text where the language has no plural."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def source_of(message: Message) -> str:
    """Return the message, in the plural where it has one: that form names every number."""
    return message.id[-1] if isinstance(message.id, (list, tuple)) else message.id


def placeholders(text: str) -> list[str]:
    return sorted({found[0] for found in PLACEHOLDER.finditer(text)})


def context_of(message: Message) -> str | None:
    """Return the context, which Babel reads from a compiled catalogue as bytes."""
    return message.context.decode() if isinstance(message.context, bytes) else message.context


def told(catalogue: Catalog | list[Message]) -> dict[tuple, tuple[str, ...]]:
    found = (one for one in catalogue if one.id and one.string)
    return {(context_of(one), source_of(one)): texts_of(one) for one in found}


@pytest.fixture(scope="module")
def catalogue() -> list[Message]:
    return messages(ROOT / CATALOGUE)


def test_every_message_is_translated_and_looked_at(catalogue: list[Message]) -> None:
    assert [one.id for one in catalogue if not all(texts_of(one))] == []
    assert [one.id for one in catalogue if one.fuzzy] == []


def test_translations_have_the_placeholders_of_their_messages(catalogue: list[Message]) -> None:
    wrong = [
        (source_of(one), text)
        for one in catalogue
        for text in texts_of(one)
        if placeholders(text) != placeholders(source_of(one))
    ]
    assert wrong == []


def test_the_compiled_catalogue_says_the_same(catalogue: list[Message]) -> None:
    with (ROOT / CATALOGUE).with_suffix(".mo").open("rb") as file:
        compiled = told(read_mo(file))
    assert compiled == told(catalogue), "make messages compiles it"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sources elsewhere: what looks for messages writes what it finds beside them."""
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is not installed (Debian: gettext), so nothing finds the messages")
    place = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place)
    yield place
    shutil.rmtree(place)


def test_the_catalogue_has_the_messages_of_the_sources_and_no_others(
    catalogue: list[Message], copy: Path
) -> None:
    environment = os.environ | {"DEBUG": "1", "ALLIANCE_TRYOUT": "0", "ALLIANCE_VAR": str(copy)}
    environment.pop("DATABASE_URL", None)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "ja", "--no-obsolete"],
        cwd=copy,
        env=environment | {"DJANGO_SETTINGS_MODULE": "alliance.settings"},
        check=True,
        capture_output=True,
    )
    wanted = {(one.context, source_of(one)) for one in messages(copy / CATALOGUE)}
    there = {(one.context, source_of(one)) for one in catalogue}
    assert wanted - there == set(), "make messages adds them"
    assert there - wanted == set(), "make messages removes them"


GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "ngettext_lazy"}


def words_in_f_strings(source: str) -> list[int]:
    """Return the lines of f-strings in which words are translated: xgettext reads none of these."""
    return [
        call.lineno
        for string in ast.walk(ast.parse(source))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in GETTEXT
    ]


def test_no_words_are_hidden_from_the_catalogue_in_f_strings() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for folder in ("alliance", "recommendations")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := words_in_f_strings(path.read_text()))
    }
    assert found == {}
    assert words_in_f_strings("""print(f"{_('hidden')}")""") == [1]
