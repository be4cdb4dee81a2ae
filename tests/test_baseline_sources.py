"""The baseline, and all our texts, against what they were made from, where that lies at hand.

SEED_REPORT names the text of the report and BASELINE the research. Neither is part of the project.
"""

import os
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from recommendations.loading.series import series_of
from recommendations.models.action import letters
from recommendations.statuses import Status

ROOT = Path(__file__).resolve().parent.parent
FIXTURE = ROOT / "fixtures" / "us_japan_alliance_2024.yaml"
FILES = series_of(FIXTURE)
RUN = 6
KINDS = {
    "official": "official",
    "republished-official": "official",
    "primary": "independent",
    "think-tank": "independent",
    "wire": "press",
    "major-media": "press",
    "trade-or-law-firm": "press",
    "state-media": "press",
}
STATUSES = {
    "not started": "no_action",
    "in progress": "in_progress",
    "partially implemented": "partly",
    "implemented": "implemented",
    "stalled": "stalled",
    "reversed/rejected": "rejected",
    "overtaken by events": "overtaken",
}
# Docs/data.md says why: no statement of an addressee.
RESEARCH_SERVICE = "https://www.everycrsreport.com/reports/IF12373.html"
# Titles and names that have no other words. The headlines of the report are added below.
NAMES = (
    "The U.S.-Japan Alliance in 2024: Toward an Integrated Alliance",
    # As the file of the report has it, with the name of the field before it.
    "title: U.S.-Japan Alliance in 2024",
    "Committee on Foreign Investment in the United States",
    "U.S.-Japan Conference on Cultural and Educational Interchange (CULCON)",
    "Indo-Pacific Economic Framework for Prosperity (IPEF)",
    "Partnership for Global Infrastructure and Investment",
    "the U.S. Department of Defense",
)

needs_research = pytest.mark.skipif("BASELINE" not in os.environ, reason="BASELINE is not set")
needs_report = pytest.mark.skipif("SEED_REPORT" not in os.environ, reason="SEED_REPORT is not set")


@pytest.fixture(scope="module")
def fields() -> list[tuple[str, dict[str, Any]]]:
    entries = yaml.safe_load(FIXTURE.read_text(encoding="utf-8"))
    return [(e["model"].removeprefix("recommendations."), e["fields"]) for e in entries]


@pytest.fixture(scope="module")
def researched() -> dict[str, dict[str, Any]]:
    """Actions of the research, by slug."""
    text = Path(os.environ["BASELINE"]).read_text(encoding="utf-8")
    recommendations = yaml.safe_load(text)["recommendations"]
    return {action["slug"]: action for r in recommendations for action in r["actions"]}


def items_of(action: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for update in action["updates"] for item in update["evidence"]]


def counterpart(researched: dict[str, dict[str, Any]], slug: str) -> dict[str, Any]:
    """The action of the research. Two were split, and the part of Japan got a slug of its own."""
    return researched.get(slug) or researched[slug.removesuffix("-japan")]


def date_of(item: dict[str, Any]) -> tuple[str | None, str]:
    """A date as the fixture writes it: the first day of a month, with its precision."""
    stated = str(item["date"]) if item["date"] else None
    return (f"{stated}-01", "month") if stated and len(stated) == 7 else (stated, "day")


@needs_research
def test_each_source_is_one_that_the_research_read_for_that_action(fields, researched) -> None:
    action_of = {f["slug"]: f["action"][2] for model, f in fields if model == "statusupdate"}
    for model, item in fields:
        if model != "evidence":
            continue
        action = counterpart(researched, action_of[item["update"][0]])
        read = next(found for found in items_of(action) if found.get("url") == item["url"])
        assert read["verified"] is True
        assert item["publisher"] == read["publisher"]
        assert item.get("title") == read["title"]
        assert item["supports"] == read["fact"]
        precision = item.get("published_precision", "day")
        assert (item.get("published_on"), precision) == date_of(read)
        assert item.get("is_state_media", False) == (read["source_grade"] == "state-media")
        if item["url"] != RESEARCH_SERVICE:
            assert item["kind"] in {KINDS[read["source_grade"]], "announcement"}, item["url"]


@needs_research
def test_each_date_of_an_update_is_one_of_the_research(fields, researched) -> None:
    for model, update in fields:
        if model != "statusupdate" or update["status"] == "no_action":
            continue
        action = researched[update["action"][2]]
        length = {"day": 10, "month": 7}[update.get("effective_precision", "day")]
        assert update["effective_on"][:length] in {step["date"] for step in action["updates"]}


@needs_research
def test_status_is_that_of_the_research_unless_the_documentation_says_why(
    fields, researched
) -> None:
    numbers = {f["slug"]: f["number"] for model, f in fields if model == "recommendation"}
    final = {f["action"][2]: f["status"] for model, f in fields if model == "statusupdate"}
    differing = []
    for model, action in fields:
        if model != "action" or not action.get("is_verifiable", True):
            continue
        read = counterpart(researched, action["slug"])
        searched = "no_action" if read["status_basis"] == "verified" else "not_assessed"
        expected = STATUSES.get(read["status"], searched)
        here = final.get(action["slug"], "not_assessed")
        if here != expected:
            label = numbers[action["recommendation"][1]] + letters(action["number"])
            words = [Status(status).label.lower() for status in (expected, here)]
            differing.append([label, *words])
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    section = text.split("## Where the tracker says less")[1].split("##")[0]
    rows = re.findall(r"^\| (T?[\d.]+[a-z]) \| ([^|]+) \| ([^|]+) \|", section, re.MULTILINE)
    assert sorted(differing) == sorted(list(row) for row in rows)


@needs_research
def test_documentation_counts_what_was_dropped(researched) -> None:
    mentions = Counter(
        item["source_grade"] if item["verified"] else "recalled"
        for action in researched.values()
        for item in items_of(action)
    )
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    assert f"| dropped | {mentions['aggregator']} mentions |" in text
    assert f"| recalled, not read | dropped | {mentions['recalled']} mentions |" in text


def runs(text: str) -> set[str]:
    """Every run of six words. A run does not stop at the end of a line."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))
    return {" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def quoted() -> set[str]:
    """What sources say in their own words, and not in ours."""
    return {
        entry["fields"].get("quotation", "")
        for path in FILES
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    }


@needs_report
def test_no_text_of_the_project_repeats_the_report(fields) -> None:
    headlines = [f["headline"] for model, f in fields if model == "recommendation"]
    own = {run for text in (*NAMES, *headlines, *quoted()) for run in runs(text)}
    report = Path(os.environ["SEED_REPORT"]).read_text(encoding="utf-8", errors="ignore")
    listed = subprocess.run(
        ["git", "ls-files", "*.yaml", "*.md", "*.html", "*.py", "*.po"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {path.relative_to(ROOT).as_posix() for path in FILES} <= {*listed}
    for name in listed:
        text = re.sub(r"<[^>]*>", " ", (ROOT / name).read_text(encoding="utf-8", errors="ignore"))
        assert not (runs(text) & runs(report)) - own, name
