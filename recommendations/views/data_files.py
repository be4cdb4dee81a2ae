"""The record as files: each table, all of them as a workbook, and the ZIP of each edition."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.exports import kept_files
from recommendations.exports.kept_files import FileBeingMade
from recommendations.exports.tables import archive
from recommendations.exports.tables.reading import Pinned, least_rows
from recommendations.exports.tables.source import Source
from recommendations.exports.tables.text_files import csv_parts, json_parts
from recommendations.exports.tables.workbook_of_tables import write_workbook
from recommendations.exports.workbook import MOST_ROWS
from recommendations.index.keeping import is_large
from recommendations.models import Edition
from recommendations.record import Record
from recommendations.web import made_aside
from recommendations.web.conditional import revalidated
from recommendations.web.data_files import (
    CSV,
    JSON_LINES,
    XLSX,
    ZIP,
    file_name,
    whole,
)
from recommendations.web.errors import BadAddress
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

logger = logging.getLogger(__name__)


def root_of(request: HttpRequest) -> str:
    """Return the address of the site as it is known outside, or as it was asked for."""
    return settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")


def source_of(request: PublicRequest) -> Source:
    root = request.build_absolute_uri("/").rstrip("/")
    return Source(Record(request.viewpoint), root=root)


@require_safe
@revalidated
@strict(is_file=True)
def table_csv(request: PublicRequest, table: str) -> HttpResponseBase:
    pinned = Pinned.begin(source_of(request), [table])
    name = file_name(table, pinned, request.viewpoint, "csv")
    parts = csv_parts(pinned, table)
    return made_aside.text(request, parts, n=len(pinned), content_type=CSV, name=name)


@require_safe
@revalidated
@strict(is_file=True)
def table_jsonl(request: PublicRequest, table: str) -> HttpResponseBase:
    pinned = Pinned.begin(source_of(request), [table])
    name = file_name(table, pinned, request.viewpoint, "jsonl")
    parts = json_parts(pinned, table)
    return made_aside.text(request, parts, n=len(pinned), content_type=JSON_LINES, name=name)


@require_safe
@revalidated
@strict(is_file=True)
def record_workbook(request: PublicRequest) -> HttpResponseBase:
    """Answer with all tables as sheets, unless they are more than a workbook takes."""
    source, data = source_of(request), reverse("recommendations:data")
    # Of a very large record not even the keys of all rows are read.
    refuse_too_many(least_rows(source), csv=data)
    pinned = Pinned.begin(source)
    refuse_too_many(len(pinned), csv=data)
    address = request.build_absolute_uri()
    name = file_name("record", pinned, request.viewpoint, "xlsx")
    return made_aside.workbook(
        request,
        lambda part: write_workbook(part, pinned, address=address),
        n=len(pinned),
        content_type=XLSX,
        name=name,
    )


def refuse_too_many(n: int, *, csv: str) -> None:
    if n > MOST_ROWS:
        sentence = _("%(n)d rows are more than the %(most)d that a workbook takes. As CSV: %(csv)s")
        raise BadAddress([sentence % {"n": n, "most": MOST_ROWS, "csv": csv}])


@require_safe
@revalidated
@strict(is_file=True)
def edition_archive(request: PublicRequest, number: int) -> HttpResponseBase:
    """Answer with the ZIP of an edition, which is made once. A large one is made aside.

    Raises FileBeingMade.
    """
    edition = get_object_or_404(Record(request.viewpoint).editions(), number=number)
    root = root_of(request)
    path, is_kept = _archive_of(edition, root)
    return whole(path, ZIP, f"edition-{number}.zip", is_kept=is_kept)


def _archive_of(edition: Edition, root: str) -> tuple[Path, bool]:
    """Return the file, and whether it is kept. Raises FileBeingMade."""
    name = archive.name_of(edition, root=root)
    if path := kept_files.known(name):
        return path, True
    if is_large():
        _leave_to_another_process(edition, root)
    pinned = archive.begun(edition, root=root)
    if len(pinned) > archive.MOST_AT_ONCE:
        _leave_to_another_process(edition, root)

    def make(part: Path) -> None:
        archive.write_archive(part, pinned)

    try:
        return kept_files.made(name, make), True
    except OSError as error:
        logger.warning("The file of edition %d cannot be kept: %s", edition.number, error)
        return kept_files.made_aside(make, ".zip"), False


def _leave_to_another_process(edition: Edition, root: str) -> NoReturn:
    kept_files.start_making("--edition", str(edition.number), "--root", root)
    raise FileBeingMade(f"edition {edition.number}")
