"""Newest edition first, and of one day the later edition holds: by number, on every list.

An order by the relation itself follows the order of Edition, which is the other way round.
"""

from datetime import date

import pytest

from recommendations.figures.dashboard import latest_steps
from recommendations.figures.scope import Scope
from recommendations.index.keeping import opened_at
from recommendations.models import Action, StatusUpdate
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from .factories import corrected, published_action, published_update
from .reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_of_one_day() -> list[StatusUpdate]:
    """Updates of two editions with one effective day, the earlier first."""
    action = published_action()
    return [
        published_update(action, "in_progress", next_review_on=date(2027, 1, 1)),
        published_update(action, "partly", next_review_on=date(2027, 6, 1)),
    ]


def test_change_log_begins_with_the_newest_edition(client) -> None:
    for _n in range(2):
        published_update(published_action(), "partly")
    shown = text_of(client.get("/changes/").content.decode())
    assert shown.index("Edition 4 Updates") < shown.index("Edition 2 Updates")


def test_of_one_day_the_later_edition_comes_first(two_of_one_day) -> None:
    first, second = two_of_one_day
    updates = StatusUpdate.objects.filter(action=first.action_id)
    for ordered in (updates.latest_first(), updates.for_timeline(), updates.for_change_log()):
        assert [update.pk for update in ordered] == [second.pk, first.pk]
    with opened_at(Viewpoint.present()) as index:
        of_report = first.action.recommendation.report_id
        scope = Scope(index, Record(Viewpoint.present()), "report", of_report)
        assert latest_steps(scope)[0].pk == second.pk


def test_of_one_day_the_later_edition_is_what_was_before(two_of_one_day) -> None:
    later = published_update(two_of_one_day[0].action, "implemented", on=date(2025, 9, 1))
    assert StatusUpdate.objects.with_previous_status().get(pk=later.pk).previous_status == "partly"


def test_of_one_day_the_earlier_edition_was_before(two_of_one_day) -> None:
    second = StatusUpdate.objects.with_previous_status().get(pk=two_of_one_day[1].pk)
    assert second.previous_status == "in_progress"


def test_a_search_that_finds_nothing_again_is_no_step() -> None:
    action = published_action()
    for _n in range(2):
        published_update(action, "no_action")
    assert not StatusUpdate.objects.steps().exists()


def test_what_was_corrected_came_after_what_was_said_then(client) -> None:
    """The correction moves the date: before the old one stood nothing, and the page says so."""
    first = published_update(published_action(), "in_progress", on=date(2025, 6, 1))
    corrected(first, status="partly", effective_on=date(2025, 3, 1))
    ended = StatusUpdate.objects.with_previous_status().get(pk=first.pk)
    assert ended.previous_status is None
    html = client.get("/corrections/").content.decode()
    assert "Partly implemented changed to In progress" not in text_of(html)
    assert "Not assessed changed to In progress" in text_of(html)


def test_an_edition_knows_the_review_date_of_its_last_update(two_of_one_day) -> None:
    first, second = two_of_one_day
    for update, expected in ((first, date(2027, 1, 1)), (second, date(2027, 6, 1))):
        seen = Viewpoint(on=date(2026, 10, 2), edition=update.edition)
        [action] = Action.objects.seen_from(seen).filter(pk=first.action_id)
        assert action.review_due_on == expected
