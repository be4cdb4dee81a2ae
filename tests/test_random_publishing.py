"""Whatever is published, corrected, retracted, withdrawn and counted, the derived rows are right.

The history is told again here from the published updates alone, slowly and apart from the code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from hypothesis import given
from hypothesis import strategies as st

from recommendations import integrity, publishing
from recommendations.models import (
    Action,
    Edition,
    Evidence,
    EvidencePeriod,
    Recommendation,
    Report,
    StatusPeriod,
    StatusUpdate,
)
from recommendations.statuses import SETTLED, STEPPED

from .factories import (
    ActionFactory,
    EvidenceFactory,
    RecommendationFactory,
    ReportFactory,
    UserFactory,
    draft_update,
    include,
    noon,
    set_verifiable,
    withdraw,
)
from .lengths import examples
from .test_roll_up import ALL, by_the_table

FIRST_DAY = date(2026, 7, 10)
# Implemented more often than others, so that much lapses.
STATUSES = st.sampled_from([*ALL, "implemented", "implemented"])
PRECISIONS = st.sampled_from(["day", "day", "month", "year"])
# How many days before its publication a fact took effect: often the same for several.
AGES = st.sampled_from([0, 0, 1, 3, 20, 31, 200, 365, 400])
# Kinds of sources that an update has besides those that it needs.
ALSO = ("official", "announcement", "press", "independent")
NTH = st.integers(0, 7)
CLAIMS = st.fixed_dictionaries({"status": STATUSES, "precision": PRECISIONS, "age": AGES})
PUBLISH = st.tuples(st.just("publish"), st.lists(st.tuples(NTH, CLAIMS), min_size=1, max_size=3))
STEPS = st.one_of(
    PUBLISH,
    PUBLISH,
    PUBLISH,
    st.tuples(st.just("correct"), NTH, CLAIMS, st.booleans()),
    st.tuples(st.just("correct"), NTH, CLAIMS, st.booleans()),
    st.tuples(st.just("confirm"), NTH),
    st.tuples(st.just("retract"), NTH),
    st.tuples(st.just("set_verifiable"), NTH),
    st.tuples(st.just("add_action"), NTH),
    st.tuples(st.just("withdraw"), NTH, st.sampled_from(["action", "action", "recommendation"])),
)


def nth_of(queryset, nth: int):
    rows = list(queryset.order_by("pk"))
    return rows[nth % len(rows)] if rows else None


@dataclass
class Publisher:
    """Takes the steps, each some days after the one before, and notes what was counted when."""

    today: date = FIRST_DAY
    author: User = field(default_factory=UserFactory)
    reviewer: User = field(default_factory=UserFactory)
    counted: dict[int, list[tuple[int, bool]]] = field(default_factory=dict)

    def start(self) -> Report:
        report = ReportFactory()
        for number in (2, 1):
            recommendation = RecommendationFactory(report=report)
            for _n in range(number):
                ActionFactory(recommendation=recommendation)
        edition = include(reports=[report], now=noon(self.today))
        self._count(Action.objects.all(), edition, True)
        return report

    def take(self, step: tuple[Any, ...], *, days: int) -> None:
        self.today += timedelta(days=days)
        name, *arguments = step
        getattr(self, name)(*arguments)

    def publish(self, claims: list[tuple[int, dict[str, Any]]]) -> None:
        actions = list(Action.objects.in_record().order_by("pk"))
        chosen = {actions[nth % len(actions)]: claim for nth, claim in claims if actions}
        drafts = [
            draft_update(
                action,
                claim["status"],
                on=self.today - timedelta(days=claim["age"]),
                precision=claim["precision"],
                by=self.author,
                note=f"Found on {self.today}." if claim["age"] % 2 else "",
                **({"searched_on": FIRST_DAY} if claim["status"] == "no_action" else {}),
                relies_on=action.updates.counting() if claim["age"] % 2 else (),
            )
            for action, claim in chosen.items()
        ]
        for nth, draft in enumerate(drafts):
            EvidenceFactory(update=draft, kind=ALSO[(nth + self.today.day) % len(ALSO)])
        if drafts:
            self._publish(drafts)

    def correct(self, nth: int, claim: dict[str, Any], keeps_date: bool) -> None:
        update = nth_of(self._counting(), nth)
        if update is None:
            return
        draft = publishing.correct(update, by=self.author, reason="The source was misread.")
        draft.status = claim["status"]
        if not keeps_date:
            draft.effective_on = self.today - timedelta(days=claim["age"])
            draft.effective_precision = claim["precision"]
        draft.search_note, draft.searched_on = "Two archives.", FIRST_DAY
        draft.save()
        EvidenceFactory(update=draft, kind="primary")
        self._publish([draft])

    def confirm(self, nth: int) -> None:
        action = nth_of(Action.objects.in_record().exclude(status="not_assessed"), nth)
        if action is None:
            return
        reliance = publishing.default_reliance(action)
        steps = Evidence.objects.filter(update__in=reliance).exclude(kind="announcement")
        if action.status in SETTLED | STEPPED and not steps.exists():
            # What carried the status has ended: there is nothing left to confirm it on.
            return
        draft = draft_update(
            action,
            action.status,
            on=self.today,
            by=self.author,
            evidence=(),
            relies_on=reliance,
            search_note="Two archives.",
            searched_on=FIRST_DAY,
        )
        self._publish([draft])

    def retract(self, nth: int) -> None:
        update = nth_of(self._counting(), nth)
        if update is None:
            return
        request = publishing.request_retraction(update, by=self.author, reason="It is no law.")
        publishing.retract(request, by=self.reviewer, now=noon(self.today))

    def set_verifiable(self, nth: int) -> None:
        action = nth_of(Action.objects.in_record(), nth)
        if action is None:
            return
        edition = set_verifiable(
            action, is_verifiable=not action.is_verifiable, reason="Why.", now=noon(self.today)
        )
        self._count([action], edition, not action.is_verifiable)

    def add_action(self, nth: int) -> None:
        recommendation = nth_of(Recommendation.objects.counted(), nth)
        if recommendation is None:
            return
        action = ActionFactory(recommendation=recommendation)
        edition = include(actions=[action], now=noon(self.today))
        self._count([action], edition, True)

    def withdraw(self, nth: int, level: str) -> None:
        model = Action if level == "action" else Recommendation
        subject = nth_of(model.objects.filter(until_edition=None), nth)
        if subject is None:
            return
        edition = withdraw(subject, reason="It was counted twice.", now=noon(self.today))
        if isinstance(subject, Action):
            self._count([subject], edition, False)

    def _publish(self, drafts: list[StatusUpdate]) -> None:
        for draft in drafts:
            publishing.submit(draft, by=self.author, now=noon(self.today))
        publishing.publish(drafts, reviewer=self.reviewer, now=noon(self.today))

    def _counting(self):
        return StatusUpdate.objects.counting().filter(action__in=Action.objects.in_record())

    def _count(self, actions, edition: Edition, is_counted: bool) -> None:
        for action in actions:
            self.counted.setdefault(action.pk, []).append((edition.number, is_counted))

    def counts_in(self, action_id: int, edition: int) -> bool:
        said = [is_counted for since, is_counted in self.counted[action_id] if since <= edition]
        return bool(said) and said[-1]


# Told again ------------------------------------------------------------------------------------


def day_of(update: StatusUpdate) -> date:
    """The effective day, from the stated date and the days of publication alone."""
    last = update.effective_on
    if update.effective_precision == "month":
        last = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if update.effective_precision == "year":
        last = date(last.year, 12, 31)
    return min(last, published_with_its_date(update).published_at.date())


def published_with_its_date(update: StatusUpdate) -> StatusUpdate:
    def stated(one: StatusUpdate) -> tuple[str, str]:
        length = {"day": 10, "month": 7, "year": 4}[one.effective_precision]
        return one.effective_precision, one.effective_on.isoformat()[:length]

    before = update.replaces
    return (
        published_with_its_date(before) if before and stated(before) == stated(update) else update
    )


@dataclass
class History:
    """What each edition told of each day, from the rows of the record."""

    updates: dict[int, list[tuple[date, int, int | None, str]]]

    @classmethod
    def read(cls) -> History:
        updates: dict[int, list[tuple[date, int, int | None, str]]] = {}
        for one in StatusUpdate.objects.published().select_related("replaces"):
            updates.setdefault(one.action_id, []).append(
                (day_of(one), one.edition_id, one.ended_in_edition_id, one.status)
            )
        return cls(updates)

    def status(self, action_id: int, edition: int, on: date) -> str:
        counting = [
            (day, since, status)
            for day, since, ended, status in self.updates.get(action_id, [])
            if since <= edition and (ended is None or ended > edition) and day <= on
        ]
        return max(counting)[2] if counting else "not_assessed"

    def since(self, action_id: int, edition: int) -> date | None:
        """The first day of the present status, counted back from the newest update."""
        days = sorted({day for day, *_rest in self.updates.get(action_id, [])}, reverse=True)
        run = [(self.status(action_id, edition, day), day) for day in days]
        same = list(takewhile(lambda told: told[0] == run[0][0], run))
        first = same[-1][1] if same else None
        # A run of ended updates alone is no status that was told.
        counting = {day for day in days if self.counts_on(action_id, edition, day)}
        return min((day for day in counting if first and day >= first), default=None)

    def counts_on(self, action_id: int, edition: int, on: date) -> bool:
        return any(
            day == on and since <= edition and (ended is None or ended > edition)
            for day, since, ended, _status in self.updates[action_id]
        )

    def implemented_days(self, action_id: int, edition: int, on: date) -> list[date]:
        days = {day for day, *_rest in self.updates.get(action_id, []) if day <= on}
        return sorted(day for day in days if self.status(action_id, edition, day) == "implemented")

    def days(self) -> list[date]:
        """Each day on which something changed, and the day before it."""
        changes = {day for updates in self.updates.values() for day, *_rest in updates}
        return sorted(changes | {day - timedelta(days=1) for day in changes})


def told_by_rows(rows: list[StatusPeriod], edition: int, on: date) -> tuple[str, bool]:
    fitting = [
        (row.status, row.is_lapsed)
        for row in rows
        if row.from_edition_id <= edition
        and (row.until_edition_id is None or row.until_edition_id > edition)
        and row.starts_on <= on
        and (row.ends_on is None or row.ends_on > on)
    ]
    assert len(fitting) <= 1, "one viewpoint shows two statuses"
    return fitting[0] if fitting else ("not_assessed", False)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def derived() -> dict[str, Any]:
    """All that is derived, without the primary keys of periods."""
    columns = ("status", "status_since", "fell_from")
    of_actions = (
        *columns,
        "addressee",
        "due_on",
        "implemented_on",
        "last_reviewed_on",
        "evidence_kind",
        "evidence_counts",
    )
    bases = EvidencePeriod.objects.annotate(text=Cast("counts", TextField())).values_list(
        "action", "kind", "text", "starts_on", "ends_on", "from_edition", "until_edition"
    )
    periods = StatusPeriod.objects.values_list(
        "action",
        "recommendation",
        "status",
        "starts_on",
        "ends_on",
        "update",
        "fell_from",
        "from_edition",
        "until_edition",
    )
    return {
        "periods": Counter(periods.order_by()),
        "bases": Counter(bases.order_by()),
        "actions": list(Action.objects.order_by("pk").values("pk", *of_actions)),
        "recommendations": list(Recommendation.objects.order_by("pk").values("pk", *columns)),
    }


def check_rows_against_the_history(publisher: Publisher) -> None:
    history = History.read()
    editions = range(1, Edition.objects.count() + 1)
    actions = {action.pk: action for action in Action.objects.all()}
    rows: dict[tuple[str, int], list[StatusPeriod]] = {}
    for row in StatusPeriod.objects.all():
        owner = ("action", row.action_id) if row.action_id else ("rec", row.recommendation_id)
        rows.setdefault(owner, []).append(row)
    for edition in editions:
        for on in history.days():
            counted: dict[int, list[str]] = {}
            for pk, action in actions.items():
                status = history.status(pk, edition, on)
                was = bool(history.implemented_days(pk, edition, on))
                lapsed = was and status != "implemented"
                assert told_by_rows(rows.get(("action", pk), []), edition, on) == (status, lapsed)
                if publisher.counts_in(pk, edition):
                    counted.setdefault(action.recommendation_id, []).append(status)
            for pk in {action.recommendation_id for action in actions.values()}:
                expected, _line = by_the_table(tuple(counted.get(pk, [])))
                told, _lapsed = told_by_rows(rows.get(("rec", pk), []), edition, on)
                assert told == expected, (pk, edition, on)


def check_columns_against_the_history(publisher: Publisher) -> None:
    history, last = History.read(), Edition.objects.count()
    for action in Action.objects.all():
        implemented = history.implemented_days(action.pk, last, publisher.today)
        assert action.status == history.status(action.pk, last, publisher.today)
        assert action.status_since == history.since(action.pk, last)
        assert action.implemented_on == (implemented[0] if implemented else None)
        assert action.is_lapsed == (bool(implemented) and action.status != "implemented")


@pytest.mark.django_db
@examples(short=8, long=100, derandomize=True)
@given(PUBLISH, PUBLISH, st.lists(st.tuples(STEPS, st.integers(0, 40)), min_size=7, max_size=12))
def test_random_publishing_leaves_right_periods_and_a_silent_check(
    first: tuple, second: tuple, others: list
) -> None:
    with undone():
        publisher = Publisher()
        publisher.start()
        for step, days in [(first, 0), (second, 5), *others]:
            publisher.take(step, days=days)
        assert list(integrity.differences()) == []
        check_rows_against_the_history(publisher)
        check_columns_against_the_history(publisher)
        before = derived()
        StatusPeriod.objects.all().delete()
        EvidencePeriod.objects.all().delete()
        integrity.rebuild()
        assert derived() == before
