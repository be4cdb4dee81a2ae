"""What an upload proposes is read back as it was kept, or the page says what to do instead."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from recommendations.drafting.proposals import proposals_in
from recommendations.importing import UnreadableOutline
from recommendations.importing.outline import as_json, from_json
from recommendations.models import Action, Mark, Recommendation, Report, ReportImport

# As the first form kept it: with what an editor had decided, and all that was left alone.
FIRST_FORM = """{
 "version": 1, "title": "A Harbour", "subtitle": "", "authors": ["Ada Example"],
 "published_on": "2025-02-03", "publisher": "", "language": "en", "notes": ["Look at the date."],
 "blocks": [
  {"kind": "heading", "level": 2, "html": "What to do", "text": "What to do"},
  {"kind": "item", "level": 1,
   "html": "<strong>Dredge.</strong> The port should dredge. It must pay.",
   "text": "Dredge. The port should dredge. It must pay."},
  {"kind": "item", "level": 1, "html": "Light it. They should.", "text": "Light it. They should."},
  {"kind": "paragraph", "level": 0, "html": "All should help.", "text": "All should help."}
 ],
 "sections": [
  {"title": "What to do", "block": 0, "level": 2, "parent": null,
   "recommendations": [
    {"number": "1", "headline": "Dredge", "place": [1, 0, 7], "rule": "lead", "blocks": [1],
     "dropped": false, "origin": "listed",
     "actions": [
      {"text": "Dredge and pay", "place": [1, 8, 31], "rule": "should", "strength": "direct",
       "parties": ["council"], "bodies": [], "dropped": false, "more_places": [[1, 32, 44]],
       "deadline": {"on": "2027-03-01", "precision": "month", "words": "by March 2027"}}
     ]},
    {"number": "2", "headline": "Light it", "place": [2, 0, 9], "rule": "lead", "blocks": [2],
     "dropped": true,
     "actions": [
      {"text": "They should.", "place": [2, 10, 22], "rule": "should", "strength": "direct",
       "parties": [], "bodies": [], "deadline": null}
     ]}
   ],
   "asks": [
    {"text": "All should help.", "place": [3, 0, 16], "rule": "should", "strength": "direct",
     "parties": [], "bodies": [], "deadline": null, "taken": true}
   ]}
 ]
}"""
PAGE = "/admin/import/"


@pytest.fixture
def desk(client: Client, editor) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def kept(editor) -> Callable[[object], str]:
    """Keeps an outline for the editor: `kept(outline)` returns the address of its page."""

    def keep(outline: object, report: Report | None = None) -> str:
        row = ReportImport.objects.create(
            report=report,
            file_name="harbour.md",
            checksum="",
            outline=outline,
            uploaded_by=editor,
            uploaded_at=timezone.now(),
        )
        return f"{PAGE}{row.pk}/"

    return keep


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """Return the first form with one value of it replaced, or left out where it is None."""
    outline = json.loads(FIRST_FORM)
    *way, last = path
    inside = outline
    for step in way:
        inside = inside[step]
    if value is None:
        del inside[last]
    else:
        inside[last] = value
    return outline


def test_the_first_form_is_read_with_its_decisions():
    outline = from_json(json.loads(FIRST_FORM))
    assert outline.published_on == date(2025, 2, 3)
    assert [(one.key, one.is_kept) for one in proposals_in(outline)] == [
        ("recommendation-0-0", True),
        ("action-0-0-0", True),
        ("recommendation-0-1", False),
        ("action-0-1-0", False),
        ("ask-0-0", True),
    ]
    assert from_json(json.loads(json.dumps(as_json(outline)))) == outline


def test_an_upload_in_the_first_form_is_shown_decided_of_and_accepted(desk, kept):
    address = kept(json.loads(FIRST_FORM))
    assert "Dredge and pay" in desk.get(address).content.decode()
    decision = {"proposal": "action-0-0-0", "was": "Dredge and pay", "decision": "reword"}
    assert desk.post(f"{address}decide/", decision | {"words": "Dredge it"}).status_code == 302
    facts = {"title": "A Harbour", "slug": "a-harbour", "published_on": "2025-02-03"}
    assert desk.post(address, facts)["Location"] == "/admin/breakdown/a-harbour/"
    assert [str(one) for one in Recommendation.objects.all()] == ["1 Dredge", "T1 All should help."]
    assert sorted(mark.words for mark in Mark.objects.filter(action__title="Dredge it")) == [
        "It must pay.",
        "The port should dredge.",
    ]
    assert Action.objects.get(title="Dredge it").due_on == date(2027, 3, 31)


FIRST_ACTION = ("sections", 0, "recommendations", 0, "actions", 0)
UNREADABLE = {
    "unknown version": changed(("version",), 7),
    "no version": changed(("version",), None),
    "no list of blocks": changed(("blocks",), "all"),
    "missing title": changed(("title",), None),
    "no such day": changed(("published_on",), "2025-02-31"),
    "unknown precision": changed((*FIRST_ACTION, "deadline", "precision"), "decade"),
    "place in no block": changed((*FIRST_ACTION, "place"), [9, 0, 1]),
    "place beyond the text": changed((*FIRST_ACTION, "place"), [1, 0, 1000]),
    "merged place in no block": changed((*FIRST_ACTION, "more_places"), [[9, 0, 1]]),
    "negative place": changed((*FIRST_ACTION, "place"), [-1, 0, 1]),
    "recommendation in no block": changed(("sections", 0, "recommendations", 0, "blocks"), [9]),
    "the same number twice": changed(("sections", 0, "recommendations", 1, "number"), "1"),
    "section in itself": changed(("sections", 0, "parent"), 0),
    "section at no block": changed(("sections", 0, "block"), 4),
    "level beyond the column": changed(("blocks", 0, "level"), 40_000),
    "a list": [],
    "a number": 1,
    "nothing": {},
}


@pytest.mark.parametrize("outline", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_says_to_upload_the_file_again(outline):
    with pytest.raises(UnreadableOutline, match=r"upload the file again\.$"):
        from_json(outline)


def test_another_version_is_named():
    with pytest.raises(UnreadableOutline, match="another version of the tracker"):
        from_json(UNREADABLE["unknown version"])


@pytest.mark.parametrize("name", ["unknown version", "place in no block", "a list"])
def test_every_page_of_an_unreadable_upload_says_so_and_it_can_be_given_up(desk, kept, name):
    address = kept(UNREADABLE[name])
    facts = {"title": "A Harbour", "slug": "a-harbour", "published_on": "2025-02-03"}
    decision = {"proposal": "action-0-0-0", "decision": "drop"}
    for response in (
        desk.get(address),
        desk.post(address, facts),
        desk.post(f"{address}decide/", decision),
    ):
        assert response.status_code == 409
        assert "upload the file again" in response.content.decode()
    assert not Report.objects.exists()
    assert f'href="{address}"' in desk.get(PAGE).content.decode()
    assert desk.post(address, {"give_up": "1"})["Location"] == PAGE
    assert not ReportImport.objects.exists()


def test_an_unreadable_text_of_a_report_changes_nothing(desk, kept):
    report = Report.objects.create(slug="ports", title="Ports", published_on="2024-01-01")
    address = kept(UNREADABLE["place in no block"], report)
    for response in (desk.get(address), desk.post(address, {"version": "0"})):
        assert response.status_code == 409
        assert "upload the file again" in response.content.decode()
    assert not report.texts.exists()
