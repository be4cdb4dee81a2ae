"""What is said again and again in the same words, kept for each language."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from alliance.active_language import active_translation

P = ParamSpec("P")
T = TypeVar("T")


def kept_by_language(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function returns, for each language and its arguments.

    It is for functions of hashable arguments and the active language alone, such as those that put
    the word of a status together with its glyph. What they need must not come from the database:
    nothing here is ever forgotten but by age. A safe string and the same words that are to be
    escaped are kept apart (`typed`).
    """

    def in_language(_translation: object, *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)

    kept: Callable[..., T] = lru_cache(maxsize=4_096, typed=True)(in_language)

    @wraps(function)
    def in_language_of_page(*args: P.args, **kwargs: P.kwargs) -> T:
        return kept(active_translation(), *args, **kwargs)

    return in_language_of_page
