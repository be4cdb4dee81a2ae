"""What an edition's pages say stays, to the byte, whatever is published later."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from recommendations.models import Action, Edition, Report, StatusUpdate

from .factories import (
    ActionFactory,
    ContextEventFactory,
    PartyFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    SectionFactory,
    corrected,
    merge,
    published_action,
    published_update,
    retracted,
    set_verifiable,
    split,
    withdraw,
)
from .lengths import each, has_long_form
from .public_pages import ANSWERED, FORMS

# An edition alone, and with a day on which most of the baseline was in effect.
VIEWPOINTS = ["edition=1", "edition=1&as_of=2026-06-01"]
PAGES = [page for page in ANSWERED if page.name not in FORMS]
LISTS = [
    "/recommendations/?unit=recommendations&{}",
    "/recommendations/?status=partly&sort=changed&{}",
    "/recommendations/?review=needs_review&{}",
    "/recommendations.csv?unit=recommendations&{}",
    "/changes/?page=2&{}",
    "/changes/compare/?from=2025-01-01&{}",
    "/deadlines/?schedule=overdue&{}",
]


def addresses() -> list[str]:
    found = [page.with_query(seen) for page in PAGES for seen in VIEWPOINTS]
    found += [address.format(seen) for address in LISTS for seen in VIEWPOINTS]
    return found + [f"/ja{address}" for address in found if "cite." not in address]


def body_of(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def publish_later() -> None:
    """One of each act that opens an edition."""
    actions = list(Action.objects.in_record().order_by("pk"))
    shown, parted, merged, other, unverifiable, withdrawn, *_rest = actions
    updates = StatusUpdate.objects.counting().order_by("pk")
    corrected(published_update(shown, "implemented"), status="rejected")
    published_update(other, "partly")
    retracted(updates.exclude(action__in=[shown, other]).latest("effective_day"))
    parts = [ActionFactory(recommendation=parted.recommendation, number=n) for n in (50, 51)]
    split(parted, into=parts, reason="Two laws, two actions.")
    merge([merged], into=shown, reason="It is part of another.")
    set_verifiable(unverifiable, is_verifiable=False, reason="Nobody could tell.")
    withdraw(withdrawn, reason="Counted twice.")
    withdraw(Action.objects.in_record().last().recommendation, reason="Twice.")
    Report.objects.update(is_featured=False)
    # Dated before the first edition, so that only the edition keeps it out.
    report = ReportFactory(slug="earlier", published_on=date(2024, 1, 1), is_featured=True)
    recommendation = RecommendationFactory(
        report=report, section=SectionFactory(report=report, slug="an-earlier-section")
    )
    recommendation.areas.add(PolicyAreaFactory(slug="a-later-area"))
    action = published_action(recommendation=recommendation)
    action.parties.add(PartyFactory(slug="a-later-party"))
    published_update(action, "partly", on=date(2024, 2, 1))
    ContextEventFactory(report=report, on=date(2024, 6, 1))


@has_long_form
def test_pages_of_an_edition_stay_to_the_byte(client, baseline):
    assert Edition.objects.count() == 1
    looks = each(addresses(), step=3)
    assert len(looks) > 30
    before = {address: body_of(client, address) for address in looks}
    with translation.override("en"):
        publish_later()
    assert Edition.objects.count() > 10
    changed = [address for address, body in before.items() if body_of(client, address) != body]
    assert changed == []


@pytest.mark.parametrize("page", ["", "text/", "earlier/", "1.1/"])
def test_a_report_that_joined_later_is_unknown_to_the_editions_before(client, baseline, page):
    report = ReportFactory(slug="joined-later", published_on=date(2024, 1, 1))
    action = published_action(recommendation=RecommendationFactory(report=report, number="1.1"))
    address = f"{report.get_absolute_url()}{page}"
    assert client.get(address).status_code == 200
    assert client.get(address, {"edition": "1"}).status_code == 404
    assert client.get(action.get_short_url()).status_code == 302
    assert client.get(action.get_short_url(), {"edition": "1"}).status_code == 404


def test_a_merged_action_leads_to_itself_in_the_editions_before(client, baseline):
    merged, into = Action.objects.in_record().order_by("pk")[:2]
    own_page = merged.get_absolute_url().partition("#")
    merge([merged], into=into, reason="It is part of another.")
    now = client.get(merged.get_short_url()).url
    then = client.get(merged.get_short_url(), {"edition": "1"}).url
    assert now == into.get_absolute_url()
    assert then == f"{own_page[0]}?edition=1#{own_page[2]}"


def test_choices_of_filters_are_those_of_the_edition(client, baseline):
    assert Report.objects.count() >= 1
    report = ReportFactory(slug="joined-later", published_on=date(2024, 1, 1))
    recommendation = RecommendationFactory(report=report)
    recommendation.areas.add(PolicyAreaFactory(slug="a-later-area"))
    published_action(recommendation=recommendation)
    now = client.get("/recommendations/").content.decode()
    then = client.get("/recommendations/", {"edition": "1"}).content.decode()
    assert 'value="a-later-area"' in now and 'value="joined-later"' in now
    assert "a-later-area" not in then and "joined-later" not in then
