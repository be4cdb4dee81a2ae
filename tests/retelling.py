"""The record told again, slowly: what a day and an edition show, from the published rows alone.

Nothing of the product computes here. The rules are those of docs/methodology.md, each as a loop
over all updates.
"""

from __future__ import annotations

import calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date

from recommendations.models import Action, Deadline, Edition, Recommendation, StatusUpdate

from .test_random_publishing import Publisher, day_of
from .test_roll_up import by_the_table

STRENGTH = ["primary", "official", "independent", "press", "announcement"]
FAR = {"in_progress": 1, "partly": 2, "implemented": 3}


@dataclass(frozen=True)
class Told:
    """An update as the record has it now, with the day from which it counts."""

    pk: int
    slug: str
    action: int
    status: str
    day: date
    edition: int
    ended: int | None
    end_reason: str
    replaced_by: str
    looked_at: date | None
    is_baseline: bool
    next_review: date
    note: str
    sources: tuple[tuple[str, str], ...]
    relies_on: frozenset[int]
    replaces: int | None


@dataclass
class Retelling:
    """What a viewpoint shows. Without an edition it is the newest."""

    publisher: Publisher
    on: date
    edition: int | None

    def __post_init__(self) -> None:
        self.number = self.edition or Edition.objects.count()
        self.actions = {one.pk: one for one in Action.objects.select_related("recommendation")}
        self.recommendations = {one.pk: one for one in Recommendation.objects.all()}
        self.deadlines: dict[int, list[Deadline]] = {}
        for deadline in Deadline.objects.all():
            self.deadlines.setdefault(deadline.action_id, []).append(deadline)
        self.updates = [self._told(one) for one in StatusUpdate.objects.published()]

    @staticmethod
    def _told(one: StatusUpdate) -> Told:
        published = one.published_at.date()
        looked_at = one.searched_on or (None if one.is_baseline else published)
        successor = StatusUpdate.objects.published().filter(replaces=one).first()
        return Told(
            one.pk, one.slug, one.action_id, one.status, day_of(one), one.edition_id,
            one.ended_in_edition_id, one.end_reason, successor.slug if successor else "",
            looked_at, one.is_baseline, one.next_review_on, one.note,
            tuple((item.url, item.kind) for item in one.evidence.all()),
            frozenset(other.pk for other in one.relies_on.all()), one.replaces_id,
        )  # fmt: skip

    # What is counted ------------------------------------------------------------------------

    def knows(self, row: Action | Recommendation) -> bool:
        return row.from_edition_id is not None and row.from_edition_id <= self.number

    def has_left(self, row: Action | Recommendation) -> bool:
        return row.until_edition_id is not None and row.until_edition_id <= self.number

    def in_record(self) -> list[int]:
        return [
            pk
            for pk, action in self.actions.items()
            if self.knows(action)
            and not self.has_left(action)
            and not self.has_left(action.recommendation)
        ]

    def counted(self) -> list[int]:
        return [pk for pk in self.in_record() if self.publisher.counts_in(pk, self.number)]

    def counted_recommendations(self) -> list[int]:
        rows = self.recommendations.items()
        return [pk for pk, one in rows if self.knows(one) and not self.has_left(one)]

    # Updates --------------------------------------------------------------------------------

    def is_ended(self, update: Told) -> bool:
        return update.ended is not None and update.ended <= self.number

    def shown(self) -> list[Told]:
        """Published by then and in effect by then, ended or not."""
        return [u for u in self.updates if u.edition <= self.number and u.day <= self.on]

    def said_before_the_end_of(self, update: Told) -> list[Told]:
        """What counted in the last edition that told an update which ended."""
        assert update.ended is not None
        last = update.ended - 1
        return sorted(
            (
                u
                for u in self.updates
                if u.action == update.action
                and u.edition <= last
                and (u.ended is None or u.ended > last)
            ),
            key=lambda u: (u.day, u.edition, u.pk),
        )

    def counting(self, action: int, *, on: date | None = None) -> list[Told]:
        return sorted(
            (
                u
                for u in self.updates
                if u.action == action
                and u.edition <= self.number
                and not self.is_ended(u)
                and (on is None or u.day <= on)
            ),
            key=lambda u: (u.day, u.edition, u.pk),
        )

    def previous_status(self, update: Told) -> str:
        is_ended = self.is_ended(update)
        told = self.said_before_the_end_of(update) if is_ended else self.counting(update.action)
        before = [u for u in told if (u.day, u.edition) < (update.day, update.edition)]
        return before[-1].status if before else "not_assessed"

    def explanation(self, update: Told) -> str:
        return update.note or next((u.note for u in self._repeated(update) if u.note), "")

    def sources_shown(self, update: Told) -> tuple[str, ...]:
        found = (u.sources for u in self._repeated(update) if u.sources)
        return tuple(url for url, _kind in update.sources or next(found, ()))

    def _repeated(self, update: Told) -> list[Told]:
        """What said the same before an update, the newest first, until something said otherwise."""
        edition_of = {u.pk: u.edition for u in self.updates}
        before = [
            u
            for u in self.counting(update.action)
            if u.day <= update.day
            and u.pk != update.pk
            and min(edition_of[pk] for pk in {u.pk} | self.corrected_with(u)) <= update.edition
        ]
        other = [u.day for u in before if u.status != update.status]
        return [
            u
            for u in reversed(before)
            if u.status == update.status and u.day >= max(other, default=u.day)
        ]

    # One action -----------------------------------------------------------------------------

    def statuses(self, action: int) -> list[tuple[date, str]]:
        """Each day on which the status changed, with the new one."""
        of_day = {u.day: u.status for u in self.counting(action, on=self.on)}
        changes: list[tuple[date, str]] = []
        for day, status in sorted(of_day.items()):
            if not changes or changes[-1][1] != status:
                changes.append((day, status))
        return changes

    def status(self, action: int) -> str:
        changes = self.statuses(action)
        return changes[-1][1] if changes else "not_assessed"

    def since(self, action: int) -> date | None:
        changes = self.statuses(action)
        return changes[-1][0] if changes else None

    def fell_from(self, action: int) -> str:
        *before, now = [status for _day, status in self.statuses(action)] or ["not_assessed"]
        furthest = max(before, key=lambda status: FAR.get(status, 0), default="not_assessed")
        if furthest == "implemented":
            return "" if now == "implemented" else "implemented"
        if now in ("rejected", "overtaken") or (furthest, now) == ("in_progress", "stalled"):
            return ""
        return furthest if FAR.get(furthest, 0) > FAR.get(now, 0) else ""

    def implemented_on(self, action: int) -> date | None:
        days = [day for day, status in self.statuses(action) if status == "implemented"]
        return min(days, default=None)

    def last_reviewed_on(self, action: int) -> date | None:
        days = [u.looked_at for u in self.counting(action) if u.looked_at]
        return max((day for day in days if day <= self.on), default=None)

    def is_reviewed(self, action: int) -> bool:
        by_people = [u for u in self.counting(action) if not u.is_baseline]
        finding = self.newest_finding(action)
        if finding is None:
            return bool(by_people)
        return any(
            finding.pk in u.relies_on or finding.pk in self.corrected_with(u) for u in by_people
        )

    def newest_finding(self, action: int) -> Told | None:
        """What research said last: of what counts, and of what a person has corrected."""
        by_slug = {u.slug: u for u in self.updates}
        findings = [
            u
            for u in self.updates
            if u.action == action
            and u.is_baseline
            and u.edition <= self.number
            and not (self.is_ended(u) and (not u.replaced_by or by_slug[u.replaced_by].is_baseline))
        ]
        return max(findings, key=lambda u: (u.day, u.edition, u.pk), default=None)

    def corrected_with(self, update: Told) -> set[int]:
        """What an update corrects, and what that corrected in its turn."""
        by_pk = {u.pk: u for u in self.updates}
        if update.replaces is None:
            return set()
        return {update.replaces} | self.corrected_with(by_pk[update.replaces])

    def review_due_on(self, action: int) -> date:
        if self.edition is None:
            return self.actions[action].review_due_on
        told = [u for u in self.updates if u.action == action and u.edition <= self.number]
        if not told:
            return self.actions[action].first_review_due_on
        return max(told, key=lambda u: (u.edition, u.pk)).next_review

    def deadline(self, action: int) -> Deadline | None:
        """The report's own, else the official target that was made known first."""
        known = [
            one
            for one in self.deadlines.get(action, [])
            if one.origin == "report" or one.stated_on <= self.on
        ]
        rank = lambda one: (one.origin != "report", one.stated_on or date.min, one.on)  # noqa: E731
        return min(known, key=rank, default=None)

    def due_on(self, action: int) -> date | None:
        deadline = self.deadline(action)
        return last_day(deadline.on, deadline.precision) if deadline else None

    def schedule(self, action: int) -> str:
        due, done = self.due_on(action), self.implemented_on(action)
        if due is None:
            return "no_deadline"
        if done:
            return "met" if done <= due else "met_late"
        if self.status(action) in ("rejected", "overtaken"):
            return "closed"
        return "due" if self.on <= due else "overdue"

    def sources(self, action: int) -> Counter[str]:
        """How many sources of each kind the status rests on."""
        of_day = {u.day: u for u in self.counting(action, on=self.on)}
        rested: dict[str, str] = {}
        before = ""
        for _day, update in sorted(of_day.items()):
            found = self._lent(update, {u.pk: u for u in self.counting(action)}, {update.pk})
            if update.status == before:
                both = sorted([*rested.items(), *found.items()], key=lambda s: STRENGTH.index(s[1]))
                found = dict(reversed(both))
            rested, before = found, update.status
        return Counter(rested.values())

    def _lent(self, update: Told, counting: dict[int, Told], asked: set[int]) -> dict[str, str]:
        """Addresses with their strongest kinds: its own and those of what it relies on."""
        found = list(update.sources)
        for pk in sorted(update.relies_on & set(counting)):
            if counting[pk].sources:
                found += counting[pk].sources
            elif pk not in asked:
                asked.add(pk)
                found += self._lent(counting[pk], counting, asked).items()
        by_strength = sorted(found, key=lambda source: STRENGTH.index(source[1]))
        return dict(reversed(by_strength))

    def strongest(self, action: int) -> str:
        sources = self.sources(action)
        return next((kind for kind in STRENGTH if sources[kind]), "none")

    # Many of them ---------------------------------------------------------------------------

    def counts(self, actions: list[int] | None = None) -> Counter[str]:
        return Counter(self.status(pk) for pk in (self.counted() if actions is None else actions))

    def actions_of(self, recommendation: int) -> list[int]:
        return [pk for pk in self.counted() if self.actions[pk].recommendation_id == recommendation]

    def recommendation_status(self, recommendation: int) -> str:
        """Of the actions that are counted with it, in the record themselves or not."""
        own = [
            self.status(pk)
            for pk, action in self.actions.items()
            if action.recommendation_id == recommendation
            and self.knows(action)
            and self.publisher.counts_in(pk, self.number)
        ]
        return by_the_table(tuple(own))[0]


def last_day(on: date, precision: str) -> date:
    if precision == "month":
        return on.replace(day=calendar.monthrange(on.year, on.month)[1])
    if precision == "year":
        return date(on.year, 12, 31)
    return on
