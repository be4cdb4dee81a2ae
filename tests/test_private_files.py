import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from alliance.private_files import read_or_make_secret, write_private


def test_private_file_is_for_its_owner_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "new" / "file", "text")
    finally:
        os.umask(before)
    assert (tmp_path / "new" / "file").stat().st_mode & 0o777 == 0o600


def test_private_file_is_never_overwritten(tmp_path: Path) -> None:
    write_private(tmp_path / "file", "first")
    with pytest.raises(FileExistsError):
        write_private(tmp_path / "file", "second")
    assert (tmp_path / "file").read_text() == "first"


def test_private_file_does_not_follow_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_private(tmp_path / "link", "text")
    assert not (tmp_path / "elsewhere").exists()


def test_empty_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    with pytest.raises(ImproperlyConfigured, match="is empty"):
        read_or_make_secret(tmp_path / "secret")
