"""Counts of the record from its files alone: no database, and none of the project's code.

`python -m tests.recount [EDITION [DAY]]` prints them, for whoever wants to check the pages.
"""

from __future__ import annotations

import sys
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
NAMES = ["us_japan_alliance_2024.yaml", "us_japan_alliance_2024.2.yaml"]
Fields = dict[str, Any]


@cache
def read() -> list[dict[str, list[Fields]]]:
    """Return what each file has, by model."""
    found = []
    for name in NAMES:
        of_file: dict[str, list[Fields]] = {}
        for entry in yaml.safe_load((FIXTURES / name).read_text(encoding="utf-8")):
            of_file.setdefault(entry["model"].split(".")[1], []).append(entry["fields"])
        found.append(of_file)
    return found


def last_day_of(update: Fields) -> date:
    on = date.fromisoformat(update["effective_on"])
    match update.get("effective_precision", "day"):
        case "month":
            return on.replace(day=monthrange(on.year, on.month)[1])
        case "year":
            return on.replace(month=12, day=31)
        case _:
            return on


@cache
def statuses(edition: int, day: date) -> dict[tuple[str, ...], str]:
    """Return the status of each counted action, as an edition told it of a day."""
    files = read()
    told = [
        (number, update)
        for number, of_file in enumerate(files[:edition], start=1)
        for update in of_file["statusupdate"]
    ]
    ended = {update["replaces"][0] for _number, update in told if "replaces" in update}
    for of_file in files[:edition]:
        ended |= {asked["update"][0] for asked in of_file.get("retractionrequest", [])}
    found = {
        (*action["recommendation"], action["slug"]): "not_assessed"
        for action in files[0]["action"]
        if action.get("is_verifiable", True)
    }
    for _number, update in sorted(told, key=lambda one: (last_day_of(one[1]), one[0])):
        if update["slug"] not in ended and last_day_of(update) <= day:
            found[tuple(update["action"])] = update["status"]
    return found


@cache
def groups() -> dict[tuple[str, ...], set[tuple[str, str]]]:
    """Return what each action is counted by: its areas, parties, addressee, bodies, section."""
    first = read()[0]
    recommendations = {(*r["report"], r["slug"]): r for r in first["recommendation"]}
    found = {}
    for action in first["action"]:
        of = recommendations[tuple(action["recommendation"])]
        parties = {key[0] for key in action["parties"]}
        found[*action["recommendation"], action["slug"]] = {
            ("report", of["report"][0]),
            ("section", of["section"][1]),
            ("addressee", addressee_of(parties)),
            *(("area", key[0]) for key in of["areas"]),
            *(("party", slug) for slug in parties),
        }
    for lead in first["actionbody"]:
        found[tuple(lead["action"])].add(("body", lead["body"][0]))
    return found


def addressee_of(parties: set[str]) -> str:
    if parties == {"united-states", "japan"}:
        return "both"
    if parties in ({"united-states"}, {"japan"}):
        [alone] = parties
        return alone.replace("-", "_")
    return "with_others"


def count(edition: int, day: date, *wanted: tuple[str, str]) -> Counter[str]:
    """Return how many actions of all the wanted groups have each status."""
    of_action = groups()
    return Counter(
        status
        for action, status in statuses(edition, day).items()
        if {*wanted} <= of_action[action]
    )


def lines(edition: int, day: date) -> Iterator[str]:
    yield f"edition {edition}, {day}: {dict(count(edition, day))}"
    for kind, slug in sorted({group for found in groups().values() for group in found}):
        yield f"{kind} {slug}: {dict(count(edition, day, (kind, slug)))}"


if __name__ == "__main__":
    edition = int(sys.argv[1]) if sys.argv[1:] else len(NAMES)
    day = date.fromisoformat(sys.argv[2]) if sys.argv[2:] else date.max
    print("\n".join(lines(edition, day)))
