"""Asks the index as pages do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from recommendations.figures.facets import Totals, totals_of
from recommendations.filters import RecommendationFilterSet
from recommendations.filters.selection import Selection
from recommendations.index.keeping import opened_at

from .test_killed_server import database_url

BEGINNING = """
import sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
settings.INDEX_DIR = Path(sys.argv[1])
"""


@contextmanager
def selected(filterset: RecommendationFilterSet) -> Iterator[Selection]:
    with opened_at(filterset.viewpoint) as index:
        yield Selection(filterset, index)


def counted(filterset: RecommendationFilterSet) -> Totals:
    with selected(filterset) as selection:
        return totals_of(selection)


def listed(filterset: RecommendationFilterSet) -> list[int]:
    with selected(filterset) as selection:
        return list(selection.all_keys())


def another_process(code: str, folder: Path, *args: str) -> subprocess.Popen[str]:
    """Start a process of its own on the database of the test, with an index in a folder."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", BEGINNING + code, str(folder), *args],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> str:
    """Return what a process said, once it has ended well."""
    said, error = process.communicate(timeout=600)
    assert process.returncode == 0, error
    return said
