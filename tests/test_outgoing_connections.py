"""docs/deploy.md lists every outgoing connection: no module opens another one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.run_once

ROOT = Path(settings.BASE_DIR)
LIBRARIES = (
    "socket|ssl|http.client|urllib.request|smtplib|ftplib|poplib|imaplib|telnetlib|xmlrpc|asyncio|"
    "requests|httpx|aiohttp|urllib3|websockets|boto3|botocore|redis|psycopg|subprocess|storages"
)
IMPORT = re.compile(rf"^\s*(?:import|from) ({LIBRARIES.replace('.', r'[.]')})\b", re.M)
# What each does with it; who adds a line adds what it connects to in docs/deploy.md.
KNOWN = {
    "alliance/account_views.py": "requests: the error of a provider that does not answer",
    "alliance/background/beside_server.py": "subprocess: the worker",
    "alliance/background/worker.py": "socket: the name of this machine",
    "alliance/loopback_server.py": "urllib.request, socket: asks itself whether it is up",
    "alliance/prepared_statements.py": "psycopg: the database",
    "alliance/redis_cache.py": "redis: the shared cache",
    "alliance/services.py": "redis: reads CACHE_URL",
    "recommendations/accounts/digest.py": "smtplib: errors of the server that takes mail",
    "recommendations/capturing/bodies.py": "http.client: the type of an answer",
    "recommendations/capturing/confined.py": "subprocess: the confined processes",
    "recommendations/capturing/connecting.py": "socket, ssl, http.client: pages of the web",
    "recommendations/capturing/fetching.py": "ssl, http.client: errors",
    "recommendations/exports/kept_files.py": "subprocess: a command that writes a file",
    "recommendations/importing/sandbox.py": "subprocess: the confined processes",
    "recommendations/importing/tables/sandbox.py": "subprocess: its error",
    "recommendations/index/builder.py": "subprocess: a command that makes the index",
}


def test_every_module_that_could_connect_is_known() -> None:
    files = [*(ROOT / "alliance").rglob("*.py"), *(ROOT / "recommendations").rglob("*.py")]
    found = {
        str(file.relative_to(ROOT)): sorted(set(IMPORT.findall(file.read_text("utf-8"))))
        for file in files
        if IMPORT.search(file.read_text("utf-8"))
    }
    assert set(found) == set(KNOWN), found


def test_every_variable_by_which_something_is_connected_to_is_in_the_list() -> None:
    text = (ROOT / "docs/deploy.md").read_text("utf-8")
    section = text.partition("## Fetching pages")[2].partition("\n## ")[0]
    for name in (
        "DATABASE_URL",
        "REPLICA_DATABASE_URL",
        "CACHE_URL",
        "EMAIL_HOST",
        "OIDC_SERVER_URL",
        "CAPTURE",
        "CAPTURE_ARCHIVE",
        "CAPTURE_BUCKET",
    ):
        assert f"`{name}`" in section
