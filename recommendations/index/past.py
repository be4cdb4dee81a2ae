"""The index from a day or an edition of the past, put together from what the record said when.

`querysets/action_columns.py` says the same of single rows in the database, and tests compare both
with a slow retelling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property

from pyroaring import BitMap

from recommendations.statuses import ENDS, EvidenceStrength, Schedule, Status
from recommendations.viewpoint import Viewpoint

from .names import (
    ACTION,
    AGAIN,
    BEGAN,
    ENDED,
    EVIDENCE_PERIOD,
    FROM,
    HAVING,
    NO_DAY,
    OF,
    RECOMMENDATION,
    STATUS_PERIOD,
    UNTIL,
    UPDATE,
    VERIFIABILITY_PERIOD,
    YES,
    Values,
)
from .structure import Owners, judged
from .view import View, key_of, union

Ordered = Iterable[tuple[str, BitMap]]


class PastView(View):
    """Sets of a day or an edition, each put together when it is first asked for.

    Wording and grouping are those of now.
    """

    def __init__(self, present: View, viewpoint: Viewpoint, owners_of: dict[str, Owners]) -> None:
        super().__init__(
            present.store, key_of(viewpoint), present.structure, present.owners, self._read
        )
        self.present, self.owners_of_history = present, owners_of
        self.on, self.number = viewpoint.on.isoformat(), viewpoint.number

    def _read(self, unit: str, name: str) -> Values:
        return self._once(unit, name, lambda: self._made(unit, name))

    def _made(self, unit: str, name: str) -> Values:
        if unit == HAVING:
            return self._having(name)
        if name.endswith(f" {BEGAN}") or name.endswith(f" {ENDED}"):
            return self._months(name)
        makers: dict[tuple[str, str], Callable[[], Values]] = {
            (ACTION, "told"): lambda: {YES: self._begun(ACTION)},
            (ACTION, "counted"): lambda: {YES: self._in_record(ACTION) & self._verifiable},
            (ACTION, "uncounted"): lambda: {YES: self._in_record(ACTION) - self._verifiable},
            (RECOMMENDATION, "counted"): lambda: {YES: self._in_record(RECOMMENDATION)},
            (ACTION, "status"): lambda: self._statuses(ACTION),
            (RECOMMENDATION, "status"): lambda: self._statuses(RECOMMENDATION),
            (ACTION, "status_since"): lambda: self._since_when(ACTION),
            (RECOMMENDATION, "status_since"): lambda: self._since_when(RECOMMENDATION),
            (ACTION, "evidence"): self._evidence,
            (ACTION, "due_on"): self._due_on,
            (ACTION, "open_due_on"): self._open_due_on,
            (ACTION, "schedule, whatever the day"): self._schedule_apart_from_the_day,
            (ACTION, "last_reviewed_on"): self._last_reviewed_on,
            (ACTION, "review_due_on"): self._review_due_on,
            (ACTION, "unreviewed"): lambda: {YES: self._unreviewed},
            (ACTION, "unconfirmed"): lambda: {YES: self._unreviewed & self._ever_reviewed},
            (ACTION, "first_search"): self._first_search,
            (RECOMMENDATION, "due_on"): self._due_on_of_recommendations,
            (RECOMMENDATION, "last_reviewed_on"): self._last_reviewed_on_of_recommendations,
            (UPDATE, "told"): lambda: {
                YES: self._begun(UPDATE) & self._by_day(UPDATE, "effective_day")
            },
            (UPDATE, "counting"): lambda: {
                YES: self._counting & self._by_day(UPDATE, "effective_day")
            },
        }
        make = makers.get((unit, name))
        return make() if make else self._as_now(unit, name)

    def _as_now(self, unit: str, name: str) -> Values:
        everything = self.rows(UPDATE, "told") if unit == UPDATE else self._begun(unit)
        return _those_of(everything, self.present.values(unit, name).items())

    # What the edition told, and what held on the day --------------------------------------------

    def editions(
        self, unit: str, name: str, hundred: int | None = None
    ) -> list[tuple[int, BitMap]]:
        """Return those up to the edition alone."""
        found = self.present.editions(unit, name, hundred)
        if self.number is None:
            return found
        if hundred is not None:
            return [(number, rows) for number, rows in found if number <= self.number]
        last = self.number // 100
        return [
            (one, rows if one < last else union(own for _n, own in self.editions(unit, name, one)))
            for one, rows in found
            if one <= last
        ]

    def actions_that_changed(self, *, after: int, since: date, until: date) -> BitMap:
        """Return those of which an edition after one told anything else, or a day after one."""
        found = self._of_editions(ACTION, after) | self._of_days(ACTION, "asked_on", since, until)
        counted = self._of_editions(VERIFIABILITY_PERIOD, after)
        periods = self._of_editions(STATUS_PERIOD, after)
        for name in (BEGAN, ENDED):
            periods |= self._of_days(STATUS_PERIOD, name, since, until)
        periods &= self.present.rows(STATUS_PERIOD, OF, ACTION)
        owners = self.owners_of_history
        found |= owners[VERIFIABILITY_PERIOD].of(counted)
        return found | owners[STATUS_PERIOD].of(periods)

    def _of_editions(self, unit: str, after: int) -> BitMap:
        """Return what an edition after one, up to this, told first or no longer told."""
        return union(
            rows
            for name in (FROM, UNTIL)
            for hundred, _rows in self.editions(unit, name)
            if hundred >= after // 100
            for number, rows in self.editions(unit, name, hundred)
            if number > after
        )

    def _of_days(self, unit: str, name: str, since: date, until: date) -> BitMap:
        days = self.present.values(unit, name)
        first, last = since.isoformat(), until.isoformat()
        return union(rows for day, rows in days.items() if first < day <= last)

    def _up_to_edition(self, unit: str, name: str) -> BitMap:
        return union(rows for _hundred, rows in self.editions(unit, name))

    def _begun(self, unit: str) -> BitMap:
        """Return what ever came into the record, or was ever said."""
        return self._set(unit, FROM, lambda: self._up_to_edition(unit, FROM))

    def _told(self, unit: str) -> BitMap:
        """Return what the edition told: what it no longer told had ended."""
        return self._set(
            unit, "told here", lambda: self._begun(unit) - self._up_to_edition(unit, UNTIL)
        )

    def _set(self, unit: str, name: str, make: Callable[[], BitMap]) -> BitMap:
        return self._once(unit, f"{name}, once", lambda: {YES: make()})[YES]

    def _by_day(self, unit: str, name: str) -> BitMap:
        """Return the rows with the day looked at, or one before."""
        days = self.present.values(unit, name)
        return union(rows for value, rows in days.items() if NO_DAY < value <= self.on)

    def _held(self, unit: str) -> BitMap:
        """Return the periods that the edition told and that held on the day."""
        return self._set(unit, "held", lambda: self._begun_by_day(unit) - self._by_day(unit, ENDED))

    def _begun_by_day(self, unit: str) -> BitMap:
        return self._set(unit, "begun by day", lambda: self._told(unit) & self._by_day(unit, BEGAN))

    def _in_record(self, unit: str) -> BitMap:
        return self._told(unit) & self._by_day(unit, "asked_on")

    @cached_property
    def _verifiable(self) -> BitMap:
        if self.number is None:
            return self.present.rows(ACTION, "verifiable")
        told = self._told(VERIFIABILITY_PERIOD)
        told = told & self.present.rows(VERIFIABILITY_PERIOD, "verifiable")
        return self.owners_of_history[VERIFIABILITY_PERIOD].of(told)

    # Status ------------------------------------------------------------------------------------

    def _statuses(self, unit: str) -> Values:
        held = self._held(STATUS_PERIOD) & self.present.rows(STATUS_PERIOD, OF, unit)
        values = self.present.values(STATUS_PERIOD, "status")
        return self._completed(unit, STATUS_PERIOD, held, values.items(), Status.NOT_ASSESSED)

    def _since_when(self, unit: str) -> Values:
        held = self._held(STATUS_PERIOD) & self.present.rows(STATUS_PERIOD, OF, unit)
        days = self.present.values(STATUS_PERIOD, BEGAN)
        return self._completed(unit, STATUS_PERIOD, held, days.items(), NO_DAY)

    def _evidence(self) -> Values:
        held, kinds = self._held(EVIDENCE_PERIOD), self.present.values(EVIDENCE_PERIOD, "kind")
        none = EvidenceStrength.NONE
        return self._completed(ACTION, EVIDENCE_PERIOD, held, kinds.items(), none)

    def _completed(
        self, unit: str, periods: str, held: BitMap, values: Ordered, otherwise: str
    ) -> Values:
        """Return the owners of periods by a value; those without a period have another one."""
        owners = self.owners_of_history[periods]
        found = {value: owners.of(rows) for value, rows in _those_of(held, values).items()}
        rest = self._begun(unit) - union(found.values())
        return _with(found, otherwise, rest)

    def _first_search(self) -> Values:
        """On which day most first searches found that nothing had been done."""
        told = self._begun_by_day(STATUS_PERIOD) & self.present.rows(STATUS_PERIOD, OF, ACTION)
        owners = self.owners_of_history[STATUS_PERIOD]
        first = _once_each(
            (day, owners.of(rows))
            for day, rows in _those_of(told, self.present.days(STATUS_PERIOD, BEGAN)).items()
        )
        searches = self.present.rows(STATUS_PERIOD, "status", Status.NO_ACTION) & told
        began = self.present.values(STATUS_PERIOD, BEGAN)
        found = {day: rows & owners.of(began[day] & searches) for day, rows in first.items()}
        return {day: rows for day, rows in found.items() if rows}

    def _months(self, name: str) -> Values:
        """In which months a status began or ended, from the day that a report was out on."""
        status, _space, which = name.rpartition(" ")
        told = self._begun_by_day(STATUS_PERIOD) & self.present.rows(STATUS_PERIOD, OF, ACTION)
        told = told & self.present.rows(STATUS_PERIOD, "status", status)
        if which == ENDED:
            told = told & self._by_day(STATUS_PERIOD, ENDED)
        owners, found = self.owners_of_history[STATUS_PERIOD], dict[str, BitMap]()
        for day, periods in _those_of(told, self.present.days(STATUS_PERIOD, which)).items():
            rows = owners.of(periods)
            for month, own in self._from_report_on(day[:7], rows):
                _add_again(found, month, own)
        return found

    def _from_report_on(self, month: str, rows: BitMap) -> Iterator[tuple[str, BitMap]]:
        """Yield rows by the month of what happened, or by that of their report if it was later."""
        for asked_in, own in self._asked_by_month:
            if asked_in <= month:
                break
            if early := rows & own:
                yield asked_in, early
                rows = rows - own
        if rows:
            yield month, rows

    @cached_property
    def _asked_by_month(self) -> list[tuple[str, BitMap]]:
        """Actions by the month in which their report was out, the last first."""
        found: dict[str, BitMap] = {}
        for day, rows in self.present.days(ACTION, "asked_on"):
            found[day[:7]] = found.get(day[:7], BitMap()) | rows
        return sorted(found.items(), reverse=True)

    # Deadlines ---------------------------------------------------------------------------------

    @cached_property
    def _dated(self) -> BitMap:
        """Actions whose deadline was known by then."""
        always = self.present.rows(ACTION, "deadline since", NO_DAY)
        return self._begun(ACTION) & (always | self._by_day(ACTION, "deadline since"))

    def _due_on(self) -> Values:
        days = self.present.values(ACTION, "due_on").items()
        found = _those_of(self._dated, ((day, rows) for day, rows in days if day != NO_DAY))
        return _with(found, NO_DAY, self._begun(ACTION) - self._dated)

    @cached_property
    def _implemented_on(self) -> Values:
        """Since when each action was first implemented, the earliest day first."""
        told = self._begun_by_day(STATUS_PERIOD) & self.present.rows(STATUS_PERIOD, OF, ACTION)
        told = told & self.present.rows(STATUS_PERIOD, "status", Status.IMPLEMENTED)
        owners = self.owners_of_history[STATUS_PERIOD]
        days = _those_of(told, self.present.days(STATUS_PERIOD, BEGAN)).items()
        return _once_each((day, owners.of(rows)) for day, rows in days)

    def _schedule_apart_from_the_day(self) -> Values:
        done = union(self._implemented_on.values()) & self._dated
        late = self._late(done)
        ends = union(self.values(ACTION, "status").get(str(one), BitMap()) for one in ENDS)
        found = {
            str(Schedule.NO_DEADLINE): self._begun(ACTION) - self._dated,
            str(Schedule.MET): done - late,
            str(Schedule.MET_LATE): late,
            str(Schedule.CLOSED): (self._dated & ends) - done,
        }
        return {value: rows for value, rows in found.items() if rows}

    def _late(self, done: BitMap) -> BitMap:
        """Return what was implemented after its deadline."""
        due_on = {
            pk: day for day, rows in self.values(ACTION, "due_on").items() for pk in rows & done
        }
        return BitMap(
            pk
            for day, rows in self._implemented_on.items()
            for pk in rows & done
            if day > due_on[pk]
        )

    def _open_due_on(self) -> Values:
        closed = union(self.values(ACTION, "schedule, whatever the day").values())
        return _those_of(self._dated - closed, self.values(ACTION, "due_on").items())

    def _due_on_of_recommendations(self) -> Values:
        """Return the next deadline of the counted actions of each."""
        return self._earliest_of_actions("due_on")

    def _earliest_of_actions(self, name: str) -> Values:
        days = _those_of(self.counted_actions, self.days(ACTION, name)).items()
        owners_of = self.structure.owners_of
        found = _once_each((day, owners_of(rows)) for day, rows in days if day != NO_DAY)
        return _with(found, NO_DAY, self._begun(RECOMMENDATION) - union(found.values()))

    # Reviews -----------------------------------------------------------------------------------

    @cached_property
    def _counting(self) -> BitMap:
        """Updates that neither were corrected nor retracted, whenever in effect."""
        return self._told(UPDATE)

    def first_search(self) -> date | None:
        """Return the first day of a search that the edition tells, whenever it was."""
        for day, rows in self.present.days(UPDATE, "searched_on"):
            if rows.intersect(self._counting):
                return date.fromisoformat(day)
        return None

    @cached_property
    def _ever_reviewed(self) -> BitMap:
        return self.owners.of(self._counting & self._by_day(UPDATE, "reviewed_on"))

    def _last_reviewed_on(self) -> Values:
        days = self.present.days(UPDATE, "reviewed_on")
        known = [(day, rows & self._counting) for day, rows in days if NO_DAY < day <= self.on]
        found = _once_each((day, self.owners.of(rows)) for day, rows in reversed(known))
        return _with(found, NO_DAY, self._begun(ACTION) - union(found.values()))

    def _last_reviewed_on_of_recommendations(self) -> Values:
        """Return the oldest review of the counted actions of each, if all of them were reviewed."""
        found = self._earliest_of_actions("last_reviewed_on")
        never = self.rows(ACTION, "last_reviewed_on", NO_DAY) & self.counted_actions
        without = self.structure.owners_of(never)
        none = found.get(NO_DAY, BitMap()) | without
        found = {day: rows - without for day, rows in found.items() if day != NO_DAY}
        return _with({day: rows for day, rows in found.items() if rows}, NO_DAY, none)

    def _review_due_on(self) -> Values:
        """Return by when to look again: of an edition, as the last update up to it said."""
        if self.number is None:
            return self._as_now(ACTION, "review_due_on")
        last = self._last_updates()
        said = _those_of(last, self.present.values(UPDATE, "next_review_on").items())
        found = {day: self.owners.of(rows) for day, rows in said.items() if day != NO_DAY}
        rest = self._begun(ACTION) - union(found.values())
        for day, rows in _those_of(
            rest, self.present.values(ACTION, "first_review_due_on").items()
        ).items():
            found[day] = found.get(day, BitMap()) | rows
        return found

    def _last_updates(self) -> BitMap:
        """Return the last published update of each action: by edition, and then by key."""
        owner, found = self.owners.owner, dict[int, int]()
        for update in self._in_order_of_editions(self._begun(UPDATE)):
            found[owner[update]] = update
        return BitMap(found.values())

    def _in_order_of_editions(self, updates: BitMap) -> Iterator[int]:
        for hundred, _rows in reversed(self.editions(UPDATE, FROM)):
            for _number, rows in reversed(self.editions(UPDATE, FROM, hundred)):
                yield from rows & updates

    @cached_property
    def _unreviewed(self) -> BitMap:
        """Actions that no reviewer has published on, or where a finding awaits one."""
        if self.number is None:
            return self.present.rows(ACTION, "unreviewed") & self._begun(ACTION)
        by_people = self._counting - self.present.rows(UPDATE, "of research")
        awaiting = self._newest_findings() - judged(self.store, by_people)
        confirmed = self.owners.of(by_people) - self.owners.of(awaiting)
        return self._begun(ACTION) - confirmed

    def _newest_findings(self) -> BitMap:
        """Return what research said last of each action and nobody withdrew."""
        corrected = self.present.rows(UPDATE, "corrected by people") & self._begun(UPDATE)
        said = self.present.rows(UPDATE, "of research") & (self._counting | corrected)
        owner, newest = self.owners.owner, dict[int, tuple[str, int]]()
        day_of: dict[int, str] = {
            update: day
            for day, rows in self.present.values(UPDATE, "effective_day").items()
            for update in rows & said
        }
        for update in self._in_order_of_editions(said):
            known = newest.get(owner[update])
            if known is None or day_of[update] >= known[0]:
                newest[owner[update]] = (day_of[update], update)
        return BitMap([update for _day, update in newest.values()])

    # Recommendations by their actions ----------------------------------------------------------

    def _having(self, name: str) -> Values:
        """Return the recommendations that have an action in the record of which something holds."""
        found = _those_of(self.actions_in_record, self.values(ACTION, name).items())
        return {value: self.structure.owners_of(rows) for value, rows in found.items()}


def _those_of(rows: BitMap, values: Ordered) -> Values:
    """Return which of some rows have each value that any of them has, in the order given."""
    found = ((value, rows & own) for value, own in values)
    return {value: own for value, own in found if own}


def _with(values: Values, value: str, rows: BitMap) -> Values:
    if rows:
        values[value] = values.get(value, BitMap()) | rows
    return values


def _once_each(values: Ordered) -> Values:
    """Return each row with the first of its values alone."""
    seen, found = BitMap(), dict[str, BitMap]()
    for value, rows in values:
        if new := rows - seen:
            found[value] = new
            seen |= new
    return found


def _add_again(months: Values, month: str, rows: BitMap) -> None:
    """Note what happened in a month; a second time in the same month, as a second time."""
    while rows:
        known = months.get(month, BitMap())
        months[month] = known | rows
        month, rows = month + AGAIN, known & rows
