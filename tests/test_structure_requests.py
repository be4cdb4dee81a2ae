"""What is counted changes when one person asks for it and another confirms it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from recommendations import publishing
from recommendations.models import Action, Edition, Recommendation, Report, StructureRequest
from recommendations.models.structure_request import StructureStep
from recommendations.publishing import Refused, Stale, Step

from .factories import (
    PUBLISHED_ON,
    ActionFactory,
    StructureRequestFactory,
    UserFactory,
    noon,
    published_action,
    published_actions,
    published_update,
)
from .reading import text_of

pytestmark = pytest.mark.django_db

REASON = "It was counted twice."


def _inclusion() -> Step:
    old = published_action()
    return Step.about(StructureStep.INCLUDE, ActionFactory(recommendation=old.recommendation))


def _whole_report() -> Step:
    return Step.about(StructureStep.INCLUDE, ActionFactory().recommendation.report)


def _withdrawal() -> Step:
    return Step.about(StructureStep.WITHDRAW, published_action())


def _split() -> Step:
    action = published_action()
    drafts = ActionFactory.create_batch(2, recommendation=action.recommendation)
    return Step(StructureStep.SPLIT, actions=[action], into=drafts)


def _merger() -> Step:
    actions = published_actions(2)
    draft = ActionFactory(recommendation=actions[0].recommendation)
    return Step(StructureStep.MERGE, actions=actions, into=[draft])


def _verifiability() -> Step:
    return Step.about(StructureStep.NOT_VERIFIABLE, published_action())


STEPS: dict[str, Callable[[], Step]] = {
    "inclusion": _inclusion,
    "whole report": _whole_report,
    "withdrawal": _withdrawal,
    "split": _split,
    "merger": _merger,
    "verifiability": _verifiability,
}


def asked_for(step: Step, by: User | None = None) -> StructureRequest:
    return publishing.request_step(step, by=by or UserFactory(), reason=REASON)


def counted() -> tuple:
    """All that a step changes."""
    return (
        Edition.objects.count(),
        *(
            list(model.objects.order_by("pk").values_list("pk", "from_edition", "until_edition"))
            for model in (Report, Recommendation, Action)
        ),
        list(Action.objects.order_by("pk").values_list("is_verifiable", flat=True)),
    )


# Two of them -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STEPS)
def test_step_changes_nothing_until_another_person_confirms_it(name: str) -> None:
    step, asker, other = STEPS[name](), UserFactory(), UserFactory()
    before = counted()
    request = asked_for(step, asker)
    assert counted() == before
    edition = publishing.confirm_step(request, by=other)
    assert counted() != before
    request.refresh_from_db()
    assert (request.edition, request.decided_by, edition.made_by) == (edition, other, other)
    assert (edition.kind, edition.note) == ("structure", REASON)


@pytest.mark.parametrize("name", STEPS)
def test_nobody_confirms_or_declines_what_they_asked_for(name: str) -> None:
    alone = User.objects.create_superuser("alone")
    request = asked_for(STEPS[name](), alone)
    before = counted()
    with pytest.raises(Refused, match="another person"):
        publishing.confirm_step(request, by=alone)
    with pytest.raises(Refused, match="another person"):
        publishing.decline_step(request, by=alone, note="No.")
    assert counted() == before


def test_database_refuses_one_person_for_both() -> None:
    request = StructureRequestFactory(actions=[published_action()])
    with pytest.raises(IntegrityError), transaction.atomic():
        StructureRequest.objects.filter(pk=request.pk).update(
            outcome="declined",
            note="No.",
            decided_by=request.requested_by,
            decided_at=noon(PUBLISHED_ON),
        )


@pytest.mark.parametrize("name", ["inclusion", "whole report", "split", "merger"])
def test_who_edited_a_draft_asks_for_it_and_does_not_decide(name: str) -> None:
    step, drafter = STEPS[name](), UserFactory()
    draft = Action.objects.filter(from_edition__isnull=True)[0]
    draft.title = "In other words"
    draft._history_user = drafter  # type: ignore[attr-defined]
    draft.save()
    request = asked_for(step)
    with pytest.raises(Refused, match="You have edited a draft that it adds"):
        publishing.confirm_step(request, by=drafter)
    publishing.confirm_step(request, by=UserFactory())


def test_who_wrote_a_successor_may_ask_for_the_split() -> None:
    action, drafter = published_action(), UserFactory()
    parties = list(action.parties.all())
    new = [
        publishing.draft_successor(action, title=title, parties=parties, by=drafter)
        for title in ("One", "Other")
    ]
    request = asked_for(Step(StructureStep.SPLIT, actions=[action], into=new), drafter)
    with pytest.raises(Refused, match="You have asked"):
        publishing.confirm_step(request, by=drafter)


# What changed since ----------------------------------------------------------------------------


def _retitle(step: Step) -> None:
    draft = Action.objects.filter(from_edition__isnull=True)[0]
    draft.title = "In other words"
    draft.save()


def _give_to_others(step: Step) -> None:
    Action.objects.filter(from_edition__isnull=True)[0].parties.clear()


def _delete(step: Step) -> None:
    Action.objects.filter(from_edition__isnull=True)[0].delete()


def _change_status(step: Step) -> None:
    published_update(Action.objects.filter(from_edition__isnull=False)[0], "implemented")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("inclusion", _retitle),
        ("inclusion", _give_to_others),
        ("inclusion", _delete),
        ("whole report", _retitle),
        ("split", _retitle),
        ("split", _delete),
        ("split", _change_status),
        ("merger", _change_status),
        ("withdrawal", _change_status),
        ("verifiability", _change_status),
    ],
)
def test_step_is_refused_where_what_it_is_about_changed(
    name: str, change: Callable[[Step], None]
) -> None:
    step = STEPS[name]()
    request = asked_for(step)
    change(step)
    before = counted()
    with pytest.raises(Stale, match="changed since it was asked for"):
        publishing.confirm_step(request, by=UserFactory())
    assert counted() == before
    publishing.decline_step(request, by=UserFactory(), note="Ask again.")


def test_new_draft_of_a_report_makes_its_addition_stale() -> None:
    step = _whole_report()
    request = asked_for(step)
    ActionFactory(recommendation=Recommendation.objects.get())
    with pytest.raises(Stale):
        publishing.confirm_step(request, by=UserFactory())


# One request at a time, decided once -----------------------------------------------------------


def test_second_step_with_the_same_action_is_refused_while_one_waits() -> None:
    step = _withdrawal()
    first = asked_for(step)
    again = Step.about(StructureStep.NOT_VERIFIABLE, *step.subjects)
    with pytest.raises(Refused, match="waits for another person already"):
        asked_for(again)
    publishing.recall_step(first, by=first.requested_by)
    asked_for(again)


def test_request_is_decided_once() -> None:
    request = asked_for(_withdrawal())
    publishing.decline_step(request, by=UserFactory(), note="It is asked of two.")
    for act in (
        lambda: publishing.confirm_step(request, by=UserFactory()),
        lambda: publishing.decline_step(request, by=UserFactory(), note="No."),
        lambda: publishing.recall_step(request, by=request.requested_by),
    ):
        with pytest.raises(Refused, match="decided already"):
            act()


def test_request_is_declined_with_a_note() -> None:
    request = asked_for(_withdrawal())
    with pytest.raises(Refused, match="Say why it is declined"):
        publishing.decline_step(request, by=UserFactory(), note=" ")


def test_only_who_asked_takes_a_request_back() -> None:
    request = asked_for(_withdrawal())
    with pytest.raises(Refused, match="Only who asked"):
        publishing.recall_step(request, by=UserFactory())


def test_what_cannot_be_done_cannot_be_asked_for() -> None:
    draft = ActionFactory()
    with pytest.raises(Refused, match="delete it instead"):
        asked_for(Step.about(StructureStep.WITHDRAW, draft))
    assert not StructureRequest.objects.exists()


# The clock -------------------------------------------------------------------------------------


def test_no_edition_opens_before_the_newest_one() -> None:
    action = published_action()
    newest = Edition.objects.latest("number")
    request = asked_for(Step.about(StructureStep.WITHDRAW, action))
    with pytest.raises(Refused, match="before the clock is set right"):
        publishing.confirm_step(
            request, by=UserFactory(), now=newest.published_at - timedelta(seconds=1)
        )
    assert Edition.objects.latest("number") == newest
    assert publishing.confirm_step(request, by=UserFactory(), now=newest.published_at)


# The pages -------------------------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(request: StructureRequest) -> str:
    return reverse("admin:decide_step", args=[request.pk])


def post(user: User, request: StructureRequest, go: str, **data: str):
    client = signed_in(user)
    shown = client.get(page_of(request))
    seen = shown.context["form"]["seen"].value() or ""
    return client.post(page_of(request), {"go": go, "seen": seen, **data})


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_page_of_a_step_shows_what_follows(name: str, prefix: str, editor: User) -> None:
    request = asked_for(STEPS[name]())
    html = signed_in(editor).get(prefix + page_of(request)).content.decode()
    assert REASON in html
    if not prefix:
        assert "What will follow" in html
        assert "verifiable actions" in text_of(html)
        assert "Confirm and publish" in html


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_another_editor_or_a_reviewer_confirms(role: str, request: pytest.FixtureRequest) -> None:
    person, asked = request.getfixturevalue(role), asked_for(_withdrawal())
    assert post(person, asked, "confirm").status_code == 302
    edition = Edition.objects.latest("number")
    assert (edition.made_by, edition.structure_request) == (person, asked)


def test_analyst_decides_nothing(analyst: User) -> None:
    asked = asked_for(_withdrawal())
    page = signed_in(analyst).get(page_of(asked))
    assert (page.status_code, "Confirm and publish" in page.content.decode()) == (200, False)
    for go in ("confirm", "decline"):
        assert post(analyst, asked, go, note="No.").status_code == 403
    asked.refresh_from_db()
    assert asked.outcome == "pending"


def test_superuser_does_not_confirm_what_they_asked_for() -> None:
    alone = User.objects.create_superuser("alone")
    asked = asked_for(_withdrawal(), alone)
    html = signed_in(alone).get(page_of(asked)).content.decode()
    assert "Confirm and publish" not in html
    assert "another person has to decide" in html
    answer = post(alone, asked, "confirm", seen="")
    assert answer.status_code == 409
    asked.refresh_from_db()
    assert asked.outcome == "pending"


def test_step_is_declined_with_a_note_that_its_asker_reads(editor: User) -> None:
    asked = asked_for(_withdrawal())
    assert post(editor, asked, "decline").status_code == 200
    assert post(editor, asked, "decline", note="Two laws ask for it.").status_code == 302
    html = signed_in(editor).get(page_of(asked)).content.decode()
    assert "Two laws ask for it." in text_of(html)


def test_asker_takes_a_request_back(editor: User) -> None:
    asked = asked_for(_withdrawal(), editor)
    assert post(editor, asked, "recall").status_code == 302
    asked.refresh_from_db()
    assert asked.outcome == "recalled"


def test_numbers_that_changed_since_are_shown_again(editor: User) -> None:
    action, other = published_actions(2)
    asked = asked_for(Step.about(StructureStep.WITHDRAW, action))
    client = signed_in(editor)
    seen = client.get(page_of(asked)).context["form"]["seen"].value()
    published_update(other, "implemented")
    answer = client.post(page_of(asked), {"go": "confirm", "seen": seen})
    assert answer.status_code == 409
    assert "Look again" in answer.content.decode()
    seen = answer.context["form"]["seen"].value()
    assert client.post(page_of(asked), {"go": "confirm", "seen": seen}).status_code == 302


def test_stale_step_offers_no_confirmation(editor: User) -> None:
    asked = asked_for(_withdrawal())
    _change_status(_withdrawal())
    published_update(asked.actions.get(), "implemented")
    html = signed_in(editor).get(page_of(asked)).content.decode()
    assert "changed since it was asked for" in text_of(html)
    assert "Confirm and publish" not in html


def test_decision_sent_twice_is_told_once_more(editor: User) -> None:
    asked = asked_for(_withdrawal())
    client = signed_in(editor)
    seen = client.get(page_of(asked)).context["form"]["seen"].value()
    for _n in range(2):
        answer = client.post(page_of(asked), {"go": "confirm", "seen": seen})
        assert answer.status_code == 302
    asked.refresh_from_db()
    assert asked.outcome == "confirmed"


def test_workspace_lists_the_steps_that_wait(editor: User, reviewer: User) -> None:
    asked = asked_for(_withdrawal())
    for person in (editor, reviewer):
        html = signed_in(person).get(reverse("admin:index")).content.decode()
        assert page_of(asked) in html


def test_page_of_an_action_leads_to_the_step_that_waits(editor: User) -> None:
    asked = asked_for(_withdrawal())
    address = reverse("admin:recommendations_action_change", args=[asked.actions.get().pk])
    html = signed_in(editor).get(address).content.decode()
    assert page_of(asked) in html
    assert "structure/withdraw/" not in html
