"""Every correction and retraction on one page, with its reason and what replaces it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from .factories import corrected, published_actions, published_update, retracted
from .reading import links_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

ADDRESS = "/corrections/"


def page(client, **query) -> str:
    response = client.get(ADDRESS, query)
    assert response.status_code == 200, response.content
    return response.content.decode()


def test_it_opens_with_how_many_of_how_many(client) -> None:
    assert "0 of 0 published updates were corrected or retracted." in text_of(page(client))
    one, two, _three = [published_update(action, "implemented") for action in published_actions(3)]
    assert "0 of 3 published updates were corrected or retracted." in text_of(page(client))
    corrected(one, status="partly")
    assert "1 of 4 published updates was corrected or retracted." in text_of(page(client))
    retracted(two)
    shown = text_of(page(client))
    assert "2 of 4 published updates were corrected or retracted." in shown
    assert "1 was corrected by a new update. 1 was retracted." in shown


def test_a_correction_shows_what_was_said_struck_through_why_and_what_replaces_it(client) -> None:
    [action] = published_actions(1, title="Sign the act")
    update = published_update(action, "implemented", note="It was signed.")
    successor = corrected(update, status="partly", note="It was drafted.")
    html = page(client)
    [entry] = html.split('<li class="ended">')[1:]
    assert re.search(r'<p class="entry-why claim[^"]*">It was signed\.</p>', entry)
    assert "Sign the act" in entry
    assert "Corrected, edition 3: The source was misread." in text_of(entry)
    assert "It was drafted." not in html
    assert (successor.get_absolute_url(), "Partly implemented, 1 Mar 2025") in links_of(entry)
    assert "which itself ended" not in html
    response = client.get(successor.get_absolute_url())
    assert f'id="{successor.slug}"' in response.content.decode()


def test_a_retraction_shows_its_reason_and_no_successor(client) -> None:
    update = published_update(published_actions(1)[0], "implemented")
    edition = retracted(update)
    html = page(client)
    assert f"Retracted, edition {edition.number}: It names the wrong law." in text_of(html)
    assert "Replaced by" not in html
    assert (edition.get_absolute_url(), str(edition)) in links_of(html)


def test_what_replaced_an_update_and_ended_itself_says_so(client) -> None:
    update = published_update(published_actions(1)[0], "implemented")
    retracted(corrected(update, status="partly"))
    first, second = page(client).split('<li class="ended">')[1:]
    assert "which itself ended" not in first
    assert "which itself ended in edition 4" in text_of(second)
    assert "which itself ended" not in page(client, edition=3)


@pytest.mark.about_databases
def test_newest_first(client) -> None:
    for title in ("First", "Second"):
        [action] = published_actions(1, title=title)
        retracted(published_update(action, "implemented"))
    shown = text_of(page(client))
    assert shown.index("Second") < shown.index("First")


def test_an_end_of_a_later_edition_is_not_there_yet(client) -> None:
    update = published_update(published_actions(1)[0], "implemented")
    corrected(update, status="partly")
    assert "0 of 1 published updates were" in text_of(page(client, edition=2))
    assert 'class="ended"' not in page(client, edition=2)
    assert "1 of 2 published updates was" in text_of(page(client, edition=3))


@pytest.mark.about_databases
def test_as_of_a_day_only_what_had_taken_effect_is_told(client) -> None:
    actions = published_actions(2)
    for action, day in zip(actions, (date(2025, 3, 1), date(2025, 6, 1)), strict=True):
        retracted(published_update(action, "implemented", on=day))
    assert "1 of 1 published updates was" in text_of(page(client, as_of="2025-04-01"))
    assert "2 of 2 published updates were" in text_of(page(client))


def test_pages_of_fifty(client, monkeypatch) -> None:
    monkeypatch.setattr("recommendations.views.corrections.CORRECTIONS_A_PAGE", 2)
    for action in published_actions(3, title="Sign"):
        retracted(published_update(action, "implemented"))
    assert page(client).count('class="ended"') == 2
    assert page(client, page=2).count('class="ended"') == 1
    assert "3 of 3 published updates were" in text_of(page(client, page=2))
    assert client.get(f"{ADDRESS}?page=3").status_code == 400


def test_queries_do_not_grow_with_the_corrections(client) -> None:
    taken = []
    actions = published_actions(6)
    for some in (actions[:2], actions[2:]):
        for action in some:
            corrected(published_update(action, "implemented"), status="partly")
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 15
