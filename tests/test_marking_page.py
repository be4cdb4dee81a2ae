"""Staff mark where in the text an action is asked for."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.models import Action, Mark, Passage, Report
from recommendations.models.edition import TrackerState

from .factories import (
    ActionFactory,
    MarkFactory,
    PassageFactory,
    RecommendationFactory,
    ReportFactory,
    ReportTextFactory,
    published_action,
    withdraw,
)
from .reading import text_of

pytestmark = pytest.mark.run_once

WORDS = "should dredge the harbour"


@pytest.fixture
def report(db) -> Report:
    recommendation = RecommendationFactory(number="1")
    ActionFactory(recommendation=recommendation, number=1, title="Dredge it")
    text = ReportTextFactory(report=recommendation.report)
    PassageFactory(report_text=text, position=1, text="Harbours", kind="heading")
    PassageFactory(report_text=text, position=2, text="The port should dredge the harbour.")
    return recommendation.report


@pytest.fixture
def desk(client: Client, editor) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def passage(report) -> Passage:
    return Passage.objects.get(kind="paragraph")


def page(report: Report, step: str = "") -> str:
    return f"/admin/text/{report.slug}/{step}"


def marked(desk: Client, report: Report, passage: Passage, words: str, asks_for: str):
    data = {"passage": passage.pk, "words": words, "asks_for": asks_for}
    return desk.post(page(report, "mark/"), data)


def test_words_become_a_mark_of_an_action(desk, report, passage):
    action = Action.objects.get()
    response = marked(desk, report, passage, f"  {WORDS}\n", f"action-{action.pk}")
    assert response["Location"] == f"{page(report)}#passage-{passage.pk}"
    made = Mark.objects.get()
    assert (made.action, made.words) == (action, WORDS)
    assert made.passage.recommendation == action.recommendation


def test_words_become_a_new_draft_of_a_recommendation(desk, report, passage):
    owner = report.recommendations.get()
    marked(desk, report, passage, WORDS, f"recommendation-{owner.pk}")
    made = Mark.objects.get()
    assert (made.action.title, made.action.is_draft) == (WORDS, True)
    assert made.action.number == 2


@pytest.mark.parametrize(
    ("words", "asks_for", "said"),
    [
        ("sail away", "action", "do not stand in the passage"),
        ("   ", "action", "do not stand in the passage"),
        (WORDS, "", "Choose the action"),
        (WORDS, "action-999999", "Choose the action"),
        (WORDS, "section-1", "Choose the action"),
    ],
)
def test_what_cannot_be_marked_is_said_and_the_words_stay(
    desk, report, passage, words, asks_for, said
):
    if asks_for == "action":
        asks_for = f"action-{Action.objects.get().pk}"
    response = marked(desk, report, passage, words, asks_for)
    assert response.status_code == 400
    html = response.content.decode()
    assert said in html
    assert words in html
    assert not Mark.objects.exists()
    assert Action.objects.count() == 1


def test_a_passage_of_another_report_or_an_older_text_is_refused(desk, report, passage):
    action = Action.objects.get()
    other = PassageFactory(text="The port should dredge the harbour.")
    assert marked(desk, report, other, WORDS, f"action-{action.pk}").status_code == 400
    ReportTextFactory(report=report, version=passage.report_text.version + 1)
    response = marked(desk, report, passage, WORDS, f"action-{action.pk}")
    assert "not in the newest text" in response.content.decode()


def test_an_action_of_another_report_is_refused(desk, report, passage):
    assert marked(desk, report, passage, WORDS, f"action-{ActionFactory().pk}").status_code == 400


def test_a_withdrawn_action_or_recommendation_takes_no_mark(desk, report, passage):
    gone = published_action()
    withdraw(gone, reason="Merged.")
    owner = gone.recommendation
    text = ReportTextFactory(report=owner.report)
    words = PassageFactory(report_text=text)
    assert marked(desk, owner.report, words, WORDS, f"action-{gone.pk}").status_code == 400
    withdraw(owner, reason="Merged.")
    answer = marked(desk, owner.report, words, WORDS, f"recommendation-{owner.pk}")
    assert answer.status_code == 400
    assert f'value="action-{gone.pk}"' not in answer.content.decode()


@pytest.mark.parametrize("words", ["a" * 10_000, "should\x00dredge", "<b>should</b>"])
def test_odd_words_are_refused(desk, report, passage, words):
    answer = marked(desk, report, passage, words, f"action-{Action.objects.get().pk}")
    assert answer.status_code == 400
    assert not Mark.objects.exists()


@pytest.mark.parametrize("step", ["", "mark/", "unmark/"])
def test_an_unknown_report_is_not_found(desk, step):
    address = f"/admin/text/none/{step}"
    assert (desk.post(address) if step else desk.get(address)).status_code == 404


def test_the_same_words_twice_are_one_mark(desk, report, passage):
    action = f"action-{Action.objects.get().pk}"
    marked(desk, report, passage, WORDS, action)
    marked(desk, report, passage, "should dredge", action)
    assert Mark.objects.get().words == "should dredge"


def test_a_mark_is_taken_away_and_the_action_stays(desk, report, passage):
    made = MarkFactory(passage=passage, action=Action.objects.get())
    response = desk.post(page(report, "unmark/"), {"mark": made.pk, "passage": passage.pk})
    assert response.status_code == 302
    assert not Mark.objects.exists()
    assert Action.objects.count() == 1
    assert desk.post(page(report, "unmark/"), {"mark": made.pk}).status_code == 400


def test_marking_makes_kept_pages_out_of_date(desk, report, passage):
    marked(desk, report, passage, WORDS, f"action-{Action.objects.get().pk}")
    before = TrackerState.objects.get().content_revision
    desk.post(page(report, "unmark/"), {"mark": Mark.objects.get().pk})
    assert TrackerState.objects.get().content_revision == before + 1


def test_the_page_shows_passages_with_what_is_marked(desk, report, passage):
    MarkFactory(passage=passage, action=Action.objects.get())
    text = text_of(desk.get(page(report)).content.decode())
    assert "The port should dredge the harbour." in text
    assert "1a Dredge it" in text
    assert "A new action of 1" in text


def test_a_report_without_a_text_says_so(desk):
    html = desk.get(page(ReportFactory())).content.decode()
    assert "No file of this report was imported yet." in html


def test_queries_do_not_grow_with_passages_and_actions(desk, report, passage):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            desk.get(page(report))
        return len(found)

    desk.get(page(report))
    MarkFactory(passage=passage, action=Action.objects.get())
    before = queries()
    for position in range(10, 15):
        more = PassageFactory(report_text=passage.report_text, position=position)
        MarkFactory(passage=more, action=ActionFactory(recommendation=report.recommendations.get()))
    assert queries() == before


@pytest.mark.parametrize("role", ["analyst", "reviewer"])
def test_only_editors_mark(client, report, passage, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(page(report)).status_code == 403
    answer = marked(client, report, passage, WORDS, f"action-{Action.objects.get().pk}")
    assert answer.status_code == 403
    client.logout()
    assert client.get(page(report)).status_code == 302
