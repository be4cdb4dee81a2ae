"""A server killed (-9) between click and answer: nothing half done, nothing twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from recommendations import integrity
from recommendations.models import Edition, StatusUpdate
from recommendations.publishing import seen_version

from .factories import published_action, submitted_update

pytestmark = pytest.mark.django_db(transaction=True)

# A process of its own that handles one POST and dies like a server that ran out of luck.
SERVER = """
import json, os, signal, sys
import django
django.setup()
from django.contrib.auth.models import User
from django.test import Client
from recommendations.publishing import updates

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

address, data, reviewer, moment = json.loads(sys.argv[1])
if moment == "before":
    updates.settle = die
client = Client(SERVER_NAME="localhost")
client.force_login(User.objects.get(pk=reviewer))
response = client.post(address, data)
# Only a server that was to die after the commit comes as far as this.
if moment == "after" and response.status_code == 302:
    die()
sys.exit(f"{response.status_code}: {response.content.decode()}")
"""


def database_url() -> str:
    stored = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{stored['NAME']}"
    user, host, port = stored["USER"], stored["HOST"], stored["PORT"] or 5432
    password = f":{stored['PASSWORD']}" if stored["PASSWORD"] else ""
    return f"postgres://{user}{password}@{host}:{port}/{stored['NAME']}"


def killed_while_publishing(address: str, data: dict[str, str], reviewer: int, when: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    process = subprocess.run(
        [sys.executable, "-c", SERVER, json.dumps([address, data, reviewer, when])],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL, process.stderr


@pytest.fixture
def submission(reviewer) -> StatusUpdate:
    return submitted_update(published_action(), "partly")


@pytest.mark.parametrize(("when", "editions"), [("before", 1), ("after", 2)])
def test_click_on_publish_is_done_whole_or_not_at_all_and_can_be_repeated(
    submission: StatusUpdate, reviewer, when: str, editions: int
) -> None:
    address = f"/admin/review/{submission.slug}/"
    client = Client()
    client.force_login(reviewer)
    data = {"seen": seen_version(submission), "go": "publish", "public_note": ""}
    killed_while_publishing(address, data, reviewer.pk, when)
    assert Edition.objects.count() == editions
    submission.refresh_from_db()
    assert submission.is_published == (when == "after")
    assert list(integrity.differences()) == []
    answer = client.post(address, data, follow=True)
    assert answer.status_code == 200
    submission.refresh_from_db()
    assert submission.is_published
    assert Edition.objects.count() == 2
    assert list(integrity.differences()) == []
