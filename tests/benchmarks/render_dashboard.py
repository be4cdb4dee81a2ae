"""What the templates of a dashboard cost: the processor time of an action, in milliseconds.

    python tests/benchmarks/render_dashboard.py /tmp/hundred.sqlite3
    python tests/benchmarks/render_dashboard.py /tmp/hundred.sqlite3 --against ../older-checkout

It is run from the root of a checkout. The database is made where there is none: one report of a
hundred recommendations with about four hundred actions, always the same. The view runs once, and
what it hands to its template is then rendered several times, so that no query counts. The first
rendering, which compiles the templates, does not count either.

With `--against`, a checkout with the same migrations renders the same database in turn with this
one, in processes of its own, and the ratio of the medians is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

REPORT_PAGE = {"en": "/", "ja": "/ja/"}
RENDERINGS = 9


def prepare(database: Path) -> None:
    """Set Django up on a database, and fill it where there is none."""
    os.environ["DATABASE_URL"] = f"sqlite:///{database.resolve()}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    sys.path.insert(0, os.getcwd())
    import django

    is_new = not database.exists()
    django.setup()
    if is_new:
        fill()


def fill() -> None:
    from django.core.management import call_command

    from recommendations.corpus.plan import SIZES, Size

    SIZES["S"] = Size(reports=1, recommendations=100, editions=20, updates=4)
    call_command("migrate", verbosity=0)
    call_command("make_corpus", size="S", verbosity=0)


def measured(page: str) -> dict[str, float]:
    """Return the actions of a dashboard, its bytes, and the milliseconds of an action."""
    from django.template.backends.django import Template
    from django.test import Client

    rendered = []
    render = Template.render

    def remember(template, context=None, request=None):
        rendered.append((template, context, request))
        return render(template, context, request)

    Template.render = remember
    response = Client(HTTP_HOST="localhost").get(page)
    Template.render = render
    assert response.status_code == 200
    [(template, context, request)] = rendered
    n, times = context["figures"].counts.total, []
    for _n in range(RENDERINGS):
        start = time.process_time()
        html = template.render(context, request)
        times.append(1000 * (time.process_time() - start) / n)
    return {"actions": n, "bytes": len(html.encode()), "ms": median(times)}


def measured_in(checkout: Path, database: Path) -> dict[str, dict[str, float]]:
    """Measure a checkout in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), str(database.resolve()), "--json"]
    found = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True)
    return json.loads(found.stdout.splitlines()[-1])


def compare(here: Path, there: Path, database: Path, rounds: int) -> None:
    found = [(measured_in(there, database), measured_in(here, database)) for _n in range(rounds)]
    for language in REPORT_PAGE:
        before = median(old[language]["ms"] for old, _new in found)
        after = median(new[language]["ms"] for _old, new in found)
        sizes = [one[language]["bytes"] for one in found[0]]
        print(
            f"{language}: {before:.3f} and {after:.3f} ms an action, {before / after:.2f} to 1; "
            f"{sizes[0]:.0f} and {sizes[1]:.0f} bytes"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database", type=Path)
    parser.add_argument("--against", type=Path, metavar="CHECKOUT")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print what was measured as JSON")
    options = parser.parse_args()
    prepare(options.database)
    if options.against:
        compare(Path.cwd(), options.against, options.database, options.rounds)
        return
    found = {language: measured(page) for language, page in REPORT_PAGE.items()}
    if options.json:
        print(json.dumps(found))
        return
    for language, one in found.items():
        print(
            f"{language}: {one['ms']:.3f} ms an action, {one['actions']} actions, "
            f"{one['bytes']} bytes"
        )


if __name__ == "__main__":
    main()
