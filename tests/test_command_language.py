"""Commands speak the language of the terminal, and store the same whatever it is."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.utils import translation

from recommendations import integrity
from recommendations.management.base import TerminalCommand, language_of_terminal
from recommendations.models import TrackerState

from .factories import published_action
from .test_killed_server import database_url

HARBOUR = settings.BASE_DIR / "fixtures/reports/bold_bullets.md"
OURS = sorted(
    (app, name) for name, app in get_commands().items() if app in ("alliance", "recommendations")
)
MISSING = {
    "ja_JP.UTF-8": "/nowhere.poを読み取れません：ファイルまたはフォルダーがありません。",
    "C.UTF-8": "/nowhere.po cannot be read: No such file or directory.",
    "fr_FR.UTF-8": "/nowhere.po cannot be read: No such file or directory.",
}


def manage(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as at a terminal, with these variables of the locale and no others."""
    locale = {"LC_ALL", "LC_MESSAGES", "LANG"}
    kept = {name: value for name, value in os.environ.items() if name not in locale}
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=kept
        | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONUTF8": "1", "COLUMNS": "300"}
        | {"DATABASE_URL": database_url()}
        | variables,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


# Which language --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "ja"}, "ja"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE@euro"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "../ja"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "C", "LC_ALL": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "", "LC_ALL": ""}, "ja"),
    ],
)
def test_language_is_that_of_the_posix_variables(variables: dict, language: str) -> None:
    assert language_of_terminal(variables) == language


def test_a_language_that_the_site_lacks_is_its_own(settings) -> None:
    settings.LANGUAGE_CODE = "ja"
    assert language_of_terminal({"LANG": "fr_FR.UTF-8"}) == "ja"


@pytest.mark.parametrize(("app", "name"), OURS)
def test_every_command_of_the_project_speaks_it(app: str, name: str) -> None:
    assert isinstance(load_command_class(app, name), TerminalCommand)


# At a terminal ---------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", MISSING)
def test_an_error_is_in_the_language_of_the_terminal(locale: str) -> None:
    run = manage("load_translations", "/nowhere.po", LANG=locale)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == f"CommandError: {MISSING[locale]}\n"


@pytest.mark.parametrize("arguments", [["rebuild", "--help"], ["help", "rebuild"]])
def test_help_is_in_the_language_of_the_terminal(arguments: list[str]) -> None:
    assert "公表済みの更新から作り直します。" in manage(*arguments, LANG="ja_JP.UTF-8").stdout
    assert "from the published updates." in manage(*arguments, LANG="C.UTF-8").stdout


@pytest.mark.django_db(transaction=True)
def test_what_the_check_finds_is_in_the_language_of_the_terminal() -> None:
    published_action()
    TrackerState.objects.update(last_edition=7)
    english, japanese = (manage("check_integrity", LANG=name) for name in ("C", "ja_JP.UTF-8"))
    assert (english.returncode, japanese.returncode) == (1, 1)
    assert english.stdout == "edition: last edition: is 7, should be 1\n"
    assert japanese.stdout == "版：最新の版：7ですが、正しくは1です\n"
    assert "1件見つかりました。" in japanese.stderr


@pytest.mark.django_db(transaction=True)
def test_an_import_is_told_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "nothing.md"
    path.write_text("Some words.\n", encoding="utf-8")
    for locale, note in (
        ("C.UTF-8", "! The file does not say the title: add it."),
        ("ja_JP.UTF-8", "! ファイルに題名が記されていません。追加してください。"),
    ):
        assert note in manage("import_report", path, "--dry-run", LANG=locale).stdout


# From within a program --------------------------------------------------------------------------


@pytest.mark.parametrize("variable", ["ja_JP.UTF-8", "C.UTF-8"])
def test_a_command_that_is_called_keeps_the_active_language(monkeypatch, variable: str) -> None:
    monkeypatch.setenv("LC_ALL", variable)
    for language, locale in (("ja", "ja_JP.UTF-8"), ("en", "C.UTF-8")):
        with translation.override(language), pytest.raises(CommandError) as refused:
            call_command("load_translations", "/nowhere.po")
        assert str(refused.value) == MISSING[locale]


@pytest.mark.django_db
def test_lines_of_an_outline_are_put_together_in_the_active_language() -> None:
    out = StringIO()
    with translation.override("ja"):
        call_command("import_report", HARBOUR, "--dry-run", stdout=out)
    first, authors = out.getvalue().splitlines()[:2]
    assert first.startswith("A Harbour for the Next Century：What")
    assert authors == "Ada Example、Ben Sample"
    # Codes are those of the JSON form.
    assert "1.1 Dredge the main channel  [lead]" in out.getvalue()


# What is stored --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_derived_is_the_same_in_any_language(baseline: None) -> None:
    with translation.override("ja"):
        call_command("rebuild", stdout=StringIO())
        assert list(integrity.differences()) == []
    assert list(integrity.differences()) == []


@pytest.mark.django_db
def test_a_dumped_catalogue_is_the_same_in_any_language(baseline: None) -> None:
    dumps = []
    for language in ("en", "ja"):
        out = StringIO()
        with translation.override(language):
            call_command("dump_translations", "us-japan-alliance-2024", "ja", stdout=out)
        lines = out.getvalue().splitlines()
        dumps.append([line for line in lines if "-Date: " not in line])
    assert dumps[0] == dumps[1]
