"""An answer has room for its frames, and is the same."""

from __future__ import annotations

from alliance.frames import PLACES, with_room
from alliance.wsgi import application


def deep(n: int) -> int:
    return 1 + deep(n - 1) if n else 0


def test_what_is_answered_and_raised_stays():
    assert with_room(lambda environ, start: [environ, start])("environ", "start") == [
        "environ",
        "start",
    ]
    assert with_room(deep)(800) == 800


def test_the_application_has_room():
    assert application.__code__.co_stacksize == PLACES
