"""A server killed (-9) while it writes what was accepted: nothing is left, nothing is twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recommendations import integrity
from recommendations.models import (
    Act,
    Action,
    Body,
    Delivery,
    Evidence,
    Passage,
    Recommendation,
    Report,
    ReportImport,
    StatusUpdate,
    TableImport,
)

from .factories import PartyFactory
from .table_desk import HEADS, PAGE, REPORT, SOURCE, check, csv_bytes, names, plan, uploaded, words
from .test_killed_server import database_url

pytestmark = pytest.mark.django_db(transaction=True)

# A process of its own that handles one POST, and dies where the named function is called.
SERVER = """
import importlib, json, os, signal, sys
import django
django.setup()
from django.contrib.auth.models import User
from django.test import Client

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

address, data, editor, place = json.loads(sys.argv[1])
module, _colon, path = place.partition(":")
if path:
    owner = importlib.import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    setattr(owner, name, die)
client = Client(SERVER_NAME="localhost")
client.force_login(User.objects.get(pk=editor))
response = client.post(address, data)
# Only a server that was to die after the commit comes as far as this.
if not path and response.status_code == 302:
    die()
sys.exit(f"{response.status_code}: {response.content.decode()}")
"""
AFTERWARDS = "afterwards"
DELIVERIES = "recommendations.drafting.deliveries"
WRITTEN = (Report, Recommendation, Action, Body, StatusUpdate, Evidence, Delivery, Passage)


def killed(address: str, data: dict[str, Any], editor: User, place: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    process = subprocess.run(
        [sys.executable, "-c", SERVER, json.dumps([address, data, editor.pk, place])],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL, process.stdout + process.stderr


def written() -> dict[str, int]:
    return {model.__name__: n for model in WRITTEN if (n := model._default_manager.count())}


@pytest.fixture
def desk(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    PartyFactory(slug="fareland", name="Fareland", kind="government")
    return client


ROWS = [
    HEADS,
    ["1", "Dredge the harbour", "Harbour Office", "2027-03-31", "Done", "2026-01-15"],
    ["2", "Lower the fares", "Fareland", "2026", "Ongoing", ""],
]


@pytest.mark.parametrize(
    "place",
    [
        f"{DELIVERIES}.acceptance:plan_of",
        f"{DELIVERIES}.new_addressees:Body.save",
        f"{DELIVERIES}.acceptance:keep_aliases",
        f"{DELIVERIES}.new_rows:Writer.recommendations",
        f"{DELIVERIES}.new_rows:Writer.actions",
        f"{DELIVERIES}.new_rows:Writer._deadlines",
        f"{DELIVERIES}.acceptance:draft_updates",
        f"{DELIVERIES}.statuses:publishing.draft_claims",
        "recommendations.models:TableImport.delete",
        "recommendations.acts:note",
        AFTERWARDS,
    ],
)
def test_a_spreadsheet_becomes_drafts_whole_or_not_at_all_and_once(
    desk: Client, editor: User, place: str
) -> None:
    kept = uploaded(desk, csv_bytes(ROWS))
    said = {
        **REPORT,
        **names(**{"Harbour Office": "new-body:fareland"}),
        **words(done="implemented", ongoing="in_progress"),
    }
    check(desk, kept, **said)
    address = f"{PAGE}{kept.pk}/check/"
    data = {"go": "accept", "seen": plan(kept).mark, **SOURCE, **said}
    killed(address, data, editor, place)
    is_done = place == AFTERWARDS
    assert bool(written()) == is_done
    assert TableImport.objects.filter(pk=kept.pk).exists() != is_done
    # Sent once more, as a browser does that had no answer.
    assert desk.post(address, data, follow=True).status_code == 200
    once = {"Report": 1, "Recommendation": 2, "Action": 2, "Body": 1}
    assert written() == once | {"StatusUpdate": 1, "Evidence": 1, "Delivery": 1}
    assert not TableImport.objects.exists()
    assert Act.objects.filter(event="import", subject__startswith="delivery").count() == 1
    assert list(integrity.differences()) == []


TEXT = b"""# Ferries

## Recommendations

1. Fareland should dredge the harbour.
2. Fareland should lower the fares by 2029.
"""


@pytest.mark.parametrize(
    "place",
    [
        "recommendations.drafting.draft:_section",
        "recommendations.drafting.draft:_passages",
        "recommendations.drafting.draft:add_recommendation",
        "recommendations.drafting.draft:settle_wording",
        "recommendations.models:ReportImport.delete",
        AFTERWARDS,
    ],
)
def test_a_report_becomes_a_draft_whole_or_not_at_all_and_once(
    desk: Client, editor: User, place: str
) -> None:
    desk.post("/admin/import/", {"file": SimpleUploadedFile("ferries.md", TEXT)})
    kept = ReportImport.objects.get()
    address = f"/admin/import/{kept.pk}/"
    data = {"title": "Ferries", "slug": "ferries", "published_on": "2025-03-01"}
    data["published_precision"] = "day"
    killed(address, data, editor, place)
    is_done = place == AFTERWARDS
    assert bool(written()) == is_done
    assert ReportImport.objects.exists() != is_done
    assert desk.post(address, data, follow=True).status_code == 200
    found = written()
    assert (found["Report"], found["Recommendation"], found["Action"]) == (1, 2, 2)
    assert not ReportImport.objects.exists()
    assert list(integrity.differences()) == []
