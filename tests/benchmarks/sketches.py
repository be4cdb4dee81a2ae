"""What an index made for nothing but these counts takes, of two kinds, on the flat table.

    python tests/benchmarks/sketches.py actions.sqlite3

It stands alone and needs `pyroaring`, and `tantivy` if that is to be measured too. It says as JSON
what it has, then answers each line of standard input, a case as JSON, by a line: for each kind the
milliseconds, the rows that there are, and how many have each value of each facet.

`roaring` has a set of keys for each value; hits come from the full-text index of the table. Each
facet leaves its own filter out, as the product's do. `tantivy` is a search engine in the process;
its counts are those of the whole query.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from pyroaring import BitMap

ONE = ("report", "section", "status", "addressee", "kind", "origin")
MANY = ("areas", "parties", "bodies")
ROWS_A_PAGE = 25
TIMES = 5

Facets = dict[str, dict[str, int]]
# How many rows there are, how many have each value, and the first page of them.
Answer = tuple[int, Facets, Sequence[Any]]


class Roaring:
    """Keys are places in the order of the list, so that the first of them are its first page."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        columns = ", ".join(("id", *ONE, *MANY))
        rows = database.execute(
            f"SELECT {columns} FROM actions ORDER BY status_since DESC NULLS LAST, id"
        )
        places: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in ONE + MANY}
        self.keys: list[int] = []
        for place, row in enumerate(rows):
            self.keys.append(row[0])
            for name, value in _values(row[1:]):
                places[name][value].append(place)
        self.place_of = dict(zip(self.keys, range(len(self.keys)), strict=True))
        self.sets = {
            name: {value: BitMap(found) for value, found in values.items()}
            for name, values in places.items()
        }
        self.everything = BitMap(range(len(self.keys)))

    def answer(self, filters: Mapping[str, str], word: str) -> Answer:
        hits = self._hits(word) if word else self.everything
        asked = {name: self.sets[name].get(value, BitMap()) for name, value in filters.items()}
        rows = BitMap.intersection(hits, *asked.values())
        facets: Facets = {}
        for name, values in self.sets.items():
            others = (found for other, found in asked.items() if other != name)
            own = BitMap.intersection(hits, *others) if name in asked else rows
            counts = {value: own.intersection_cardinality(found) for value, found in values.items()}
            facets[name] = {value: n for value, n in counts.items() if n}
        return len(rows), facets, [self.keys[place] for place in islice(rows, ROWS_A_PAGE)]

    def _hits(self, word: str) -> BitMap:
        found = self.database.execute(
            "SELECT rowid FROM actions_words WHERE actions_words MATCH ?", [f'"{word}"']
        )
        return BitMap([self.place_of[key] for (key,) in found])


class Tantivy:
    """An index on disk beside the table, made where there is none."""

    def __init__(self, database: sqlite3.Connection, folder: Path) -> None:
        import tantivy

        self.tantivy = tantivy
        if not folder.exists():
            begun = folder.with_suffix(".begun")
            begun.mkdir(exist_ok=True)
            self._write(database, begun)
            begun.rename(folder)
        self.index = tantivy.Index.open(str(folder))
        self.searcher = self.index.searcher()
        self.asked = {name: {"terms": {"field": name, "size": 5_000}} for name in ONE + MANY}

    def _write(self, database: sqlite3.Connection, folder: Path) -> None:
        builder = self.tantivy.SchemaBuilder()
        builder.add_integer_field("key", stored=True, indexed=True, fast=True)
        builder.add_integer_field("since", fast=True)
        builder.add_text_field("words", stored=False, tokenizer_name="en_stem")
        for name in ONE + MANY:
            builder.add_text_field(name, stored=False, tokenizer_name="raw", fast=True)
        index = self.tantivy.Index(builder.build(), path=str(folder))
        writer = index.writer(heap_size=300_000_000)
        columns = ", ".join(("id", "words", "status_since", *ONE, *MANY))
        for key, words, since, *row in database.execute(f"SELECT {columns} FROM actions"):
            document = self.tantivy.Document(
                key=key, words=words, since=int((since or "0").replace("-", ""))
            )
            for name, value in _values(row):
                document.add_text(name, value)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def answer(self, filters: Mapping[str, str], word: str) -> Answer:
        parts = [f'{name}:"{value}"' for name, value in filters.items()]
        parts += [f"words:{word}"] if word else []
        query = self.tantivy.Query.all_query()
        if parts:
            query = self.index.parse_query(" AND ".join(parts), ["words"])
        first = self.searcher.search(query, limit=ROWS_A_PAGE, order_by_field="since", count=True)
        counts = self.searcher.aggregate(query, self.asked)
        facets = {
            name: {str(one["key"]): one["doc_count"] for one in found["buckets"]}
            for name, found in counts.items()
        }
        return first.count, facets, first.hits


def _values(row: Any) -> Iterator[tuple[str, str]]:
    """Yield the values of all facets of a row: each once."""
    yield from zip(ONE, row[: len(ONE)], strict=True)
    for name, values in zip(MANY, row[len(ONE) :], strict=True):
        for value in Counter(json.loads(values)):
            yield name, value


def measured(sketch: Any, filters: Mapping[str, str], word: str) -> dict[str, Any]:
    times = []
    for _n in range(TIMES):
        start = time.perf_counter()
        total, facets, _first = sketch.answer(filters, word)
        times.append(1000 * (time.perf_counter() - start))
    return {"ms": median(times), "total": total, "facets": facets}


def main() -> None:
    path = Path(sys.argv[1])
    database = sqlite3.connect(path)
    sketches: dict[str, Any] = {"roaring": Roaring(database)}
    if find_spec("tantivy"):
        sketches["tantivy"] = Tantivy(database, path.with_suffix(".tantivy"))
    print(json.dumps(list(sketches)), flush=True)
    for line in sys.stdin:
        case = json.loads(line)
        found = {
            name: measured(sketch, case["filters"], case["word"])
            for name, sketch in sketches.items()
        }
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
