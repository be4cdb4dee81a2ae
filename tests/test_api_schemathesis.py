"""Requests that are made up from the description find no answer that it does not tell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.conf import settings as project

from .lengths import IS_LONG, has_long_form

SEED = "16"
# Seconds that an answer may take on a busy machine: Schemathesis gives up after ten by itself.
PATIENCE = "60"
# Of a request that the description allows: it is answered, or names something that is not there.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = [200, 400, 404]
"""


@has_long_form
@pytest.mark.run_once
def test_no_request_finds_what_is_not_described(
    live_server: Any, second_coding: None, settings: Any, tmp_path: Path
) -> None:
    settings.API_REQUESTS = 0
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    # A new server is slow to answer first, and the description is waited for ten seconds alone.
    urlopen(f"{live_server.url}/api/v1/openapi.json", timeout=float(PATIENCE)).close()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
            *("run", f"{live_server.url}/api/v1/openapi.json", "--seed", SEED),
            *("--request-timeout", PATIENCE),
            *("--max-examples", "100" if IS_LONG else "2", "--checks", "all"),
            *("--phases", "examples,coverage,fuzzing"),
            *("--generation-database", "none", "--no-color"),
        ],
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "tests.made_up_requests",
            "PYTHONPATH": str(project.BASE_DIR),
        },
        # It leaves files where it runs.
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
