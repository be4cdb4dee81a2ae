"""What a page says of itself, as far as a source can say it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models

from recommendations import acts
from recommendations.capturing.answers import Page
from recommendations.models import Source
from recommendations.models.act import Event
from recommendations.models.fields import column_of

READ = ("title", "publisher", "language")


def words_of(page: Page) -> dict[str, Any]:
    """Return title, publisher, language and date as they can be stored: what cannot is left out."""
    found: dict[str, Any] = {}
    for name in READ:
        words = " ".join(str(getattr(page, name)).split())
        column = column_of(Source, name)
        words = words[: column.max_length or None]
        if words and storable(column, words):
            found[name] = words
    if page.published_on:
        dated = Source(published_precision=page.published_precision)
        if storable(column_of(Source, "published_on"), page.published_on, dated):
            found["published_on"] = page.published_on
            found["published_precision"] = page.published_precision
    return found


def storable(column: models.Field, value: Any, row: models.Model | None = None) -> bool:
    try:
        column.clean(value, row)
    except ValidationError:
        return False
    return True


def fill_source(source: Source, words: dict[str, Any], *, by: User | None) -> list[str]:
    """Write words into what a source does not say, and return the names of what was filled.

    Each is written only if it is still empty: what somebody types meanwhile stays.
    """
    empty: dict[str, Any] = {"published_on": None}
    filled = []
    for name, value in words.items():
        if name == "published_precision":
            continue
        values = {name: value}
        if name == "published_on":
            values["published_precision"] = words["published_precision"]
        still_empty = Source.objects.filter(pk=source.pk, **{name: empty.get(name, "")})
        if still_empty.update(**values):
            filled.append(name)
    if filled:
        detail = f"filled from a copy: {', '.join(filled)}"
        acts.note(Event.SOURCE, person=by, subject=acts.name_of(source), detail=detail)
    return filled
