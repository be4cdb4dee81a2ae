"""The guide for another house, clicked through by a browser as it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from recommendations.addressee_groups import forget as forget_groups
from recommendations.loading.empty import begin_empty
from recommendations.models import Action, Edition
from recommendations.site_row import forget

from ..houses import GROUPS, NAME, PARTIES, REPORT, picture
from .chromium import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = settings.BASE_DIR / "docs" / "your-commission.md"
MOST_PRESSES = 150
# What the guide says is pressed or looked for, and this test does so by the same words.
NAMED = [
    "First steps",
    "Import a report from its file",
    "Accept as a draft",
    "Ask for the report to be published",
    "Steps in what is counted that wait",
    "Confirm and publish",
    "Log an update",
    "Submit for review",
    "Waiting for review",
    "Publish as an edition",
]


@dataclass
class Hand:
    """Whoever sits before the pages, and how often anything was pressed or chosen."""

    n: int = 0

    def press(self, target: Locator) -> None:
        self.n += 1
        target.click()

    def follow(self, page: Page, name: str) -> None:
        self.press(page.get_by_role("link", name=name).first)
        page.wait_for_load_state()

    def button(self, page: Page, name: str) -> None:
        with page.expect_navigation():
            self.press(page.get_by_role("button", name=name, exact=True).first)

    def choose(self, page: Page, field: str, value: str) -> None:
        self.n += 1
        page.locator(f"[name={field}]").select_option(value)

    def tick(self, box: Locator) -> None:
        self.n += 1
        box.check()


def write(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"[name={name.replace('__', '-')}]").fill(value)


def first_step(page: Page, hand: Hand, name: str) -> None:
    page.goto("/admin/first-steps/")
    hand.n += 1
    hand.follow(page, name)


def test_the_guide_for_another_house_is_true(
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, User], Page],
    staff_member: Callable[[str, str], User],
    transactional_db: None,
    page_problems: list[str],
) -> None:
    guide = " ".join(GUIDE.read_text(encoding="utf-8").split())
    assert [name for name in NAMED if name not in guide] == []
    begin_empty()
    forget()
    forget_groups()
    hand = Hand()
    editor = sign_in(open_page(), staff_member("odette", "Editor"))
    reader = open_page()
    reader.goto("/")
    expect(reader.locator("main")).to_contain_text("This site is being prepared.")

    say_who_you_are(editor, hand)
    say_who_is_asked(editor, hand)
    bring_the_report_in(editor, hand)
    reviewer = sign_in(open_page(), staff_member("otto", "Reviewer"))
    confirm(reviewer, hand)
    reader.goto("/")
    expect(reader.get_by_role("heading", level=1)).to_have_text(
        "0 of 30 verifiable actions are implemented"
    )
    log_and_publish(sign_in(open_page(), staff_member("olga", "Analyst")), reviewer, hand)
    reader.goto("/")
    expect(reader.get_by_role("heading", level=1)).to_have_text(
        "1 of 30 verifiable actions is implemented"
    )
    expect(reader.get_by_role("banner")).to_contain_text(NAME)
    assert Edition.objects.count() == 2
    assert hand.n <= MOST_PRESSES, hand.n
    # The colour that cannot be read was refused.
    page_problems[:] = [problem for problem in page_problems if "400" not in problem]


def say_who_you_are(page: Page, hand: Hand) -> None:
    page.goto("/admin/")
    hand.follow(page, "First steps")
    expect(page.get_by_role("heading", level=1)).to_have_text("First steps")
    assert_accessible(page)
    hand.follow(page, "Say what the site is called")
    write(page, name=NAME, strapline="What became of the inquiry", operator="Friends of the River")
    write(page, accent="#ffee00", feed_name="ferries.otterland.example")
    logo = {"name": "logo.png", "mimeType": "image/png", "buffer": picture()}
    hand.n += 1
    page.locator("[name=new_logo]").set_input_files([logo])  # type: ignore[list-item]
    hand.button(page, "Save")
    expect(page.locator("main")).to_contain_text("has a contrast of 1.06 to 1. Links need 4.5")
    write(page, accent="#7a1f3d")
    hand.n += 1
    page.locator("[name=new_logo]").set_input_files([logo])  # type: ignore[list-item]
    hand.button(page, "Save")
    expect(page.locator("main")).to_contain_text("was changed successfully")


def say_who_is_asked(page: Page, hand: Hand) -> None:
    first_step(page, hand, "Add who is asked to act")
    expect(page.get_by_label("Other names")).to_be_visible()
    for n, (slug, name) in enumerate(PARTIES.items(), start=1):
        write(page, name=name, slug=slug, position=str(n))
        hand.choose(page, "kind", "authority")
        hand.button(page, "Save and add another" if n < len(PARTIES) else "Save")
    first_step(page, hand, "Group them")
    for n, (slug, (name, parties)) in enumerate(GROUPS.items(), start=1):
        write(page, name=name, slug=slug, position=str(n))
        for party in parties:
            hand.tick(page.get_by_label(PARTIES[party], exact=True))
        hand.button(page, "Save and add another" if n < len(GROUPS) else "Save")
    first_step(page, hand, "Say when fiscal years begin")
    write(page, begins_day="1")
    hand.choose(page, "begins_month", "7")
    hand.tick(page.locator("[name=is_named_by_end]"))
    hand.button(page, "Save")
    first_step(page, hand, "Name the policy areas")
    write(page, name="Boats", slug="boats", position="1")
    hand.button(page, "Save")


def bring_the_report_in(page: Page, hand: Hand) -> None:
    page.goto("/admin/")
    hand.n += 1
    hand.follow(page, "Import a report from its file")
    hand.n += 1
    page.locator("[name=file]").set_input_files(REPORT)
    hand.button(page, "Read the file")
    expect(page.get_by_role("heading", level=1)).to_have_text("12 recommendations were found")
    # Whoever is asked is named as editors know them.
    first = page.locator(".proposal.action").first
    expect(first).to_contain_text("Ministry of Otters · by the end of FY2027")
    write(page, slug="ferries", published_on="2025-03-01")
    hand.button(page, "Accept as a draft")
    page.wait_for_url("**/admin/breakdown/ferries/")
    assert not Action.objects.filter(parties=None).exists()
    hand.follow(page, "Ask for the report to be published")
    expect(page.locator("main")).to_contain_text("What will follow")
    write(page, reason="The inquiry reported on 1 March.")
    with page.expect_navigation():
        hand.press(page.locator("main form [type=submit]").last)
    expect(page.locator("main")).to_contain_text("Another person has to confirm it.")


def confirm(page: Page, hand: Hand) -> None:
    page.goto("/admin/")
    expect(page.locator("main")).to_contain_text("Steps in what is counted that wait")
    hand.follow(page, "Add to the public record: Ferries of Otterland")
    hand.button(page, "Confirm and publish")
    expect(page.locator("main")).to_contain_text("Edition 1 is published.")


def log_and_publish(analyst: Page, reviewer: Page, hand: Hand) -> None:
    analyst.goto("/admin/")
    hand.follow(analyst, "Log an update")
    write(analyst, q="one fare")
    hand.press(analyst.locator("main").get_by_role("button", name="Find"))
    hand.press(analyst.get_by_role("link", name=re.compile("one fare for all lines")).first)
    analyst.wait_for_url("**action=**")
    hand.tick(analyst.locator("[name=status][value=implemented]"))
    write(analyst, effective_on="2025-09-01", note="The fare order is in force on all lines.")
    write(
        analyst,
        evidence__0__url="https://gazette.otterland.example/fares",
        evidence__0__title="Fare Order",
        evidence__0__publisher="Gazette of Otterland",
        evidence__0__published_on="2025-08-20",
    )
    hand.choose(analyst, "evidence-0-kind", "primary")
    hand.button(analyst, "Submit for review")
    expect(analyst.locator("main")).to_contain_text("Another person will review it.")
    reviewer.goto("/admin/")
    expect(reviewer.locator("main")).to_contain_text("Waiting for review")
    hand.follow(reviewer, "2a The Ministry of Otters should set one fare")
    hand.button(reviewer, "Publish as an edition")
    expect(reviewer.locator("main")).to_contain_text("Edition 2 is published.")
