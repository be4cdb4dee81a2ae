"""A played web behind the pages of the staff: what they have fetched comes from it, and is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from alliance.private_storage import PrivateStorage
from recommendations.capturing import sandbox

from .server import Answer, Served, serving


@contextmanager
def played(
    monkeypatch: pytest.MonkeyPatch, answers: Mapping[str, Answer] | Answer, *hosts: str
) -> Iterator[Served]:
    """Answer whatever is fetched from these hosts meanwhile; others have no such name."""
    with serving(answers) as server:
        child = ("-m", "tests.played_web.child", str(server.port), *hosts)
        monkeypatch.setattr(sandbox, "CHILD", child)
        yield server


def keep_copies_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PrivateStorage(location=folder)
    for module in ("captures", "removals"):
        monkeypatch.setattr(f"recommendations.sources.{module}.copies", lambda: store)
