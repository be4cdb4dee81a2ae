"""Copies of sources: what evidence names is recorded, and what is kept is there as it was taken in.

Nothing can derive a copy again. One that is damaged or lost needs a backup of its store.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from recommendations.models import Capture, Evidence
from recommendations.sources.captures import is_there, is_whole

from .difference import Difference


def differences() -> Iterator[Difference]:
    """Yield the evidence in the record that names a copy which no row describes."""
    copies = Capture.objects.filter(source=OuterRef("source"), sha256=OuterRef("capture_sha256"))
    items = Evidence.objects.filter(update__edition__isnull=False).exclude(capture_sha256="")
    lost = items.exclude(Exists(copies)).order_by("update__edition", "pk")
    for slug, position in lost.values_list("update__slug", "position"):
        detail = _("item %(position)d names a copy that is not recorded") % {"position": position}
        yield Difference("copy", slug, detail)


def damaged_files(*, are_read: bool) -> Iterator[Difference]:
    """Yield the kept copies whose file is not there, or not of its size.

    With `are_read` each file is read and its SHA-256 compared: as long as a copy of all takes.
    """
    for capture in Capture.objects.kept().order_by("pk").iterator():
        if not is_there(capture):
            detail = _("its file is not there, or of another size")
        elif are_read and not is_whole(capture):
            detail = _("its file is not what was taken in")
        else:
            continue
        yield Difference("copy", capture.sha256, detail)
