"""Many updates published at once: as many queries as one takes, and the same record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations import integrity, publishing
from recommendations.models import Action, StatusUpdate
from recommendations.periods.columns import write_columns
from recommendations.statuses import REVIEW_INTERVAL

from .factories import (
    PUBLISHED_ON,
    RecommendationFactory,
    UserFactory,
    correction_of,
    moment,
    noon,
    publish,
    published_actions,
    published_update,
    submitted_update,
)

pytestmark = pytest.mark.django_db

NOW = noon(PUBLISHED_ON)


@pytest.fixture
def author() -> User:
    return UserFactory()


@pytest.fixture
def reviewer() -> User:
    return UserFactory()


def queries_of(updates: Sequence[StatusUpdate], reviewer: User) -> int:
    """Publish updates as the page of a reviewer does, and return how many queries it took."""
    seen = {update.pk: publishing.seen_version(update) for update in updates}
    with CaptureQueriesContext(connection) as queries:
        publishing.publish(updates, reviewer=reviewer, seen=seen, now=NOW)
    return len(queries)


# Kinds of submissions, of an action that has been implemented since 2024.


def new_status(action: Action, author: User) -> StatusUpdate:
    return submitted_update(action, "rejected", by=author)


def same_status(action: Action, author: User) -> StatusUpdate:
    return submitted_update(action, "implemented", on=date(2025, 6, 1), by=author)


def confirmation(action: Action, author: User) -> StatusUpdate:
    update = publishing.confirm(
        action, by=author, search_note="Two archives.", searched_on=date(2026, 9, 1), now=NOW
    )
    update.refresh_from_db()
    return update


def correction(action: Action, author: User) -> StatusUpdate:
    return correction_of(action.updates.get(), by=author, note="Read again.")


def correction_of_a_correction(action: Action, author: User) -> StatusUpdate:
    publish(correction_of(action.updates.get(), by=author, note="Read again."))
    return correction_of(action.updates.counting().get(), by=author, note="And again.")


KINDS = [new_status, same_status, confirmation, correction, correction_of_a_correction]
Kind = Callable[[Action, User], StatusUpdate]


def submitted(kind: Kind, n: int, author: User) -> list[StatusUpdate]:
    recommendation = RecommendationFactory()
    actions = published_actions(n, recommendation=recommendation)
    for action in actions:
        published_update(action, "implemented", on=date(2024, 1, 1), by=author)
        action.refresh_from_db()
    return [kind(action, author) for action in actions]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_ten_updates_take_as_many_queries_as_one(kind: Kind, author: User, reviewer: User) -> None:
    queries_of(submitted(kind, 1, author), reviewer)  # Who reviews is given a code, once.
    n_of_one = queries_of(submitted(kind, 1, author), reviewer)
    assert queries_of(submitted(kind, 10, author), reviewer) == n_of_one


def test_hundred_updates_take_as_many_queries_as_one(author: User, reviewer: User) -> None:
    actions = published_actions(102)
    updates = [submitted_update(action, by=author) for action in actions]
    queries_of(updates[:1], reviewer)
    n_of_one = queries_of(updates[1:2], reviewer)
    # SQLite takes a thousand values at a time, and so the new sources in two parts.
    parts = 1 if connection.vendor == "sqlite" else 0
    assert queries_of(updates[2:], reviewer) == n_of_one + parts
    assert n_of_one < 75


def test_record_of_a_batch_is_as_derived_edition_by_edition(author: User, reviewer: User) -> None:
    """All that is stored of the newest edition alone is compared with the whole history."""
    batches = [submitted(kind, 2, author) for kind in KINDS]
    for updates in (sum(batches, []), submitted(new_status, 3, author)):
        publishing.publish(updates, reviewer=reviewer, now=NOW)
        assert [str(difference) for difference in integrity.differences()] == []


def test_each_update_of_a_batch_has_its_own_dates(author: User, reviewer: User) -> None:
    one, other = published_actions(2)
    updates = [
        submitted_update(one, on=date(2025, 3, 1), by=author),
        submitted_update(
            other,
            on=date(2025, 5, 9),
            precision="month",
            next_review_on=date(2027, 5, 1),
            by=author,
        ),
    ]
    edition = publishing.publish(updates, reviewer=reviewer, now=NOW)
    said = StatusUpdate.objects.filter(edition=edition).order_by("pk")
    assert list(said.values_list("effective_day", "next_review_on", "reviewer")) == [
        (date(2025, 3, 1), PUBLISHED_ON + REVIEW_INTERVAL, reviewer.pk),
        (date(2025, 5, 31), date(2027, 5, 1), reviewer.pk),
    ]
    due = Action.objects.filter(pk__in=[one.pk, other.pk]).order_by("pk")
    assert list(due.values_list("review_due_on", flat=True)) == [
        PUBLISHED_ON + REVIEW_INTERVAL,
        date(2027, 5, 1),
    ]


def test_one_bad_update_of_a_batch_is_named_and_none_is_published(
    author: User, reviewer: User
) -> None:
    updates = [submitted_update(action, by=author) for action in published_actions(3)]
    bad = updates[1]
    bad.evidence.all().delete()
    with pytest.raises(publishing.Refused) as refused:
        publishing.publish(updates, reviewer=reviewer, now=NOW)
    assert refused.value.messages == [
        f"{bad}: “In progress” needs one item of evidence that is not an announcement."
    ]
    assert not StatusUpdate.objects.published().exists()


def test_source_that_one_action_cites_is_new_to_another(author: User, reviewer: User) -> None:
    address = "https://gazette.example/1"
    cited = [{"kind": "primary", "url": address}]
    one, other = published_actions(2)
    published_update(one, "in_progress", evidence=cited, by=author)
    again = submitted_update(other, "implemented", evidence=cited, by=author)
    publishing.publish([again], reviewer=reviewer, now=NOW)
    one.refresh_from_db()
    with pytest.raises(publishing.Refused, match="no update of this action cites yet"):
        submitted_update(one, "implemented", evidence=cited, by=author)


def test_batch_that_a_reviewer_saw_otherwise_is_refused(author: User, reviewer: User) -> None:
    updates = [submitted_update(action, by=author) for action in published_actions(2)]
    seen = {update.pk: publishing.seen_version(update) for update in updates}
    published_update(updates[1].action, "in_progress", on=date(2024, 1, 1), by=author)
    with pytest.raises(publishing.Stale, match="changed after you opened the page"):
        publishing.publish(updates, reviewer=reviewer, seen=seen, now=NOW)


# Columns of many rows ---------------------------------------------------------------------------


def test_columns_of_many_rows_each_get_their_own_values() -> None:
    one, other = published_actions(2)
    values: dict[int, dict[str, Any]] = {
        one.pk: {
            "status": "partly",
            "status_since": date(2025, 1, 1),
            "evidence_counts": {"press": 2},
            "title": "“It’s”, 100 %s of \\ {all}",
        },
        other.pk: {
            "status": "stalled",
            "status_since": None,
            "evidence_counts": {},
            "title": "日本",
        },
    }
    with CaptureQueriesContext(connection) as queries:
        write_columns(Action, values)
    assert len(queries) == 1
    for row in Action.objects.filter(pk__in=values):
        assert {name: getattr(row, name) for name in values[row.pk]} == values[row.pk]


def test_moment_and_person_are_written_as_columns(author: User) -> None:
    update = submitted_update(published_actions(1)[0], by=author)
    at = moment(date(2026, 10, 2))
    other = UserFactory()
    write_columns(StatusUpdate, {update.pk: {"submitted_at": at, "author": other.pk}})
    update.refresh_from_db()
    assert (update.submitted_at, update.author) == (at, other)


def test_no_rows_take_no_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        write_columns(Action, {})
    assert len(queries) == 0
