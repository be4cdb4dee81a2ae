"""What the CSV of all actions costs beside PostgreSQL's own COPY of the same columns.

    export DATABASE_URL=postgres:///tracker DEBUG=0
    python manage.py update_index
    python tests/benchmarks/csv_export.py

It is run from the root of a checkout, on a database that has a record (docs/performance.md tells
how to make one). The file and COPY are made in turn, so that a machine which is busy is busy for
both; the median of each counts. COPY joins what belongs together once for all rows, which is the
quickest way that there is, and writes codes in the place of labels.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
import tracemalloc
from array import array
from collections.abc import Callable, Iterable
from statistics import median

COPY = """
COPY (
    SELECT current_date, e.number, r.slug, r.title, s.title, c.number, c.headline,
        c.status, c.status, c.origin, c.origin, areas.codes, areas.names, a.number, a.title,
        a.kind, a.kind, a.ask_strength, a.ask_strength, parties.codes, parties.names,
        a.addressee, a.addressee, bodies.codes, bodies.names, a.status, a.status,
        a.status_since, coalesce(since.effective_on, a.status_since),
        coalesce(since.effective_precision, 'day'), a.evidence_kind, a.evidence_kind,
        a.evidence_counts -> 'primary', a.evidence_counts -> 'official',
        a.evidence_counts -> 'independent', a.evidence_counts -> 'press',
        a.evidence_counts -> 'announcement', a.fell_from = 'implemented', a.fell_from,
        a.due_on, deadline.precision, schedule.code, schedule.code, a.last_reviewed_on,
        a.review_due_on, reviewed.action_id IS NOT NULL, research.method, e.digest,
        'https://tracker.example/reports/' || r.slug || '/' || c.number || '/#action-' || a.number
    FROM recommendations_action a
    JOIN recommendations_recommendation c ON c.id = a.recommendation_id
    JOIN recommendations_report r ON r.id = c.report_id
    JOIN recommendations_section s ON s.id = c.section_id
    CROSS JOIN (
        SELECT number, digest FROM recommendations_edition
        LEFT JOIN recommendations_editiondigest ON edition_id = number
        ORDER BY number DESC LIMIT 1
    ) e
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN a.due_on IS NULL THEN 'no_deadline'
            WHEN a.implemented_on <= a.due_on THEN 'met'
            WHEN a.implemented_on IS NOT NULL THEN 'met_late'
            WHEN a.status IN ('overtaken', 'rejected') THEN 'closed'
            WHEN a.due_on < current_date THEN 'overdue'
            ELSE 'due'
        END AS code
    ) schedule
    LEFT JOIN (
        SELECT recommendation_id, string_agg(slug, '; ' ORDER BY position, name) AS codes,
            string_agg(name, '; ' ORDER BY position, name) AS names
        FROM recommendations_recommendation_areas t
        JOIN recommendations_policyarea x ON x.id = t.policyarea_id GROUP BY 1
    ) areas ON areas.recommendation_id = c.id
    LEFT JOIN (
        SELECT action_id, string_agg(slug, '; ' ORDER BY position, name) AS codes,
            string_agg(name, '; ' ORDER BY position, name) AS names
        FROM recommendations_action_parties t
        JOIN recommendations_party x ON x.id = t.party_id GROUP BY 1
    ) parties ON parties.action_id = a.id
    LEFT JOIN (
        SELECT action_id, string_agg(slug, '; ' ORDER BY position, name) AS codes,
            string_agg(name, '; ' ORDER BY position, name) AS names
        FROM recommendations_actionbody t
        JOIN recommendations_body x ON x.id = t.body_id GROUP BY 1
    ) bodies ON bodies.action_id = a.id
    LEFT JOIN (
        SELECT DISTINCT ON (p.action_id, starts_on) p.action_id, starts_on,
            effective_on, effective_precision
        FROM recommendations_statusperiod p
        JOIN recommendations_statusupdate u ON u.id = p.update_id
        WHERE p.from_edition_id IS NOT NULL AND p.until_edition_id IS NULL
        ORDER BY p.action_id, starts_on, effective_precision, p.id
    ) since ON since.action_id = a.id AND since.starts_on = a.status_since
    LEFT JOIN (
        SELECT DISTINCT ON (action_id) action_id, precision FROM recommendations_deadline
        WHERE origin = 'report' OR stated_on <= current_date
        ORDER BY action_id, origin DESC, stated_on NULLS FIRST, "on"
    ) deadline ON deadline.action_id = a.id
    LEFT JOIN (
        SELECT DISTINCT action_id FROM recommendations_statusupdate
        WHERE review_state = 'published' AND ended_in_edition_id IS NULL AND NOT is_baseline
    ) reviewed ON reviewed.action_id = a.id
    LEFT JOIN (
        SELECT DISTINCT ON (report_id) report_id, method FROM recommendations_edition
        WHERE report_id IS NOT NULL ORDER BY report_id, number DESC
    ) research ON research.report_id = r.id
    WHERE a.is_verifiable AND a.from_edition_id IS NOT NULL AND a.until_edition_id IS NULL
        AND c.until_edition_id IS NULL AND r.until_edition_id IS NULL
    ORDER BY r.published_on DESC, r.slug, c.position, c.id, a.number
) TO STDOUT
"""


def prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    sys.path.insert(0, os.getcwd())
    import django
    from django.db import connection

    django.setup()
    if connection.vendor != "postgresql":
        sys.exit("COPY is PostgreSQL's: give DATABASE_URL of one.")


def copied() -> Iterable[memoryview | bytes]:
    from django.db import connection
    from psycopg import Cursor

    connection.ensure_connection()
    with Cursor(connection.connection) as cursor, cursor.copy(COPY) as copy:
        yield from copy


def exported() -> Iterable[bytes]:
    """Yield what a server sends, from the opening of the index on."""
    from recommendations.exports.csv_export import lines
    from recommendations.exports.csv_reading import ActionRows
    from recommendations.filters import RecommendationFilterSet
    from recommendations.filters.selection import Selection
    from recommendations.index.keeping import of_one_state
    from recommendations.viewpoint import Viewpoint

    filterset = RecommendationFilterSet(viewpoint=Viewpoint.present())
    assert filterset.is_valid()
    viewpoint = filterset.viewpoint
    reader = ActionRows(filterset.record, root="https://tracker.example")
    keys = of_one_state(viewpoint, lambda index: array("I", Selection(filterset, index).all_keys()))
    for text in lines(reader, keys, as_of=viewpoint.on):
        yield text.encode()


def measured(make: Callable[[], Iterable[memoryview | bytes]]) -> tuple[float, float, int]:
    """Return the seconds to the first bytes, and to the last, and how many lines there are."""
    start = time.perf_counter()
    first, lines = 0.0, 0
    for part in make():
        first = first or time.perf_counter() - start
        lines += bytes(part).count(b"\n")
    return first, time.perf_counter() - start, lines


def memory() -> tuple[float, float]:
    """Return by how many megabytes the process grows, and the peak of what Python asked for."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    measured(exported)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    tracemalloc.start()
    measured(exported)
    return grown / 1024, tracemalloc.get_traced_memory()[1] / 1024**2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without-memory", action="store_true")
    options = parser.parse_args()
    prepare()
    from recommendations.filters import RecommendationFilterSet
    from recommendations.index.keeping import of_one_state
    from recommendations.viewpoint import Viewpoint

    # What a process reads once: the index, and the translations.
    of_one_state(Viewpoint.present(), lambda index: index.view.counted_actions)
    assert RecommendationFilterSet().is_valid()
    next(iter(exported()))
    if not options.without_memory:
        grown, peak = memory()
        print(f"memory: the process grows by {grown:.0f} MB, Python holds {peak:.0f} MB at most")
        tracemalloc.stop()
    rounds = [(measured(exported), measured(copied)) for _n in range(options.rounds)]
    for name, place in (("file", 0), ("COPY", 1)):
        first = median(one[place][0] for one in rounds)
        whole = median(one[place][1] for one in rounds)
        lines = rounds[0][place][2]
        print(f"{name}: {lines} lines in {whole:.2f} s, the first bytes after {first:.2f} s")
    ratios = sorted(file[1] / copy[1] for file, copy in rounds)
    print(f"file to COPY: {median(ratios):.2f} to 1 ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
