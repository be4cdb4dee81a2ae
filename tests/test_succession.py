"""Splitting and merging actions: one edition, the history stays, the old addresses lead on."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations import publishing
from recommendations.figures.effects_of_publishing import effects_of_step
from recommendations.index.conditions import matching
from recommendations.integrity import differences
from recommendations.models import Action, Assignment, Edition, Recommendation, StatusUpdate
from recommendations.publishing import Refused

from .factories import (
    ActionBodyFactory,
    ActionFactory,
    AssignmentFactory,
    BodyFactory,
    DeadlineFactory,
    PartyFactory,
    UserFactory,
    draft_update,
    include,
    merge,
    published_action,
    published_actions,
    published_update,
    split,
    withdraw,
)
from .reading import links_of, text_of

pytestmark = pytest.mark.django_db


def drafts(action: Action, n: int = 2, **fields: Any) -> list[Action]:
    return [ActionFactory(recommendation=action.recommendation, **fields) for _n in range(n)]


def split_up(action: Action, n: int = 2) -> list[Action]:
    """The actions that it was split into."""
    new = drafts(action, n)
    split(action, into=new, reason="Two governments, two actions.")
    return [Action.objects.get(pk=one.pk) for one in new]


def page_of(client: Client, action: Action) -> str:
    return client.get(action.recommendation.get_absolute_url()).content.decode()


# Splitting ---------------------------------------------------------------------------------------


def test_page_with_a_split_asks_few_queries(client: Client) -> None:
    action = published_action()
    split_up(action)
    page = action.recommendation.get_absolute_url()
    with CaptureQueriesContext(connection) as queries:
        assert "Split into:" in client.get(page).content.decode()
    assert len(queries) <= 15, "\n".join(query["sql"][:200] for query in queries)


def test_split_is_one_edition_of_structure() -> None:
    action = published_action()
    last = Edition.objects.latest("number").number
    new = drafts(action)
    edition = split(action, into=new, reason="Two governments, two actions.")
    action.refresh_from_db()
    assert (edition.number, edition.kind, edition.note) == (
        last + 1,
        "structure",
        "Two governments, two actions.",
    )
    assert (action.until_edition, action.withdrawal_reason) == (edition, edition.note)
    assert set(action.successors.all()) == set(new)
    assert {one.from_edition for one in action.successors.all()} == {edition}
    assert list(differences()) == []


def test_split_leaves_the_history_with_the_old_action() -> None:
    action = published_action()
    update = published_update(action, "implemented")
    new = split_up(action)
    action.refresh_from_db()
    assert action.status == "implemented"
    assert StatusUpdate.objects.counting().get() == update
    assert [one.status for one in new] == ["not_assessed", "not_assessed"]
    assert list(differences()) == []


def test_split_changes_denominators_and_roll_up() -> None:
    action, other = published_actions(2)
    published_update(action, "implemented")
    published_update(other, "implemented")
    split_up(action)
    assert Action.objects.counted().count() == 3
    assert Recommendation.objects.get(pk=action.recommendation_id).status == "partly"


def test_new_actions_take_updates_of_their_own() -> None:
    action = published_action()
    published_update(action, "no_action")
    one, other = split_up(action)
    published_update(one, "implemented")
    published_update(other, "implemented")
    assert Recommendation.objects.get(pk=action.recommendation_id).status == "implemented"
    assert list(differences()) == []


def test_new_actions_are_found_by_search() -> None:
    action = published_action()
    new = drafts(action, title="Appoint an ombudsman")
    split(action, into=new, reason="Two governments, two actions.")
    assert set(matching(Action.objects.in_record(), "ombudsman")) == set(new)


def test_who_looked_after_the_old_action_looks_after_the_new_ones() -> None:
    action = published_action()
    analyst = AssignmentFactory(action=action).analyst
    new = split_up(action)
    assert set(Assignment.objects.filter(analyst=analyst).values_list("action", flat=True)) == {
        action.pk,
        *(one.pk for one in new),
    }


def refuse_split(action: Action, into: list[Action], words: str, reason: str = "Why.") -> None:
    last = Edition.objects.count()
    with pytest.raises(Refused, match=words):
        split(action, into=into, reason=reason)
    assert Edition.objects.count() == last
    assert not Action.successors.through.objects.exists()


def test_split_into_one_is_refused() -> None:
    action = published_action()
    [draft] = drafts(action, 1)
    refuse_split(action, [draft, draft], "into two or more")


def test_split_without_a_reason_is_refused() -> None:
    action = published_action()
    refuse_split(action, drafts(action), "reason is public", reason=" ")


def test_split_of_a_draft_is_refused() -> None:
    action = published_action()
    old, *new = drafts(action, 3)
    refuse_split(old, new, "Only actions of the public record")


def test_split_of_what_was_withdrawn_is_refused() -> None:
    action = published_action()
    withdraw(action, reason="It was counted twice.")
    refuse_split(action, drafts(action), "Only actions of the public record")


def test_split_into_what_is_counted_already_is_refused() -> None:
    action, other = published_actions(2)
    refuse_split(action, [other, *drafts(action, 1)], "is a draft")


def test_split_into_drafts_of_another_report_is_refused() -> None:
    action, other = published_action(), published_action()
    refuse_split(action, drafts(other), "not across reports")


def test_split_into_a_draft_without_parties_is_refused() -> None:
    action = published_action()
    refuse_split(action, drafts(action, parties=[]), "names no responsible party")


# Merging -----------------------------------------------------------------------------------------


def test_merge_withdraws_all_and_adds_one() -> None:
    one, other, rest = published_actions(3)
    published_update(one, "implemented")
    published_update(rest, "implemented")
    [new] = drafts(one, 1)
    edition = merge([one, other], into=new, reason="Only together can it be done.")
    old = Action.objects.filter(successors=new)
    assert set(old) == {one, other}
    assert {action.until_edition for action in old} == {edition}
    assert set(Action.objects.counted()) == {new, rest}
    assert Recommendation.objects.get(pk=one.recommendation_id).status == "partly"
    assert list(differences()) == []


def test_merge_into_an_action_that_stays_keeps_its_status() -> None:
    one, other = published_actions(2)
    published_update(one, "implemented")
    merge([one, other], into=one, reason="They say the same.")
    one.refresh_from_db()
    assert (one.status, one.until_edition) == ("implemented", None)
    assert list(one.predecessors.all()) == [other]
    assert list(Action.objects.counted()) == [one]
    assert Recommendation.objects.get(pk=one.recommendation_id).status == "implemented"
    assert list(differences()) == []


def test_actions_of_two_recommendations_of_a_report_are_merged() -> None:
    one = published_action()
    elsewhere = ActionFactory(recommendation__report=one.recommendation.report)
    include(recommendations=[elsewhere.recommendation])
    published_update(one, "implemented")
    merge([one, elsewhere], into=elsewhere, reason="They say the same.")
    assert Recommendation.objects.get(pk=one.recommendation_id).status == "not_assessed"
    assert list(differences()) == []


def test_merge_of_one_alone_is_refused() -> None:
    action = published_action()
    for into in (*drafts(action, 1), action):
        with pytest.raises(Refused, match="Two or more"):
            merge([action], into=into, reason="Why.")


def test_merge_into_what_was_withdrawn_is_refused() -> None:
    one, other, gone = published_actions(3)
    withdraw(gone, reason="It was counted twice.")
    with pytest.raises(Refused, match="stays in the public record"):
        merge([one, other], into=gone, reason="Why.")


def test_check_names_a_successor_of_what_was_never_withdrawn() -> None:
    one, other = published_actions(2)
    one.successors.add(other)
    assert [found.kind for found in differences()] == ["structure"]


# What a draft is made of -------------------------------------------------------------------------


def test_drafted_successor_keeps_what_holds_for_both() -> None:
    action = published_action(parties=["united-states", "japan"], place="p. 3", kind="diplomacy")
    japan = PartyFactory(slug="japan")
    ours = BodyFactory(party=japan)
    ActionBodyFactory(action=action, body=ours)
    ActionBodyFactory(action=action, body=BodyFactory(party=PartyFactory(slug="united-states")))
    DeadlineFactory(action=action)
    draft = publishing.draft_successor(
        action, title="Do it in Japan", parties=[japan], by=UserFactory()
    )
    assert (draft.number, draft.slug) == (action.number + 1, "do-it-in-japan")
    assert (draft.kind, draft.place, draft.is_draft) == ("diplomacy", "p. 3", True)
    assert list(draft.parties.all()) == [japan]
    assert list(draft.bodies.all()) == [ours]
    assert draft.deadlines.get().on == action.deadlines.get().on


def test_drafted_successor_has_a_free_slug_in_any_language() -> None:
    action = published_action(slug="same")
    parties = list(action.parties.all())
    slugs = [
        publishing.draft_successor(action, title=title, parties=parties, by=UserFactory()).slug
        for title in ("Same", "同盟を深める", "同盟を深める")
    ]
    assert len({"same", *slugs}) == 4
    assert all(slugs)


# What publishing would do, told before -----------------------------------------------------------


def test_effects_told_before_are_those_that_come() -> None:
    action, other = published_actions(2)
    published_update(action, "implemented")
    published_update(other, "implemented")
    recommendation = Recommendation.objects.select_related("report").get()
    told = effects_of_step(
        {action.pk}, homes=[recommendation], added=[(recommendation, "not_assessed")] * 2
    )
    [effect], [report] = told.recommendations, told.reports
    split_up(action)
    recommendation.refresh_from_db()
    assert (effect.before.status, effect.after.status) == ("implemented", recommendation.status)
    assert (report.before.total, report.after.total) == (2, Action.objects.counted().count())


# Addresses ---------------------------------------------------------------------------------------


def test_short_address_leads_to_the_action(client: Client) -> None:
    action = published_action(number=28)
    assert action.get_short_url().endswith("ab/")
    response = client.get(action.get_short_url())
    assert (response.status_code, response["Location"]) == (302, action.get_absolute_url())


def test_short_address_of_a_merged_action_leads_to_the_last_successor(client: Client) -> None:
    one, other, third = published_actions(3)
    merge([one, other], into=other, reason="They say the same.")
    merge([other, third], into=third, reason="They say the same.")
    assert client.get(one.get_short_url())["Location"] == third.get_absolute_url()


def test_short_address_of_a_split_action_leads_to_itself(client: Client) -> None:
    action = published_action()
    split_up(action)
    assert client.get(action.get_short_url())["Location"] == action.get_absolute_url()


def test_short_address_keeps_the_language(client: Client) -> None:
    action = published_action()
    wanted = f"/ja{action.get_absolute_url()}"
    assert client.get(f"/ja{action.get_short_url()}")["Location"] == wanted


@pytest.mark.parametrize("path", ["{}zz/", "{}a/?no=1"])
def test_short_address_of_nothing_is_no_redirect(client: Client, path: str) -> None:
    action = published_action(number=1)
    address = path.format(action.recommendation.get_absolute_url().rstrip("/"))
    assert client.get(address).status_code in (400, 404)


def test_draft_has_no_short_address_for_visitors(client: Client) -> None:
    [draft] = drafts(published_action(), 1)
    assert client.get(draft.get_short_url()).status_code == 404


def test_split_action_stays_readable_and_names_its_successors(client: Client) -> None:
    action = published_action()
    published_update(action, "implemented", note="The act was signed.")
    one, other = split_up(action)
    html = page_of(client, action)
    links = dict(links_of(html))
    assert {links[one.get_absolute_url()], links[other.get_absolute_url()]} == {
        one.label,
        other.label,
    }
    text = text_of(html)
    assert f"Split into: {one.label}" in text
    assert "It was split off from:" in text
    assert "Withdrawn: Two governments, two actions." in text
    assert "The act was signed." in text


def test_merged_actions_and_their_successor_name_each_other(client: Client) -> None:
    one, other = published_actions(2)
    merge([one, other], into=one, reason="They say the same.")
    text = text_of(page_of(client, one))
    assert f"Merged into: {one.label}" in text
    assert f"It takes in: {other.label}" in text


def test_queries_of_the_page_do_not_grow_with_successors(
    client: Client, django_assert_max_num_queries
) -> None:
    action = published_action()
    split_up(action, 2)
    page_of(client, action)
    with django_assert_max_num_queries(30) as first:
        page_of(client, action)
    split_up(published_action(recommendation=action.recommendation), 5)
    with django_assert_max_num_queries(len(first)):
        page_of(client, action)


def test_draft_of_a_status_can_no_longer_be_published_after_a_split() -> None:
    action = published_action()
    draft = draft_update(action)
    split_up(action)
    with pytest.raises(Refused, match="not part of the public record"):
        publishing.submit(draft, by=draft.author)
