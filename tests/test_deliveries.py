"""The second delivery of a table, and the batch of statuses of each."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from recommendations.models import (
    Action,
    Delivery,
    Recommendation,
    Report,
    StatusUpdate,
)

from .factories import PartyFactory, include
from .reading import text_of
from .table_desk import (
    HEADS,
    PAGE,
    REPORT,
    accepted,
    check,
    csv_bytes,
    plan,
    uploaded,
    words,
)

FIRST = [
    HEADS,
    ["1", "Dredge the harbour", "Fareland", "2027-03-31", "Done", "2026-01-15"],
    ["2", "Lower the fares", "Fareland", "2026", "Ongoing", "2026-02"],
    ["3", "Open the quay at night", "Fareland", "", "", ""],
]
STATUSES = words(done="implemented", ongoing="in_progress")


@pytest.fixture
def desk(client: Client, editor) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def fareland(db):
    return PartyFactory(slug="fareland", name="Fareland", kind="government")


@pytest.fixture
def first(desk, fareland) -> Delivery:
    return accepted(desk, uploaded(desk, csv_bytes(FIRST)), **REPORT, **STATUSES)


def second(desk: Client, rows, **fields):
    return uploaded(desk, csv_bytes([HEADS, *rows]), report="ferries", **fields)


def headlines() -> list[str]:
    return [one.headline for one in Recommendation.objects.order_by("position")]


def test_the_same_table_again_changes_nothing(desk, first):
    again = uploaded(desk, csv_bytes([*FIRST, []]), report="ferries")
    found = plan(again)
    assert (found.n_same, found.changes, found.gone) == (3, [], [])
    delivery = accepted(desk, again, **STATUSES)
    assert Recommendation.objects.count() == Action.objects.count() == 3
    # What was said before is no news: no second draft.
    assert StatusUpdate.objects.count() == 2
    assert delivery.rows.exclude(status="").count() == 0


def test_a_second_delivery_tells_new_changed_and_gone(desk, first):
    kept = second(
        desk,
        [
            ["1", "Dredge the harbour", "Fareland", "2027-06-30", "", ""],
            ["2", "Lower the fares by a third", "Fareland", "2026", "", ""],
            ["4", "Teach the ferrymen to swim", "Fareland", "", "", ""],
        ],
    )
    found = plan(kept)
    assert found.n_new == {"recommendations": 1, "actions": 1}
    assert sorted(change.name for change in found.changes) == ["due", "headline", "title"]
    assert [str(action) for action in found.gone] == ["3a Open the quay at night"]
    accepted(desk, kept)
    assert headlines() == [
        "Dredge the harbour",
        "Lower the fares by a third",
        "Open the quay at night",
        "Teach the ferrymen to swim",
    ]
    deadline = Action.objects.get(recommendation__number="1").deadlines.get()
    assert deadline.on == date(2027, 6, 30)
    # Nothing is withdrawn by itself.
    gone = Action.objects.get(recommendation__number="3")
    assert (gone.until_edition, gone.withdrawal_reason) == (None, "")


def test_what_a_colleague_changed_is_not_overwritten(desk, first):
    Recommendation.objects.filter(number="2").update(headline="Halve the fares")
    kept = second(desk, [["2", "Lower the fares by a third", "Fareland", "2026", "", ""]])
    headline = next(one for one in plan(kept).changes if one.name == "headline")
    assert headline.is_others
    page = text_of(desk.get(f"{PAGE}{kept.pk}/check/").content.decode())
    assert "A colleague changed it: it stays." in page
    # Also where the form says otherwise.
    key = {"shown-change": [headline.key], "change": [headline.key]}
    accepted(desk, kept, **key)
    assert "Halve the fares" in headlines()
    assert Action.objects.get(recommendation__number="2").title == "Lower the fares by a third"


def test_a_change_is_left_where_somebody_says_so(desk, first):
    kept = second(desk, [["1", "Dredge the harbour deeply", "Fareland", "", "", ""]])
    keys = [change.key for change in plan(kept).changes]
    accepted(desk, kept, **{"shown-change": keys})
    assert "Dredge the harbour" in headlines()


def test_what_is_in_the_record_changes_only_where_somebody_says_so(desk, first, fareland):
    include(reports=[Report.objects.get()])
    rows = [["1", "Dredge the harbour deeply", "Fareland", "2027-06-30", "", ""]]
    accepted(desk, second(desk, rows))
    assert "Dredge the harbour" in headlines()
    kept = second(desk, [[*rows[0][:2], "Fareland", "2027-07-31", "", ""]])
    changes = {change.name: change for change in plan(kept).changes}
    # The deadline that the report set is never overwritten.
    assert changes["due"].is_fixed
    page = text_of(desk.get(f"{PAGE}{kept.pk}/check/").content.decode())
    assert "The report’s deadline in the record is never overwritten." in page
    assert Action.objects.get(recommendation__number="1").deadlines.get().on == date(2027, 3, 31)


def test_an_unknown_number_with_like_words_is_asked_about(desk, first):
    kept = second(desk, [["7", "Dredge the harbour again", "Fareland", "", "", ""]])
    (one,) = plan(kept).likely
    assert (one.found.headline, one.has_same_number) == ("Dredge the harbour", False)
    response = check(desk, kept, go="accept")
    assert response.status_code == 400
    assert "Say which rows are" in text_of(response.content.decode())
    accepted(desk, kept, **{f"likely-{one.key}": "same"})
    assert Recommendation.objects.count() == 3
    # It keeps the number that stands in its address.
    assert Recommendation.objects.get(headline="Dredge the harbour again").number == "1"


def test_a_known_number_with_other_words_is_asked_about(desk, first):
    kept = second(desk, [["1", "Teach ferrymen swimming", "Fareland", "", "", ""]])
    (one,) = plan(kept).likely
    assert one.has_same_number
    accepted(desk, kept, **{f"shown-likely-{one.key}": "1", "likely-rest": "new"})
    assert Recommendation.objects.count() == 4
    assert Recommendation.objects.get(headline="Teach ferrymen swimming").number == "4"


def test_a_new_statement_replaces_a_draft_that_nobody_touched(desk, first, analyst):
    (untouched, touched) = StatusUpdate.objects.order_by("action__recommendation__position")
    touched.editors.add(analyst)
    StatusUpdate.objects.filter(pk=touched.pk).update(revision=2)
    rows = [
        ["1", "Dredge the harbour", "Fareland", "", "Done", "2026-02-20"],
        ["2", "Lower the fares", "Fareland", "", "Done", "2026-02-20"],
    ]
    accepted(desk, second(desk, rows), **STATUSES)
    assert not StatusUpdate.objects.filter(pk=untouched.pk).exists()
    assert StatusUpdate.objects.filter(pk=touched.pk).exists()
    assert StatusUpdate.objects.count() == 3


def test_what_was_not_taken_over_once_may_be_later(desk, fareland):
    said = {**REPORT, **words(done="none", ongoing="none")}
    accepted(desk, uploaded(desk, csv_bytes(FIRST)), **said)
    assert not StatusUpdate.objects.exists()
    accepted(desk, second(desk, FIRST[1:]), **STATUSES)
    accepted(desk, second(desk, [*FIRST[1:], ["9", "Paint the ferries"]]), **STATUSES)
    assert StatusUpdate.objects.count() == 2


# The batch -------------------------------------------------------------------------------------


def page_of(client: Client, delivery: Delivery) -> str:
    return text_of(client.get(f"/admin/deliveries/{delivery.pk}/").content.decode())


def test_a_date_that_somebody_gives_makes_a_draft(client, desk, fareland, analyst):
    rows = [HEADS, ["1", "Dredge the harbour", "Fareland", "", "Done", ""]]
    delivery = accepted(desk, uploaded(desk, csv_bytes(rows)), **REPORT, **STATUSES)
    assert not StatusUpdate.objects.exists()
    row = delivery.rows.get()
    client.force_login(analyst)
    dates = f"/admin/deliveries/{delivery.pk}/dates/"
    refused = client.post(dates, {f"row-{row.pk}-on": "2100-01-01"})
    assert refused.status_code == 400
    assert "This lies in the future" in text_of(refused.content.decode())
    given = {f"row-{row.pk}-on": "2026-01-31", f"row-{row.pk}-precision": "month"}
    client.post(dates, given)
    client.post(dates, given)
    update = StatusUpdate.objects.get()
    assert (update.effective_on, update.effective_precision) == (date(2026, 1, 31), "month")
    assert (update.author, update.review_state) == (analyst, "draft")


def test_what_lacks_nothing_is_submitted_and_another_person_publishes(
    client, desk, first, analyst, reviewer
):
    client.force_login(analyst)
    # Before the report is in the record nothing can be submitted.
    assert "The action is not part of the public record." in page_of(client, first)
    include(reports=[Report.objects.get()])
    assert "2 of those shown lack nothing." in page_of(client, first)
    client.post(f"/admin/deliveries/{first.pk}/submit/")
    assert list(StatusUpdate.objects.values_list("review_state", flat=True)) == ["submitted"] * 2
    client.force_login(reviewer)
    html = client.get(f"/admin/deliveries/{first.pk}/").content.decode()
    assert "/admin/review/edition/?update=" in html
    assert set(Action.objects.values_list("status", flat=True)) == {"not_assessed"}


def test_without_an_address_a_draft_cites_nothing_and_is_counted(client, desk, fareland, analyst):
    said = {**REPORT, **STATUSES, "source-url": ""}
    delivery = accepted(desk, uploaded(desk, csv_bytes(FIRST)), **said)
    include(reports=[Report.objects.get()])
    client.force_login(analyst)
    text = page_of(client, delivery)
    assert "2 of them without a source" in text
    assert "0 of those shown lack nothing." in text
    client.post(f"/admin/deliveries/{delivery.pk}/submit/")
    assert set(StatusUpdate.objects.values_list("review_state", flat=True)) == {"draft"}


def test_an_announcement_alone_carries_no_step(client, desk, fareland, analyst):
    said = {**REPORT, **STATUSES, "source-kind": "announcement"}
    delivery = accepted(desk, uploaded(desk, csv_bytes(FIRST)), **said)
    include(reports=[Report.objects.get()])
    client.force_login(analyst)
    assert "0 of those shown lack nothing." in page_of(client, delivery)


def test_who_may_not_log_submits_nothing(client, desk, first, reviewer):
    client.force_login(reviewer)
    assert client.post(f"/admin/deliveries/{first.pk}/submit/").status_code == 403
    assert client.post(f"/admin/deliveries/{first.pk}/dates/").status_code == 403


# Our own export --------------------------------------------------------------------------------


def test_our_own_list_is_read_back_and_changes_nothing(desk, baseline):
    answer = desk.get("/recommendations.csv")
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    found = plan(uploaded(desk, data, "recommendations.csv"))
    assert found.open_groups == {}
    assert [one.report.slug for one in found.reports if one.report] == ["us-japan-alliance-2024"]
    assert found.open_names == []
    assert (dict(found.n_new), found.likely) == ({"recommendations": 0, "actions": 0}, [])
    assert [(one.name, one.was, one.becomes) for one in found.changes] == []
    # The list has what is counted alone.
    counted = Action.objects.filter(is_verifiable=True).count()
    assert (found.n_same, [one.is_verifiable for one in found.gone]) == (counted, [False] * 4)
