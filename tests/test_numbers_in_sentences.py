"""A number of the rules stands once: sentences that name it follow it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from recommendations.admin import work_queues
from recommendations.admin.log import forms
from recommendations.admin.review import comparison
from recommendations.models import Recommendation
from recommendations.publishing import settle_wording
from recommendations.statuses import REVIEW_INTERVAL
from recommendations.viewpoint import today

from .factories import DeadlineFactory, published_action, submitted_update
from .reading import text_of

pytestmark = pytest.mark.run_once

METHODOLOGY = Path(__file__).parent.parent / "docs" / "methodology.md"


def words(client: Client, address: str, **query: object) -> str:
    return text_of(client.get(address, query).content.decode())


@pytest.mark.parametrize(
    ("prefix", "sentence"), [("", "10 days after"), ("/ja", "10日後になります")]
)
def test_the_form_of_a_draft_names_the_interval_of_reviews(
    client, analyst, monkeypatch, prefix, sentence
):
    monkeypatch.setattr(forms, "REVIEW_INTERVAL", timedelta(days=10))
    client.force_login(analyst)
    page = words(client, f"{prefix}/admin/log/", action=published_action().pk)
    assert sentence in page
    assert "180 days" not in page and "180日" not in page


@pytest.mark.parametrize(("prefix", "sentence"), [("", "10 days after"), ("/ja", "10日後")])
def test_the_page_of_a_submission_names_the_interval_of_reviews(
    client, reviewer, monkeypatch, prefix, sentence
):
    monkeypatch.setattr(comparison, "REVIEW_INTERVAL", timedelta(days=10))
    update = submitted_update(published_action())
    client.force_login(reviewer)
    page = words(client, f"{prefix}/admin/review/{update.slug}/")
    assert sentence in page
    assert "180 days" not in page and "180日" not in page


def test_the_methodology_names_the_interval_of_reviews():
    assert f"{REVIEW_INTERVAL.days} days after the last search" in METHODOLOGY.read_text()


@pytest.mark.parametrize(
    ("queues", "key", "english", "japanese"),
    [
        ("ACTION_QUEUES", "soon", "Deadlines in the next 5 days", "今後5日以内の期限"),
        (
            "ACTION_QUEUES",
            "missed",
            "Deadlines missed in the last 5 days",
            "過去5日以内に超過した期限",
        ),
        (
            "UPDATE_QUEUES",
            "published",
            "Published in the last 5 days",
            "過去5日以内に公表されたもの",
        ),
    ],
)
def test_the_workspace_names_how_far_its_queues_look(
    client, reviewer, monkeypatch, queues, key, english, japanese
):
    found = getattr(work_queues, queues)
    monkeypatch.setitem(found, key, replace(found[key], days=5))
    client.force_login(reviewer)
    assert english in words(client, "/admin/")
    assert japanese in words(client, "/ja/admin/")


@pytest.mark.parametrize(("days", "is_listed"), [(10, True), (9, False)])
def test_the_list_of_deadlines_looks_as_far_as_its_name_says(
    client, db, monkeypatch, days, is_listed
):
    queue = replace(work_queues.ACTION_QUEUES["soon"], days=days)
    monkeypatch.setitem(work_queues.ACTION_QUEUES, "soon", queue)
    action = published_action(title="Dredge the harbour")
    DeadlineFactory(action=action, on=today() + timedelta(days=10))
    settle_wording(Recommendation.objects.filter(pk=action.recommendation_id))
    client.force_login(User.objects.create_superuser("root"))
    page = words(client, "/admin/recommendations/action/", work="soon")
    assert f"Deadlines in the next {days} days" in page
    assert ("Dredge the harbour" in page) == is_listed
