"""How well news finds its action, measured on the sources of a research file (SECOND_CODING)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import mean, stdev

import django
from django.core.management import call_command

FIXTURE = "fixtures/us_japan_alliance_2024.yaml"
HEAD = ("sources", "at 1", "at 5", "at 10", "recommendation at 5", "wrongly", "threshold")


def measure_alone() -> int:
    """Load the record as it ships into a database of its own, measure, and print the table."""
    if not os.environ.get("SECOND_CODING"):
        print("SECOND_CODING is not set: name the file of the research.")
        return 2
    with tempfile.TemporaryDirectory(prefix="suggestions-") as folder:
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{folder}/record.sqlite3",
            "INDEX_DIR": f"{folder}/index",
            "ALLIANCE_VAR": f"{folder}/var",
            "SECRET_KEY": "of-the-benchmarks-and-of-nobody-else",
            "LOG_LEVEL": "ERROR",
            "DEBUG": "0",
            "ALLIANCE_TRYOUT": "1",
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
        }
        django.setup()
        load_record()
        print_table()
    return 0


def load_record() -> None:
    from django.utils import timezone

    from alliance.environment import BASE_DIR
    from recommendations.loading import load
    from recommendations.loading.series import series_of
    from recommendations.translating.po_files import load_catalogue

    call_command("migrate", verbosity=0)
    for path in series_of(Path(BASE_DIR / FIXTURE)):
        load(path.read_text(encoding="utf-8"))
        if (catalogue := path.with_suffix(".ja.po")).exists():
            load_catalogue(catalogue.read_bytes(), now=timezone.now())


def print_table() -> None:
    from recommendations.suggesting import LEAST
    from recommendations.watching.ranking import FITS
    from tests.suggestion_scores import GROUPS, measured

    print(f"{'':34}", *HEAD, sep="  ")
    for way, found in measured().items():
        for group, is_wanted in GROUPS.items():
            scores = found.scores(is_wanted)
            shown = (
                f"{value:{len(head)}.{0 if head == 'sources' else 2}f}"
                for head, value in zip(HEAD, scores, strict=True)
            )
            print(f"{way + ', ' + group:34}", *shown, sep="  ")
        halves = found.wrongly_of_halves()
        print(
            f"{way}, wrongly in {len(halves)} halves by chance: "
            f"mean {mean(halves):.2f}, deviation {stdev(halves):.2f}"
        )
        if way == "ours":
            for score in (LEAST, 0.02, 0.03, 0.04, FITS, 0.06, 0.08):
                kept, wrongly = found.suggested_at(score)
                print(f"from {score:.3f}: kept {kept:.2f}, wrongly {wrongly:.2f}")
