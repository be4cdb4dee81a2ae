"""What is loaded is not looked through again and again, and memory is given back all the same."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest

from alliance.memory import YOUNG, settle


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


AS_SERVED = {
    "DJANGO_SETTINGS_MODULE": "alliance.settings",
    **{"DEBUG": "1", "ALLIANCE_TRYOUT": "0", "CACHE_URL": "", "OIDC_SERVER_URL": ""},
}
NEEDED_BY_SOME = {
    *("docx", "lxml", "xlsxwriter", "icalendar", "fontTools", "resvg_py"),
    *("redis", "requests", "warcio"),
}


class Knot:
    itself: Knot


def test_what_is_loaded_is_looked_through_no_more():
    settle()
    assert gc.get_freeze_count() > YOUNG
    assert gc.get_threshold()[0] == YOUNG


def test_what_comes_later_is_still_found():
    settle()
    knot = Knot()
    knot.itself = knot
    gone = weakref.ref(knot)
    del knot
    kept = [[] for _n in range(2 * YOUNG)]
    assert gone() is None
    assert kept


def test_a_worker_loads_no_library_that_only_some_answers_need():
    """What is loaded stays: these take 1 to 7 MB of each process."""
    asks = "import sys, alliance.wsgi, alliance.urls; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", asks],
        env={**os.environ, **AS_SERVED},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "recommendations.views" in loaded
    assert not NEEDED_BY_SOME & set(loaded)
