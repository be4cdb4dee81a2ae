"""Tests of two lengths: short in the suite, long in `make check-long`. Both ask the same.

A short form has fewer examples of each kind, and no kind fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from alliance.environment import env_flag

Test = TypeVar("Test", bound=Callable[..., Any])

IS_LONG = env_flag("LONG_FORMS")

# What `make check-long` chooses.
has_long_form = pytest.mark.has_long_form


def examples(*, short: int, long: int, **options: Any) -> Callable[[Test], Test]:
    """Decorate a test of random examples with how many it takes."""
    number = long if IS_LONG else short

    def decorate(test: Test) -> Test:
        return has_long_form(settings(max_examples=number, **options)(test))

    return decorate


def each(cases: Sequence[Any], *, step: int) -> Sequence[Any]:
    """Return the cases, in the short form every so manyth of them, from the first on."""
    return cases if IS_LONG else cases[::step]


def pairs(ones: Sequence[Any], others: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Return each with each, in the short form as few as name every one of both."""
    if IS_LONG:
        return [(one, other) for one in ones for other in others]
    number = max(len(ones), len(others))
    return [(ones[n % len(ones)], others[n % len(others)]) for n in range(number)]
