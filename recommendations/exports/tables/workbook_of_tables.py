"""All tables of the record as one workbook, a sheet each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations.exports.workbook import Book, Sheet
from recommendations.figures.caveats import Caveat, caveat_text, caveats_of_record
from recommendations.figures.site_reports import has_several_reports
from recommendations.models import Edition
from recommendations.record import Record
from recommendations.text.punctuation import colon
from recommendations.viewpoint import Viewpoint

from .licence import licence_sentence
from .reading import Pinned
from .registry import TABLES


def write_workbook(path: Path, pinned: Pinned, *, address: str) -> None:
    """Write the tables into a file. `address` is where they are told about."""
    record = pinned.source.record
    caveats = caveats_of_record(record)
    about = about_pairs(record, pinned.edition, caveats=caveats, address=address)
    about += [(name, str(table.description)) for name, table in TABLES.items()]
    book = Book(path, site_name(), about, made_at(record.viewpoint, pinned.edition))
    book.write(_sheets(pinned))


def _sheets(pinned: Pinned) -> Iterator[Sheet]:
    for name, table in TABLES.items():
        rows = (msgspec.structs.astuple(row) for row in pinned.rows(name))
        yield Sheet(name, table.row.__struct_fields__, rows)


def about_pairs(
    record: Record, edition: Edition | None, *, caveats: Iterable[Caveat], address: str
) -> list[tuple[str, str]]:
    """Return what a workbook says of itself: licence, edition, digest, day, caveats and address.

    `caveats` are those of its own rows.
    """
    pairs = [
        (_("Licence"), licence_sentence()),
        (_("Edition"), str(edition.number) if edition else _("none")),
        (_("Digest (SHA-256)"), (edition.digest if edition else "") or _("not recorded")),
        (_("As of"), record.viewpoint.on.isoformat()),
    ]
    is_named = has_several_reports(record)
    pairs += [(_("Caveat"), _caveat(one, is_named=is_named)) for one in caveats]
    return [*pairs, (_("Address"), address)]


def _caveat(caveat: Caveat, *, is_named: bool) -> str:
    said = _("%(n)d of %(total)d verifiable actions: %(caveat)s.") % {
        "n": caveat.n,
        "total": caveat.total,
        "caveat": caveat_text(caveat.edition),
    }
    return f"{caveat.report.full_title}{colon()}{said}" if is_named else said


def made_at(viewpoint: Viewpoint, edition: Edition | None) -> datetime:
    """Return the moment that a file gives as its own, so that it says no more than its rows."""
    if edition:
        return edition.published_at
    return datetime.combine(viewpoint.on, time(), tzinfo=UTC)
