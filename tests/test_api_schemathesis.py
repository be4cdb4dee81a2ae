"""Requests that are made up from the description find no answer that it does not tell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from .lengths import IS_LONG, has_long_form

SEED = "16"
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
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
            *("run", f"{live_server.url}/api/v1/openapi.json", "--seed", SEED),
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
