"""A folder of files that only the user who runs the project may read, as a storage of Django's."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class PrivateStorage(FileSystemStorage):
    """Files are named after what they hold, so one that is there is the one that is saved.

    A file is there whole or not at all: it is written beside its place and moved there.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def url(self, name: str | None) -> str:
        """Raise ValueError: no address of a web server leads there."""
        raise ValueError("A private file has no URL: it is sent by a view, to whom it may be.")

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        if path.exists():
            return name
        _make_private_folder(path.parent, up_to=Path(self.location))
        beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        # The mode is given at creation; a chmod after writing would leave a moment to read it.
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        return name


def _make_private_folder(folder: Path, *, up_to: Path) -> None:
    """`mkdir` gives its mode to the last folder alone, and parents are made open."""
    if folder.is_dir():
        return
    if folder != up_to:
        _make_private_folder(folder.parent, up_to=up_to)
    else:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
