"""docs/code.md is a map of the code as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MAP = (ROOT / "docs/code.md").read_text(encoding="utf-8")
APP, PROJECT = MAP.partition("| folder of the project |")[::2]
# What is no place to look for code: the entry points of Python and Django.
NO_PLACES = {"__init__.py", "apps.py", "urls.py", "admin_site.py", "__pycache__"}


def named_in(table: str) -> set[str]:
    """The folders and modules in the first column of a table."""
    cells = re.findall(r"^\| (`.+?`) \|", table, re.M)
    return {name.strip("/") for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_folder_and_module_of_the_app_is_on_the_map() -> None:
    there = {path.name for path in (ROOT / "recommendations").iterdir()} - NO_PLACES
    named = {name.partition("/")[0] for name in named_in(APP.partition("## The flows")[0])}
    assert named == there


def test_every_folder_of_the_project_is_on_the_map() -> None:
    named = named_in(PROJECT.partition("## The flows")[0]) | {"recommendations"}
    there = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in ("var", "build")
    }
    assert named == there


# A module or folder, perhaps with a name in it: `filters/filterset.py`, `periods.store.refresh`.
PLACES = re.compile(r"`((?:[a-z_]+[/.])+[A-Za-z_]*(?:\.py|\.css|\.md)?)`")
NO_PATHS = {"manage.py", "triggers.around", "publishing.begin"}


@pytest.mark.parametrize("place", sorted(set(PLACES.findall(MAP)) - NO_PATHS))
def test_every_place_that_the_map_names_is_there(place: str) -> None:
    if "/" in place or place.endswith((".py", ".css", ".md")):
        roots = [ROOT, ROOT / "recommendations", ROOT / "recommendations/static/recommendations"]
        roots += [ROOT / "recommendations/importing"]
        assert any((root / place).exists() for root in roots), place
        return
    module, _dot, name = place.rpartition(".")
    path = ROOT / "recommendations" / module.replace(".", "/")
    files = [f for f in (path.with_suffix(".py"), path / "__init__.py") if f.exists()]
    known = [(path / f"{name}.py"), (path / name)] if path.is_dir() else []
    assert any(one.exists() for one in known) or any(
        re.search(rf"\b{name}\b", file.read_text(encoding="utf-8")) for file in files
    ), place
