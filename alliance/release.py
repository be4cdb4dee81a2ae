"""Which release of the program answers."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings

PARTS = ("alliance", "recommendations", "templates")
SUFFIXES = (".py", ".html", ".css", ".js", ".svg", ".mo")
# The version, and the packages that pages are made with.
PACKAGING = ("pyproject.toml", "requirements.lock")


@cache
def release_id() -> str:
    """Return what changes when the program does, the same on all hosts that run it.

    It is what RELEASE says, or else the version and a digest of the program's files.
    """
    return settings.RELEASE or id_of_files(settings.BASE_DIR)


def id_of_files(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(_files(root)):
        name = path.relative_to(root).as_posix()
        content = path.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    return f"{version}+{digest.hexdigest()[:16]}"


def _files(root: Path) -> list[Path]:
    found = [path for part in PARTS for path in (root / part).rglob("*")]
    return [root / name for name in PACKAGING] + [p for p in found if p.suffix in SUFFIXES]
