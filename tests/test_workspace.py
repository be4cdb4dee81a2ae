"""The admin's first page: what waits for whom, in which order, and numbers that lead to it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from alliance.models import Job
from recommendations import publishing
from recommendations.admin.workspace import WorkList, work_lists
from recommendations.models import Action
from recommendations.viewpoint import today

from . import jobs
from .factories import (
    ActionFactory,
    AssignmentFactory,
    CheckedLinkFactory,
    DeadlineFactory,
    FactorResetFactory,
    InboxItemFactory,
    PolicyAreaFactory,
    ReaderReportFactory,
    RetractionRequestFactory,
    StructureRequestFactory,
    UserFactory,
    draft_update,
    include,
    noon,
    published_action,
    published_update,
    submitted_update,
)

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
TODAY = today()


def work(user: User, key: str) -> WorkList:
    [found] = [one for one in work_lists(user, on=TODAY) if one.key == key]
    return found


def keys_of(user: User) -> list[str]:
    return [one.key for one in work_lists(user, on=TODAY)]


def action_due(days: int, status: str = "", **fields: Any) -> Action:
    """An action whose deadline is so many days ahead, or behind."""
    action = ActionFactory(**fields)
    DeadlineFactory(action=action, on=TODAY + timedelta(days=days))
    include(reports=[action.recommendation.report])
    if status:
        published_update(action, status, published_on=TODAY)
    action.refresh_from_db()
    return action


def to_review(days_ago: int, **fields: Any) -> Action:
    return published_action(review_due_on=TODAY - timedelta(days=days_ago), **fields)


def test_drafts_of_one_person_are_not_shown_to_another(analyst, staff_member, client) -> None:
    draft = draft_update(published_action(title="Open an office"), by=analyst)
    assert work(analyst, "unfinished").rows == [draft]
    other = staff_member("other", "Analyst")
    assert work(other, "unfinished").count == 0
    client.force_login(other)
    assert "Open an office" not in client.get("/admin/").content.decode().partition("records")[0]


def test_whoever_saved_a_draft_finds_it(analyst, staff_member) -> None:
    draft = draft_update(published_action(), by=analyst)
    other = staff_member("other", "Analyst")
    publishing.record_save(draft, by=other)
    assert work(other, "unfinished").rows == [draft]


def test_what_was_returned_comes_first_and_says_why(analyst, reviewer, client) -> None:
    returned = submitted_update(published_action(), by=analyst, published_on=TODAY)
    publishing.return_(returned, reviewer=reviewer, note="Which of the two laws?")
    draft = draft_update(published_action(), by=analyst)
    assert work(analyst, "unfinished").rows == [returned, draft]
    client.force_login(analyst)
    html = client.get("/admin/").content.decode()
    assert "Which of the two laws?" in html
    assert f'href="/admin/log/{returned.slug}/"' in html


def test_submissions_wait_oldest_first(reviewer) -> None:
    late = submitted_update(published_action(), published_on=TODAY)
    early = submitted_update(published_action(), published_on=TODAY - timedelta(days=3))
    draft_update(published_action())
    assert work(reviewer, "waiting").rows == [early, late]


def test_actions_past_their_review_date_show_the_longest_first(analyst) -> None:
    late, later = to_review(2), to_review(9)
    to_review(0)
    ActionFactory(review_due_on=TODAY - timedelta(days=30))
    assert work(analyst, "overdue").rows == [later, late]


def test_actions_of_somebody_else_are_not_assigned(analyst) -> None:
    area = PolicyAreaFactory()
    mine, by_area, other = to_review(1), to_review(2), to_review(3)
    by_area.recommendation.areas.add(area)
    AssignmentFactory(analyst=analyst, action=mine)
    AssignmentFactory(analyst=analyst, action=None, area=area)
    AssignmentFactory(action=other)
    assert work(analyst, "mine").rows == [by_area, mine]
    assert keys_of(analyst).index("mine") < keys_of(analyst).index("overdue")


def test_who_looks_after_nothing_has_no_such_list(analyst) -> None:
    assert "mine" not in keys_of(analyst)


def test_deadlines_of_the_next_90_days_are_those_still_open(analyst) -> None:
    near, far = action_due(1), action_due(90)
    action_due(91)
    action_due(10, "rejected")
    action_due(10, "implemented")
    action_due(10, is_verifiable=False, verifiability_note="No measure.")
    assert work(analyst, "soon").rows == [near, far]


def test_newly_missed_deadlines_are_those_of_the_last_30_days(analyst) -> None:
    old, new = action_due(-30), action_due(-1)
    action_due(-31)
    action_due(-5, "overtaken")
    assert work(analyst, "missed").rows == [new, old]


def test_published_this_week_counts_corrected_updates_and_leaves_out_older(analyst) -> None:
    published_update(published_action(), published_on=TODAY - timedelta(days=8))
    update = published_update(published_action(), published_on=TODAY - timedelta(days=7))
    assert work(analyst, "published").rows == [update]


def test_nothing_published_lately_is_an_empty_list(analyst) -> None:
    published_update(published_action(), published_on=TODAY - timedelta(days=60))
    assert work(analyst, "published").count == 0


def test_reports_of_readers_that_wait_show_oldest_first(analyst) -> None:
    new = ReaderReportFactory(received_at=noon(TODAY))
    old = ReaderReportFactory(received_at=noon(TODAY - timedelta(days=1)))
    ReaderReportFactory(outcome="spam", handled_by=UserFactory(), handled_at=noon(TODAY))
    assert work(analyst, "readers").rows == [old, new]


def test_requests_for_retraction_wait_until_decided(reviewer) -> None:
    request = RetractionRequestFactory(update=published_update(published_action()))
    decided = RetractionRequestFactory(update=published_update(published_action()))
    publishing.decline_retraction(decided, by=reviewer)
    assert work(reviewer, "retractions").rows == [request]


def test_order_follows_the_role(analyst, reviewer, editor) -> None:
    assert keys_of(analyst)[0] == "unfinished"
    assert keys_of(reviewer)[0] == "waiting"
    assert keys_of(editor)[0] == "steps"


def test_editor_finds_drafts_of_the_structure_first(editor, analyst, client) -> None:
    ActionFactory()
    client.force_login(editor)
    html = client.get("/admin/").content.decode()
    assert re.search(r"from_edition__isnull=True\"><b>1</b> Actions that are drafts", html)
    assert html.index('id="structure"') < html.index('id="records"')
    client.force_login(analyst)
    assert 'id="structure"' not in client.get("/admin/").content.decode()


def test_person_without_a_role_sees_no_list() -> None:
    assert work_lists(UserFactory(), on=TODAY) == []


@pytest.fixture
def busy_day(analyst, reviewer) -> User:
    """Something in every list; a superuser who sees all of them."""
    root = User.objects.create_superuser("root", password="secret")
    fill(root)
    return root


def fill(root: User) -> None:
    draft_update(published_action(), by=root)
    submitted_update(published_action(), published_on=TODAY)
    AssignmentFactory(analyst=root, action=to_review(2))
    action_due(5)
    action_due(-5)
    published_update(published_action(), published_on=TODAY)
    ReaderReportFactory(received_at=noon(TODAY))
    InboxItemFactory(assigned_to=root)
    CheckedLinkFactory(state="dead", times_gone=3, gone_since=noon(TODAY))
    FactorResetFactory()
    RetractionRequestFactory(update=published_update(published_action()))
    StructureRequestFactory(actions=[published_action()])
    jobs.fail.enqueue(f"no such port {Job.objects.count()}")
    Job.objects.update(is_open=False)
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED)


def test_each_number_leads_to_a_list_of_as_many(busy_day, client) -> None:
    fill(busy_day)
    decided = ReaderReportFactory(received_at=noon(TODAY))
    decided.decide("spam", note="", by=busy_day, now=noon(TODAY))
    client.force_login(busy_day)
    lists = work_lists(busy_day, on=TODAY)
    assert len(lists) == 15
    for one in lists:
        assert one.count > 1
        context = client.get(one.url).context
        if one.key == "readers":
            assert [row.pk for row in context["page"]] == [row.pk for row in one.rows]
        elif one.key in ("jobs", "inbox", "links"):
            assert len(context["page"]) == one.count
        elif one.key == "evidence":
            assert context["n_actions"] == one.count
        else:
            cl = context["cl"]
            assert cl.result_count == one.count, one.key
            assert list(cl.result_list)[0].pk in {row.pk for row in one.rows}, one.key


def test_list_of_work_keeps_the_order_of_the_workspace(analyst, client) -> None:
    first, second, third = to_review(2), to_review(9), to_review(5)
    client.force_login(analyst)
    cl = client.get(work(analyst, "overdue").url).context["cl"]
    assert [row.pk for row in cl.result_list] == [second.pk, third.pk, first.pk]


def test_queries_do_not_grow_with_the_work(busy_day, client: Client) -> None:
    client.force_login(busy_day)
    taken = []
    for _n in range(2):
        client.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        taken.append(len(queries))
        for _row in range(3):
            fill(busy_day)
    assert taken[0] == taken[1]
    assert taken[0] <= 41


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_workspace_opens_in_both_languages_with_all_records(busy_day, client, prefix) -> None:
    client.force_login(busy_day)
    html = client.get(f"{prefix}/admin/").content.decode()
    assert f'href="{prefix}/admin/recommendations/statusupdate/"' in html
    assert f'href="{prefix}/admin/recommendations/action/?work=overdue"' in html
