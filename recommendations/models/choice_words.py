"""The words of the codes that rows have, looked up once for each language."""

from __future__ import annotations

from typing import Any

from django.db.models import Field
from django.utils.encoding import force_str
from django.utils.hashable import make_hashable

from recommendations.text.kept import kept_by_language


class ChoiceWords:
    """A model whose `get_…_display()` do not go through all choices of the column each time."""

    def _get_FIELD_display(self, field: Field) -> Any:
        # Django's hook for these methods.
        return _word(field, getattr(self, field.attname))


@kept_by_language
def _word(field: Field, value: Any) -> Any:
    choices: Any = field.flatchoices
    words = dict(make_hashable(choices))
    return force_str(words.get(value, value), strings_only=True)
