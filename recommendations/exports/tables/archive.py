"""The ZIP of an edition: every table as it told them, with all that it takes to read them.

The bytes are the same whenever it is made of the same rows. Wording, grouping and translations show
as they are when it is made, which is once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations.models import Edition
from recommendations.paths import path_of
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from .codebook import codebook_csv, codebook_markdown
from .licence import licence_sentence
from .package import data_package
from .reading import Pinned
from .registry import TABLES
from .source import Source
from .text_files import csv_parts, json_parts

# Raised when the files of an edition are to be made anew, with other fields or names.
FORMAT = 2
# The first moment that a ZIP can tell.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
# So many rows are put together while a reader waits.
MOST_AT_ONCE = 20_000


def viewpoint_of(edition: Edition) -> Viewpoint:
    return Viewpoint(on=edition.published_on, edition=edition)


def begun(edition: Edition, *, root: str) -> Pinned:
    """Return the tables as an edition told them, in the language of the record."""
    record = Record(viewpoint_of(edition))
    return Pinned.begin(Source(record, root=root, language=settings.LANGUAGE_CODE))


def name_of(edition: Edition, *, root: str) -> str:
    """Return the name of the file, which another record of the same numbers does not share."""
    said = (FORMAT, edition.number, edition.digest, edition.published_at, root)
    return f"edition-{edition.number}-{sha256(repr(said).encode()).hexdigest()[:16]}.zip"


def write_archive(path: Path, pinned: Pinned) -> None:
    """Write the ZIP, a chunk of a table in memory at a time."""
    assert pinned.edition
    at = pinned.edition.published_at.timetuple()[:6]
    with translation.override(settings.LANGUAGE_CODE), ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, make in _members(pinned):
            info = ZipInfo(name, max(at, LONG_AGO))
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            with archive.open(info, "w", force_zip64=True) as file:
                for part in make():
                    file.write(part)


Parts = Callable[[], Iterable[bytes]]


def _members(pinned: Pinned) -> Iterable[tuple[str, Parts]]:
    yield "README.md", lambda: [_readme(pinned).encode()]
    yield "LICENSE.txt", lambda: [f"{licence_sentence()}\n".encode()]
    yield "datapackage.json", lambda: [_descriptor(pinned)]
    for language, _name in settings.LANGUAGES:
        for ending, text in (("md", codebook_markdown), ("csv", codebook_csv)):
            yield f"codebook.{language}.{ending}", _in_language(language, text)
    for table in TABLES:
        yield f"{table}.csv", _csv_of(pinned, table)
        yield f"{table}.jsonl", _json_of(pinned, table)


def _in_language(language: str, text: Callable[[], str]) -> Parts:
    def parts() -> list[bytes]:
        with translation.override(language):
            return [text().encode()]

    return parts


def _csv_of(pinned: Pinned, table: str) -> Parts:
    return lambda: (text.encode() for text in csv_parts(pinned, table))


def _json_of(pinned: Pinned, table: str) -> Parts:
    return lambda: json_parts(pinned, table)


def _descriptor(pinned: Pinned) -> bytes:
    edition = pinned.edition
    package = data_package(
        pinned,
        path_of=lambda name: f"{name}.csv",
        home=page_of(pinned),
        title=f"{site_name()}: {edition}",
    )
    return f"{json.dumps(package, ensure_ascii=False, indent=2)}\n".encode()


def page_of(pinned: Pinned) -> str:
    assert pinned.edition
    return pinned.source.address(path_of("recommendations:edition", pinned.edition.number))


def _readme(pinned: Pinned) -> str:
    edition, source = pinned.edition, pinned.source
    assert edition
    number = edition.number
    record = source.address(path_of("recommendations:edition_record", number))
    lines = [
        f"# {site_name()}: {edition}",
        _("Every table of the record as edition %(number)d told it on %(day)s.")
        % {"number": number, "day": edition.published_on.isoformat()},
        _("Its digest (SHA-256) is %(digest)s. What it was digested from: %(address)s")
        % {"digest": pinned.digest or _("not recorded"), "address": record},
        _(
            "What the fields mean stands in the codebook, in English and in Japanese. CSV and "
            "JSON Lines have the same rows; datapackage.json describes the CSV files."
        ),
        _("Wording, grouping and translations are those of the day on which this file was made."),
        licence_sentence(),
    ]
    return "\n\n".join(lines) + "\n"
