"""Every edit of a text is kept with who made it and when, can be read and can be undone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.index.conditions import matching
from recommendations.integrity import differences
from recommendations.models import Action, PolicyArea, Recommendation, TrackerState
from recommendations.text import revisions
from recommendations.text.revisions import versions_of

from .factories import (
    ActionFactory,
    PartyFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    SectionFactory,
    include,
    published_action,
    rewrite,
)
from .reading import post_change, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture(autouse=True)
def every_save_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of one second count as one save; in a test, edits follow one another faster."""
    monkeypatch.setattr(revisions, "ONE_SAVE", timedelta(0))


def address(instance, page: str = "history") -> str:
    return f"/admin/recommendations/{instance._meta.model_name}/{instance.pk}/{page}/"


def edited(instance, **fields):
    for name, value in fields.items():
        setattr(instance, name, value)
    instance.save()
    return instance


def form_of(recommendation: Recommendation, **fields) -> dict:
    return {
        "section": recommendation.section_id,
        "position": recommendation.position,
        "headline": recommendation.headline,
        "is_headline_of_report": "on",
        "origin": recommendation.origin,
        "summary": recommendation.summary,
        "actions-TOTAL_FORMS": 0,
        "actions-INITIAL_FORMS": 0,
        "relations-TOTAL_FORMS": 0,
        "relations-INITIAL_FORMS": 0,
    } | fields


def marked(changes) -> dict[str, str]:
    return {
        change.label: "".join(
            one.after
            if one.is_same
            else f"{one.before and f'[-{one.before}-]'}{one.after and f'{{+{one.after}+}}'}"
            for one in change.wording.stretches
        )
        for change in changes
    }


def test_versions_name_what_changed_newest_first() -> None:
    action = ActionFactory(title="Sign the act")
    edited(action, title="Sign the new act")
    edited(action, kind="legislation")
    newest, middle = versions_of(action)[:2]
    assert marked(newest.changes) == {"Kind": "[-Policy-]{+Legislation+}"}
    assert marked(middle.changes) == {"Title": "Sign the {+new +}act"}
    assert versions_of(action)[-1].is_first


def test_edit_on_the_form_names_who_made_it_and_covers_areas(desk: Client, editor: User) -> None:
    recommendation = published_action().recommendation
    area = PolicyAreaFactory(name="Trade")
    data = form_of(recommendation, headline="A better name", areas=[area.pk])
    assert post_change(desk, address(recommendation, "change"), data).status_code == 302
    made = [version for version in versions_of(recommendation) if version.who == editor.username]
    changes = {label: text for v in made for label, text in marked(v.changes).items()}
    assert changes["Policy areas"] == "{+Trade+}"
    assert "better" in changes["Headline"]


def test_rows_of_one_save_are_one_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "ONE_SAVE", timedelta(seconds=1))
    recommendation = RecommendationFactory()
    before = datetime(2026, 1, 1, tzinfo=UTC)
    rewrite(lambda: recommendation.history.update(history_date=before))
    edited(recommendation, headline="A better name")
    recommendation.areas.set([PolicyAreaFactory(name="Trade")])
    newest, _first = versions_of(recommendation)
    assert set(marked(newest.changes)) == {"Headline", "Policy areas"}


def test_parties_of_an_action_are_part_of_its_history() -> None:
    action = ActionFactory(parties=["japan"])
    action.parties.set([PartyFactory(slug="united-states")])
    changes = [marked(version.changes) for version in versions_of(action)]
    assert any("{+United States+}" in one.get("Responsible parties", "") for one in changes), (
        changes
    )


def test_edit_of_an_action_on_the_page_of_its_recommendation_is_kept(
    desk: Client, editor: User
) -> None:
    action = published_action()
    recommendation = action.recommendation
    data = form_of(recommendation) | {
        "actions-TOTAL_FORMS": 1,
        "actions-INITIAL_FORMS": 1,
        "actions-0-id": action.pk,
        "actions-0-recommendation": recommendation.pk,
        "actions-0-title": "Another title",
        "actions-0-kind": action.kind,
        "actions-0-ask_strength": action.ask_strength,
        "actions-0-review_due_on": action.review_due_on.isoformat(),
    }
    assert post_change(desk, address(recommendation, "change"), data).status_code == 302
    newest = versions_of(action)[0]
    assert (newest.who, set(marked(newest.changes))) == (editor.username, {"Title"})


def test_page_shows_words_that_came_and_went(desk: Client) -> None:
    action = published_action(title="Sign the old act")
    edited(action, title="Sign the new <act>")
    html = desk.get(address(action)).content.decode()
    assert 'Sign the <del><span class="vh">Removed: </span>old' in html
    assert '<ins><span class="vh">Added: </span>new &lt;' in html
    assert 'style="' not in html


def test_publishing_leaves_no_version_of_the_text() -> None:
    action = published_action()
    assert len(versions_of(action)) == len(versions_of(ActionFactory()))


def revert_page(html: str) -> str:
    found = re.findall(r'href="(/admin/[^"]*/history/\d+/)"', html)
    assert found, text_of(html)
    return found[-1]


def test_revert_asks_and_then_is_a_version_itself(desk: Client, editor: User) -> None:
    action = published_action(title="Appoint an ombudsman", parties=["japan"])
    Action.objects.get(pk=action.pk)
    edited(action, title="Appoint nobody")
    action.parties.set([PartyFactory(slug="united-states")])
    wanted = next(v for v in versions_of(action) if v.changes and "nobody" in str(v.changes))
    before = next(v for v in versions_of(action) if v.key < wanted.key and v.values["parties"])
    page = f"{address(action)}{before.key}/"
    html = desk.get(page).content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', html)[1]
    assert Action.objects.get(pk=action.pk).title == "Appoint nobody"
    revision = TrackerState.objects.get().content_revision
    answer = desk.post(page, {"seen": seen}, follow=True)
    assert "The text is again what it was" in text_of(answer.content.decode())
    action.refresh_from_db()
    assert (action.title, action.addressee) == ("Appoint an ombudsman", "japan")
    newest = [v for v in versions_of(action) if v.who == editor.username]
    assert "Back to the version of" in newest[0].reason
    assert set(matching(Action.objects.all(), "ombudsman")) == {action}
    assert TrackerState.objects.get().content_revision > revision
    assert list(differences()) == []


def test_revert_never_touches_what_is_fixed_in_the_record(desk: Client) -> None:
    action = ActionFactory(number=1, slug="first", title="One")
    action = edited(action, number=7, slug="seventh", title="Two")
    include(reports=[action.recommendation.report])
    first = versions_of(action)[-1]
    desk.post(f"{address(action)}{first.key}/", {"seen": versions_of(action)[0].key})
    action.refresh_from_db()
    assert (action.title, action.number, action.slug) == ("One", 7, "seventh")


def test_revert_is_refused_where_somebody_edited_meanwhile(desk: Client) -> None:
    action = published_action(title="One")
    edited(action, title="Two")
    seen, first = versions_of(action)[0].key, versions_of(action)[-1].key
    edited(action, title="Three")
    answer = desk.post(f"{address(action)}{first}/", {"seen": seen}, follow=True)
    assert "Somebody changed the text" in text_of(answer.content.decode())
    assert Action.objects.get(pk=action.pk).title == "Three"


def test_revert_to_a_section_that_is_gone_is_refused_in_words(desk: Client) -> None:
    recommendation = published_action().recommendation
    old = recommendation.section
    edited(recommendation, section=SectionFactory(report=recommendation.report))
    old.delete()
    first = versions_of(recommendation)[-1].key
    seen = versions_of(recommendation)[0].key
    page = f"{address(recommendation)}{first}/"
    assert desk.get(page).status_code == 200
    answer = desk.post(page, {"seen": seen}, follow=True)
    assert "is not a valid choice" in text_of(answer.content.decode())


def test_version_of_another_row_is_none(desk: Client) -> None:
    action, other = published_action(), published_action()
    key = versions_of(other)[0].key
    answer = desk.get(f"{address(action)}{key}/", follow=True)
    assert "This version does not exist." in text_of(answer.content.decode())


@pytest.mark.parametrize("role", ["Analyst", "Reviewer"])
def test_only_editors_revert(client: Client, staff_member, role: str) -> None:
    action = published_action(title="One")
    edited(action, title="Two")
    client.force_login(staff_member("person", role))
    first = versions_of(action)[-1].key
    assert client.get(address(action)).status_code == 200
    assert "Go back to the version" not in client.get(address(action)).content.decode()
    assert client.get(f"{address(action)}{first}/").status_code == 403
    assert client.post(f"{address(action)}{first}/", {"seen": 1}).status_code == 403
    assert Action.objects.get(pk=action.pk).title == "Two"


def test_vocabularies_have_a_history_too(desk: Client) -> None:
    area = edited(PolicyAreaFactory(name="Trade"), name="Trade and investment")
    page = desk.get(address(area)).content.decode()
    assert '<ins><span class="vh">Added: </span>and investment' in page
    first = versions_of(area)[-1].key
    desk.post(f"{address(area)}{first}/", {"seen": versions_of(area)[0].key})
    assert PolicyArea.objects.get(pk=area.pk).name == "Trade"


def test_queries_of_a_history_do_not_grow_with_its_versions(desk: Client) -> None:
    action = published_action()
    taken = []
    for n in range(2):
        for m in range(3):
            edited(action, title=f"Title {n}{m}")
        desk.get(address(action))
        with CaptureQueriesContext(connection) as queries:
            desk.get(address(action))
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_what_was_never_saved_one_by_one_has_an_empty_history(desk: Client) -> None:
    area = PolicyAreaFactory()
    rewrite(lambda: area.history.all().delete())
    page = desk.get(address(area))
    assert page.status_code == 200
    assert "doesn’t have a change history" not in page.content.decode()
    assert "Nothing is recorded." in page.content.decode()
    assert versions_of(area) == []
    assert desk.get(address(area, "revert/1")).status_code == 302
