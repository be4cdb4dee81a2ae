"""The seven queries of the list, each as the product, Datasette and the sketches are asked it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

STATUS = "stalled"
# The order of all of them: what changed last comes first.
ORDER = "changed"
# Columns of the flat table by the filters of the list. Those of the last three have several values.
COLUMNS = {
    "status": "status",
    "addressee": "addressee",
    "section": "section",
    "kind": "kind",
    "origin": "origin",
    "report": "report",
    "area": "areas",
    "party": "parties",
    "body": "bodies",
}
MANY = ("area", "party", "body")
# Sections are told apart by their titles there and by their slugs here; of many reports the list
# names those alone that were asked for.
COMPARED = tuple(name for name in COLUMNS if name not in ("section", "report"))


@dataclass(frozen=True, slots=True)
class Case:
    """`filters` are of COLUMNS; `word` stands in a known share of the titles, or is none."""

    name: str
    filters: Mapping[str, str]
    word: str = ""

    @property
    def query(self) -> str:
        """The query string of the list."""
        words = {"q": self.word} if self.word else {}
        return urlencode({**self.filters, **words, "sort": ORDER})

    @property
    def of_datasette(self) -> list[tuple[str, str]]:
        """Parameters of the page of the flat table."""
        asked = [("_size", "25"), ("_sort_desc", "status_since")]
        for name, column in COLUMNS.items():
            asked.append(("_facet_array" if name in MANY else "_facet", column))
        for name, value in self.filters.items():
            asked.append((COLUMNS[name] + ("__arraycontains" if name in MANY else ""), value))
        if self.word:
            asked += [("_fts_table", "actions_words"), ("_fts_pk", "id"), ("_search", self.word)]
        return asked


def cases(area: str, report: str) -> list[Case]:
    """Return the queries about an area and a report, which should be those with most actions."""
    both = {"status": STATUS, "area": area}
    return [
        Case("no filter", {}),
        Case("status + area", both),
        Case("one report", {"report": report}),
        Case("area + word in 5 %", {"area": area}, "semiconductor"),
        Case("area + word in 66 %", {"area": area}, "gazette"),
        Case("word in 0.14 %", {}, "hypersonic"),
        Case("status + area + word in 5 %", both, "semiconductor"),
    ]
