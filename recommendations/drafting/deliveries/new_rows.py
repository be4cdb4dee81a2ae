"""Writes what is new in a table as drafts, many rows at once, with their first line of history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords

from recommendations.importing.addressees import Addressees
from recommendations.importing.problems import ImportProblem
from recommendations.importing.tables.breakdown import ReadAction, ReadRecommendation
from recommendations.importing.tables.heads import folded
from recommendations.importing.tables.levels import folded_number
from recommendations.models import (
    Action,
    ActionBody,
    Body,
    Deadline,
    Party,
    PolicyArea,
    Recommendation,
    Report,
    Section,
)
from recommendations.models.action import ActionKind, LeadBasis
from recommendations.models.deadline import DeadlineOrigin
from recommendations.models.recommendation import number_validator
from recommendations.statuses import REVIEW_INTERVAL
from recommendations.text.scripts import language_of

from .matching import cut_text

LONGEST_SLUG = 80
BATCH = 500


@dataclass
class NewAction:
    """An action to write: of which row, and who is responsible."""

    read: ReadAction
    recommendation: Recommendation
    who: Addressees


@dataclass
class Writer:
    """Writes drafts of one report. `source` names the delivery in the place of each action."""

    report: Report
    source: str
    by: User
    today: date
    parties: dict[str, Party]
    bodies: dict[str, Body]
    areas: Mapping[str, PolicyArea]
    sections: dict[str, Section] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, report: Report, **said) -> Writer:
        """Return a writer that knows what numbers and addresses are taken (two queries)."""
        writer = cls(report, **said)
        writer.sections = {folded(one.title): one for one in report.sections.order_by("-position")}
        for number, slug in report.recommendations.values_list("number", "slug"):
            writer.numbers.add(number)
            writer.slugs.add(slug)
        return writer

    # Recommendations ------------------------------------------------------------------------

    def recommendations(self, ones: Sequence[ReadRecommendation]) -> list[Recommendation]:
        """Write recommendations that are new, in the order of the table."""
        own = {one.row: number for one in ones if (number := usable_number(one.number))}
        reserved = self.numbers | set(own.values())
        free = (str(n) for n in range(1, 1_000_000) if str(n) not in reserved)
        last = self.report.recommendations.aggregate(last=models.Max("position"))["last"] or 0
        drafts = []
        for position, one in enumerate(ones, start=last + 1):
            number = own.get(one.row, "")
            if not number or number in self.numbers:
                number = next(free)
            self.numbers.add(number)
            headline = cut_text(one.headline)
            draft = Recommendation(
                report=self.report,
                section=self._section(one.section),
                number=number,
                slug=self._slug(headline, f"recommendation-{number}".replace(".", "-").lower()),
                position=position,
                headline=headline,
            )
            _judge(draft, one.row, without=("report", "section", "number"))
            drafts.append(draft)
        written = Recommendation.objects.bulk_create(drafts, batch_size=BATCH)
        self._give_areas(zip(ones, written, strict=True))
        _begin_history(Recommendation, written, self.by)
        self._arrange()
        return written

    def _give_areas(self, rows: Iterable[tuple[ReadRecommendation, Recommendation]]) -> None:
        through = Recommendation.areas.through
        through.objects.bulk_create(
            (
                through(recommendation_id=draft.pk, policyarea_id=self.areas[slug].pk)
                for one, draft in rows
                for slug in one.all_areas
            ),
            batch_size=BATCH,
        )

    def _section(self, title: str) -> Section:
        title = cut_text(title) or self.report.title
        if known := self.sections.get(folded(title)):
            return known
        place = self.report.sections.aggregate(last=models.Max("position"))["last"] or 0
        taken = set(self.report.sections.values_list("slug", flat=True))
        slug = slugify(title)[: LONGEST_SLUG - 6].strip("-") or f"section-{place + 1}"
        section = Section(
            report=self.report,
            title=title,
            slug=slug if slug not in taken else f"{slug}-{place + 1}",
            position=place + 1,
        )
        section.full_clean()
        section.save()
        self.sections[folded(title)] = section
        return section

    def _slug(self, text: str, otherwise: str) -> str:
        base = slugify(text)[: LONGEST_SLUG - 6].strip("-") or otherwise
        slug, n = base, 1
        while slug in self.slugs:
            n += 1
            slug = f"{base}-{n}"
        self.slugs.add(slug)
        return slug

    def _arrange(self) -> None:
        """Put each new recommendation behind the last one of its section."""
        order: dict[int, list[Recommendation]] = defaultdict(list)
        for one in self.report.recommendations.order_by("position", "pk"):
            order[one.section_id].append(one)
        moved = []
        for position, one in enumerate((one for of in order.values() for one in of), start=1):
            if one.position != position:
                one.position = position
                moved.append(one)
        Recommendation.objects.bulk_update(moved, ["position"], batch_size=BATCH)

    # Actions --------------------------------------------------------------------------------

    def actions(self, ones: Sequence[NewAction]) -> list[Action]:
        """Write actions that are new, each after the last one of its recommendation."""
        last: Counter[int] = Counter()
        slugs: dict[int, set[str]] = defaultdict(set)
        of = Action.objects.filter(recommendation__report=self.report)
        for pk, number, slug in of.values_list("recommendation_id", "number", "slug"):
            last[pk] = max(last[pk], number)
            slugs[pk].add(slug)
        drafts = []
        for one in ones:
            pk = one.recommendation.pk
            last[pk] += 1
            drafts.append(self._action(one, last[pk], slugs[pk]))
        written = Action.objects.bulk_create(drafts, batch_size=BATCH)
        rows = list(zip(ones, written, strict=True))
        self._responsible(rows)
        self._deadlines(rows)
        _begin_history(Action, written, self.by)
        return written

    def _action(self, one: NewAction, number: int, taken: set[str]) -> Action:
        slug = f"action-{number}"
        while slug in taken:
            slug += "x"
        action = Action(
            recommendation=one.recommendation,
            number=number,
            slug=slug,
            title=cut_text(one.read.title),
            # Where the table does not say it, a guess that the editor has to look at.
            kind=one.read.said.kind or ActionKind.POLICY,
            place=cut_text(self._place(one.read)),
            review_due_on=self.today + REVIEW_INTERVAL,
        )
        _judge(action, one.read.said.row, without=("recommendation", "review_due_on"))
        return action

    def _place(self, read: ReadAction) -> str:
        return place_in(self.source, row=read.said.row, number=read.number or read.said.number)

    def _responsible(self, rows: Iterable[tuple[NewAction, Action]]) -> None:
        through = Action.parties.through
        through.objects.bulk_create(
            (
                through(action_id=action.pk, party_id=self.parties[slug].pk)
                for one, action in rows
                for slug in one.who.parties
            ),
            batch_size=BATCH,
        )
        ActionBody.objects.bulk_create(
            (
                ActionBody(action=action, body=self.bodies[slug], basis=LeadBasis.NAMED)
                for one, action in rows
                for slug in one.who.bodies
            ),
            batch_size=BATCH,
        )

    def _deadlines(self, rows: Iterable[tuple[NewAction, Action]]) -> None:
        Deadline.objects.bulk_create(
            (
                Deadline(
                    action=action,
                    origin=DeadlineOrigin.REPORT,
                    on=due.on,
                    precision=due.precision,
                    note=cut_text(one.read.said.due_words),
                )
                for one, action in rows
                if (due := one.read.said.due)
            ),
            batch_size=BATCH,
        )


def usable_number(number: str) -> str:
    """Return a number of the table as one of ours, "" where it cannot be in an address."""
    text = number.strip().rstrip(".")
    for form in (text, folded_number(text)):
        try:
            number_validator(form)
        except ValidationError:
            continue
        return form
    return ""


def place_in(source: str, *, row: int, number: str) -> str:
    """Return where in a delivery something stands, in the language of its title."""
    # It is a text of the record: in the language of its source, whoever imports it.
    with translation.override(language_of(source) or settings.LANGUAGE_CODE):
        said = {"source": source, "row": row, "number": number}
        if number:
            return _("%(source)s, row %(row)d, no. %(number)s") % said
        return _("%(source)s, row %(row)d") % said


def _judge(row: Recommendation | Action, number: int, *, without: Collection[str]) -> None:
    """Raise ImportProblem for what no form would take."""
    try:
        row.clean_fields(exclude=without)
    except ValidationError as error:
        said = {"row": number, "problem": " ".join(error.messages)}
        raise ImportProblem(_("Row %(row)d: %(problem)s") % said) from error


def _begin_history(model: type[models.Model], rows: Sequence[models.Model], by: User) -> None:
    """Write the first line of history of rows, with their lists as they are by now."""
    history = model.history  # type: ignore[attr-defined]
    for start in range(0, len(rows), BATCH):
        lines = history.bulk_history_create(rows[start : start + BATCH], default_user=by)
        by_row = {line.id: line for line in lines}
        for column in history.model._history_m2m_fields:
            _keep_list(getattr(model, column.name).through, column, by_row)


def _keep_list(through: Any, column: Any, by_row: Mapping[int, Any]) -> None:
    kept, owner = HistoricalRecords.m2m_models[column], column.m2m_field_name()
    names = [one.attname for one in through._meta.fields]
    kept.objects.bulk_create(
        kept(
            history=by_row[getattr(one, f"{owner}_id")],
            **{name: getattr(one, name) for name in names},
        )
        for one in through.objects.filter(**{f"{owner}__in": list(by_row)})
    )
