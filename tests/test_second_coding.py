"""The second coding: its file by itself, what became of it, and what it was made from.

SECOND_CODING names the file of the research, which is no part of the project.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from recommendations import integrity, publishing
from recommendations.loading import load
from recommendations.models import Action, Coding, Edition, Evidence, StatusUpdate
from recommendations.models.action import letters
from recommendations.record import Record
from recommendations.statuses import EvidenceKind, Status, last_day
from recommendations.statuses.agreement import agreement
from recommendations.viewpoint import Viewpoint

from . import recount
from .factories import UserFactory, published_update
from .reading import csv_rows
from .test_loading import contents

ROOT = Path(__file__).resolve().parent.parent
FIXTURE = ROOT / "fixtures" / "us_japan_alliance_2024.2.yaml"
HORIZON = date(2026, 6, 17)
# Updates of the baseline that cite a copy as official, and the place of that item.
COPIES = {
    "critical-technology-collaboration-2024-09-26": 1,
    "critical-technology-collaboration-2025-10-28": 1,
    "trilateral-liaison-officers-2026-06-17": 2,
    "trilateral-contingency-planning-cell-2026-06-17": 2,
    "trilateral-operational-cooperation-2025-05-31": 3,
    "g7-counter-coercion-2026-06-15": 1,
    "coordinate-on-excess-capacity-2024-09-26": 1,
    "open-secure-mobile-networks-2024-04-10": 1,
}
STATUSES = {
    "partly": 30,
    "no_action": 21,
    "in_progress": 20,
    "implemented": 8,
    "stalled": 2,
    "overtaken": 1,
    "rejected": 1,
}
KINDS = {"primary": 11, "official": 55, "independent": 19, "press": 193, "announcement": 23}
Fields = dict[str, Any]

needs_research = pytest.mark.skipif(
    "SECOND_CODING" not in os.environ, reason="SECOND_CODING is not set"
)


# The file by itself ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def entries() -> dict[str, list[Fields]]:
    found = defaultdict(list)
    for entry in yaml.safe_load(FIXTURE.read_text(encoding="utf-8")):
        found[entry["model"].removeprefix("recommendations.")].append(entry["fields"])
    return found


def day_of(update: Fields) -> date:
    on = date.fromisoformat(update["effective_on"])
    return last_day(on, update.get("effective_precision", "day"))


def test_file_has_109_updates_and_three_codings_of_each_action(entries) -> None:
    assert {model: len(found) for model, found in entries.items()} == {
        "edition": 1,
        "statusupdate": 109,
        "evidence": 301,
        "retractionrequest": 1,
        "coding": 3 * 87,
    }
    assert Counter(item["kind"] for item in entries["evidence"]) == KINDS


def test_each_action_has_one_update_a_day_between_report_and_horizon(entries) -> None:
    days = [(*update["action"], day_of(update)) for update in entries["statusupdate"]]
    assert len(days) == len(set(days))
    assert max(day for *_action, day in days) <= HORIZON
    assert min(day for *_action, day in days) >= date(2024, 4, 4)


def test_each_correction_says_why_and_nothing_is_ended_twice(entries) -> None:
    corrections = [update for update in entries["statusupdate"] if "replaces" in update]
    assert all(update["correction_reason"].endswith(".") for update in corrections)
    ended = [update["replaces"][0] for update in corrections]
    ended += [asked["update"][0] for asked in entries["retractionrequest"]]
    assert len(ended) == len(set(ended))
    assert set(COPIES) <= set(ended)


def test_sources_have_a_language_and_nothing_is_made_up(entries) -> None:
    for item in entries["evidence"]:
        assert item["url"].startswith(("https://", "http://"))
        assert item["language"] in {"en", "ja", "zh", "es"}
        assert "accessed_on" not in item
        assert item["kind"] in set(EvidenceKind)
        assert item["supports"].strip()


def test_no_copy_counts_as_official_any_more(entries) -> None:
    """Announcements may stand on a copy: they promise, whoever reports it."""
    for item in entries["evidence"]:
        is_copy = any(word in item["publisher"] for word in ("(copy at", "(text of", "mirror"))
        assert not is_copy or item["kind"] not in {"primary", "official"}, item["publisher"]


# What docs/data.md says of it -------------------------------------------------------------------


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    """Rows of the tables of docs/data.md, as lists of cells."""
    lines = (ROOT / "docs" / "data.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line[:1] == "|"]


def label_of(key: tuple[str, ...]) -> str:
    first = recount.read()[0]
    numbers = {r["slug"]: r["number"] for r in first["recommendation"]}
    [action] = [a for a in first["action"] if (*a["recommendation"], a["slug"]) == key]
    return f"{numbers[key[1]]}{letters(action['number'])}"


def words_of(status: str) -> str:
    return Status(status).label.lower()


def test_documentation_counts_the_agreement(entries, rows) -> None:
    codes = defaultdict(dict)
    for coding in entries["coding"]:
        codes[tuple(coding["action"])][coding["coder"]] = coding["status"]
    counted = [of for of in codes.values() if of["adjudicated"] != "not_verifiable"]
    both = [of for of in counted if of["first"] != "not_assessed"]
    pairs = {
        "first and second coding, blind": (both, "first", "second"),
        "the same, with the seven that only the second assessed": (counted, "first", "second"),
        "first coding and what was decided": (both, "first", "adjudicated"),
        "second coding and what was decided": (counted, "second", "adjudicated"),
    }
    for told, (of_actions, one, other) in pairs.items():
        found = agreement([(of[one], of[other]) for of in of_actions])
        assert [told, str(found.n), str(found.same), f"{found.kappa:.2f}"] in rows


def test_documentation_counts_the_decisions(entries) -> None:
    found = Counter(c["decision"] for c in entries["coding"] if c["coder"] == "adjudicated")
    text = " ".join((ROOT / "docs" / "data.md").read_text(encoding="utf-8").split())
    assert (
        f"{found['correct']} actions were corrected, {found['extend']} extended and "
        f"{found['confirm']} confirmed"
    ) in text


def test_documentation_counts_the_statuses_of_both_editions(rows) -> None:
    for status in Status:
        counts = [str(recount.count(edition, date.max)[status]) for edition in (1, 2)]
        assert [words_of(status), *counts] in rows


def test_documentation_names_each_action_whose_status_changed(rows) -> None:
    before, after = recount.statuses(1, date.max), recount.statuses(2, date.max)
    changed = defaultdict(list)
    for key, status in before.items():
        if status != after[key]:
            changed[words_of(status), words_of(after[key])].append(label_of(key))
    named = {
        (row[0], row[1]): row[2].split(", ")
        for row in rows[rows.index(["from", "to", "actions"]) + 2 :]
        if len(row) == 3 and row[0] in {words_of(status) for status in Status}
    }
    assert {moved: sorted(labels) for moved, labels in named.items()} == {
        moved: sorted(labels) for moved, labels in changed.items()
    }
    assert sum(map(len, changed.values())) == 40


def test_documentation_counts_the_kinds_of_sources(entries, rows) -> None:
    repeated = Counter(item["kind"] for item in entries["evidence"] if is_repeated(item, entries))
    for kind in EvidenceKind:
        own = sum(item["kind"] == kind for item in entries["evidence"]) - repeated[kind]
        assert [f"`{kind}`", str(own), str(repeated[kind])] in rows


def is_repeated(item: Fields, entries: dict[str, list[Fields]]) -> bool:
    """Whether it is an item of the update that its own corrects for citing a copy."""
    update = next(one for one in entries["statusupdate"] if [one["slug"]] == item["update"])
    [replaced] = update.get("replaces", [""])
    earlier = [one for one in recount.read()[0]["evidence"] if one["update"] == [replaced]]
    return replaced in COPIES and item["url"] in {one["url"] for one in earlier}


# What became of it -----------------------------------------------------------------------------


def statuses_of(edition: int) -> dict[str, str]:
    """Return the status of each counted action as an edition told it, by its label."""
    viewpoint = Viewpoint(on=HORIZON, edition=Edition.objects.get(number=edition))
    return {
        f"{action.recommendation.number}{letters(action.number)}": action.status
        for action in Record(viewpoint).actions().counted().select_related("recommendation")
    }


@pytest.mark.usefixtures("second_coding")
def test_83_actions_are_counted_and_stand_as_adjudicated() -> None:
    found = statuses_of(2)
    assert Counter(found.values()) == STATUSES
    assert len(found) == 83
    adjudicated = Coding.objects.filter(coder="adjudicated").exclude(status="not_verifiable")
    assert found == {
        f"{coding.action.recommendation.number}{letters(coding.action.number)}": coding.status
        for coding in adjudicated.select_related("action__recommendation")
    }


@pytest.mark.usefixtures("second_coding")
def test_edition_1_keeps_every_status_and_count_by_section(client: Client) -> None:
    told = recount.statuses(1, HORIZON)
    actions = Action.objects.select_related("recommendation__report")
    labels = {
        (a.recommendation.report.slug, a.recommendation.slug, a.slug): (
            f"{a.recommendation.number}{letters(a.number)}"
        )
        for a in actions
    }
    assert statuses_of(1) == {labels[key]: status for key, status in told.items()}
    of_sections = defaultdict(Counter)
    for row in csv_rows(client.get("/recommendations.csv", {"edition": "1"})):
        of_sections[row["section"]][row["status"]] += 1
    titles = {section["slug"]: section["title"] for section in recount.read()[0]["section"]}
    expected = {
        title: recount.count(1, date.max, ("section", slug)) for slug, title in titles.items()
    }
    assert of_sections == {title: counted for title, counted in expected.items() if counted}


@pytest.mark.usefixtures("second_coding")
def test_an_update_without_a_date_of_search_was_searched_to_the_horizon() -> None:
    assert {*StatusUpdate.objects.values_list("searched_on", flat=True)} == {HORIZON}


# Loaded into a record that people have worked on ------------------------------------------------


@pytest.mark.usefixtures("baseline")
def test_file_leaves_what_people_did_and_loads_once(capsys: pytest.CaptureFixture[str]) -> None:
    edited = Action.objects.get(slug="cyber-defence-law")
    edited.title = "Pass a law on cyber defence"
    edited.save()
    reviewed = Action.objects.get(slug="jjoc-established")
    review = published_update(reviewed, "implemented", published_on=timezone.now().date())
    corrected = StatusUpdate.objects.get(slug="codevelop-new-systems-2024-05-15")
    draft = publishing.correct(corrected, by=UserFactory(), reason="The date was misread.")
    files = [str(recount.FIXTURES / name) for name in recount.NAMES]

    call_command("load_report", *files)
    told = capsys.readouterr().out
    assert f"the draft {draft.slug} of {draft.author} corrects what this edition ended" in told
    assert "Edition 3 is published." in told
    found = statuses_of(3)
    assert (Counter(found.values()), len(found)) == (STATUSES, 83)
    edited.refresh_from_db()
    assert edited.title == "Pass a law on cyber defence"
    assert review.is_counting
    assert not list(integrity.differences())

    before = contents()
    call_command("load_report", *files)
    assert contents() == before
    assert "added" not in capsys.readouterr().out


@pytest.mark.usefixtures("baseline")
def test_action_that_a_reviewer_published_on_is_left_out_with_all_of_the_file() -> None:
    reviewed = Action.objects.get(slug="loosen-export-rules-further")
    published_update(reviewed, "in_progress", published_on=timezone.now().date())
    loaded = load(FIXTURE.read_text(encoding="utf-8"))
    [told] = loaded.left_out
    assert told.endswith("is left out: a reviewer has published on it.")
    assert reviewed.updates.filter(edition__lte=2).count() == 2
    others = {label: status for label, status in statuses_of(3).items() if label != "1.3h"}
    assert Counter(others.values()) == Counter(STATUSES) - Counter(["partly"])
    assert not list(integrity.differences())


# Against the research --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def researched() -> dict[str, Fields]:
    text = Path(os.environ["SECOND_CODING"]).read_text(encoding="utf-8")
    return {found["action"]: found for found in yaml.safe_load(text)}


def labelled() -> list[tuple[str, Action]]:
    actions = Action.objects.filter(recommendation__report__slug="us-japan-alliance-2024")
    return [
        (f"{action.recommendation.number}{letters(action.number)}", action)
        for action in actions.select_related("recommendation")
    ]


def history_of(action: Action) -> list[StatusUpdate]:
    """Return what counts in edition 2, oldest first."""
    return list(
        action.updates.filter(edition__lte=2)
        .exclude(ended_in_edition__lte=2)
        .order_by("effective_day", "edition_id", "pk")
    )


def dated(on: date | None, precision: str | None) -> tuple[str | None, str]:
    return (on.isoformat() if on else None, precision or "day")


def told_of(update: StatusUpdate) -> Fields:
    return {
        "status": update.status,
        "effective": dated(update.effective_on, update.effective_precision),
        "confidence": update.confidence,
        "note": update.note,
        "search_note": update.search_note,
        "relies_on": sorted(other.slug for other in update.relies_on.all()),
        "replaces": update.replaces.slug if update.replaces else None,
        "evidence": [item_of(item) for item in update.evidence.order_by("position")],
    }


def item_of(item: Evidence) -> Fields:
    return {
        "kind": item.kind,
        "publisher": item.publisher,
        "title": item.title or None,
        "url": item.url,
        "archived_url": item.archived_url or None,
        "published": dated(item.published_on, item.published_precision),
        "language": item.language,
        "supports": item.supports,
        "quotation": item.quotation or None,
        "is_state_media": item.is_state_media,
    }


def read_as(update: Fields) -> Fields:
    """Return an update of the research in the form of told_of()."""
    same = {name: update[name] for name in ("status", "confidence", "note", "replaces")}
    items = [
        {
            **{name: value for name, value in item.items() if not name.startswith("published_")},
            "published": (item["published_on"], item["published_precision"] or "day"),
            "is_state_media": item.get("is_state_media", False),
        }
        for item in update["evidence"]
    ]
    return {
        **same,
        "effective": (update["effective_on"], update["effective_precision"]),
        "search_note": update.get("search_note") or "",
        "relies_on": sorted(update["relies_on"]),
        "evidence": items,
    }


def regraded(slug: str) -> list[Fields]:
    """Return the items of an update of the baseline, of which one is a copy, as press."""
    items = [item_of(item) for item in StatusUpdate.objects.get(slug=slug).evidence.all()]
    items = [{**item, "language": "en"} for item in items]
    copy = items[COPIES[slug] - 1]
    issuer, site = copy["publisher"].removesuffix(")").split(" (copy at ")
    article = "" if issuer == "USAID" else "the "
    assert copy["kind"] == "official"
    copy |= {"kind": "press", "publisher": f"{site} (text of {article}{issuer})"}
    return items


def expected_of(update: Fields) -> Fields:
    """Return what must stand for an update of the research: its own, or one of the baseline."""
    slug = update["unchanged"]
    if not slug:
        return read_as(update)
    stays = told_of(StatusUpdate.objects.get(slug=slug))
    assert stays["status"] == update["status"]
    assert stays["effective"] == (update["effective_on"], update["effective_precision"])
    assert stays["confidence"] == update["confidence"]
    assert update["note"] in {None, stays["note"]}
    if slug in COPIES:
        search_note = update.get("search_note") or stays["search_note"]
        return {
            **stays,
            "search_note": search_note,
            "replaces": slug,
            "evidence": regraded(slug),
        }
    return stays


def expected_history(updates: list[Fields]) -> list[Fields]:
    """Return the history of an action. A day has one new update, which corrects a copy too."""
    own = {(one["effective_on"], one["effective_precision"]) for one in updates if one["evidence"]}
    found, ended_by_own = [], {}
    for update in updates:
        day = (update["effective_on"], update["effective_precision"])
        if update["unchanged"] in COPIES and day in own:
            ended_by_own[day] = update["unchanged"]
            continue
        expected = expected_of(update)
        if not update["unchanged"] and day in ended_by_own:
            slug = ended_by_own[day]
            items = [*expected["evidence"], *regraded(slug)]
            expected |= {"replaces": slug, "evidence": items}
        found.append(expected)
    return found


@needs_research
@pytest.mark.usefixtures("second_coding")
def test_every_history_is_that_of_the_research_but_for_the_copies(researched) -> None:
    assert len(researched) == len(labelled()) == 87
    for label, action in labelled():
        found = [told_of(update) for update in history_of(action)]
        assert found == expected_history(researched[label]["updates"]), label


@needs_research
@pytest.mark.usefixtures("second_coding")
def test_every_final_status_is_the_adjudicated_one(researched) -> None:
    assert statuses_of(2) == {
        label: found["agreement"]["final"]
        for label, found in researched.items()
        if found["agreement"]["final"] != "not_verifiable"
    }


@needs_research
@pytest.mark.usefixtures("second_coding")
def test_reasons_and_retractions_are_those_of_the_research(researched) -> None:
    for label, action in labelled():
        found = researched[label]
        corrected = action.updates.filter(edition=2, replaces__isnull=False)
        own = corrected.exclude(replaces__slug__in=COPIES)
        assert {update.correction_reason for update in own} <= {found.get("reason")}
        retracted = action.updates.filter(ended_in_edition=2, end_reason="retracted")
        assert {update.slug: update.end_note for update in retracted} == {
            one["slug"]: one["reason"] for one in found["retract"]
        }


@needs_research
@pytest.mark.usefixtures("second_coding")
def test_codings_are_those_of_the_research(researched) -> None:
    for label, action in labelled():
        found, codes = researched[label], researched[label]["agreement"]
        said = {
            coding.coder: (coding.status, coding.decision, coding.reason)
            for coding in Coding.objects.filter(action=action, edition=2, person=None)
        }
        assert said == {
            "first": (codes["coder_one"], "", ""),
            "second": (codes["coder_two"], "", ""),
            "adjudicated": (codes["final"], found["decision"], found.get("reason") or ""),
        }
    days = Coding.objects.values_list("coder", "coded_on").distinct()
    assert {*days} == {
        ("first", None),
        ("second", date(2026, 11, 28)),
        ("adjudicated", None),
    }
