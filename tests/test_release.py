"""The id of a release: the same wherever the same program runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alliance.release import id_of_files, release_id


@pytest.fixture
def make_program(tmp_path):
    def make(name: str, *, page: str = "<p>One</p>", age: int = 0) -> Path:
        root = tmp_path / name
        files = {
            "pyproject.toml": '[project]\nversion = "1.2.3"\n',
            "requirements.lock": "django==5.2\n",
            "alliance/settings.py": "DEBUG = False\n",
            "recommendations/urls.py": "urlpatterns = []\n",
            "templates/base.html": page,
        }
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content)
            os.utime(root / path, (age, age))
        return root

    return make


def test_two_hosts_with_the_same_files_agree(make_program) -> None:
    one, other = make_program("one", age=1), make_program("other", age=2_000_000_000)
    (other / "alliance" / "__pycache__").mkdir()
    (other / "alliance" / "__pycache__" / "settings.cpython-313.pyc").write_bytes(b"1")
    assert id_of_files(one) == id_of_files(other)
    assert id_of_files(one).startswith("1.2.3+")


def test_a_changed_file_makes_another_release(make_program) -> None:
    changed = make_program("changed", page="<p>Two</p>")
    assert id_of_files(make_program("one")) != id_of_files(changed)


def test_a_package_of_another_version_makes_another_release(make_program) -> None:
    one, other = make_program("one"), make_program("other")
    (other / "requirements.lock").write_text("django==5.3\n")
    assert id_of_files(one) != id_of_files(other)


def test_a_name_for_the_release_comes_first(settings) -> None:
    release_id.cache_clear()
    settings.RELEASE = "2026-11-28"
    try:
        assert release_id() == "2026-11-28"
    finally:
        release_id.cache_clear()
