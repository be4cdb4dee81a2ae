"""Two versions of one draft, told apart field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommendations.models import Evidence, StatusUpdate
from recommendations.models.evidence import SOURCE_FIELDS

from .forms import DraftForm


@dataclass(frozen=True, slots=True)
class VersionDifference:
    label: str
    yours: str
    stored: str


def version_differences(
    form: DraftForm, items: Iterable[Evidence], stored: StatusUpdate
) -> list[VersionDifference]:
    """Return where a valid form and the stored draft differ (two queries)."""
    found = []
    for name in form.Meta.fields:
        if name not in form.fields:
            continue
        yours, theirs = form.cleaned_data[name], getattr(stored, name)
        if name == "relies_on":
            yours, theirs = sorted(map(str, yours)), sorted(map(str, theirs.all()))
        if yours != theirs:
            found.append(
                VersionDifference(str(form.fields[name].label), _shown(yours), _shown(theirs))
            )
    yours, theirs = _contents(items), _contents(stored.evidence.all())
    if yours != theirs:
        found.append(VersionDifference(_("Evidence"), _listed(yours), _listed(theirs)))
    return found


def _contents(items: Iterable[Evidence]) -> list[tuple]:
    return [tuple(getattr(item, name) for name in SOURCE_FIELDS) for item in items]


def _listed(contents: Iterable[tuple]) -> str:
    return "\n".join(" · ".join(str(part) for part in one if part) for one in contents)


def _shown(value: object) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value or "")
