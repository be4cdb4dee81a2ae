"""What was fetched along with a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models


def fetched(owner: models.Model, name: str) -> Iterable[Any]:
    """Return what `.all()` of a relation gives: what was fetched, without a manager for it.

    Making the manager takes longer than all else that a square of a dashboard does.
    """
    kept: dict[str, Iterable[Any]] = owner.__dict__.get("_prefetched_objects_cache", {})
    found = kept.get(name)
    return getattr(owner, name).all() if found is None else found
