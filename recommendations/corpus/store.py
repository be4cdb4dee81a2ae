"""Writes a made-up record as publishing would have left it, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.utils.translation import gettext as _

from recommendations.models import Edition, Report
from recommendations.planner import analyze
from recommendations.publishing.editions import lock_state, touch

from .bulk import one_transaction, unguarded, without_indexes, write
from .chain import Chain
from .numbering import NUMBERED, first_numbers
from .people import sample_cast
from .plan import PlannedEdition, Size, planned_editions, two_years_before
from .reports import WRITTEN, Made, Order, make_report
from .tables import table_of
from .texts import slug_of
from .workers import Turns, in_turn

# With fewer, an index takes less to be kept than to be made anew.
MANY_ACTIONS = 5_000

Say = Callable[[str], object]


class AlreadyThere(Exception):
    pass


def make(size: Size, *, seed: int, end_at: datetime, say: Say = print) -> None:
    """Write a record of this size. It adds to what there is, in editions of its own.

    1. The rows of each report, with all that is derived and digested of them.
    2. The editions, each with its digest over that of the edition before.
    3. What the database knows of its tables.
    """
    if Report.objects.filter(slug=slug_of(seed, 1)).exists():
        raise AlreadyThere(_("There is a record of this seed already. Choose another seed."))
    is_bare = size.n_actions > MANY_ACTIONS and not Report.objects.exists()
    with one_transaction(), unguarded():
        state, first = lock_state(), first_numbers()
        tables = [table_of(model).name for model in WRITTEN]
        with without_indexes(tables) if is_bare else nullcontext():
            plan = _planned(size, seed, end_at)
            drafted_at = plan[0].at - timedelta(days=1)
            order = Order(size, seed, drafted_at, sample_cast(at=drafted_at), connection.vendor)
            chain = Chain(plan, order.known)
            for made in _reports(order, plan, first, say):
                chain.add(made)
        _continue_numbers()
        chain.write()
        state.last_edition = plan[-1].number
        state.save(update_fields=["last_edition"])
        touch(None)
    analyze()


def _planned(size: Size, seed: int, end_at: datetime) -> list[PlannedEdition]:
    last = Edition.objects.order_by("-number").first()
    start = max(two_years_before(end_at), last.published_at if last else two_years_before(end_at))
    first = (last.number if last else 0) + 1
    return planned_editions(size, seed=seed, first=first, start=start, end=max(end_at, start))


def _reports(
    order: Order, plan: Sequence[PlannedEdition], first: Mapping[Any, int], say: Say
) -> Iterator[Made]:
    """Write report after report, and yield each without its rows."""
    of_report: dict[int, list[PlannedEdition]] = defaultdict(list)
    for edition in plan:
        of_report[edition.report + 1].append(edition)
    jobs = [(order, number, editions) for number, editions in sorted(of_report.items())]
    for made in in_turn(_make, jobs, [first[model] for model in NUMBERED]):
        while made.batches:
            write(made.batches.pop())
        say(_("Report %(n)d of %(last)d") % {"n": made.number, "last": order.size.reports})
        yield made


def _make(turns: Turns, job: tuple[Order, int, Sequence[PlannedEdition]]) -> Made:
    def take(number: int, needed: Mapping[Any, int]) -> dict[Any, int]:
        first = turns.take(number, [needed[model] for model in NUMBERED])
        return dict(zip(NUMBERED, first, strict=True))

    return make_report(*job, take)


def _continue_numbers() -> None:
    """Have the database number on after the keys that were given out here."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(NUMBERED)):
            cursor.execute(sql)
