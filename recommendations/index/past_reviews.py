"""Who had looked at what by a day or an edition of the past."""

from __future__ import annotations

from array import array
from datetime import date
from functools import cached_property

from pyroaring import BitMap

from .names import (
    ACTION,
    FOLLOWED,
    FROM,
    KEY,
    NO_DAY,
    UPDATE,
    Values,
)
from .past_deadlines import PastDeadlines
from .past_told import once_each, those_of, with_rest
from .structure import judged
from .view import union


class PastReviews(PastDeadlines):
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
    def _by_people(self) -> BitMap:
        return self._counting - self.present.rows(UPDATE, "of research")

    @cached_property
    def _reviewed_by_people(self) -> tuple[BitMap, BitMap]:
        """Updates of people that a reviewer saw, and whose they are: nearly all are such."""
        rows = self._by_people & self._by_day(UPDATE, "reviewed_on")
        return rows, self.owners.of(rows)

    @cached_property
    def _ever_reviewed(self) -> BitMap:
        known, owners = self._reviewed_by_people
        return owners | self.owners.of(
            (self._counting & self._by_day(UPDATE, "reviewed_on")) - known
        )

    @property
    def _unconfirmed(self) -> BitMap:
        """Actions that somebody has looked at, where no reviewer has confirmed the finding."""
        rows = self._unreviewed
        if self.number is not None:
            return rows & self._ever_reviewed
        # What was last looked at by then was looked at; of the others the updates tell.
        days = self.present.days(ACTION, "last_reviewed_on")
        by_then = rows & union(own for day, own in days if NO_DAY < day <= self.on)
        later = rows & union(own for day, own in days if day > self.on)
        known = self._counting & self._by_day(UPDATE, "reviewed_on")
        return by_then | self.owners.of(self.owners.owned_by(later, known)) if later else by_then

    @cached_property
    def _ever_by_people(self) -> BitMap:
        known, owners = self._reviewed_by_people
        return owners | self.owners.of(self._by_people - known)

    def _last_reviewed_on(self) -> Values:
        days = self.present.days(UPDATE, "reviewed_on")
        known = [(day, rows & self._counting) for day, rows in days if NO_DAY < day <= self.on]
        found = once_each((day, self.owners.of(rows)) for day, rows in reversed(known))
        return with_rest(found, NO_DAY, self._begun(ACTION) - union(found.values()))

    def _last_reviewed_on_of_recommendations(self) -> Values:
        """Return the oldest review of the counted actions of each, if all of them were reviewed."""
        found = self._earliest_of_actions("last_reviewed_on")
        never = self.rows(ACTION, "last_reviewed_on", NO_DAY) & self.counted_actions
        without = self.structure.owners_of(never)
        none = found.get(NO_DAY, BitMap()) | without
        found = {day: rows - without for day, rows in found.items() if day != NO_DAY}
        return with_rest({day: rows for day, rows in found.items() if rows}, NO_DAY, none)

    def _review_due_on(self) -> Values:
        """Return by when to look again: of an edition, as the last update up to it said."""
        if self.number is None:
            return self._as_now(ACTION, "review_due_on")
        last = self._last_updates()
        said = those_of(last, self.present.values(UPDATE, "next_review_on").items())
        found = {day: self.owners.of(rows) for day, rows in said.items() if day != NO_DAY}
        rest = self._begun(ACTION) - union(found.values())
        for day, rows in those_of(
            rest, self.present.values(ACTION, "first_review_due_on").items()
        ).items():
            found[day] = found.get(day, BitMap()) | rows
        return found

    def _review(self, unit: str, on: date) -> Values:
        if self.number is None or unit != ACTION:
            return super()._review(unit, on)
        return self._once(unit, f"review on {on}", lambda: self._review_as_of_edition(on))

    def _review_as_of_edition(self, on: date) -> Values:
        """Say it of the few that are to be looked at again, and so of the others."""
        last, begun = self._last_updates(), self._begun(ACTION)
        unsaid = last & self.present.rows(UPDATE, "next_review_on", NO_DAY)
        updated = self._ever_by_people | self.owners.of(last - self._by_people)
        rest = begun - (updated - self.owners.of(unsaid))
        needing = self.owners.of(last & self.present.before(UPDATE, "next_review_on", on))
        needing |= rest & self.present.before(ACTION, "first_review_due_on", on)
        never = rest & self.present.rows(ACTION, "first_review_due_on", NO_DAY)
        return {
            "needs_review": needing,
            "up_to_date": begun - needing - never,
            "unconfirmed": self.rows(ACTION, "unconfirmed"),
        }

    def _last_updates(self) -> BitMap:
        """Return the last published update of each action: by edition, and then by key."""
        return self._begun(UPDATE) - self._up_to_edition(UPDATE, FOLLOWED)

    def _in_order_of_editions(self, updates: BitMap) -> array[int]:
        ordered = array(KEY)
        for hundred, _rows in reversed(self.editions(UPDATE, FROM)):
            for _number, rows in reversed(self.editions(UPDATE, FROM, hundred)):
                ordered += (rows & updates).to_array()
        return ordered

    @cached_property
    def _unreviewed(self) -> BitMap:
        """Actions that no reviewer has published on, or where a finding awaits one."""
        if self.number is None:
            return self.present.rows(ACTION, "unreviewed") & self._begun(ACTION)
        awaiting = self._newest_findings() - judged(self.store, self._by_people)
        return self._begun(ACTION) - (self._ever_by_people - self.owners.of(awaiting))

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
