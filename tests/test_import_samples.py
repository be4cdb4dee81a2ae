"""Sample reports in every style come out as the outlines stored beside them.

After a change that is meant: `UPDATE_OUTLINES=1 pytest tests/test_import_samples.py`, and read the
difference before it is committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from recommendations.fiscal_years import FiscalYearRule
from recommendations.importing import AddresseeNames, Outline, outline_of, read
from recommendations.importing.outline import as_json
from recommendations.importing.outline_text import as_text
from recommendations.text.highlighting import text_without_tags

SAMPLES = sorted(
    path
    for path in (settings.BASE_DIR / "fixtures" / "reports").iterdir()
    if not path.name.endswith(".outline.json")
)
KNOWN = AddresseeNames(
    parties={"River Board": "river-board", "council": "council", "架空市": "kakuu", "国": "kuni"},
    bodies={
        "Harbour Commission": "harbour",
        "Commission": "harbour",
        "Bridge Office": "bridges",
        "架空港務局": "port",
    },
    party_of={"harbour": "council", "port": "kakuu"},
    # As a tracker has them that is about both countries.
    fiscal_years={
        "united-states": FiscalYearRule(10, 1, True, "fiscal_year_us"),
        "japan": FiscalYearRule(4, 1, False, "fiscal_year_japan"),
    },
)
each_sample = pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)


def outline(path: Path) -> Outline:
    return outline_of(read(path.read_bytes()), KNOWN)


def without_text(outline: Outline) -> dict[str, object]:
    found = json.loads(json.dumps(as_json(outline)))
    return {name: value for name, value in found.items() if name != "blocks"}


def test_there_is_a_sample_of_each_kind_of_file_and_language():
    assert len(SAMPLES) >= 8
    assert {path.suffix for path in SAMPLES} == {".md", ".html", ".docx", ".pdf"}
    assert {outline(path).language for path in SAMPLES} == {"en", "ja"}


@each_sample
def test_sample_comes_out_as_its_outline(path):
    expected = path.with_name(f"{path.name}.outline.json")
    found = without_text(outline(path))
    if os.environ.get("UPDATE_OUTLINES"):
        expected.write_text(
            json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    assert found == json.loads(expected.read_text(encoding="utf-8"))


@each_sample
def test_places_lead_to_the_words_that_were_proposed(path):
    found = outline(path)
    for section in found.sections:
        actions = [a for r in section.recommendations for a in r.actions]
        for action in [*actions, *section.asks]:
            block, start, end = action.place
            assert action.text in found.blocks[block].text[start:end]
        for one in section.recommendations:
            block, start, end = one.place
            assert one.headline in found.blocks[block].text[start:end]
            assert one.blocks[0] == block


@each_sample
def test_text_of_a_block_is_what_stands_between_its_tags(path):
    for block in outline(path).blocks:
        assert text_without_tags(block.html) == block.text


@each_sample
def test_the_same_file_gives_the_same_outline(path):
    assert outline(path) == outline(path)


def test_outline_can_be_read_in_a_terminal():
    text = as_text(outline(SAMPLES[0].with_name("bold_bullets.md")))
    assert text.startswith(
        "A Harbour for the Next Century: What Exampleton should do about its silt"
    )
    assert "1.1 Dredge the main channel  [lead]" in text
    assert "harbour" not in text.splitlines()[0]
    assert "2027-03-01 month" in text
