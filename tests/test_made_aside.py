"""Files that outlast a request are made by another process, once for an address and a state."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook

from recommendations.exports import kept_files
from recommendations.web import made_aside

from .factories import published_action, published_update
from .test_data_files import content_of
from .test_kept_files import data_folder, started
from .test_killed_server import database_url

__all__ = ["data_folder", "started"]

pytestmark = pytest.mark.run_once
HOST = "http://testserver"
ADDRESSES = [
    "/data/record.xlsx",
    "/data/actions.csv",
    "/data/actions.jsonl",
    "/recommendations.xlsx?unit=actions",
    "/recommendations.csv?unit=actions&status=partly",
    "/recommendations.jsonl?unit=actions",
    "/ja/recommendations.csv?unit=actions&sort=deadline",
    "/data/actions.csv?edition=1",
    "/api/v1/actions.jsonl",
    "/ja/api/v1/updates.jsonl",
]


@pytest.fixture
def action(db: None) -> Any:
    action = published_action()
    published_update(action, "partly")
    return action


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as one that takes long."""
    monkeypatch.setattr(made_aside, "MOST_IN_WORKBOOK", 0)
    monkeypatch.setattr(made_aside, "MOST_STREAMED", 0)


def rows_of(address: str, content: bytes) -> Any:
    if ".xlsx" not in address:
        return content
    return [list(sheet.values) for sheet in load_workbook(io.BytesIO(content))]


@pytest.mark.parametrize("address", ADDRESSES)
def test_readers_come_again_and_get_what_they_would_have_been_sent(
    client: Client, action, started, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = client.get(address)
    sent = content_of(at_once)
    monkeypatch.setattr(made_aside, "MOST_IN_WORKBOOK", 0)
    monkeypatch.setattr(made_aside, "MOST_STREAMED", 0)
    response = client.get(address)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "ETag" not in response
    assert started == [("--address", f"{HOST}{address}")]
    call_command("make_data", "--address", f"{HOST}{address}")
    response = client.get(address)
    assert rows_of(address, content_of(response)) == rows_of(address, sent)
    for name in ("Content-Type", "Content-Disposition", "ETag", "Link"):
        assert response[name] == at_once[name]
    assert len(started) == 1


def test_programs_are_told_to_come_again_by_a_problem(
    client: Client, action, large, started, settings: Any
) -> None:
    settings.API_REQUESTS = 2
    response = client.get("/api/v1/actions.jsonl")
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert response.json()["type"].endswith("#unavailable")
    # The process that writes it is not one of the readers, who may ask once more.
    for _time in range(3):
        call_command("make_data", "--address", f"{HOST}/api/v1/actions.jsonl")
    assert client.get("/api/v1/actions.jsonl").status_code == 200
    assert client.get("/api/v1/actions.jsonl").status_code == 429


def test_it_is_made_once(client: Client, action, large, started, data_folder: Path) -> None:
    call_command("make_data", "--address", f"{HOST}/data/actions.csv")
    [path] = data_folder.glob("answer-*")
    marked = path.read_bytes() + b"kept"
    path.write_bytes(marked)
    call_command("make_data", "--address", f"{HOST}/data/actions.csv")
    assert content_of(client.get("/data/actions.csv")) == marked


def test_another_language_and_another_state_are_other_files(
    client: Client, action, large, started
) -> None:
    call_command("make_data", "--address", f"{HOST}/data/actions.csv")
    assert client.get("/data/actions.csv").status_code == 200
    assert client.get("/ja/data/actions.csv").status_code == 503
    assert client.get("/data/actions.csv?edition=1").status_code == 503
    published_update(action, "implemented")
    assert client.get("/data/actions.csv").status_code == 503


def test_signed_in_people_wait_for_the_same_file(client, action, large, started, analyst) -> None:
    client.force_login(analyst)
    assert client.get("/data/actions.csv").status_code == 503
    call_command("make_data", "--address", started[0][1])
    response = client.get("/data/actions.csv")
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_an_address_that_is_refused_starts_nothing(client: Client, action, large, started) -> None:
    assert client.get("/data/actions.csv?nonsense=1").status_code == 400
    assert client.get("/recommendations.csv?status=nonsense").status_code == 400
    assert not started


def test_no_header_makes_a_server_do_it_itself(client: Client, action, large, started) -> None:
    headers = {made_aside.IS_ASIDE: "1", made_aside.IS_ASIDE.replace(".", "_"): "1"}
    assert client.get("/data/actions.csv", headers=headers).status_code == 503


def test_where_nothing_can_be_kept_it_is_sent_as_it_is_made(
    client: Client, action, large, started, settings: Any, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    settings.DATA_DIR = blocked / "data"
    assert content_of(client.get("/data/actions.csv"))
    assert content_of(client.get("/data/record.xlsx"))
    assert not started


def test_one_is_made_at_a_time(action, large, data_folder: Path, capsys) -> None:
    with kept_files.alone("aside"):
        call_command("make_data", "--address", f"{HOST}/data/actions.csv")
    assert "Another process makes such a file." in capsys.readouterr().out
    assert not list(data_folder.glob("answer-*"))
    call_command("make_data", "--address", f"{HOST}/data/actions.csv")
    assert list(data_folder.glob("answer-*"))


def test_the_newest_are_kept(
    client: Client, action, large, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_aside, "MOST_KEPT", 2)
    (data_folder / "edition-1.zip").parent.mkdir(exist_ok=True)
    (data_folder / "edition-1.zip").write_bytes(b"stays")
    for table in ("actions", "recommendations", "editions"):
        call_command("make_data", "--address", f"{HOST}/data/{table}.csv")
    kept = sorted(data_folder.glob("answer-*"), key=lambda path: path.stat().st_mtime_ns)
    assert len(kept) == 2
    assert kept[0].read_bytes() == content_of(client.get("/data/recommendations.csv"))
    assert kept[1].read_bytes() == content_of(client.get("/data/editions.csv"))
    assert (data_folder / "edition-1.zip").exists()


@pytest.mark.about_databases
@pytest.mark.django_db(transaction=True)
def test_a_process_of_its_own_makes_it(client: Client, settings: Any, data_folder: Path) -> None:
    published_update(published_action(), "partly")
    program = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from recommendations.web import made_aside\n"
        "made_aside.MOST_STREAMED = 0\n"
        "import sys; from django.conf import settings; settings.DATA_DIR = sys.argv[1]\n"
        "settings.ALLOWED_HOSTS = ['testserver']\n"
        "call_command('make_data', '--address', sys.argv[2])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(data_folder), f"{HOST}/data/actions.csv"],
        cwd=project.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    [path] = data_folder.glob("answer-*.csv")
    assert content_of(client.get("/data/actions.csv")) == path.read_bytes()
