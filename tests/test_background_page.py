"""The page of background work: what waits and what failed is seen, tried again or given up."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from alliance.background import queue
from alliance.background.performing import work_off
from alliance.models import Job, SeenWorker
from recommendations.models import Act
from recommendations.models.act import Event

from . import jobs
from .reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
PAGE = "/admin/background/"


@pytest.fixture
def desk(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def failed(words: str = "no such port") -> Job:
    jobs.fail.enqueue(words)
    for _n in range(queue.MOST_ATTEMPTS):
        DBTaskResult.objects.update(run_after=timezone.now())
        work_off()
    return Job.objects.select_related("task").get(task__args_kwargs__args=[words])


def told(desk: Client, state: str = "") -> str:
    response = desk.get(PAGE, {"state": state} if state else None)
    assert response.status_code == 200
    return text_of(response.content.decode())


def decide(desk: Client, job: Job, go: str) -> str:
    response = desk.post(f"{PAGE}{job.pk}/", {"go": go}, follow=True)
    return text_of(response.content.decode())


@pytest.mark.about_databases
def test_it_says_what_failed_and_why(desk: Client) -> None:
    failed()
    said = told(desk)
    assert "1 Failed" in said
    assert "tests.jobs.fail" in said
    assert "attempt 5 of 5" in said
    assert "ValueError: no such port" in said
    assert "Traceback (most recent call last)" in said


def test_it_says_what_waits_and_what_is_done(desk: Client) -> None:
    jobs.fail.enqueue("waits")
    jobs.fail.enqueue("runs")
    assert "2 Waiting" in told(desk)
    assert queue.take(now=timezone.now())
    said = told(desk, "running")
    assert "1 Being done" in said and "1 Waiting" in said
    assert "being done for less than a minute" in said


def test_it_says_when_there_is_another_attempt(desk: Client) -> None:
    jobs.fail.enqueue("no such port")
    work_off()
    said = told(desk, "waiting")
    assert "attempt 1 of 5" in said
    assert "next at" in said
    assert "ValueError: no such port" in said


def test_it_says_whether_a_worker_is_there(desk: Client) -> None:
    assert "No worker was seen within two minutes" in told(desk)
    SeenWorker.objects.create(name="node-1", seen_at=timezone.now())
    said = told(desk)
    assert "Worker on node-1: seen less than a minute ago" in said
    assert "No worker was seen" not in said


def test_what_failed_is_tried_again(desk: Client) -> None:
    job = failed()
    assert "It is tried again" in decide(desk, job, "again")
    assert Job.objects.get().is_open
    assert Act.objects.filter(event=Event.UPKEEP, subject__contains=str(job.pk)).exists()


def test_what_is_queued_anew_is_not_tried_again_beside_it(desk: Client) -> None:
    job = failed()
    jobs.fail.enqueue("no such port")
    assert "The same work waits already" in decide(desk, job, "again")
    assert Job.objects.filter(is_open=True).count() == 1


@pytest.mark.about_databases
def test_what_waits_is_given_up_and_can_be_tried_again(desk: Client) -> None:
    jobs.fail.enqueue("waits")
    job = Job.objects.get()
    assert "It is given up." in decide(desk, job, "give_up")
    assert work_off() == 0
    assert "Given up by one of the staff." in told(desk)
    assert "Meanwhile it went on" in decide(desk, job, "give_up")
    decide(desk, job, "again")
    assert work_off() == 1


def test_what_is_done_stays_done(desk: Client, tmp_path) -> None:
    jobs.make_group.enqueue("harbour", log=str(tmp_path / "log"))
    work_off()
    assert "It is done, or being done" in decide(desk, Job.objects.get(), "again")
    assert "Choose what is to be done" in decide(desk, Job.objects.get(), "dance")
    assert "1 Done" in told(desk, "done")


def test_markup_in_an_error_is_shown_as_text(desk: Client) -> None:
    failed("<script>alert(1)</script>")
    assert "<script>alert" not in desk.get(PAGE).content.decode()


@pytest.mark.parametrize("query", ["state=lost", "state=failed&state=done", "page=9", "nonsense=1"])
def test_an_address_that_makes_no_sense_is_refused(desk: Client, query: str) -> None:
    assert desk.get(f"{PAGE}?{query}").status_code == 400


@pytest.mark.parametrize("name", ["analyst", "reviewer", "editor"])
def test_it_is_for_whoever_runs_the_site(client: Client, request, name: str) -> None:
    job = failed()
    client.force_login(request.getfixturevalue(name))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{job.pk}/", {"go": "again"}).status_code == 403
    assert "background work" not in client.get("/admin/").content.decode()
    assert not Job.objects.get().is_open


def test_the_workspace_counts_what_failed(desk: Client) -> None:
    failed()
    html = desk.get("/admin/").content.decode()
    assert f'href="{PAGE}"' in html
    assert "1 Pieces of background work that failed" in text_of(html)


def test_a_full_page_costs_as_many_queries_as_an_empty_one(
    desk: Client, django_assert_max_num_queries
) -> None:
    for n in range(60):
        jobs.fail.enqueue(f"port {n}")
    with django_assert_max_num_queries(20):
        assert "60 Waiting" in told(desk, "waiting")


def test_the_pages_of_the_library_are_not_there(client: Client, admin_user: User) -> None:
    client.force_login(admin_user)
    assert client.get("/admin/django_tasks_database/").status_code == 404
    assert client.get(PAGE).status_code == 200
