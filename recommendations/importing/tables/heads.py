"""Which row holds the heads of a table, and what its columns mean: guessed, for an editor to say.

Heads are known in English and Japanese; a column whose head says nothing, by what stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from .days import day_of
from .head_words import role_of
from .levels import level_words_in, parents_of
from .mapping import MARKS, REPEATED, Levels, Mapping, Mark, Role
from .status_words import is_status_word
from .table import Sheet, letters_of

LOOKED_AT, SAMPLE = 30, 200
OWN_HEADS = frozenset({"recommendation_number", "action_number", "recommendation_status"})
OWN: dict[str, Role] = {
    "report": "report",
    "section": "section",
    "recommendation_number": "number",
    "recommendation": "recommendation",
    "action_number": "action_number",
    "action": "action",
    "parties": "owner",
    "bodies": "owner",
    "status": "status",
    "status_since_stated": "since",
    "deadline": "due",
    "deadline_precision": "due_precision",
}
NUMBER_CELL = re.compile(r"[A-Za-z]{0,3}[ .-]?\d{1,4}([./-]?\w{1,4}|\([a-z0-9]{1,4}\)){0,4}")


def guess(sheet: Sheet) -> Mapping:
    """Return what the columns of a sheet seem to mean."""
    head_row, head_rows = _head_rows(sheet)
    heads = heads_of(sheet, head_row, head_rows)
    body = [row for row in sheet.rows[head_row + head_rows - 1 :] if any(row)][:SAMPLE]
    if set(heads) >= OWN_HEADS:
        columns = {head: role for head, role in OWN.items() if head in heads}
        return Mapping(
            sheet.name,
            head_row,
            head_rows,
            columns,
            levels="fill",
            reports="column",
            owner_mark=";",
        )
    columns = _by_content(heads, body, _by_heads(heads))
    mapping = Mapping(sheet.name, head_row, head_rows, columns)
    levels = _levels(mapping, heads, body)
    words = level_words_in(_values(mapping, heads, body, "level"))
    return Mapping(
        sheet.name,
        head_row,
        head_rows,
        columns,
        levels,
        *words,
        reports="column" if "report" in columns.values() else "one",
        owner_mark=_owner_mark(_values(mapping, heads, body, "owner")),
    )


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


# Heads ------------------------------------------------------------------------------------------


def heads_of(sheet: Sheet, head_row: int, head_rows: int) -> list[str]:
    """Return a name for each column, no two alike: of several rows of heads, all that they say."""
    rows = sheet.rows[head_row - 1 : head_row - 1 + head_rows]
    seen: Counter[str] = Counter()
    heads = []
    for column in range(sheet.width):
        parts = dict.fromkeys(folded(row[column]) for row in rows if column < len(row))
        head = " / ".join(part for part in parts if part)[:200] or f"[{letters_of(column)}]"
        seen[head] += 1
        heads.append(head if seen[head] == 1 else f"{head} ({seen[head]})")
    return heads


def _head_rows(sheet: Sheet) -> tuple[int, int]:
    """Return the number of the first row of heads, and how many there are."""
    best, found = 0, (1, 1)
    for number, row in enumerate(sheet.rows[:LOOKED_AT], start=1):
        known = len(set(map(role_of, {folded(cell) for cell in row})) - {None})
        if known > best:
            best, found = known, (number, 2 if _has_two_rows(sheet, number) else 1)
    if best:
        return found
    widths = [sum(map(bool, row)) for row in sheet.rows[:LOOKED_AT]]
    return widths.index(max(widths)) + 1, 1


def _has_two_rows(sheet: Sheet, number: int) -> bool:
    """Whether a head over several columns is told apart by a second row of heads."""
    if number >= len(sheet.rows):
        return False
    first, second = sheet.rows[number - 1], sheet.rows[number]
    pairs = list(zip(first, second, strict=False))
    for (above, below), (next_above, next_below) in zip(pairs, pairs[1:], strict=False):
        if above and above == next_above and below != next_below and below and next_below:
            return any(upper == lower for upper, lower in pairs) or len(set(first)) < len(second)
    return False


def _by_heads(heads: Sequence[str]) -> dict[str, Role]:
    found: dict[str, Role] = {}
    for head in heads:
        role = role_of(head)
        if role and (role in REPEATED or role not in found.values()):
            found[head] = role
    # A sheet of actions alone lists what it calls actions.
    texts = [head for head, role in found.items() if role == "action"]
    if texts and "recommendation" not in found.values():
        found[texts[0]] = "recommendation"
    return found


# Content ----------------------------------------------------------------------------------------


def _by_content(
    heads: Sequence[str], body: Sequence[Sequence[str]], found: dict[str, Role]
) -> dict[str, Role]:
    """Add the roles that no head told, by what stands in columns without one."""
    columns = {
        head: [row[n] for row in body if n < len(row) and row[n]]
        for n, head in enumerate(heads)
        if head not in found
    }
    columns = {head: cells for head, cells in columns.items() if cells}
    if "recommendation" not in found.values() and columns:
        longest = max(columns, key=lambda head: sum(map(len, columns[head])))
        found[longest] = "recommendation"
        del columns[longest]
    tests: list[tuple[Role, Callable[[str], bool]]] = [
        ("due", _is_day),
        ("number", _is_number),
        ("status", is_status_word),
    ]
    for role, test in tests:
        for head, cells in list(columns.items()):
            share = sum(map(test, cells)) / len(cells)
            if role not in found.values() and share > 0.8 and len(cells) * 2 >= len(body):
                found[head] = role
                del columns[head]
    return found


def _is_day(cell: str) -> bool:
    return len(cell) > 4 and isinstance(day_of(cell, order="day_first"), tuple)


def _is_number(cell: str) -> bool:
    return bool(NUMBER_CELL.fullmatch(cell))


def _values(
    mapping: Mapping, heads: list[str], body: Iterable[Sequence[str]], role: Role
) -> list[str]:
    columns = mapping.columns_of(heads, role)
    return [row[n] for row in body for n in columns if n < len(row) and row[n]]


def _levels(mapping: Mapping, heads: list[str], body: Sequence[Sequence[str]]) -> Levels:
    roles = set(mapping.columns.values())
    if "level" in roles and any(level_words_in(_values(mapping, heads, body, "level"))):
        return "column"
    if {"recommendation", "action"} <= roles:
        return "fill"
    numbers = _values(mapping, heads, body, "number")
    return "number" if any(parents_of(numbers).values()) else "row"


def _owner_mark(cells: Sequence[str]) -> Mark:
    """Return what parts several names in a cell. A comma is in too many names to be guessed."""
    marks: tuple[Mark, ...] = (";", "newline", "|", "、", "・", "/")
    for mark in marks:
        if sum(MARKS[mark] in cell for cell in cells) * 20 > len(cells):
            return mark
    return ""
