"""The rows of one made-up report by model, each numbered as it comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .numbering import LINES, LINKS_OF_LINES
from .tables import Row, table_of


class Rows:
    def __init__(self, first: Mapping[Any, int]) -> None:
        self.first = first
        self.of: dict[Any, list[Row]] = defaultdict(list)

    def add(self, model: Any, **values: Any) -> Row:
        """Add a row, and return it with all its columns."""
        first, rows = self.first.get(model), self.of[model]
        table = table_of(model, is_numbered=first is not None)
        if first is not None:
            values[table.key] = first + len(rows)
        row = table.row(values)
        rows.append(row)
        return row

    def add_line(self, model: Any, row: Row, *, at: datetime) -> Row:
        """Add the first line in the history of a text."""
        history = LINES[model]
        table = table_of(history, is_numbered=True)
        said = {name: value for name, value in row.items() if name in table.defaults}
        return self.add(history, **said, history_date=at, history_type="+")

    def add_link(self, model: Any, link: Any, line: Row, **ends: int) -> None:
        """Add a link of a text, and that of the line in its history."""
        row = self.add(link, **ends)
        self.add(LINKS_OF_LINES[model], **row, history_id=line["history_id"])
