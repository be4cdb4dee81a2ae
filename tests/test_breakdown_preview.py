"""Staff see how a draft will stand before anybody else does."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from recommendations.models import Edition, Report, TrackerState

from .factories import (
    ActionFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    published_action,
    published_update,
)
from .reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

PREVIEW = "/admin/breakdown/annual/preview/"


@pytest.fixture
def desk(client: Client, editor) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def draft() -> Report:
    report = ReportFactory(slug="annual", title="The annual report")
    for n in (1, 2):
        one = RecommendationFactory(report=report, number=f"1.{n}", headline=f"Ask {n}")
        one.areas.set([PolicyAreaFactory(slug="trade")])
        ActionFactory(recommendation=one, number=1, title=f"Do {n}")
    hidden = {"is_verifiable": False, "verifiability_note": "A wish."}
    ActionFactory(recommendation=one, number=2, title="Remain vigilant", **hidden)
    return report


def test_the_dashboard_of_a_draft_counts_its_drafts(desk, draft) -> None:
    text = text_of(desk.get(PREVIEW).content.decode())
    assert "Preview, for the staff alone." in text
    assert "0 of 2 verifiable actions are implemented" in text
    assert "1 action, not verifiable" in text
    assert "Ask 1" in text
    assert "Ask 2" in text


def test_a_recommendation_shows_its_drafts_beside_what_is_public(desk) -> None:
    public = published_action()
    published_update(public, "implemented")
    whole = public.recommendation
    ActionFactory(recommendation=whole, number=7, title="Still a draft")
    address = f"/admin/breakdown/{whole.report.slug}/preview/{whole.number}/"
    text = text_of(desk.get(address).content.decode())
    assert "Still a draft" in text
    assert public.title in text
    assert "2 actions" in text
    assert "Partly implemented" in text
    assert "Still a draft" not in text_of(desk.get(whole.get_absolute_url()).content.decode())


@pytest.mark.parametrize("page", ["", "1.1/"])
def test_it_is_marked_kept_nowhere_and_indexed_nowhere(desk, draft, page) -> None:
    answer = desk.get(PREVIEW + page)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert "ETag" not in answer
    html = answer.content.decode()
    assert '<meta name="robots" content="noindex, nofollow">' in html
    assert "og:title" not in html
    assert 'rel="canonical"' not in html
    assert "application/atom+xml" not in html
    assert "Cite this page" not in text_of(html)


@pytest.mark.parametrize("page", ["", "1.1/"])
@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_links_lead_to_previews_and_never_to_a_public_page_that_is_not_there(
    desk, draft, page, prefix
) -> None:
    html = desk.get(f"{prefix}{PREVIEW}{page}").content.decode()
    links = re.findall(r'<(?:a|link)\b[^>]*? href="([^"]*)"', html)
    assert f"{prefix}{PREVIEW}1.2/" in {link.partition("#")[0] for link in links}
    of_draft = [link for link in links if "annual" in link and "/admin/" not in link]
    assert of_draft == []


def test_looking_writes_nothing(desk, draft) -> None:
    before = list(TrackerState.objects.values_list("content_revision", flat=True))
    desk.get(PREVIEW)
    desk.get(f"{PREVIEW}1.1/")
    assert list(TrackerState.objects.values_list("content_revision", flat=True)) == before
    assert not Edition.objects.exists()


def test_visitors_and_unknown_numbers_get_nothing(client, desk, draft) -> None:
    assert desk.get(f"{PREVIEW}9.9/").status_code == 404
    assert desk.get("/admin/breakdown/nothing/preview/").status_code == 404
    visitor = Client()
    for page in (PREVIEW, f"{PREVIEW}1.1/"):
        answer = visitor.get(page)
        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]
    assert visitor.get("/reports/annual/").status_code == 404
