"""Tables of milestones: each row an action, with its day and who is responsible."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .deadlines import FoundDeadline
from .document import Block
from .metadata import date_in

WHAT = re.compile(
    r"milestones?|actions?|activit(?:y|ies)|tasks?|deliverables?|measures?|steps?|"
    r"マイルストーン|取組(?:内容)?|施策|措置|行動|実施事項",
    re.IGNORECASE,
)
WHEN = re.compile(
    r"(?:target|due|completion|end|delivery)\s*dates?|deadlines?|due|by when|timeline|timing|"
    r"期限|期日|目標(?:年度|時期|日)|実施時期|時期",
    re.IGNORECASE,
)
WHO = re.compile(
    r"responsib(?:le|ility)(?: (?:party|parties|body|agency|office))?|owners?|leads?|lead agency|"
    r"by whom|accountable|担当(?:部署|省庁|課)?|所管|実施主体|責任者",
    re.IGNORECASE,
)
BORDER = 3


@dataclass(frozen=True)
class Milestone:
    """What a row asks for, as a place in its text, and what its other cells say of it."""

    start: int
    end: int
    deadline: FoundDeadline | None
    words: str
    responsible: str


@dataclass(frozen=True)
class Columns:
    """Which cells say what is to be done, by when and by whom."""

    what: int
    when: int | None
    who: int | None

    def of(self, row: Block) -> Milestone | None:
        cells = row.cells
        if self.what >= len(cells) or not cells[self.what].strip():
            return None
        start = sum(len(cell) + BORDER for cell in cells[: self.what])
        when = self._cell(cells, self.when)
        deadline = _deadline(when)
        return Milestone(
            start,
            start + len(cells[self.what]),
            deadline,
            when if not deadline else "",
            self._cell(cells, self.who),
        )

    def _cell(self, cells: tuple[str, ...], n: int | None) -> str:
        return cells[n].strip() if n is not None and n < len(cells) else ""


def columns_of(row: Block) -> Columns | None:
    """Return the columns of a table by the cells of its first row, if it is one of milestones."""
    what = _column(row.cells, WHAT)
    when, who = _column(row.cells, WHEN), _column(row.cells, WHO)
    if what is None or (when is None and who is None):
        return None
    return Columns(what, when, who)


def _column(cells: tuple[str, ...], name: re.Pattern[str]) -> int | None:
    return next((n for n, cell in enumerate(cells) if name.fullmatch(cell.strip())), None)


def _deadline(words: str) -> FoundDeadline | None:
    found = date_in(words)
    if not found or found.on < date(1900, 1, 1):
        return None
    return FoundDeadline(found.on, found.precision, words)
