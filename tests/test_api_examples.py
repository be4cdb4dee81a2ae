"""The examples of docs/api.md run as they stand, where their language is on the machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from django.conf import settings

from .factories import ActionFactory, DeadlineFactory, RecommendationFactory, include

TEXT = (settings.BASE_DIR / "docs/api.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.M | re.S))
COMMANDS = {
    "sh": ["sh", "-c"],
    "python": [sys.executable, "-c"],
    "js": ["node", "--input-type=module", "--eval"],
    "r": ["Rscript", "-e"],
}

pytestmark = pytest.mark.run_once


def overdue(n: int) -> list[str]:
    """Put actions into the record whose day has passed, and return their titles."""
    recommendation = RecommendationFactory()
    for one in range(n):
        action = ActionFactory(recommendation=recommendation, title=f"Late step {one}.")
        DeadlineFactory(action=action, on=date(2025, 12, 31))
    include(reports=[recommendation.report])
    return [action.title for action in recommendation.actions.all()]


def test_there_is_an_example_in_each_language() -> None:
    assert EXAMPLES.keys() == COMMANDS.keys()


@pytest.mark.parametrize("language", COMMANDS)
def test_an_example_prints_every_row(live_server: Any, language: str) -> None:
    command = COMMANDS[language]
    if not shutil.which(command[0]) or (language == "sh" and not shutil.which("curl")):
        pytest.skip(f"{command[0]} is not on this machine, so its example was not run.")
    titles = overdue(25)
    done = subprocess.run(
        [*command, EXAMPLES[language]],
        env={**os.environ, "TRACKER": live_server.url},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert titles
    assert [title for title in titles if title not in done.stdout] == []
