"""What a list shows, told again in plain Python: a loop over all rows for each filter and count.

The standing of a row is what SQL says of it at the viewpoint; nothing of the index is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from recommendations.filters import RecommendationFilterSet
from recommendations.models import Report, Section
from recommendations.record import Record
from recommendations.text.languages import in_every_language
from recommendations.text.queries import Name, Part, Query, Term, stands_in
from recommendations.text.tokens import tokens_of
from recommendations.viewpoint import Viewpoint

tokens = lru_cache(maxsize=100_000)(tokens_of)
STATUSES = [
    "implemented", "partly", "in_progress", "no_action", "not_assessed", "overtaken", "stalled",
    "rejected",
]  # fmt: skip
OF_ACTIONS = {
    "addressee", "schedule", "body", "party", "review", "kind", "evidence", "published_since",
}  # fmt: skip
OF_RECOMMENDATIONS = {"area", "section", "origin", "report"}
FIELDS = ("number", "headline", "title", "rest", "note", "evidence")
TIERS = (FIELDS[:2], FIELDS[:3], FIELDS[:5], FIELDS)
FIRST, LAST = date.min, date.max

Texts = dict[str, list[str]]


@dataclass
class Row:
    """An action or a recommendation: what is true of it, what stands in it, and its place."""

    pk: int
    recommendation: int
    place: tuple[int, ...]
    values: dict[str, set[str]]
    texts: Texts
    label: str
    is_counted: bool
    status_since: date | None
    due_on: date | None
    last_reviewed_on: date | None
    published_on: set[date] = field(default_factory=set)

    def has(self, part: Part, fields: Iterable[str]) -> bool:
        if isinstance(part, Name):
            names = (part.words, *part.others)
            return any(all(self.has(term, fields) for term in terms) for terms in names)
        return any(
            stands_in(part, tokens(text)) for name in fields for text in self.texts.get(name, [])
        )


def said(text: str, kind: str) -> list[str]:
    return [one for one in in_every_language(text, kind) if one]


def together(*texts: Texts) -> Texts:
    return {name: [text for one in texts for text in one.get(name, [])] for name in FIELDS}


class Seen:
    """All rows of a viewpoint."""

    def __init__(self, viewpoint: Viewpoint) -> None:
        self.record, self.on = Record(viewpoint), viewpoint.on
        order = Report.objects.order_by("-published_on", "slug").values_list("pk", flat=True)
        self.places = {pk: place for place, pk in enumerate(order)}
        self.sections = {one.pk: one for one in Section.objects.all()}
        self.recommendations = self._recommendations()
        self.actions = [self._action(one) for one in self._rows_of_actions()]
        for one in self.recommendations.values():
            self._with_actions(one)

    # Recommendations ------------------------------------------------------------------------

    def _recommendations(self) -> dict[int, Row]:
        rows = self.record.recommendations().select_related("report", "section")
        self.counted = set(rows.counted().values_list("pk", flat=True))
        return {one.pk: self._recommendation(one) for one in rows.prefetch_related("areas")}

    def _recommendation(self, one: Any) -> Row:
        values = {
            "status": {one.status},
            "origin": {one.origin},
            "report": {one.report.slug},
            "section": set(self._sections_above(one.section)),
            "area": {area.slug for area in one.areas.all()},
        }
        rest = said(one.summary, "recommendation.summary") + said(
            one.section.title, "section.title"
        )
        for area in one.areas.all():
            rest += said(area.name, "policyarea.name")
        texts = {
            "number": [one.number],
            "headline": said(one.headline, "recommendation.headline"),
            "rest": rest,
        }
        return Row(
            one.pk, one.pk, (self.places[one.report_id], one.position, one.pk), values, texts,
            one.number, one.pk in self.counted, one.status_since, None, None,
        )  # fmt: skip

    def _sections_above(self, section: Section | None) -> Iterator[str]:
        known: set[int] = set()
        while section is not None and section.pk not in known:
            known.add(section.pk)
            yield section.slug
            section = self.sections.get(section.parent_id or 0)

    def _with_actions(self, one: Row) -> None:
        """A recommendation has words and days of its actions."""
        own = [action for action in self.actions if action.recommendation == one.pk]
        counted = [action for action in own if action.is_counted]
        one.due_on = min((a.due_on for a in counted if a.due_on), default=None)
        reviewed = [action.last_reviewed_on for action in counted]
        one.last_reviewed_on = min(reviewed) if reviewed and all(reviewed) else None
        self.own_texts[one.pk] = one.texts
        one.texts = together(one.texts, *(self.own_texts_of_actions[a.pk] for a in own))

    # Actions --------------------------------------------------------------------------------

    def _rows_of_actions(self) -> Any:
        self.own_texts: dict[int, Texts] = {}
        self.own_texts_of_actions: dict[int, Texts] = {}
        self.updates: dict[int, list[Any]] = {}
        updates = self.record.updates_in_effect().select_related("edition")
        for update in updates.prefetch_related("evidence"):
            self.updates.setdefault(update.action_id, []).append(update)
        rows = self.record.actions().in_record().with_schedule(on=self.on).with_second_review()
        self.verifiable = set(self.record.actions().counted().values_list("pk", flat=True))
        return rows.select_related("recommendation").prefetch_related("parties", "bodies")

    def _action(self, one: Any) -> Row:
        owner = self.recommendations[one.recommendation_id]
        values = {
            "status": {one.status},
            "addressee": {one.addressee},
            "kind": {one.kind},
            "evidence": {one.evidence_kind},
            "schedule": {str(one.schedule)},
            "review": set(self._reviews(one)),
            "party": {party.slug for party in one.parties.all()},
            "body": {body.slug for body in one.bodies.all()},
            **{name: owner.values[name] for name in OF_RECOMMENDATIONS},
        }
        own = self.own_texts_of_actions[one.pk] = self._texts(one, owner)
        return Row(
            one.pk, owner.pk, (*owner.place, one.number, one.pk), values,
            together(owner.texts, own), one.label_within(owner.label), one.pk in self.verifiable,
            one.status_since, one.due_on, one.last_reviewed_on,
            {update.edition.published_on for update in self.updates.get(one.pk, [])},
        )  # fmt: skip

    def _reviews(self, one: Any) -> Iterator[str]:
        yield "needs_review" if one.review_due_on < self.on else "up_to_date"
        if not one.is_reviewed and one.last_reviewed_on:
            yield "unconfirmed"

    def _texts(self, one: Any, owner: Row) -> Texts:
        texts: Texts = {
            "number": [one.label_within(owner.label)],
            "title": said(one.title, "action.title"),
            "rest": [],
            "note": [],
            "evidence": [],
        }
        for party in one.parties.all():
            texts["rest"] += said(party.name, "party.name")
        for body in one.bodies.all():
            texts["rest"] += said(body.name, "body.name")
        for update in self.updates.get(one.pk, []):
            texts["note"] += said(update.note, "statusupdate.note")
            for item in update.evidence.all():
                texts["evidence"] += [item.title, item.publisher]
                texts["evidence"] += said(item.supports, "evidence.supports")
        return texts


class SlowList:
    """The rows of a filter set, by loops."""

    def __init__(self, seen: Seen, filterset: RecommendationFilterSet) -> None:
        self.seen, self.filterset = seen, filterset
        self.chosen: dict[str, Any] = {
            one.name: filterset.values[one.name] for one in filterset.in_use
        }

    @property
    def is_of_actions(self) -> bool:
        return self.filterset.is_of_actions

    @cached_property
    def query(self) -> Query:
        names = self.filterset.record.search_names()
        return names.query(self.chosen.get("q", ""))

    def everything(self) -> list[Row]:
        rows = self.seen.actions if self.is_of_actions else self.seen.recommendations.values()
        return [row for row in rows if row.is_counted]

    def meets(self, row: Row, name: str) -> bool:
        wanted = self.chosen[name]
        if name == "q":
            return self.has_words(row, FIELDS)
        if name == "changed_since":
            return bool(row.status_since) and row.status_since >= wanted
        if name == "published_since":
            return any(day >= wanted for day in row.published_on)
        return bool(row.values[name] & set(wanted))

    def has_words(self, row: Row, fields: Iterable[str]) -> bool:
        query = self.query
        return (
            bool(query)
            and all(row.has(term, fields) for term in query.wanted)
            and not any(all(row.has(term, FIELDS) for term in group) for group in query.unwanted)
        )

    def meets_all(self, row: Row, names: Iterable[str]) -> bool:
        return all(self.meets(row, name) for name in names)

    def names(self, without: str = "") -> set[str]:
        return set(self.chosen) - {without}

    def kept(self, without: str = "") -> list[Row]:
        names = self.names(without)
        if self.is_of_actions:
            return [row for row in self.everything() if self.meets_all(row, names)]
        rows = [row for row in self.everything() if self.meets_all(row, names - OF_ACTIONS)]
        if not names & OF_ACTIONS:
            return rows
        return [row for row in rows if self.fitting_actions(row, without)]

    def fitting_actions(self, row: Row, without: str = "") -> list[Row]:
        names = self.names(without) & OF_ACTIONS
        own = [one for one in self.seen.actions if one.recommendation == row.pk]
        return [one for one in own if self.meets_all(one, names)]

    def count(self, name: str) -> Counter[str]:
        """How many have each value, whatever is chosen of this filter."""
        rows = self.kept(without=name)
        if self.is_of_actions or name not in OF_ACTIONS:
            return Counter(value for row in rows for value in row.values[name])
        found: Counter[str] = Counter()
        for row in rows:
            actions = self.fitting_actions(row, without=name)
            found.update({value for one in actions for value in one.values[name]})
        return found

    def uncounted(self) -> int:
        if not self.is_of_actions:
            return 0
        rows = [row for row in self.seen.actions if not row.is_counted]
        return sum(self.meets_all(row, self.names()) for row in rows)

    # Order ----------------------------------------------------------------------------------

    def in_order(self) -> list[int]:
        by = self.sort_key()
        return [row.pk for row in sorted(self.kept(), key=lambda row: (by(row), row.place))]

    def sort_key(self) -> Callable[[Row], Any]:
        keys: dict[str, Callable[[Row], Any]] = {
            "match": self.tier,
            "report": lambda row: 0,
            "status": lambda row: STATUSES.index(*row.values["status"]),
            "deadline": lambda row: row.due_on or LAST,
            "changed": lambda row: -(row.status_since or FIRST).toordinal(),
            "reviewed": lambda row: row.last_reviewed_on or FIRST,
        }
        return keys[self.filterset.chosen_sort]

    def tier(self, row: Row) -> int:
        if self.has_number(row):
            return 0
        return next(n for n, fields in enumerate(TIERS, 1) if self.has_words(row, fields))

    def has_number(self, row: Row) -> bool:
        wanted = self.query.wanted
        if len(wanted) != 1 or not isinstance(wanted[0], Term) or wanted[0].is_prefix:
            return False
        asked = wanted[0].tokens
        return any(tuple(tokens(number)) == asked for number in row.texts["number"])
