"""What the third file changes in the record that ships, and what stays as earlier editions told."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client

from recommendations import evidence_watch, integrity
from recommendations.figures.dashboard import Overview
from recommendations.loading import load
from recommendations.models import Action, Edition
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from .overviews import overview

pytestmark = pytest.mark.django_db

FILES = [
    Path(settings.BASE_DIR) / "fixtures" / f"us_japan_alliance_2024{part}.yaml"
    for part in ("", ".2", ".3")
]
DAY = date(2026, 11, 29)
Figures = dict[str, Counter[str]]


def told(edition: int) -> Overview:
    viewpoint = Viewpoint(DAY, edition=Edition.objects.get(number=edition))
    return overview(Record(viewpoint).actions(), on=DAY)


def figures(edition: int) -> dict[str, Figures]:
    """Return the statuses that an edition told, by each way of grouping."""
    found: dict[str, Figures] = {name: {} for name in ("section", "area", "addressee", "party")}
    for action in told(edition).actions:
        groups = {
            "section": [action.recommendation.section.slug],
            "area": [area.slug for area in action.recommendation.areas.all()],
            "addressee": [action.addressee],
            "party": [party.slug for party in action.parties.all()],
        }
        for name, slugs in groups.items():
            for slug in slugs:
                found[name].setdefault(slug, Counter())[action.status] += 1
    return found


def totals(figures_of: Figures) -> Counter[str]:
    return Counter({slug: sum(counts.values()) for slug, counts in figures_of.items()})


def test_figures_of_edition_1_move_with_the_grouping_and_no_further(second_coding) -> None:
    """The second file regroups nothing."""
    before = figures(1)
    load(FILES[2].read_text(encoding="utf-8"))
    after = figures(1)
    assert after["section"] == before["section"]
    assert after["area"] == before["area"]
    differences = {
        name: {
            slug: n
            for slug in {*before[name], *after[name]}
            if (n := totals(after[name])[slug] - totals(before[name])[slug])
        }
        for name in ("addressee", "party")
    }
    assert differences == {
        "addressee": {"united_states": 1, "both": -1},
        "party": {"aukus-partners": -1, "japan": -1, "g7-members": 1, "asian-partners": 1},
    }


def test_edition_3_counts_81_and_changes_no_status(whole_record) -> None:
    second, third = ({a.pk: a.status for a in told(edition).actions} for edition in (2, 3))
    assert (len(second), len(third)) == (83, 81)
    left = Action.objects.filter(pk__in=set(second) - set(third))
    assert {action.label for action in left} == {"2.1d", "3.8b"}
    assert {pk: second[pk] for pk in third} == third
    assert Action.objects.get(slug="japan-korea-security-declaration").label == "2.1e"
    assert list(integrity.differences()) == []


def test_pages_say_so(client: Client, whole_record) -> None:
    assert "8 of 81 verifiable actions are implemented" in client.get("/").content.decode()
    html = client.get("/editions/3/").content.decode()
    assert "15 texts that it worded or grouped otherwise" in html
    assert "Merged:" in html
    assert "Withdrawn from every count:" in html


def test_every_new_text_has_japanese_words(client: Client, whole_record) -> None:
    html = client.get("/ja/editions/3/").content.decode()
    assert "アジアのパートナー" in html
    assert "（英語）" not in html


def test_documentation_lists_what_the_watch_names(whole_record) -> None:
    hosts = Record(Viewpoint(DAY)).listed_hosts()
    found = evidence_watch.findings_of(evidence_watch.watched_actions(), on=DAY, hosts=hosts)
    named: dict[str, list[str]] = {}
    for one in found:
        labels = named.setdefault(str(one.kind), [])
        if one.action.label not in labels:
            labels.append(one.action.label)
    text = (Path(settings.BASE_DIR) / "docs" / "data.md").read_text(encoding="utf-8")
    section = text.split("## What the watch over the evidence still names")[1].split("\n## ")[0]
    rows = [row.split(" | ") for row in re.findall(r"^\| (.*) \|$", section, re.M)][2:]
    documented = [row[1] for row in rows]
    assert documented == [
        ", ".join(named["no_action"]),
        ", ".join(named["copies"]),
        ", ".join(named["old"]),
        *(f"{len(named[kind])} actions" for kind in ("untitled", "undated", "unarchived")),
    ]
    assert set(named) == {"no_action", "copies", "old", "untitled", "undated", "unarchived"}


def test_each_step_names_an_action_of_the_first_file() -> None:
    first, _second, third = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES)
    slugs = {e["fields"]["slug"] for e in first if e["model"] == "recommendations.action"}
    steps = [entry["fields"] for entry in third if "step" in entry]
    named = {
        key[-1] for said in steps for key in [*said.get("actions", []), said.get("action")] if key
    }
    assert len(named) == 17
    assert named <= slugs
