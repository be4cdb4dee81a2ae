"""Rows to recommendations with their actions, by the levels that an editor chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct, field

from .heads import folded
from .levels import folded_number, heading, is_one_of, is_under, parents_of
from .rows import Reader, ReadRow


class ReadAction(Struct):
    """`number` is that of the table, "" where it has none."""

    number: str
    title: str
    said: ReadRow


class ReadRecommendation(Struct):
    """`report` is its name in the table, folded; "" in a table of one report.

    `areas` are those that its own row names; those of its actions are theirs.
    """

    report: str
    number: str
    headline: str
    section: str
    row: int
    actions: list[ReadAction] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)

    @property
    def all_areas(self) -> list[str]:
        """Return the areas that any of its rows names."""
        of_actions = (area for one in self.actions for area in one.said.areas)
        return list(dict.fromkeys([*self.areas, *of_actions]))


def breakdown_of(reader: Reader, rows: Iterable[ReadRow]) -> list[ReadRecommendation]:
    """Return the recommendations of a table. What is wrong with a row is noted by the reader.

    A row that is skipped still parts what stands above it from what stands below.
    """
    group: dict[str, Callable[[Reader, list[ReadRow]], Iterator[ReadRecommendation]]] = {
        "row": _each_row,
        "column": _by_column,
        "number": _by_number,
        "fill": _filled_down,
    }
    by_report: dict[str, list[ReadRow]] = {}
    for row in _with_reports(reader, rows):
        by_report.setdefault(folded(row.report), []).append(row)
    found = []
    for of_report in by_report.values():
        ones = list(group[reader.mapping.levels](reader, of_report))
        by_row = {row.row: row for row in of_report}
        for one in ones:
            if not one.actions:
                one.actions.append(_whole(one, by_row))
        found += ones
    return _note_twins(reader, found)


def _with_reports(reader: Reader, rows: Iterable[ReadRow]) -> Iterator[ReadRow]:
    """Yield the rows of a report. Where cells are filled down, that of the report is too."""
    above = ""
    for row in rows:
        if reader.mapping.reports == "one":
            row.report = ""
        elif not row.report and reader.mapping.levels == "fill":
            row.report = above
        if reader.mapping.reports == "column" and not row.report:
            reader.wrong(row.row, reader.column("report"), "no_report")
            continue
        above = row.report
        yield row


def _whole(one: ReadRecommendation, by_row: dict[int, ReadRow]) -> ReadAction:
    """Return the one action of a recommendation without rows of actions: the ask itself."""
    said = by_row[one.row]
    return ReadAction("", said.recommendation or said.action, said)


def _begun(row: ReadRow) -> ReadRecommendation:
    headline = row.recommendation or row.action
    return ReadRecommendation(
        folded(row.report), row.number, headline, row.section, row.row, areas=row.areas
    )


def _is_read(reader: Reader, row: ReadRow) -> bool:
    """Whether a row has a text and is not skipped."""
    if row.is_skipped:
        return False
    if row.recommendation or row.action:
        return True
    reader.wrong(row.row, None, "no_text")
    return False


def _action(row: ReadRow, *, whole: str = "") -> ReadAction:
    """Return the action of a row; the number of its recommendation is none of its own."""
    own = row.number if folded_number(row.number) != folded_number(whole) else ""
    return ReadAction(row.action_number or own, row.action or row.recommendation, row)


def _each_row(reader: Reader, rows: list[ReadRow]) -> Iterator[ReadRecommendation]:
    for row in rows:
        if _is_read(reader, row):
            one = _begun(row)
            one.actions.append(_action(row, whole=row.number))
            yield one


def _by_column(reader: Reader, rows: list[ReadRow]) -> Iterator[ReadRecommendation]:
    one: ReadRecommendation | None = None
    for row in rows:
        is_whole = is_one_of(row.level, reader.mapping.recommendation_words)
        is_action = is_one_of(row.level, reader.mapping.action_words)
        if one and not is_action:
            # Whatever follows a row that may begin another is not of the one before.
            yield one
            one = None
        if not row.level:
            reader.wrong(row.row, reader.column("level"), "no_level")
        elif not (is_whole or is_action):
            reader.wrong(row.row, reader.column("level"), "unknown_level", row.level)
        elif not _is_read(reader, row):
            continue
        elif is_whole:
            one = _begun(row)
        elif one is None:
            reader.wrong(row.row, None, "no_whole", row.number)
        else:
            one.actions.append(_action(row))
    if one:
        yield one


def _by_number(reader: Reader, rows: list[ReadRow]) -> Iterator[ReadRecommendation]:
    """Put rows under the number above theirs. What only heads others is no action itself."""
    wholes = parents_of(row.number for row in rows if row.number)
    heads = heading(row.number for row in rows if row.number)
    found: dict[str, ReadRecommendation] = {}
    seen: set[str] = set()
    for row in rows:
        number = folded_number(row.number)
        if not _is_read(reader, row):
            continue
        if number and number in seen:
            reader.wrong(row.row, reader.column("number"), "twice", row.number)
        elif not wholes.get(row.number):
            found[number or f"row {row.row}"] = _begun(row)
        seen.add(number)
    placed: set[str] = set()
    for row in rows:
        whole, number = wholes.get(row.number, ""), folded_number(row.number)
        if not whole or number in heads or number in placed or row.is_skipped:
            continue
        if row.row in reader.unreadable:
            continue
        placed.add(number)
        if above := found.get(folded_number(whole)):
            above.actions.append(_action(row))
        else:
            reader.wrong(row.row, None, "no_whole", row.number)
    yield from found.values()


def _filled_down(reader: Reader, rows: list[ReadRow]) -> Iterator[ReadRecommendation]:
    """Go on with the recommendation above where a row repeats it or leaves it empty."""
    one: ReadRecommendation | None = None
    for row in rows:
        if one and not _goes_on(one, row):
            yield one
            one = None
        if not _is_read(reader, row):
            continue
        if one is None:
            if not (row.recommendation or row.number):
                reader.wrong(row.row, None, "no_whole")
                continue
            one = _begun(row)
        if row.action or row.row != one.row:
            one.actions.append(_action(row, whole=one.number))
    if one:
        yield one


def _goes_on(one: ReadRecommendation, row: ReadRow) -> bool:
    """Whether a row is of this recommendation: by its text, else by its number, else by neither."""
    number, above = folded_number(row.number), folded_number(one.number)
    if row.recommendation and folded(row.recommendation) != folded(one.headline):
        return False
    if number and above:
        return number == above or is_under(number, above)
    return bool(row.action) or not row.recommendation


def _note_twins(reader: Reader, found: list[ReadRecommendation]) -> list[ReadRecommendation]:
    """Return those whose number no other of the report has: one of two is a slip."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for one in found:
        key = (one.report, folded_number(one.number))
        if key[1] and key in seen:
            reader.wrong(one.row, reader.column("number"), "twice", one.number)
        else:
            kept.append(one)
        seen.add(key)
    return kept
