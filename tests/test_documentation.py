"""What the documents promise: every code of the methodology, and links that lead somewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from recommendations.models.edition import EditionKind
from recommendations.statuses import (
    RULE_RESULTS,
    Attribution,
    Confidence,
    EvidenceKind,
    Precision,
    Schedule,
    Status,
)

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *ROOT.glob("docs/**/*.md"),
    ]
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`(\w+)`")


@pytest.fixture(scope="module")
def methodology() -> str:
    return (ROOT / "docs/methodology.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "vocabulary",
    [
        Status,
        EvidenceKind,
        Schedule,
        Precision,
        Confidence,
        Attribution,
        EditionKind,
    ],
)
def test_every_code_stands_in_the_methodology(methodology: str, vocabulary) -> None:
    assert set(vocabulary.values) <= set(CODE.findall(methodology))


@pytest.mark.parametrize("vocabulary", [Status, EvidenceKind])
def test_codes_are_defined_in_the_order_of_the_code(methodology: str, vocabulary) -> None:
    defined = re.findall(r"^\| `(\w+)` \|", methodology, re.MULTILINE)
    assert list(dict.fromkeys(c for c in defined if c in vocabulary.values)) == vocabulary.values


def test_roll_up_is_told_rule_by_rule_with_its_results(methodology: str) -> None:
    rows = re.findall(r"^\| (\d) \| .* \| ([^|]+) \|$", methodology, re.MULTILINE)
    told = {int(number): CODE.findall(results) for number, results in rows}
    assert list(told) == list(RULE_RESULTS)
    assert told == RULE_RESULTS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_to_files(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    paths = [link.partition("#")[0] for link in links if not re.match(r"\w+:|#", link)]
    assert [path for path in paths if not (document.parent / path).is_file()] == []
