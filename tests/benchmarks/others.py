"""What the product is compared with, as processes: Datasette, and the sketches of an index."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.faults.processes import Process, free_port

from .cases import COLUMNS, COMPARED, Case

# The program, from an environment of its own: /path/to/bin/datasette.
DATASETTE = "DATASETTE"
SKETCHES = Path(__file__).with_name("sketches.py")
# What a single query of it may take, in milliseconds, and what is waited for, in seconds.
LIMIT, PATIENCE = 900_000, 1_000
ROWS = re.compile(r"([\d,]+)\s+rows?\b")
SHOWN_VALUES = 1_000

Counted = dict[str, Any]


def program() -> str:
    return os.environ.get(DATASETTE, "")


class Datasette:
    """Serves a flat table with the same nine facets, and suggests none by itself."""

    def __init__(self, table: Path, stack: ExitStack) -> None:
        self.port = free_port()
        settings = {
            "suggest_facets": "off",
            "sql_time_limit_ms": str(LIMIT),
            "facet_time_limit_ms": str(LIMIT),
            "max_returned_rows": str(SHOWN_VALUES),
        }
        command = [program(), "serve", str(table), "--host", "127.0.0.1", "--port", str(self.port)]
        for name, value in settings.items():
            command += ["--setting", name, value]
        log = table.with_suffix(".log")
        process = Process("Datasette", command, port=self.port, log=log, env={})
        stack.callback(process.stop)
        process.start()
        self.address = f"/{table.stem}/actions"
        self.get(f"{self.address}?_size=1&_nocount=1")

    def get(self, address: str) -> tuple[float, str]:
        """Return how long an answer took, in milliseconds, and its text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        start = time.perf_counter()
        connection.request("GET", address, headers={"Host": "localhost"})
        response = connection.getresponse()
        text = response.read().decode()
        spent = 1000 * (time.perf_counter() - start)
        connection.close()
        assert response.status == 200, f"{address}: {response.status} {text[:500]}"
        return spent, text

    def page(self, case: Case) -> float:
        return self.get(f"{self.address}?{urlencode(case.of_datasette)}")[0]

    def counted(self, case: Case) -> Counted:
        """Return its counts. Where it shows not all values of a facet, that one is left out."""
        asked = [*case.of_datasette, ("_facet_size", "max"), ("_shape", "objects")]
        told = json.loads(self.get(f"{self.address}.json?{urlencode(asked)}")[1])
        facets = {
            name: {str(one["value"]): one["count"] for one in found["results"]}
            for name, found in told["facet_results"].items()
            if not found["truncated"]
        }
        return {"total": told["filtered_table_rows_count"], "facets": facets}


class Sketches:
    """The process of the sketches, in the environment of Datasette where there is one."""

    def __init__(self, table: Path, stack: ExitStack) -> None:
        python = Path(program()).with_name("python") if program() else Path(sys.executable)
        self.process = subprocess.Popen(
            [str(python), str(SKETCHES), str(table)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(self.process.communicate)
        assert self.process.stdout
        self.names: list[str] = json.loads(self.process.stdout.readline())

    def measured(self, case: Case) -> dict[str, Counted]:
        """Return for each sketch its milliseconds and its counts."""
        assert self.process.stdin and self.process.stdout
        filters = {COLUMNS[name]: value for name, value in case.filters.items()}
        self.process.stdin.write(json.dumps({"filters": filters, "word": case.word}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def differences(case: Case, ours: Counted, others: Mapping[str, Counted]) -> list[str]:
    """Say where others count differently.

    The product leaves the filter of a facet out of its counts, as the sketch of sets does: where
    there is such a filter, that facet is compared with nothing else.
    """
    found = []
    for other, told in others.items():
        if told["total"] != ours["total"]:
            found.append(f"rows: {ours['total']}, {other} {told['total']}")
        for name in COMPARED:
            counts = told["facets"].get(COLUMNS[name])
            is_same_question = other == "roaring" or name not in case.filters
            if counts is None or name not in ours["facets"] or not is_same_question:
                continue
            mine = ours["facets"][name]
            if mine != counts:
                apart = sorted(
                    value for value in {*mine, *counts} if mine.get(value) != counts.get(value)
                )
                told_apart = [(one, mine.get(one), counts.get(one)) for one in apart[:5]]
                found.append(f"{name}: {len(apart)} values, {other} {told_apart}")
    return found
