"""An action awaits its second review until a reviewer judged that very finding of research."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from recommendations import publishing
from recommendations.models import Action, Edition, StatusUpdate

from .factories import (
    EvidenceFactory,
    UserFactory,
    corrected,
    noon,
    publish,
    published_action,
    published_update,
    retracted,
)
from .reading import csv_rows

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

SEARCH = {"search_note": "The register of laws.", "searched_on": date(2026, 9, 1)}


def researched(
    action: Action, status: str = "partly", *, on: date = date(2025, 3, 1), **fields: Any
) -> StatusUpdate:
    """A finding of desk research, in an edition of its own."""
    draft = StatusUpdate.objects.create(
        action=action,
        is_baseline=True,
        status=status,
        effective_on=on,
        search_note="Two archives.",
        **({"correction_reason": "Misread."} if "replaces" in fields else {}),
        **fields,
    )
    EvidenceFactory(update=draft, kind="primary")
    _publish_research(action, [draft.pk], {})
    draft.refresh_from_db()
    return draft


def withdrawn_by_research(update: StatusUpdate) -> None:
    _publish_research(update.action, [], {update.pk: "It is about another law."})
    update.refresh_from_db()


def _publish_research(action: Action, ids: list[int], retractions: dict[int, str]) -> None:
    at = noon(date(2026, 7, 1) + timedelta(days=Edition.objects.count()))
    publishing.publish_research(
        action.recommendation.report,
        slug=f"research-{Edition.objects.count()}",
        method="two codings",
        horizon_on=date(2026, 6, 17),
        update_ids=ids,
        retractions=retractions,
        now=at,
    )


def confirmed(action: Action) -> StatusUpdate:
    draft = publishing.confirm(action, by=UserFactory(), **SEARCH)
    publish(draft)
    return draft


def said(**query: str) -> str:
    """What the only row of the export says; the list and the dashboard have to say the same."""
    [row] = csv_rows(Client().get("/recommendations.csv", query))
    figures = Client().get("/", query).context["figures"]
    awaiting = Client().get("/recommendations/", {"review": "unconfirmed", **query})
    assert (
        figures.unconfirmed
        == len(awaiting.context["groups"])
        == (row["second_review"] == "awaiting")
    )
    return row["second_review"]


@pytest.fixture
def action() -> Action:
    return published_action()


def test_finding_of_research_awaits_its_review(action: Action) -> None:
    assert said() == "not assessed"
    researched(action)
    assert said() == "awaiting"


def test_confirming_the_finding_ends_it(action: Action) -> None:
    researched(action)
    confirmed(action)
    assert said() == "confirmed"


@pytest.mark.parametrize("status", ["implemented", "partly", "stalled"])
def test_update_of_something_else_does_not_end_it(action: Action, status: str) -> None:
    """Seven updates that never looked at the research took the caveat from 76 actions to 69."""
    researched(action)
    published_update(action, status, on=date(2026, 8, 1))
    assert said() == "awaiting"


def test_update_that_relies_on_the_finding_ends_it(action: Action) -> None:
    finding = researched(action)
    published_update(action, "implemented", on=date(2026, 8, 1), relies_on=[finding])
    assert said() == "confirmed"


def test_confirming_the_update_of_something_else_does_not_end_it(action: Action) -> None:
    researched(action)
    published_update(action, "implemented", on=date(2026, 8, 1))
    confirmed(action)
    assert said() == "awaiting"


def test_confirming_an_older_finding_does_not_end_it(action: Action) -> None:
    older = researched(action, "in_progress")
    researched(action, "partly", on=date(2025, 6, 1))
    published_update(action, "implemented", on=date(2026, 8, 1), relies_on=[older])
    assert said() == "awaiting"


def test_correcting_the_finding_ends_it(action: Action) -> None:
    finding = researched(action)
    corrected(finding)
    assert said() == "confirmed"


def test_correction_that_is_corrected_in_its_turn_still_ends_it(action: Action) -> None:
    correction = corrected(researched(action))
    corrected(correction)
    assert said() == "confirmed"


def test_correction_that_was_retracted_does_not_end_it(action: Action) -> None:
    researched(action, "in_progress", on=date(2024, 6, 1))
    correction = corrected(researched(action))
    retracted(correction)
    assert said() == "awaiting"


def test_confirmation_that_was_retracted_does_not_end_it(action: Action) -> None:
    researched(action)
    retracted(confirmed(action))
    assert said() == "awaiting"


def test_newest_finding_is_that_which_took_effect_last(action: Action) -> None:
    researched(action, "partly", on=date(2025, 6, 1))
    researched(action, "in_progress", on=date(2024, 6, 1))
    confirmed(action)
    assert said() == "confirmed"


def test_finding_that_research_corrects_awaits_no_more_but_its_correction_does(
    action: Action,
) -> None:
    finding = researched(action)
    correction = researched(action, replaces=finding)
    assert said() == "awaiting"
    published_update(action, "implemented", on=date(2026, 8, 1), relies_on=[correction])
    assert said() == "confirmed"


def test_finding_that_research_retracts_leaves_the_one_before_it(action: Action) -> None:
    older = researched(action, "in_progress", on=date(2024, 6, 1))
    withdrawn_by_research(researched(action))
    assert said() == "awaiting"
    published_update(action, "partly", on=date(2026, 8, 1), relies_on=[older])
    assert said() == "confirmed"


def test_nothing_awaits_where_a_reviewer_retracted_all_of_the_research(action: Action) -> None:
    retracted(researched(action))
    assert said() == "not assessed"
    published_update(action, "partly", on=date(2026, 8, 1))
    assert said() == "confirmed"


def test_action_without_research_was_reviewed_by_whoever_published_on_it(action: Action) -> None:
    published_update(action, "partly")
    assert said() == "confirmed"


def test_each_edition_says_what_it_knew(action: Action) -> None:
    researched(action)
    published_update(action, "implemented", on=date(2026, 8, 1))
    finding = StatusUpdate.objects.get(is_baseline=True)
    corrected(finding)
    assert [said(edition=str(n)) for n in range(1, 5)] == [
        "not assessed",
        "awaiting",
        "awaiting",
        "confirmed",
    ]


def test_staff_list_of_what_awaits_says_the_same(action: Action, editor, client: Client) -> None:
    client.force_login(editor)
    address = "/admin/recommendations/action/?review=unconfirmed"
    researched(action)
    published_update(action, "implemented", on=date(2026, 8, 1))
    assert client.get(address).context["cl"].result_count == 1
    corrected(StatusUpdate.objects.get(is_baseline=True))
    assert client.get(address).context["cl"].result_count == 0
