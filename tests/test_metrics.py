"""/metrics: for who has the token, and right with several processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.exceptions import MiddlewareNotUsed
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from alliance import metrics
from alliance.background import queue
from alliance.circuit import circuit
from alliance.models import Job, SeenWorker
from recommendations.models import TrackerState

from . import jobs
from .factories import published_action, submitted_update
from .test_settings import PRODUCTION, manage

TOKEN = "a-token-for-tests-that-is-long-enough-0123456789"
LET_IN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(settings: Any, db: None) -> Client:
    settings.METRICS_TOKEN = TOKEN
    return Client()


def told(client: Client) -> dict[str, float]:
    """What the page says without labels, and of servers and states by their name."""
    response = client.get("/metrics", headers=LET_IN)
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {
        sample.name + "".join(sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if set(sample.labels) <= {"server", "state"}
    }


@pytest.mark.parametrize(
    "said", ["", "Bearer ", f"Bearer {TOKEN}x", f"bearer {TOKEN}", TOKEN, "Bearer é"]
)
def test_without_the_token_there_is_no_such_page(watched: Client, said: str) -> None:
    headers = {"Authorization": said} if said else {}
    assert watched.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("said", ["Bearer ", "Bearer"])
def test_nobody_gets_it_where_no_token_is_set(client: Client, db: None, said: str) -> None:
    assert project.METRICS_TOKEN == ""
    assert client.get("/metrics", headers={"Authorization": said}).status_code == 404


def test_where_none_is_set_nothing_is_counted() -> None:
    with pytest.raises(MiddlewareNotUsed):
        metrics.MetricsMiddleware(lambda request: HttpResponse())


def test_it_tells_what_waits_and_how_far_the_content_is(watched: Client) -> None:
    submitted_update(published_action(), "partly")
    said = told(watched)
    assert said["tracker_updates_awaiting_review"] == 1
    assert said["tracker_content_revision"] == TrackerState.objects.get().content_revision
    assert said["tracker_newest_edition_timestamp_seconds"] > 0
    assert said["tracker_upprimary"] == 1
    assert "tracker_integrity_check_differences" not in said


def test_it_tells_of_background_work(watched: Client) -> None:
    said = told(watched)
    assert [said[f"tracker_jobs{state}"] for state in ("waiting", "running", "failed")] == [0, 0, 0]
    assert said["tracker_oldest_job_seconds"] == 0
    assert "tracker_worker_seen_timestamp_seconds" not in said

    jobs.fail.enqueue("first")
    queue.give_up(Job.objects.get(), now=timezone.now())
    jobs.fail.enqueue("second")
    assert queue.take(now=timezone.now())
    jobs.fail.enqueue("third")
    hour_ago = timezone.now() - timedelta(hours=1)
    DBTaskResult.objects.update(enqueued_at=hour_ago)
    SeenWorker.objects.create(name="node-1", seen_at=hour_ago)
    said = told(watched)
    assert [said[f"tracker_jobs{state}"] for state in ("waiting", "running", "failed")] == [1, 1, 1]
    assert 3600 <= said["tracker_oldest_job_seconds"] < 7200
    assert said["tracker_worker_seen_timestamp_seconds"] == pytest.approx(hour_ago.timestamp())


def test_it_tells_what_the_last_check_found(watched: Client) -> None:
    call_command("check_integrity")
    said = told(watched)
    assert said["tracker_integrity_check_differences"] == 0
    assert said["tracker_integrity_check_timestamp_seconds"] > 0


def test_it_answers_while_the_primary_is_away(watched: Client) -> None:
    circuit.open()
    assert "tracker_content_revision" not in told(watched)


def test_requests_are_counted_by_page_method_and_class_of_status(
    watched: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = CollectorRegistry()
    fresh = metrics.Histogram("t", "t", ["view", "method", "status"], registry=registry)
    monkeypatch.setattr(metrics, "requests", fresh)
    request = HttpRequest()
    request.method = "MADE-UP"
    metrics.MetricsMiddleware(lambda request: HttpResponse(status=404))(request)
    labels = {"view": "none", "method": "other", "status": "4xx"}
    assert registry.get_sample_value("t_count", labels) == 1


# Two processes count, and a third tells what both counted.
COUNTING = """
import django, sys
django.setup()
from django.http import HttpRequest, HttpResponse
from alliance import metrics
middleware = metrics.MetricsMiddleware(lambda request: HttpResponse())
for _n in range(int(sys.argv[1])):
    request = HttpRequest()
    request.method = "GET"
    middleware(request)
labels = {"view": "none", "method": "GET", "status": "2xx"}
print(metrics.counted().get_sample_value("tracker_request_seconds_count", labels))
"""


def test_processes_count_together(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "METRICS_TOKEN": TOKEN,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }
    said = [
        subprocess.run(
            [sys.executable, "-c", COUNTING, str(n)],
            cwd=project.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for n in (2, 3)
    ]
    assert [json.loads(one) for one in said] == [2.0, 5.0]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must have at least 32 characters"),
        ({"METRICS_TOKEN": TOKEN}, "METRICS_TOKEN needs PROMETHEUS_MULTIPROC_DIR"),
        (
            {"METRICS_TOKEN": TOKEN, "PROMETHEUS_MULTIPROC_DIR": "/nowhere/at/all"},
            "PROMETHEUS_MULTIPROC_DIR is no folder",
        ),
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, given: dict, sentence: str):
    done = manage("check", var=tmp_path, **PRODUCTION, **given)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert TOKEN not in done.stderr
