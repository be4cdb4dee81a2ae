"""What a reviewer handed back, kept so that what changed since can be shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import models

from recommendations.models import Evidence, ReturnedVersion, StatusUpdate
from recommendations.models.evidence import SOURCE_FIELDS
from recommendations.models.fields import column_of, typed_fields

TYPED = typed_fields(StatusUpdate, without=("action",))
Content = dict[str, Any]


def keep_returned(update: StatusUpdate, *, by: User, note: str, at: datetime) -> ReturnedVersion:
    return ReturnedVersion.objects.create(
        update=update, note=note, returned_by=by, returned_at=at, content=content_of(update)
    )


def content_of(update: StatusUpdate) -> Content:
    """Return all that its authors wrote, as JSON (two queries)."""
    return {
        "update": _texts_of(update, TYPED),
        "relies_on": sorted(str(other) for other in update.relies_on.all()),
        "evidence": [_texts_of(item, SOURCE_FIELDS) for item in update.evidence.all()],
    }


def as_it_was(returned: ReturnedVersion) -> tuple[StatusUpdate, list[Evidence]]:
    """Return rows as they were handed back. They are stored nowhere."""
    return rows_of(returned.content)


def rows_of(content: Content) -> tuple[StatusUpdate, list[Evidence]]:
    """Return what content_of() told, as rows that are stored nowhere."""
    update = _row_of(StatusUpdate, content["update"])
    return update, [_row_of(Evidence, item) for item in content["evidence"]]


def _texts_of(row: models.Model, names: tuple[str, ...]) -> dict[str, str | None]:
    texts = {}
    for name in names:
        field = column_of(type(row), name)
        is_empty = field.value_from_object(row) is None
        texts[name] = None if is_empty else field.value_to_string(row)
    return texts


def _row_of(model: type[models.Model], texts: dict[str, str | None]) -> Any:
    """Return a row of what is known of it: a field that came later keeps its default."""
    names = {field.name for field in model._meta.concrete_fields}
    known = {name: text for name, text in texts.items() if name in names}
    return model(**{name: column_of(model, name).to_python(text) for name, text in known.items()})
