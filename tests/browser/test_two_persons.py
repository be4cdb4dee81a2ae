"""Pages of what needs two persons, and of what a colleague overtook: accessible, and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from recommendations import publishing
from recommendations.models import Action, Edition, StructureRequest
from recommendations.models.structure_request import StructureStep
from recommendations.publishing import Step
from tests.factories import (
    ActionFactory,
    DeadlineFactory,
    UserFactory,
    published_action,
    published_actions,
    published_update,
    submitted_update,
)

from .chromium import assert_accessible
from .test_public_pages import is_wider_than_the_window


@pytest.fixture
def root(transactional_db: None) -> User:
    return User.objects.create_superuser("root", password="secret")


@pytest.fixture
def sign_in(
    root: User, open_page: Callable[..., Page], live_server: LiveServer
) -> Callable[..., Page]:
    client = Client()
    client.force_login(root)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def make(**options) -> Page:
        page = open_page(**options)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return make


def asked(step: Step, by: User | None = None) -> StructureRequest:
    reason = "Two governments can only do it together, and the report says so on page 14."
    return publishing.request_step(step, by=by or UserFactory(), reason=reason)


def pages(root: User) -> list[str]:
    """Each kind of page, in each of its states."""
    one, other = published_actions(2, title="Build the joint headquarters in the harbour town")
    drafts = ActionFactory.create_batch(2, recommendation=one.recommendation)
    requests = [
        asked(Step(StructureStep.SPLIT, actions=[one], into=drafts)),
        asked(Step.about(StructureStep.WITHDRAW, other), by=root),
        asked(Step.about(StructureStep.NOT_VERIFIABLE, published_action())),
        asked(Step.about(StructureStep.INCLUDE, ActionFactory().recommendation.report)),
    ]
    stale = asked(Step.about(StructureStep.WITHDRAW, published_action()))
    published_update(stale.actions.get())
    declined = asked(Step.about(StructureStep.WITHDRAW, published_action()))
    publishing.decline_step(declined, by=root, note="It says another thing.")
    update = submitted_update(published_action(), by=root)
    returned = submitted_update(published_action(), note="It was signed.")
    publishing.return_(returned, reviewer=UserFactory(), note="Name the law, please.")
    returned.refresh_from_db()
    returned.note = "It was signed as Act 7."
    returned.save()
    publishing.submit(returned, by=returned.author)
    free = published_action()
    published_update(free)
    submitted_update(free, "partly")
    return [
        "/admin/",
        *(reverse("admin:decide_step", args=[row.pk]) for row in [*requests, stale, declined]),
        reverse("admin:recommendations_structurerequest_changelist"),
        reverse("admin:recommendations_action_structure", args=[free.pk, "withdraw"]),
        reverse("admin:recommendations_action_structure", args=[free.pk, "verifiable"]),
        reverse("admin:log_update_recall", args=[update.slug]),
        reverse("admin:review", args=[returned.slug]),
        reverse("admin:confirm_status", args=[free.pk]),
        f"{reverse('admin:log_update')}?action={free.pk}",
    ]


def test_pages_are_accessible_and_fit(sign_in: Callable[..., Page], root: User) -> None:
    addresses = pages(root)
    wide = sign_in(color_scheme="light")
    narrow = sign_in(color_scheme="dark", viewport={"width": 390, "height": 844})
    for prefix, page in (("", wide), ("/ja", narrow)):
        for address in addresses:
            response = page.goto(f"{prefix}{address}")
            assert response is not None
            assert response.status == 200, address
            assert_accessible(page)
            assert not is_wider_than_the_window(page), address


@pytest.mark.parametrize(
    "options", [{}, {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}]
)
def test_form_that_a_colleague_overtook_is_accessible(
    sign_in: Callable[..., Page], root: User, page_problems: list[str], options: dict
) -> None:
    action = published_action()
    DeadlineFactory(action=action, note="By the end of the year.")
    page = sign_in(**options)
    page.goto(reverse("admin:recommendations_action_change", args=[action.pk]))
    Action.objects.filter(pk=action.pk).update(title="What the colleague wrote " * 8)
    action.deadlines.update(note="By the summer.")
    page.locator("[name=title]").fill("What I wrote")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Nothing was overwritten.")).to_be_visible()
    expect(page.locator("table.versions")).to_contain_text("What the colleague wrote")
    expect(page.locator("[name=title]")).to_have_value("What I wrote")
    assert_accessible(page)
    assert not is_wider_than_the_window(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/admin/recommendations/action/**")
    assert Action.objects.get(pk=action.pk).title == "What I wrote"
    # The browser tells its console of the answer that the first save got.
    [said] = page_problems
    assert "409 (Conflict)" in said
    page_problems.clear()


def test_one_asks_and_another_confirms_without_javascript(
    sign_in: Callable[..., Page], root: User
) -> None:
    action = published_action()
    page = sign_in(java_script_enabled=False)
    page.goto(reverse("admin:recommendations_action_structure", args=[action.pk, "withdraw"]))
    page.get_by_label("Public reason").fill("It was counted twice.")
    page.get_by_role("button", name="Ask for this").click()
    expect(page.get_by_text("Another person has to confirm it.")).to_be_visible()
    mine = StructureRequest.objects.waiting().get()
    page.goto(reverse("admin:decide_step", args=[mine.pk]))
    expect(page.get_by_role("button", name="Confirm and publish")).to_have_count(0)
    page.get_by_role("button", name="Take the request back").click()
    theirs = asked(Step.about(StructureStep.WITHDRAW, action))
    page.goto("/admin/")
    page.get_by_role("link", name="Withdraw from every count").click()
    page.wait_for_url(f"**{reverse('admin:decide_step', args=[theirs.pk])}")
    page.get_by_role("button", name="Confirm and publish").click()
    expect(page.get_by_role("status").first).to_contain_text("is published")
    assert Edition.objects.latest("number").made_by == root
