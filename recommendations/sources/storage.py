"""Where copies of sources are kept: a folder that no server hands out, or a store of others."""

from __future__ import annotations

from django.core.files.storage import Storage, storages

# The name of the store in STORAGES.
ALIAS = "captures"


def copies() -> Storage:
    return storages[ALIAS]


def name_of(sha256: str) -> str:
    """Return where a copy stands: two equal copies are one file."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
