"""The whole round with people's steps: logged, refused, returned, published, corrected."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from recommendations import integrity
from recommendations.models import Action, Edition, StatusUpdate
from tests.factories import published_actions, submitted_update

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.about_databases]
SUBMITTED = "Another person will review it."


@pytest.fixture
def actions(transactional_db: None) -> list[Action]:
    return published_actions(2)


@pytest.fixture
def open_as(
    open_page: Callable[..., Page], sign_in: Callable[[Page, User], Page]
) -> Callable[[User], Page]:
    return lambda user: sign_in(open_page(), user)


def source(page: Page, n: int, *, title: str, publisher: str) -> None:
    for name, text in {
        "url": f"https://example.org/{n}",
        "title": title,
        "publisher": publisher,
        "published_on": "2026-10-01",
    }.items():
        page.locator(f"[name=evidence-{n}-{name}]").fill(text)
    page.locator(f"[name=evidence-{n}-kind]").select_option("press")


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit for review").click()


def headline(page: Page) -> str:
    page.goto("/")
    return page.get_by_role("heading", level=1).inner_text().replace("\n", " ")


def test_the_whole_round(
    actions: list[Action], analyst: User, reviewer: User, open_page, open_as
) -> None:
    action, other = actions
    address = action.recommendation.get_absolute_url()
    visitor, desk, judge = open_page(), open_as(analyst), open_as(reviewer)
    assert headline(visitor) == "0 of 2 verifiable actions are implemented"
    waiting = submitted_update(other, "partly")

    # Logged from the public page, refused for missing evidence, mended, submitted.
    desk.goto(address)
    desk.get_by_role("link", name=f"Log an update of {action.label}").click()
    desk.get_by_text("Implemented", exact=True).click()
    desk.locator("[name=effective_on]").fill("2026-10-01")
    desk.locator("[name=note]").fill("The law is in force since October.")
    source(desk, 0, title="Law in force", publisher="Reuters")
    submit(desk)
    expect(desk.locator("#errors")).to_contain_text("rests on one publisher so far")
    expect(desk.locator("[name=evidence-0-title]")).to_have_value("Law in force")
    desk.get_by_role("button", name="Add another source").click()
    source(desk, 1, title="New law begins", publisher="Kyodo")
    submit(desk)
    expect(desk.get_by_text(SUBMITTED)).to_be_visible()
    update = StatusUpdate.objects.exclude(pk=waiting.pk).get()
    assert update.evidence.count() == 2

    # Returned with a note, mended, submitted again.
    judge.goto("/admin/")
    judge.get_by_role("link", name="Review", exact=True).click()
    judge.get_by_role("link", name=str(action)).click()
    judge.get_by_label("What is to be changed").fill("Say which law.")
    judge.get_by_role("button", name="Return with this note").click()
    expect(judge.get_by_role("status").first).to_be_visible()
    desk.goto("/admin/")
    expect(desk.get_by_text("Say which law.")).to_be_visible()
    desk.get_by_role("link", name=str(action)).first.click()
    expect(desk.get_by_text("Returned by the reviewer")).to_be_visible()
    desk.locator("[name=note]").fill("The Joint Operations Act is in force since October.")
    submit(desk)
    expect(desk.get_by_text(SUBMITTED)).to_be_visible()
    assert headline(visitor) == "0 of 2 verifiable actions are implemented"

    # Published with another one as one edition; pages and the headline number change.
    judge.goto("/admin/review/")
    for box in judge.get_by_role("checkbox").all():
        box.check()
    judge.get_by_role("button", name="See the chosen ones").click()
    expect(judge.get_by_text("1 of 2 verifiable actions is implemented")).to_be_visible()
    judge.get_by_label("Public note of the edition").fill("Two findings of the autumn.")
    judge.get_by_role("button", name="Publish 2 updates").click()
    expect(judge.get_by_role("status").first).to_contain_text("is published")
    assert headline(visitor) == "1 of 2 verifiable actions is implemented"
    visitor.goto(address)
    expect(visitor.get_by_text("The Joint Operations Act").first).to_be_visible()
    visitor.goto("/changes/")
    expect(visitor.get_by_text("Two findings of the autumn.")).to_be_visible()
    expect(visitor.get_by_role("link", name=str(action))).to_be_visible()

    # Corrected: begun, submitted, reviewed, published; the old one stays, struck through.
    desk.goto(f"/admin/review/{update.slug}/correct/")
    desk.get_by_label("Public reason for the correction").fill("Only a part of it is in force.")
    desk.get_by_role("button", name="Begin a correction").click()
    desk.get_by_text("Partly implemented", exact=True).click()
    submit(desk)
    expect(desk.get_by_text(SUBMITTED)).to_be_visible()
    judge.goto("/admin/review/")
    judge.get_by_role("link", name=str(action)).click()
    judge.get_by_role("button", name="Publish as an edition").click()
    expect(judge.get_by_role("status").first).to_contain_text("is published")
    assert headline(visitor) == "0 of 2 verifiable actions are implemented"
    visitor.goto(address)
    expect(visitor.locator(f"#{update.slug}.ended")).to_contain_text("Only a part of it")

    # All in order in the record.
    update.refresh_from_db()
    correction = update.replacements.get()
    assert (update.end_reason, correction.status) == ("corrected", "partly")
    assert update.author == correction.author == analyst
    assert update.reviewer == correction.reviewer == reviewer
    assert [edition.number for edition in Edition.objects.order_by("number")] == [1, 2, 3]
    assert (update.edition_id, waiting.__class__.objects.get(pk=waiting.pk).edition_id) == (2, 2)
    assert (correction.edition_id, update.ended_in_edition_id) == (3, 3)
    assert list(integrity.differences()) == []
