"""What pages of one state share is never that of another state, viewpoint or language."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from recommendations import kept_of_state as module
from recommendations.filters import RecommendationFilterSet
from recommendations.index.keeping import State, opened_at, state_of_database
from recommendations.kept_of_state import MOST_KEPT, answering, kept_of_answer, kept_of_state
from recommendations.models import Action, Edition, ListedHost, PolicyArea, StatusUpdate
from recommendations.models.listed_host import HostMark
from recommendations.publishing import touch
from recommendations.viewpoint import Viewpoint

from .factories import PolicyAreaFactory, TranslationFactory, published_action, published_update
from .test_ways_in import WAYS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.INDEX_DIR = tmp_path / "index"
    return settings.INDEX_DIR


@pytest.fixture
def action() -> Action:
    action = published_action()
    action.recommendation.areas.set([PolicyAreaFactory(name="Rivers")])
    touch([action.recommendation_id])
    return action


def areas() -> list[str]:
    return [one.label for one in RecommendationFilterSet().vocabularies.areas]


def test_another_page_of_the_state_asks_for_nothing_again(action):
    assert areas() == ["Rivers"]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert areas() == ["Rivers"]
    assert not any("policyarea" in one["sql"] for one in captured)


def test_a_change_of_the_record_is_seen_at_once(action):
    assert areas() == ["Rivers"]
    area = PolicyArea.objects.get()
    area.name = "Seas"
    area.save()
    touch(None)
    assert areas() == ["Seas"]


def test_what_is_not_committed_is_not_kept(action):
    assert areas() == ["Rivers"]
    with transaction.atomic():
        PolicyArea.objects.update(name="Seas")
        assert kept_of_state(Viewpoint.present(), "one", lambda: "of nobody") == "of nobody"
        assert areas() == ["Seas"]
        transaction.set_rollback(True)
    assert areas() == ["Rivers"]


def test_each_language_has_its_own(action):
    TranslationFactory(kind="policyarea.name", original="Rivers", text="川")
    assert areas() == ["Rivers"]
    with override("ja"):
        assert areas() == ["川"]
    assert areas() == ["Rivers"]


def test_each_viewpoint_has_its_own(action):
    day = date(2025, 1, 1)
    past = Viewpoint(day, as_of=day)
    for _n in range(2):
        assert kept_of_state(Viewpoint.present(), "one", lambda: "of today") == "of today"
        assert kept_of_state(past, "one", lambda: "of then") == "of then"
    assert kept_of_state(past, "one", lambda: "made again") == "of then"


def test_what_is_made_while_the_record_changes_is_not_kept(action):
    def made() -> str:
        touch(None)
        return "of two states"

    # Who asks within a state goes on in it, as a page does until it is made again.
    with opened_at(Viewpoint.present()):
        assert kept_of_state(Viewpoint.present(), "one", made) == "of two states"
        assert kept_of_state(Viewpoint.present(), "one", lambda: "another") == "another"


def test_a_process_keeps_no_more_than_it_may(action):
    for n in range(MOST_KEPT + 3):
        day = date(2025, 1, 1 + n)
        kept_of_state(Viewpoint(day, as_of=day), "one", lambda: "")
    assert len(module._kept) == MOST_KEPT


# What the state of an answer tells ---------------------------------------------------------------


@pytest.fixture
def told(action, settings: Any) -> StatusUpdate:
    """An update with a source, of which each page is made anew."""
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }
    return published_update(action)


def tables_asked(client: Any, address: str) -> str:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return " ".join(one["sql"] for one in captured)


def test_the_next_answer_does_not_ask_which_hosts_are_listed(told, action, client):
    address = action.recommendation.get_absolute_url()
    assert "recommendations_listedhost" in tables_asked(client, address)
    asked = tables_asked(client, address)
    assert "recommendations_listedhost" not in asked
    assert "recommendations_statusupdate" in asked


def test_whoever_is_signed_in_is_told_anew(told, action, admin_client):
    for _n in range(2):
        asked = tables_asked(admin_client, action.recommendation.get_absolute_url())
        assert "recommendations_listedhost" in asked


def test_a_host_that_was_listed_shows_at_once(told, action, client):
    address = action.recommendation.get_absolute_url()
    source = told.evidence.first()
    linked = f'href="{source.url}"'
    for _n in range(2):
        assert linked in client.get(address).text
    ListedHost.objects.create(
        host=source.url.split("/")[2],
        mark=HostMark.NEVER_EVIDENCE,
        reason="It makes things up.",
        since_on=date(2026, 1, 1),
    )
    touch(())
    assert linked not in client.get(address).text


def test_the_newest_edition_shows_at_once(told, action, client):
    address = action.recommendation.get_absolute_url()
    for _n in range(2):
        client.get(address)
    published_action(recommendation=action.recommendation)
    newest = Edition.objects.order_by("number").last().number
    assert f"edition={newest}" in client.get(address).text


def test_outside_of_an_answer_nothing_is_kept(action):
    assert kept_of_answer(Viewpoint.present(), "one", lambda: 1) == 1
    assert kept_of_answer(Viewpoint.present(), "one", lambda: 2) == 2


def test_what_is_of_another_state_than_the_answer_is_not_kept(action):
    state = state_of_database()
    with answering(state):
        touch(())
        assert kept_of_answer(Viewpoint.present(), "one", lambda: "newer") == "newer"
        assert kept_of_answer(Viewpoint.present(), "one", lambda: "newest") == "newest"


def test_within_a_transaction_nothing_is_kept_of_an_answer(action):
    with answering(state_of_database()), transaction.atomic():
        assert kept_of_answer(Viewpoint.present(), "one", lambda: 1) == 1
        assert kept_of_answer(Viewpoint.present(), "one", lambda: 2) == 2


def test_of_a_record_without_a_state_nothing_is_kept(action):
    with answering(State(0, "")):
        assert kept_of_answer(Viewpoint.present(), "one", lambda: 1) == 1
        assert kept_of_answer(Viewpoint.present(), "one", lambda: 2) == 2


def written_ways(client: Client, path: str) -> str:
    found = WAYS.search(client.get(path).content.decode())
    assert found, path
    return found[0]


def test_ways_in_are_those_of_the_language_the_viewpoint_and_the_state(client, action):
    published_update(action)
    TranslationFactory(kind="policyarea.name", original="Rivers", text="川")
    report = action.recommendation.report
    paths = ["/", report.get_absolute_url()]
    for path in [*paths, *paths]:
        now = written_ways(client, path)
        assert ">Rivers</a>" in now and "as_of" not in now
        past = written_ways(client, f"{path}?as_of=2026-01-01&edition=1")
        assert "as_of=2026-01-01" in past and 'name="edition" value="1"' in past
        translated = written_ways(client, f"/ja{path}")
        assert ">川</a>" in translated and "/ja/areas/" in translated
    PolicyArea.objects.update(name="Seas")
    touch(None)
    for path in paths:
        assert ">Seas</a>" in written_ways(client, path)
