"""The baseline file as it lies there: counts, sources and rules, without a database."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
import yaml

from recommendations.models.action import letters
from recommendations.statuses import EvidenceItem, Status, last_day, missing_evidence

ROOT = Path(__file__).resolve().parent.parent
HORIZON = date(2026, 6, 17)
KINDS = {"official": 18, "independent": 15, "press": 71, "announcement": 34}


@pytest.fixture(scope="module")
def entries():
    text = (ROOT / "fixtures" / "us_japan_alliance_2024.yaml").read_text(encoding="utf-8")
    found = defaultdict(list)
    for entry in yaml.safe_load(text):
        found[entry["model"].removeprefix("recommendations.")].append(entry["fields"])
    return found


@pytest.fixture(scope="module")
def history(entries):
    """The updates of each action, oldest first."""
    found = defaultdict(list)
    for update in entries["statusupdate"]:
        found[update["action"][2]].append(update)
    return {slug: sorted(updates, key=day_of) for slug, updates in found.items()}


def day_of(update):
    on = date.fromisoformat(update["effective_on"])
    return last_day(on, update.get("effective_precision", "day"))


def items_of(entries, slug):
    return [item for item in entries["evidence"] if item["update"] == [slug]]


def test_there_are_17_listed_and_7_running_text_recommendations(entries):
    origins = Counter(r["origin"] for r in entries["recommendation"])
    assert origins == {"listed": 17, "running_text": 7}
    assert all(
        r["is_headline_of_report"] == (r["origin"] == "listed") for r in entries["recommendation"]
    )


def test_numbers_and_slugs_are_unique(entries):
    for model, field in (("recommendation", "number"), ("recommendation", "slug")):
        values = [fields[field] for fields in entries[model]]
        assert len(values) == len(set(values))
    actions = [(a["recommendation"][1], a["number"]) for a in entries["action"]]
    assert len(actions) == len(set(actions)) == 87
    slugs = [u["slug"] for u in entries["statusupdate"]]
    assert len(slugs) == len(set(slugs))


def test_statuses_are_those_that_the_documentation_tells(entries, history):
    verifiable = [a for a in entries["action"] if a.get("is_verifiable", True)]
    found = Counter(
        history[a["slug"]][-1]["status"] if a["slug"] in history else "not_assessed"
        for a in verifiable
    )
    assert found == {
        "no_action": 35,
        "in_progress": 22,
        "partly": 9,
        "not_assessed": 7,
        "implemented": 5,
        "stalled": 2,
        "overtaken": 2,
        "rejected": 1,
    }
    assert sum(found.values()) == 83


def test_what_is_not_verifiable_says_why_and_has_no_status(entries, history):
    marked = [a for a in entries["action"] if not a.get("is_verifiable", True)]
    assert len(marked) == 4
    for action in marked:
        assert action["verifiability_note"]
        assert action["slug"] not in history


def test_every_update_meets_the_evidence_rule(entries):
    by_slug = {u["slug"]: u for u in entries["statusupdate"]}
    for update in entries["statusupdate"]:
        slugs = [update["slug"], *(key[0] for key in update.get("relies_on", []))]
        items = [
            EvidenceItem(item["kind"], item["publisher"], item.get("is_state_media", False))
            for slug in slugs
            for item in items_of(entries, slug)
        ]
        has_note = bool(update.get("search_note")) and bool(update["searched_on"])
        assert not missing_evidence(update["status"], items, has_search_note=has_note), update
        for slug in slugs[1:]:
            assert by_slug[slug]["action"] == update["action"]
            assert day_of(by_slug[slug]) < day_of(update)


def test_each_day_of_an_action_has_one_update_and_none_is_after_the_horizon(history):
    for updates in history.values():
        days = [day_of(update) for update in updates]
        assert len(days) == len(set(days))
        assert max(days) <= HORIZON
        assert min(days) >= date(2024, 4, 4)


def test_no_action_found_is_a_dated_search(entries):
    for update in entries["statusupdate"]:
        assert update["is_baseline"] is True
        assert update["searched_on"] == "2026-06-17"
        if update["status"] == Status.NO_ACTION:
            assert update["effective_on"] == "2026-06-17"
            assert update["search_note"] == (
                "one or two searches of archived pages, evidence to 17 June 2026"
            )


def test_sources_are_addresses_with_a_publisher_and_nothing_is_made_up(entries):
    for item in entries["evidence"]:
        assert item["url"].startswith(("https://", "http://"))
        assert item["publisher"].strip()
        assert "accessed_on" not in item
        assert "quotation" not in item
    assert Counter(item["kind"] for item in entries["evidence"]) == KINDS


def test_every_action_names_who_is_asked(entries):
    assert all(action["parties"] for action in entries["action"])


# What docs/data.md says of it -------------------------------------------------------------------


@pytest.fixture(scope="module")
def documentation():
    return " ".join((ROOT / "docs" / "data.md").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def rows():
    """Rows of the tables of docs/data.md, as lists of cells."""
    lines = (ROOT / "docs" / "data.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line[:1] == "|"]


@pytest.fixture(scope="module")
def final_statuses(entries, history):
    """Status of each verifiable action by its label, such as 1.1a."""
    numbers = {r["slug"]: r["number"] for r in entries["recommendation"]}
    return {
        numbers[a["recommendation"][1]] + letters(a["number"]): (
            history[a["slug"]][-1]["status"] if a["slug"] in history else "not_assessed"
        )
        for a in entries["action"]
        if a.get("is_verifiable", True)
    }


def test_documentation_counts_the_kinds_of_evidence(rows):
    assert {row[1]: row[2] for row in rows if row[1][1:-1] in KINDS} == {
        f"`{kind}`": str(number) for kind, number in KINDS.items()
    }


def test_documentation_counts_recommendations_and_actions(entries, documentation, final_statuses):
    recommendations, actions = len(entries["recommendation"]), len(entries["action"])
    assert f"{recommendations} recommendations and {actions} actions" in documentation
    assert f"{len(final_statuses)} are counted" in documentation


def test_documentation_names_each_action_that_is_not_verifiable(entries, rows):
    numbers = {r["slug"]: r["number"] for r in entries["recommendation"]}
    assert {row[0] for row in rows if row[1] == "not verifiable"} == {
        numbers[a["recommendation"][1]] + letters(a["number"])
        for a in entries["action"]
        if not a.get("is_verifiable", True)
    }


def test_documentation_names_each_action_that_is_not_assessed(documentation, final_statuses):
    named = documentation.split("and has no update: ")[1].split(".\n")[0].split(". ##")[0]
    assert set(named.replace("and ", "").split(", ")) == {
        label for label, status in final_statuses.items() if status == "not_assessed"
    }


def test_documentation_says_which_status_is_lower_here(rows, final_statuses):
    compared = {row[0]: row[2] for row in rows if len(row) == 4 and row[0] in final_statuses}
    assert len(compared) == 15
    for label, here in compared.items():
        assert Status(final_statuses[label]).label.lower() == here, label


def test_no_action_found_is_the_only_update_of_its_action(history):
    for slug, updates in history.items():
        if Status.NO_ACTION in {update["status"] for update in updates}:
            assert len(updates) == 1, slug
