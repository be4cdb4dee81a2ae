"""What rows say that cannot be, or that nothing here is called: noted by row and cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from recommendations.importing.tables.breakdown import ReadRecommendation
from recommendations.importing.tables.heads import folded
from recommendations.importing.tables.mapping import Role
from recommendations.importing.tables.rows import ProblemKind, Reader, ReadRow
from recommendations.models import Evidence, PolicyArea
from recommendations.models.action import ActionKind
from recommendations.statuses import first_day
from recommendations.statuses.possible_dates import bounds_problem, deadline_problem
from recommendations.text.languages import in_every_language

from .matching import is_cut


def check_dates(
    reader: Reader,
    found: Iterable[ReadRecommendation],
    reported_on: Mapping[str, date | None],
    *,
    on: date,
) -> None:
    """Note dates that cannot be: too early or late, to come, or over before the report came out.

    `reported_on` is by the names of the reports in the table.
    """
    for one in found:
        for action in one.actions:
            _check_row(reader, action.said, reported_on.get(one.report), on)


def _check_row(reader: Reader, row: ReadRow, reported_on: date | None, on: date) -> None:
    if row.due and bounds_problem(row.due.on):
        reader.wrong(row.row, reader.column("due"), "impossible_year", row.due_words)
        row.due = None
    if row.due and reported_on and deadline_problem(*row.due, reported_on=reported_on):
        reader.wrong(row.row, reader.column("due"), "before_report", row.due_words)
        row.due = None
    if row.since and bounds_problem(row.since.on):
        reader.wrong(row.row, reader.column("since"), "impossible_year", row.since_words)
        row.since = None
    if row.since and first_day(*row.since) > on:
        reader.wrong(row.row, reader.column("since"), "date_to_come", row.since_words)
        row.since = None


def check_lengths(
    reader: Reader, found: Iterable[ReadRecommendation], is_here: Collection[tuple[int, str]]
) -> None:
    """Note texts that are too long to stand here whole, but for those that are here already."""
    for one in found:
        texts = [] if (one.row, "headline") in is_here else [(one.row, one.headline)]
        for action in one.actions:
            row = action.said.row
            if (row, "title") not in is_here and (row, action.title) not in texts:
                texts.append((row, action.title))
        for row, text in texts:
            if is_cut(text):
                column = _column_of(reader, row, text, "recommendation", "action")
                reader.wrong(row, column, "long_title", text)


def look_up(
    reader: Reader, found: Iterable[ReadRecommendation], areas: Iterable[PolicyArea]
) -> None:
    """Put our codes in the place of areas and kinds, and leave out addresses that are none."""
    slugs = _slugs_of(areas)
    kinds = _codes_of_kinds()
    named: dict[int, list[str]] = {}

    def areas_of(row: int, names: list[str]) -> list[str]:
        if row not in named:
            named[row] = _known(reader, row, names, slugs, "area", "unknown_area")
        return named[row]

    for one in found:
        one.areas = areas_of(one.row, one.areas)
        for action in one.actions:
            said = action.said
            said.areas = areas_of(said.row, said.areas)
            kind = [said.kind] if said.kind else []
            said.kind = "".join(_known(reader, said.row, kind, kinds, "kind", "unknown_kind"))
            addresses = {folded(url): url for url in said.sources if _is_address(url)}
            said.sources = _known(reader, said.row, said.sources, addresses, "source", "no_address")


def _known(
    reader: Reader,
    row: int,
    said: Iterable[str],
    known: Mapping[str, str],
    role: Role,
    kind: ProblemKind,
) -> list[str]:
    """Return what is meant by each of several words, and note those that are not known."""
    found: dict[str, None] = {}
    for word in said:
        if meant := known.get(folded(word)):
            found[meant] = None
        else:
            reader.wrong(row, _column_of(reader, row, word, role), kind, word)
    return list(found)


def _column_of(reader: Reader, row: int, text: str, *roles: Role) -> int | None:
    """Return the column of a row in which a text stands, else the first in these roles."""
    columns = [column for role in roles for column in reader.columns.get(role, ())]
    wanted = folded(text)
    return next(
        (column for column in columns if wanted in folded(reader.sheet.cell(row, column))),
        columns[0] if columns else None,
    )


def _slugs_of(areas: Iterable[PolicyArea]) -> dict[str, str]:
    found: dict[str, str] = {}
    for area in areas:
        for name in (area.slug, *in_every_language(area.name, "policyarea.name")):
            found.setdefault(folded(name), area.slug)
    return found


def _codes_of_kinds() -> dict[str, str]:
    found = {str(code): str(code) for code in ActionKind.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {folded(str(kind.label)): kind.value for kind in ActionKind}
    return found


def _is_address(url: str) -> bool:
    try:
        Evidence._meta.get_field("url").clean(url, None)
    except ValidationError:
        return False
    return True
