"""How many actions had which status at the end of each month, from the stored periods."""

from __future__ import annotations

import calendar
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import Action, StatusUpdate
from recommendations.periods.spans import Claim, Span, spans_of
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.record import Record
from recommendations.statuses import Precision, Status
from recommendations.text.dates import date_text
from recommendations.text.punctuation import gap

from .counts import Counts, Group


def month_ends(first: date, last: date) -> list[date]:
    """Return the last day of each month from that of `first`; the last is `last` itself."""
    ends, year, month = [], first.year, first.month
    while (year, month) < (last.year, last.month):
        ends.append(date(year, month, calendar.monthrange(year, month)[1]))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return [*ends, last]


@dataclass(frozen=True)
class Step:
    """The counts at the end of one month, or on the last day shown."""

    on: date
    counts: Counts


@dataclass(frozen=True)
class FirstSearch:
    """A day on which no event moved `n` actions, but a first look at them that found nothing."""

    on: date
    n: int


@dataclass(frozen=True)
class History:
    """Verifiable actions by status, month by month since the first of their reports was out.

    `first_searches` are the days of most actions, in order, at most MOST_SEARCHES.
    """

    since: date
    steps: tuple[Step, ...]
    first_searches: tuple[FirstSearch, ...] = ()

    @property
    def days(self) -> list[date]:
        return [step.on for step in self.steps]

    @property
    def months(self) -> list[tuple[date, Counts]]:
        return [(step.on, step.counts) for step in self.steps]

    @property
    def most(self) -> int:
        """The largest number of actions of any month, by which charts are scaled."""
        return max(step.counts.total for step in self.steps)

    @property
    def headline(self) -> str:
        """What became of the implemented ones, as a sentence with its denominator."""
        first, last = self.steps[0].counts, self.steps[-1].counts
        numbers = {
            "before": first.implemented,
            "now": last.implemented,
            "total": last.total,
            "first": date_text(self.steps[0].on, Precision.MONTH),
        }
        if first.implemented < last.implemented:
            sentence = _(
                "Implemented actions rose from %(before)d to %(now)d of %(total)d since %(first)s"
            )
        elif first.implemented > last.implemented:
            sentence = _(
                "Implemented actions fell from %(before)d to %(now)d of %(total)d since %(first)s"
            )
        else:
            sentence = ngettext(
                "%(now)d of %(total)d verifiable action is implemented, as many as in %(first)s",
                "%(now)d of %(total)d verifiable actions are implemented, as many as in %(first)s",
                last.total,
            )
        return sentence % numbers


MOST_SEARCHES = 8
# Three rows of three in a picture. The table below the charts of a page has every group.
MOST_SIDE_BY_SIDE = 9

Told = dict[int, list[tuple[str, date, date | None]]]


def told_spans(record: Record, keys: Iterable[int]) -> Told:
    """Return status, first day and day after the last of each period, by action (one query)."""
    spans: Told = {}
    for pk, status, starts_on, ends_on in TOLD_PERIODS(record.viewpoint, keys=keys):
        spans.setdefault(pk, []).append((status, starts_on, ends_on))
    return spans


TOLD_PERIODS: Prepared[tuple[int, str, date, date | None]] = Prepared(
    lambda viewpoint: (
        Record(viewpoint)
        .periods()
        .filter(action__among=Parameter("keys"))
        .order_by()
        .values_list("action_id", "status", "starts_on", "ends_on")
    )
)


def history_of(
    actions: Sequence[Action], spans: Told, *, on: date, since: date | None = None
) -> History | None:
    """Return the months of counted actions, until a day; None where there is no action.

    A month has the figures that the list has as of its last day: an action counts from the day
    of its report on, and is not assessed before its first period. `since` begins earlier than
    the first of their reports, so that charts side by side share their months.
    """
    if not actions:
        return None
    asked_on = {action.pk: action.recommendation.report.published_on for action in actions}
    since = since or min(asked_on.values())
    ends = month_ends(since, max(on, since))
    searches = first_searches(spans.get(pk, []) for pk in asked_on)
    return History(since, _steps(ends, asked_on, spans), searches)


def first_searches(
    histories: Iterable[Sequence[tuple[str, date, date | None]]],
) -> tuple[FirstSearch, ...]:
    """Return the days on which a first finding was that nothing had been done."""
    days: Counter[date] = Counter()
    for spans in histories:
        if spans:
            status, starts_on, _ends_on = min(spans, key=lambda span: span[1])
            if status == Status.NO_ACTION:
                days[starts_on] += 1
    return tuple(FirstSearch(*day) for day in sorted(days.most_common(MOST_SEARCHES)))


def _steps(ends: Sequence[date], asked_on: dict[int, date], spans: Told) -> tuple[Step, ...]:
    """Add up what begins and ends between two month ends, instead of asking each month."""
    changes = no_changes(ends)
    not_assessed = str(Status.NOT_ASSESSED)
    for pk, day in asked_on.items():
        asked = bisect_left(ends, day)
        changes[asked][not_assessed] += 1
        for status, starts_on, ends_on in spans.get(pk, []):
            first = max(bisect_left(ends, starts_on), asked)
            after = max(bisect_left(ends, ends_on) if ends_on else len(ends), first)
            for place, n in ((first, 1), (after, -1)):
                changes[place][status] += n
                changes[place][not_assessed] -= n
    return added_up(ends, changes)


def no_changes(ends: Sequence[date]) -> list[Counter[str]]:
    """Return an empty counter for each month end, and one for what comes after the last."""
    return [Counter() for _end in [*ends, None]]


def added_up(ends: Sequence[date], changes: Sequence[Counter[str]]) -> tuple[Step, ...]:
    present: Counter[str] = Counter()
    steps = []
    for end, changed in zip(ends, changes, strict=False):
        present.update(changed)
        steps.append(Step(end, Counts({status: n for status, n in present.items() if n})))
    return tuple(steps)


@dataclass(frozen=True)
class GroupHistory:
    """One of several histories that stand side by side."""

    group: Group
    history: History


@dataclass(frozen=True)
class SideBySide:
    """Histories of the same months: the first of `n_groups`."""

    histories: tuple[GroupHistory, ...] = ()
    n_groups: int = 0

    @property
    def most(self) -> int:
        """The most actions that any of them had, by which all are drawn on one scale."""
        return max(one.history.most for one in self.histories)

    @property
    def days(self) -> list[date]:
        return self.histories[0].history.days

    @property
    def is_chart(self) -> bool:
        """Whether there is anything to lay beside another."""
        return len(self.histories) > 1

    @property
    def scale(self) -> str:
        """Return what the height of a chart means, and which groups have one."""
        told = ngettext(
            "All on one scale: the full height is %(n)d action.",
            "All on one scale: the full height is %(n)d actions.",
            self.most,
        ) % {"n": self.most}
        n = len(self.histories)
        if n == self.n_groups:
            return told
        of_all = _("The %(n)d with the most verifiable actions, of %(total)d.")
        return told + gap() + of_all % {"n": n, "total": self.n_groups}


def side_by_side(groups: Iterable[Group], spans: Told, *, on: date, since: date) -> SideBySide:
    """Return the histories of groups of actions, largest group first (no query)."""
    told = [
        GroupHistory(group, history)
        for group in groups
        if (history := history_of(group.actions, spans, on=on, since=since))
    ]
    return SideBySide(tuple(told[:MOST_SIDE_BY_SIDE]), len(told))


@dataclass(frozen=True)
class Strip:
    """The history of one action: its spans from the day of the report to the day shown."""

    action: Action
    spans: tuple[Span, ...]
    # By update: the date that it states, and how exactly.
    stated: dict[int, tuple[date, str]]


def strips_of(actions: Iterable[tuple[Action, Sequence[StatusUpdate]]]) -> list[Strip]:
    """Return the strips of actions with their updates, as the periods have them (no query).

    Made by the function that makes the stored periods, of the updates that the page lists anyway.
    """
    return [
        Strip(
            action,
            tuple(spans_of(claim_of(one) for one in updates if one.is_counting)),
            {one.pk: (one.effective_on, one.effective_precision) for one in updates},
        )
        for action, updates in actions
    ]


def claim_of(update: StatusUpdate) -> Claim:
    """Return what a published update says, for the history of its action."""
    assert update.effective_day is not None and update.edition_id is not None
    return Claim(update.pk, update.status, update.effective_day, update.edition_id)
