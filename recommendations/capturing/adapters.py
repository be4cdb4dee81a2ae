"""Adapters of APIs as editors type them: JSON, read strictly."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from .feeds import Adapter
from .json_feeds import PLACE

# Names as they stand in an answer, and numbers of places in a list.
PATH = re.compile(r"[^.{}\s]{1,80}(\.[^.{}\s]{1,80}){0,9}")
NAMES = ("title", "address", "items", "key", "published", "text")


class AdapterProblem(ValueError):
    """Why an adapter cannot be, as a sentence that says what to do."""


def adapter_of(said: Any) -> Adapter:
    """Return the adapter that JSON says. Raises AdapterProblem."""
    try:
        adapter = msgspec.convert(said, type=Adapter)
    except msgspec.ValidationError as error:
        known = ", ".join(NAMES)
        problem = _(
            "The adapter is an object of texts. It can have: %(known)s. It needs the first two."
        )
        raise AdapterProblem(problem % {"known": known}) from error
    for name in NAMES:
        _judge(name, getattr(adapter, name))
    return adapter


def _judge(name: str, written: str) -> None:
    """Raise AdapterProblem for what is no path; an address may also have paths in it."""
    if name == "address" and "{" in written:
        places = PLACE.findall(written)
        rest = PLACE.sub("", written)
        is_good = written.startswith("https://") and not re.search(r"[{}\s]", rest)
        if is_good and places and all(map(PATH.fullmatch, places)):
            return
    elif PATH.fullmatch(written) or (not written and name not in ("title", "address")):
        return
    raise AdapterProblem(
        _(
            "“%(name)s” of the adapter is no path: write names with dots between them, such as "
            "data.title. An address may also be https://example.org/{data.id}."
        )
        % {"name": name}
    )
