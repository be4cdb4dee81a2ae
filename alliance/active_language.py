"""Where Django keeps the active language, read in a tenth of the time.

A page asks some sixteen hundred times which language it is in. Django keeps the answer in a `Local`
of asgiref, which looks for its storage, and for the thread that this is of, each time: a tenth of
the time of a page. A context variable tells the same, for each thread and each task apart.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.utils.translation import get_language, trans_real

_NONE = object()


class ActiveTranslation:
    """Stands for `trans_real._active`: one attribute, `value`, which may be set or not."""

    def __init__(self) -> None:
        self._kept: ContextVar[Any] = ContextVar("active translation", default=_NONE)

    @property
    def value(self) -> Any:
        found = self._kept.get()
        if found is _NONE:
            raise AttributeError("No language is active.")
        return found

    @value.setter
    def value(self, translation: Any) -> None:
        self._kept.set(translation)

    @value.deleter
    def value(self) -> None:
        self._kept.set(_NONE)


def active_translation() -> object:
    """Return the texts of the active language, as a key for what is kept by language.

    They are never those of another one. To ask which language it is takes three times as long.
    """
    found = trans_real._active  # type: ignore[attr-defined]
    return getattr(found, "value", None) or get_language()


def connect() -> None:
    """Keep it so from now on, beginning with the language that is active."""
    before = trans_real._active  # type: ignore[attr-defined]
    if isinstance(before, ActiveTranslation):
        return
    active = ActiveTranslation()
    if hasattr(before, "value"):
        active.value = before.value
    trans_real._active = active  # type: ignore[attr-defined]
