"""Texts of the record in the reader's language.

No language is the master: each text is in the language that it was written in, and a translation
stands beside it (docs/decisions/0005). What has none is shown as it was written, and says so.

The translations are kept in memory, as those of the interface are, and are read again when one of
them was changed: a page asks for them once, however many texts it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from asgiref.local import Local
from django.apps import apps
from django.conf import settings
from django.core.signals import request_started
from django.db import connections
from django.utils.translation import get_language

from alliance import replica
from alliance.prepared_statements import answer_of

from .scripts import language_of


@dataclass(frozen=True, slots=True)
class Said:
    """A text as a reader gets it. `language` is its own, whatever the reader's is."""

    text: str
    language: str
    is_original: bool = True
    is_confirmed: bool = True
    # The original was worded anew since somebody translated it.
    is_stale: bool = False


def say(text: str, kind: str, language: str | None = None) -> Said:
    """Return a text in a language, that of the reader if none is named, or else as it is.

    `kind` is the model and field that it comes from. The same words under another kind serve if
    there are none of this one.
    """
    language = language or get_language() or "en"
    written_in = language_of(text)
    if written_in in ("", language):
        return Said(text, language)
    found = _translated(text, kind, language) or Said(text, written_in)
    show(found)
    return found


def _translated(text: str, kind: str, language: str) -> Said | None:
    found = _memory().get((language, text))
    if not found:
        return None
    translated, is_confirmed, is_stale, _at = found.get(kind) or next(iter(found.values()))
    return Said(
        translated, language, is_original=False, is_confirmed=is_confirmed, is_stale=is_stale
    )


def show(said: Said) -> None:
    """Note that a page shows a text: whether it has a translation that nobody has confirmed."""
    _of_thread.has_drafts = has_drafts() or not said.is_confirmed


def versions(text: str, kind: str) -> list[Said]:
    """Return a text and its translations, that in the reader's language first. None is shown yet.

    Without a kind a text is never translated.
    """
    own = get_language() or "en"
    written_in = language_of(text) or own
    found = [Said(text, written_in)]
    for language, _label in settings.LANGUAGES if kind else ():
        if language != written_in and (said := _translated(text, kind, language)):
            found.append(said)
    return sorted(found, key=lambda said: said.language != own)


def plain(text: str, kind: str) -> str:
    """Return the bare words of a text in the reader's language, where there is no room for more."""
    if language_of(text) in ("", get_language() or "en"):
        return text
    return say(text, kind).text


def plain_texts(kind: str) -> Callable[[str], str]:
    """Return plain() for many texts of a kind in the active language.

    Most of them have no translation, and need not be looked at for the language they are in.
    """
    language, memory = get_language() or "en", _memory()
    return lambda text: plain(text, kind) if (language, text) in memory else text


def said_anew_at(text: str, kind: str) -> datetime | None:
    """Return when a text was last translated anew into the reader's language, if it ever was."""
    found = _memory().get((get_language() or "en", text)) if text else None
    return (found.get(kind) or next(iter(found.values())))[3] if found else None


def has_drafts() -> bool:
    """Whether this request said a translation that nobody has confirmed."""
    return getattr(_of_thread, "has_drafts", False)


def in_every_language(text: str, kind: str) -> Iterator[str]:
    """Yield a text and each of its translations."""
    yield text
    memory = _memory() if text else {}
    for language, _label in settings.LANGUAGES:
        if found := memory.get((language, text)):
            yield (found.get(kind) or next(iter(found.values())))[0]


# The memory -------------------------------------------------------------------------------------

# By language and original, then by kind: the translation, whether it is confirmed, or stale, and
# when it was changed.
Memory = dict[tuple[str, str], dict[str, tuple[str, bool, bool, datetime]]]
Stamp = tuple[object, ...]
_kept: tuple[Stamp, Memory] = ((), {})
_of_thread = Local()


def _memory() -> Memory:
    """Return all translations, as they were when this request, or this thread, began."""
    return _stamped_memory()[1]


def stamp() -> Stamp:
    """Return what is another one whenever a translation is, for whoever keeps what they say."""
    return _stamped_memory()[0]


def _stamped_memory() -> tuple[Stamp, Memory]:
    memory = getattr(_of_thread, "memory", None)
    if memory is None:
        memory = _of_thread.memory = _newest()
    return memory


CHANGES = "SELECT count(*), max(id), max(changed_at) FROM"


def _newest() -> tuple[Stamp, Memory]:
    global _kept
    translations = apps.get_model("recommendations", "Translation").objects
    table = translations.model._meta.db_table
    [now] = answer_of(connections[replica.being_read()], f"{CHANGES} {table}")
    if _kept[0] != now:
        memory: Memory = {}
        columns = ("language", "original", "kind", "text", "confirmed_at", "changed_from")
        rows = translations.values_list(*columns, "changed_at")
        for language, original, kind, text, at, old, changed_at in rows.iterator():
            told = (text, at is not None, bool(old), changed_at)
            memory.setdefault((language, original), {})[kind] = told
        _kept = (now, memory)
    return _kept


def forget(**kwargs) -> None:
    """Look for changes before the next text is said."""
    _of_thread.memory = None
    _of_thread.has_drafts = False


def connect() -> None:
    """Look for changes at the start of each request: another process may have made them.

    Whoever changes translations in this one calls forget().
    """
    request_started.connect(forget)
