"""Files under var/ that only the user who runs the project may read."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def write_private(path: Path, text: str) -> None:
    """Refuses an existing file: what it holds may be the only copy."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The mode is given at creation; a chmod after writing would leave a moment to read it.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def read_or_make_secret(path: Path) -> str:
    if not path.exists():
        write_private(path, secrets.token_urlsafe(64) + "\n")
    secret = path.read_text(encoding="utf-8").strip()
    if not secret:
        raise ImproperlyConfigured(f"{path} is empty. Delete it and a new one is made.")
    return secret
