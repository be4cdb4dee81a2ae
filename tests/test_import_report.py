"""The command that reads a report, shows what it proposes, or writes it as a draft."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from recommendations.drafting import draft
from recommendations.importing import AddresseeNames, propose
from recommendations.models import (
    Action,
    Body,
    Deadline,
    Mark,
    Passage,
    Recommendation,
    Report,
    ReportText,
    Section,
)

from .factories import BodyFactory, PartyFactory, include

SAMPLES = settings.BASE_DIR / "fixtures" / "reports"
HARBOUR = SAMPLES / "bold_bullets.md"
WRITTEN = (Report, Section, Recommendation, Action, Deadline, ReportText, Passage, Mark)

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


def imported(*arguments: object) -> str:
    out = StringIO()
    call_command("import_report", *map(str, arguments), stdout=out)
    return out.getvalue()


def rows() -> list[int]:
    return [model.objects.count() for model in WRITTEN]


@pytest.fixture
def vocabulary() -> None:
    council = PartyFactory(slug="council", name="council")
    BodyFactory(slug="harbour-commission", name="Harbour Commission", party=council)
    PartyFactory(slug="river-board", name="River Board")


def test_a_dry_run_shows_the_proposal_and_writes_nothing(vocabulary):
    text = imported(HARBOUR, "--dry-run")
    assert "1.1 Dredge the main channel  [lead]" in text
    assert "[should, council, 2027-03-01 month]" in text
    assert rows() == [0] * len(WRITTEN)


def test_json_is_the_whole_outline(vocabulary):
    found = json.loads(imported(HARBOUR, "--dry-run", "--format", "json"))
    assert found["title"] == "A Harbour for the Next Century"
    assert found["blocks"][0]["kind"] == "paragraph"


def test_a_draft_has_report_sections_recommendations_and_actions(vocabulary):
    told = imported(HARBOUR, "--as-draft", "harbour")
    assert "4 recommendations, 5 actions proposed" in told
    report = Report.objects.get()
    assert report.is_draft
    assert report.author_list == ["Ada Example", "Ben Sample"]
    assert [(s.title, s.parent and s.parent.title) for s in report.sections.all()] == [
        ("Introduction", None),
        ("What to do", None),
        ("Dredging and depth", "What to do"),
        ("Light and safety", "What to do"),
        ("Conclusion", None),
    ]
    assert [str(r) for r in Recommendation.objects.all()] == [
        "1.1 Dredge the main channel",
        "1.2 Share the cost with the Upper River",
        "2.1 Light the north pier",
        "2.2 Train the pilots!",
    ]


def test_an_action_has_its_words_addressees_deadline_and_place(vocabulary):
    imported(HARBOUR, "--as-draft", "harbour")
    action = Action.objects.get(recommendation__number="1.1", number=1)
    assert action.title.startswith("The Harbour Commission should dredge it")
    assert [party.slug for party in action.parties.all()] == ["council"]
    assert [body.slug for body in action.bodies.all()] == ["harbour-commission"]
    assert (action.due_on.isoformat(), action.deadlines.get().precision) == ("2027-03-31", "month")
    mark = action.marks.get()
    assert mark.passage.text[mark.start : mark.end] == action.title
    assert mark.passage.recommendation == action.recommendation


def test_the_place_of_an_action_is_in_the_language_of_its_report():
    with translation.override("ja"):
        imported(HARBOUR, "--as-draft", "harbour")
    place = Action.objects.get(recommendation__number="1.1", number=1).place
    assert place.startswith("Dredging and depth, passage ")


def nested_report(sections: int) -> bytes:
    """Return a report of sections that lie in each other, up to six deep."""
    headings = "\n\n".join(f"{'#' * (1 + n % 6)} Part {n}\n\nText." for n in range(sections))
    return f"---\ntitle: Nested\ndate: 2025-01-01\n---\n\n{headings}\n".encode()


def queries_for_draft_of(sections: int) -> int:
    outline = propose(nested_report(sections), AddresseeNames({}, {}, {}))
    with CaptureQueriesContext(connection) as queries:
        draft.save_draft(
            outline, slug=f"nested-{sections}", file_name="a.md", checksum="", now=timezone.now()
        )
    return len(queries)


def test_a_section_is_not_asked_for_by_those_inside_it():
    # The first draft of a database asks for more.
    queries_for_draft_of(1)
    few, many = queries_for_draft_of(6), queries_for_draft_of(18)
    assert Section.objects.exclude(parent=None).count() == 5 + 15
    # Its row, and that of its history.
    assert many - few == 2 * (18 - 6)


@pytest.mark.parametrize("address", ["/reports/harbour/", "/reports/harbour/text/"])
def test_no_visitor_sees_a_draft(client, vocabulary, address):
    imported(HARBOUR, "--as-draft", "harbour")
    assert client.get(address).status_code == 404
    assert "Harbour" not in client.get("/reports/").content.decode()


def test_published_its_text_shows_only_where_its_rights_say_so(client, vocabulary):
    imported(HARBOUR, "--as-draft", "harbour")
    report = Report.objects.get()
    for action in Action.objects.filter(parties=None):
        action.parties.add(*draft.Party.objects.filter(slug="council"))
    include(reports=[report])
    words = "The channel has lost two metres in ten years."
    assert words not in client.get("/reports/harbour/text/").content.decode()
    Report.objects.update(text_rights="full")
    html = client.get("/reports/harbour/text/").content.decode()
    assert words in html
    assert html.count("<mark>") == 5
    assert "Nothing of the text" not in html


@pytest.mark.parametrize(
    "path",
    sorted(path for path in SAMPLES.iterdir() if not path.name.endswith(".outline.json")),
    ids=lambda path: path.name,
)
def test_every_sample_becomes_a_draft(path):
    imported(path, "--as-draft", "sample", "--published-on", "2025-01-01", "--title", "A sample")
    assert Report.objects.get().title == "A sample"
    assert Recommendation.objects.exists()
    assert Action.objects.filter(marks__isnull=True).count() == 0


PONDS = """---
title: Ponds
date: {date}
---

# Ponds

## Water

1. The council should clean the ponds within 12 months. It should count the otters by May 2030.
"""


@pytest.mark.parametrize(
    ("on", "said", "first"),
    [
        ("2024-07-18", (), date(2025, 7, 1)),
        ("2024-07-18", ("--published-on", "2023-05-01"), date(2024, 5, 1)),
        ("", ("--published-on", "2023-05-01"), date(2024, 5, 1)),
    ],
)
def test_a_deadline_counts_from_the_day_of_publication_that_an_editor_gives(
    tmp_path, on, said, first
):
    file = tmp_path / "ponds.md"
    file.write_text(PONDS.format(date=on))
    imported(file, "--as-draft", "ponds", *said)
    days = Deadline.objects.order_by("on").values_list("on", flat=True)
    assert [(day.year, day.month) for day in days] == [(first.year, first.month), (2030, 5)]


def test_bodies_that_the_text_asks_are_added_where_that_is_said():
    imported(HARBOUR, "--as-draft", "as-it-is")
    assert not Body.objects.exists()
    imported(HARBOUR, "--as-draft", "harbour", "--add-bodies")
    assert {body.name for body in Body.objects.all()} >= {"Harbour Commission", "River Board"}
    action = Action.objects.get(
        recommendation__report__slug="harbour", recommendation__number="1.1", number=1
    )
    assert [body.name for body in action.bodies.all()] == ["Harbour Commission"]


def test_the_same_short_name_twice_is_refused(vocabulary):
    imported(HARBOUR, "--as-draft", "harbour")
    before = rows()
    with pytest.raises(CommandError, match="There is a report “harbour” already"):
        imported(HARBOUR, "--as-draft", "harbour")
    assert rows() == before


def test_a_crash_in_the_middle_leaves_no_row(vocabulary, monkeypatch):
    calls = []
    write = draft._action

    def write_two_actions(*args):
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("the power went out")
        return write(*args)

    monkeypatch.setattr(draft, "_action", write_two_actions)
    with pytest.raises(RuntimeError):
        imported(HARBOUR, "--as-draft", "harbour")
    assert rows() == [0] * len(WRITTEN)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((HARBOUR,), "Say one of --dry-run, --as-draft"),
        ((HARBOUR, "--dry-run", "--as-draft", "x"), "Say one of --dry-run, --as-draft"),
        ((SAMPLES / "nothing.md", "--dry-run"), "cannot be read: No such file"),
        ((HARBOUR, "--as-draft", "no name"), "is no short name"),
        (
            (SAMPLES / "labelled.md", "--as-draft", "x"),
            "does not say when the report came out. Say it: --published-on",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_writes_nothing(arguments, words):
    with pytest.raises(CommandError, match=words):
        imported(*arguments)
    assert rows() == [0] * len(WRITTEN)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    large = tmp_path / "large.md"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(CommandError, match="more than 20 MB"):
        imported(large, "--dry-run")


def test_a_draft_leaves_the_record_in_order(tmp_path):
    path = tmp_path / "ports.md"
    path.write_text("# Ports\n\n- **Dredge.** The port should dredge it.\n", encoding="utf-8")
    arguments = ["--as-draft", "ports", "--published-on", "2025-03-01"]
    call_command("import_report", str(path), *arguments, stdout=StringIO())
    call_command("check_integrity", stdout=StringIO())
