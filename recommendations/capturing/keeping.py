"""Copies as files, each under the SHA-256 of what it holds: what is read is what was kept."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from .warcs import BadCopy

STORAGE = "captures"
SUFFIX = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)*")
NAME = re.compile(r"[0-9a-f]{2}/(?P<sha256>[0-9a-f]{64})\.[a-z0-9.]+")


class Kept(NamedTuple):
    """Where a copy is in the storage, the SHA-256 of its bytes, and how many there are."""

    name: str
    sha256: str
    size: int


def keep(data: bytes, *, suffix: str) -> Kept:
    """Write a copy, whole or not at all; one that is there already is left as it is.

    `suffix` is what its name ends with, such as `warc.gz` or `pdf`. Raises OSError, or what the
    storage of a service raises.
    """
    if not SUFFIX.fullmatch(suffix):
        raise ValueError(suffix)
    sha256 = hashlib.sha256(data).hexdigest()
    name = f"{sha256[:2]}/{sha256}.{suffix}"
    if not _storage().exists(name):
        name = _storage().save(name, ContentFile(data))
    return Kept(name, sha256, len(data))


def kept(name: str) -> bytes:
    """Return a copy. Raises BadCopy if it is not there, or no more what was kept."""
    match = NAME.fullmatch(name)
    if not match:
        raise BadCopy("This is no name of a copy.")
    try:
        with _storage().open(name) as file:
            data = file.read()
    except FileNotFoundError as error:
        raise BadCopy("This copy is not there.") from error
    if hashlib.sha256(data).hexdigest() != match["sha256"]:
        raise BadCopy("This copy is not what was kept: it was changed or damaged.")
    return data


def remove(name: str) -> None:
    """Delete a copy; one that is gone already is no error. Raises BadCopy for no name of one."""
    if not NAME.fullmatch(name):
        raise BadCopy("This is no name of a copy.")
    _storage().delete(name)


def _storage() -> Storage:
    return storages[STORAGE]
