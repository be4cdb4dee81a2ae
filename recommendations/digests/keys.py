"""The keys that sign checkpoints: files beside the database, never in it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from .notes import BadNote, Signer, read_signer


class NoKey(Exception):
    """A file of a key that cannot be read."""


def signers() -> list[Signer]:
    """Return the configured keys: one, or two while one follows another."""
    return [_read(Path(path)) for path in settings.RECORD_KEY_FILES]


def _read(path: Path) -> Signer:
    try:
        return read_signer(path.read_text(encoding="ascii"))
    except (OSError, ValueError, BadNote) as error:
        raise NoKey(f"{path}: {error}") from error
