"""The editor's way from a file to a draft."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from recommendations.admin.importing import upload as upload_page
from recommendations.drafting.proposals import proposals_in
from recommendations.importing.outline import from_json
from recommendations.models import Recommendation, Report, ReportImport, ReportText

from .reading import text_of

pytestmark = pytest.mark.run_once

PAGE = "/admin/import/"
HARBOUR = settings.BASE_DIR / "fixtures" / "reports" / "bold_bullets.md"


@pytest.fixture
def desk(client: Client, editor) -> Client:
    client.force_login(editor)
    return client


def upload(client: Client, data: bytes, name: str = "report.md"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def uploaded(client: Client) -> ReportImport:
    response = upload(client, HARBOUR.read_bytes(), "harbour.md")
    kept = ReportImport.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"{PAGE}{kept.pk}/"
    return kept


FACTS = {
    "title": "A Harbour",
    "subtitle": "",
    "slug": "a-harbour",
    "published_on": "2025-02-03",
}


def test_the_preview_shows_what_was_found_and_writes_nothing(desk):
    kept = uploaded(desk)
    html = desk.get(f"{PAGE}{kept.pk}/").content.decode()
    text = text_of(html)
    assert "4 recommendations were found" in text
    assert "1.1 Dredge the main channel (lead)" in text
    assert "by March 2027" in text
    assert 'value="a-harbour-for-the-next-century"' in html
    assert not Report.objects.exists()


def test_accepted_it_is_a_draft_at_its_breakdown(desk, editor):
    kept = uploaded(desk)
    response = desk.post(f"{PAGE}{kept.pk}/", FACTS)
    assert response["Location"] == "/admin/breakdown/a-harbour/"
    report = Report.objects.get()
    assert (report.title, report.is_draft) == ("A Harbour", True)
    assert Recommendation.objects.filter(report=report).count() == 4
    text = ReportText.objects.get()
    assert (text.file_name, text.imported_by, text.checksum) == (
        "harbour.md",
        editor,
        kept.checksum,
    )
    assert not ReportImport.objects.exists()
    assert "Dredge the main channel" in desk.get(response["Location"]).content.decode()


def test_given_up_nothing_of_it_is_kept(desk):
    kept = uploaded(desk)
    response = desk.post(f"{PAGE}{kept.pk}/", {"give_up": "1"}, follow=True)
    assert "nothing of it is kept" in response.content.decode()
    assert not ReportImport.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (bytes(range(256)) * 40, "encoding of the text cannot be told"),
        (b"%PDF-1.7 nothing", "PDF cannot be read"),
    ],
)
def test_what_is_no_report_comes_back_with_what_to_do(desk, data, words):
    response = upload(desk, data)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not ReportImport.objects.exists()


def test_without_a_file_it_is_asked_for(desk):
    response = desk.post(PAGE, {})
    assert response.status_code == 400
    assert "Choose a file." in response.content.decode()


def test_an_upload_stops_at_its_limit(desk, monkeypatch):
    monkeypatch.setattr("recommendations.drafting.uploads.LARGEST_FILE", 100_000)
    read = []
    monkeypatch.setattr(upload_page, "propose_safely", lambda *a, **options: read.append(a))
    response = upload(desk, b"a" * 3_000_000)
    assert response.status_code == 400
    assert "The file has more than 20 MB." in response.content.decode()
    assert not read


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"slug": "taken"}, "There is a report “taken” already"),
        ({"slug": "no name"}, "valid “slug”"),
        ({"published_on": "soon"}, "Enter a valid date"),
        ({"title": ""}, "This field is required"),
        ({"title": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_a_wrong_fact_is_said_and_nothing_is_lost(desk, changed, words):
    kept = uploaded(desk)
    Report.objects.create(slug="taken", title="Taken", published_on="2024-01-01")
    response = desk.post(f"{PAGE}{kept.pk}/", FACTS | changed)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert Report.objects.count() == 1
    assert ReportImport.objects.exists()


def test_what_was_given_up_in_silence_goes_after_two_weeks(desk):
    kept = uploaded(desk)
    ReportImport.objects.update(uploaded_at=timezone.now() - timedelta(days=15))
    upload(desk, b"# Another\n\nThe council should act.\n")
    assert ReportImport.objects.exclude(pk=kept.pk).count() == 1
    assert not ReportImport.objects.filter(pk=kept.pk).exists()


def test_nobody_accepts_or_gives_up_the_upload_of_another_person(desk, staff_member):
    kept = uploaded(desk)
    other = Client()
    other.force_login(staff_member("another", "Editor"))
    address = f"{PAGE}{kept.pk}/"
    for response in (
        other.get(address),
        other.post(address, FACTS),
        other.post(address, {"give_up": "1"}),
    ):
        assert response["Location"] == PAGE
    assert ReportImport.objects.exists()
    assert "harbour.md" not in other.get(PAGE).content.decode()


def test_accepted_in_a_second_tab_it_is_one_draft(desk):
    kept = uploaded(desk)
    desk.post(f"{PAGE}{kept.pk}/", FACTS)
    again = desk.post(f"{PAGE}{kept.pk}/", FACTS | {"slug": "another"})
    assert again["Location"] == PAGE
    assert "it was accepted or given up" in desk.get(PAGE).content.decode()
    assert Report.objects.count() == 1


@pytest.mark.parametrize("size", [3_000_000, 50_000])
def test_no_temporary_file_is_left(desk, settings, tmp_path, monkeypatch, size):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    monkeypatch.setattr("recommendations.drafting.uploads.LARGEST_FILE", 200_000)
    upload(desk, b"a" * size)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "data",
    [
        b'<html lang="\0\0"><title>A\0 title</title><p>It\0 should &#0; act. \xf4\x8f\xbf\xbf',
        b"# Odd \x01\x02 title\n\n- **Do \x0b it at once.** It should.\n",
        "<p>The council should &#xD800; act \ud7ff \ue000.</p>".encode(),
    ],
)
def test_characters_that_no_database_takes_are_left_out(desk, data):
    assert upload(desk, data + b" and more words" * 100).status_code == 302
    kept = ReportImport.objects.get()
    assert desk.post(f"{PAGE}{kept.pk}/", FACTS).status_code == 302


@pytest.mark.parametrize("name", ["analyst", "reviewer"])
def test_only_editors_import(client, request, name):
    client.force_login(request.getfixturevalue(name))
    assert client.get(PAGE).status_code == 403
    assert upload(client, b"# A\n").status_code == 403


def test_a_visitor_is_sent_to_sign_in(client, db):
    assert client.get(PAGE).status_code == 302


def test_the_token_of_the_form_is_checked(editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert upload(strict, b"# A\n").status_code == 403
    assert not ReportImport.objects.exists()


def test_markup_of_the_file_is_shown_as_text(desk):
    upload(desk, b"## To do\n\n- **Light <script>alert(1)</script> the pier.** They should.\n")
    html = desk.get(f"{PAGE}{ReportImport.objects.get().pk}/").content.decode()
    assert "<script>alert" not in html


def test_what_waits_is_listed_for_who_uploaded_it(desk):
    kept = uploaded(desk)
    assert f'href="{PAGE}{kept.pk}/"' in desk.get(PAGE).content.decode()


# Deciding of proposals --------------------------------------------------------------------------


def words_of(kept: ReportImport, key: str) -> str:
    return next(one.words for one in proposals_in(from_json(kept.outline)) if one.key == key)


def decide(desk: Client, kept: ReportImport, **data: str):
    data = {"was": words_of(kept, data["proposal"]), **data}
    return desk.post(f"{PAGE}{kept.pk}/decide/", data)


def test_a_decision_is_kept_with_the_upload(desk):
    kept = uploaded(desk)
    response = decide(desk, kept, proposal="action-2-0-0", decision="drop")
    assert response["Location"] == f"{PAGE}{kept.pk}/#action-2-0-0"
    assert "Dropped: 1." in text_of(desk.get(f"{PAGE}{kept.pk}/").content.decode())
    desk.post(f"{PAGE}{kept.pk}/", FACTS)
    assert (
        Recommendation.objects.get(number="1.1").actions.count()
        == len(kept.outline["sections"][2]["recommendations"][0]["actions"]) - 1
    )


def test_a_decision_that_cannot_be_says_why(desk):
    kept = uploaded(desk)
    response = decide(desk, kept, proposal="action-2-0-0", decision="reword", words=" ")
    assert response.status_code == 400
    assert "Write the words, or drop the proposal." in response.content.decode()
    before = kept.outline
    kept.refresh_from_db()
    assert kept.outline == before


def test_words_that_are_refused_come_back(desk):
    kept = uploaded(desk)
    words = "Dredge " * 1_500
    response = decide(desk, kept, proposal="action-2-0-0", decision="reword", words=words)
    assert response.status_code == 400
    assert "At most 300 characters fit." in response.content.decode()
    assert words in response.content.decode()


def test_a_page_from_before_a_merge_decides_of_nothing_else(desk):
    kept = uploaded(desk)
    decide(desk, kept, proposal="action-2-0-1", decision="split", words="One thing\nAnother")
    before = ReportImport.objects.get().outline
    response = decide(desk, kept, proposal="action-2-0-1", decision="drop")
    assert response.status_code == 400
    assert "was changed meanwhile" in response.content.decode()
    assert ReportImport.objects.get().outline == before


def test_nobody_decides_of_the_upload_of_another(desk, staff_member):
    kept = uploaded(desk)
    ReportImport.objects.update(uploaded_by=staff_member("other", "Editor"))
    response = decide(desk, kept, proposal="action-2-0-0", decision="drop")
    assert response["Location"] == PAGE
    assert ReportImport.objects.get().outline == kept.outline


def test_a_null_character_is_no_report(desk):
    file = SimpleUploadedFile("harbour.md", HARBOUR.read_bytes())
    response = desk.post(PAGE, {"file": file, "report": "a\0b"})
    assert response.status_code == 400
    assert "This report is not here any more." in response.content.decode()


# Another text -----------------------------------------------------------------------------------


@pytest.fixture
def harbour(desk) -> Report:
    desk.post(f"{PAGE}{uploaded(desk).pk}/", FACTS)
    return Report.objects.get()


def changed_file(desk: Client, report: Report) -> ReportImport:
    data = HARBOUR.read_bytes().replace(b"Dredge the main channel", b"Dredge both channels")
    file = SimpleUploadedFile("harbour-2.md", data)
    response = desk.post(PAGE, {"file": file, "report": report.slug})
    assert response.status_code == 302
    return ReportImport.objects.get(report=report)


def test_the_page_of_the_text_leads_to_a_corrected_file(desk, harbour):
    html = desk.get("/admin/text/a-harbour/").content.decode()
    assert f"{PAGE}?report=a-harbour" in html
    assert (
        '<option value="a-harbour" selected>'
        in desk.get(f"{PAGE}?report=a-harbour").content.decode()
    )


def test_a_changed_file_says_what_it_changes_and_changes_nothing(desk, harbour):
    kept = changed_file(desk, harbour)
    text = text_of(desk.get(f"{PAGE}{kept.pk}/").content.decode())
    assert "Changed 1" in text
    assert "Gone" not in text
    assert "Dredge" in text
    assert "both channels" in text
    assert "2 marks stay with their words." in text
    assert "marks are lost" not in text
    assert harbour.texts.count() == 1


def test_a_recommendation_that_is_new_in_the_file_is_taken_where_it_is_ticked(desk, harbour):
    data = HARBOUR.read_bytes().rstrip()
    new = b"\n\n- **Widen the quay.** The Harbour Commission should widen it.\n"
    opening = data.index(b"\n\n", data.index(b"Dredge the main channel"))
    file = SimpleUploadedFile("harbour-2.md", data[:opening] + new + data[opening:] + b"\n")
    desk.post(PAGE, {"file": file, "report": harbour.slug})
    page = f"{PAGE}{ReportImport.objects.get(report=harbour).pk}/"
    html = desk.get(page).content.decode()
    assert "1 recommendation that the report does not have yet" in text_of(html)
    key = re.search(r'name="taken"\s+value="([^"]+)"', html)[1]
    refused = desk.post(page, {"version": "0", "taken": [key]})
    # What was ticked is ticked still, where the text is another meanwhile.
    assert re.search(rf'value="{key}"\s+checked', refused.content.decode())
    assert harbour.recommendations.count() == 4
    answer = desk.post(page, {"version": "1", "taken": [key]})
    assert answer["Location"] == "/admin/breakdown/a-harbour/"
    [taken] = harbour.recommendations.filter(headline="Widen the quay")
    assert taken.is_draft
    assert [one.title for one in taken.actions.all()] == ["The Harbour Commission should widen it."]


def test_with_consent_it_is_the_text(desk, harbour, editor):
    kept = changed_file(desk, harbour)
    response = desk.post(f"{PAGE}{kept.pk}/", {"version": "1"}, follow=True)
    assert "It is version 2 of the text." in response.content.decode()
    newest = harbour.texts.first()
    assert (newest.version, newest.file_name, newest.imported_by) == (2, "harbour-2.md", editor)
    assert not ReportImport.objects.exists()


def test_consent_to_other_changes_is_asked_anew(desk, harbour):
    kept = changed_file(desk, harbour)
    response = desk.post(f"{PAGE}{kept.pk}/", {"version": "0"})
    assert response.status_code == 409
    assert "Meanwhile the report got another text." in response.content.decode()
    assert harbour.texts.count() == 1


def test_the_same_file_again_has_nothing_to_consent_to(desk, harbour):
    file = SimpleUploadedFile("harbour.md", HARBOUR.read_bytes())
    desk.post(PAGE, {"file": file, "report": harbour.slug})
    html = desk.get(f"{PAGE}{ReportImport.objects.get().pk}/").content.decode()
    assert "The file changes nothing of the text" in html
    assert "Make it the text of the report" not in html


def test_a_report_that_is_not_there_is_said(desk):
    file = SimpleUploadedFile("harbour.md", HARBOUR.read_bytes())
    response = desk.post(PAGE, {"file": file, "report": "nothing"})
    assert response.status_code == 400
    assert "This report is not here any more." in response.content.decode()
