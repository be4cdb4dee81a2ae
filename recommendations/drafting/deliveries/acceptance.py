"""A spreadsheet that is decided of becomes drafts: all of it in one transaction, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations import acts, publishing
from recommendations.importing.addressees import Addressees
from recommendations.importing.problems import ImportProblem
from recommendations.importing.tables.breakdown import ReadRecommendation
from recommendations.importing.tables.heads import folded
from recommendations.importing.tables.mapping import as_json as mapping_as_json
from recommendations.importing.tables.rows import ReadRow
from recommendations.models import (
    Action,
    Delivery,
    DeliveryRow,
    Recommendation,
    Report,
    TableImport,
)
from recommendations.models.act import Event

from .addressees import NOBODY
from .changes import Change, present, said_by
from .new_addressees import add_addressees, keep_aliases
from .new_rows import BATCH, NewAction, Writer
from .plan import NamedReport, Plan, plan_of
from .statuses import Said, draft_updates, take_statuses
from .taken_changes import Reworded, take


@dataclass
class Accepted:
    """What came of a delivery. Of the `statuses`, those without a date are no drafts yet."""

    delivery: Delivery
    reports: list[Report]
    recommendations: int = 0
    actions: int = 0
    changes: int = 0
    statuses: int = 0
    drafts: int = 0
    reworded: list[Reworded] = field(default_factory=list)


def accept(pk: int, *, by: User, seen: str, now: datetime) -> Accepted:
    """Write what a spreadsheet of one's own brings, as drafts that no visitor sees.

    `seen` is the mark of the plan that was before the eyes. Raises ImportProblem, and writes
    nothing, where something is left to be said or another plan would be carried out;
    TableImport.DoesNotExist where it was accepted or given up already.
    """
    with transaction.atomic():
        publishing.lock_state()
        kept = TableImport.objects.select_for_update(of=("self",)).get(pk=pk, uploaded_by=by)
        plan = plan_of(kept)
        if not plan.is_ready:
            raise ImportProblem(_("Something is left to be decided. Look at what is marked."))
        if plan.mark != seen:
            raise ImportProblem(
                _("Meanwhile somebody changed what this is compared with. Look at it once more.")
            )
        try:
            accepted = _Acceptance(plan, kept, by, now).run()
        except ValidationError as error:
            raise ImportProblem(" ".join(error.messages)) from error
        kept.delete()
        acts.note(
            Event.IMPORT,
            person=by,
            subject=acts.name_of(accepted.delivery),
            detail=f"{accepted.delivery}: {accepted.recommendations} recommendations, "
            f"{accepted.actions} actions, {accepted.changes} changes, {accepted.drafts} drafts",
        )
    return accepted


@dataclass
class _Acceptance:
    plan: Plan
    kept: TableImport
    by: User
    now: datetime
    meanings: dict[str, str] = field(default_factory=dict)

    def run(self) -> Accepted:
        self.meanings = add_addressees(self.plan)
        reports = {one.key: one.report or self._new_report(one) for one in self.plan.reports}
        keep_aliases(self.plan, self.meanings, reports.values())
        accepted = Accepted(self._delivery(), list(reports.values()))
        actions = self._write(reports, accepted)
        self._change(accepted)
        self._rows(actions, accepted)
        for report in accepted.reports:
            self._settle(report)
        return accepted

    def _settle(self, report: Report) -> None:
        publishing.settle_wording(Recommendation.objects.filter(report=report))

    def _who(self, row: ReadRow) -> Addressees:
        return self.plan.directory.addressees(
            self.meanings.get(folded(name), NOBODY) for name in row.owners
        )

    # Rows -----------------------------------------------------------------------------------

    def _new_report(self, named: NamedReport) -> Report:
        choice = named.choice
        assert choice.published_on, choice
        report = Report(slug=choice.new_slug, title=choice.title, published_on=choice.published_on)
        report.full_clean()
        report.save()
        return report

    def _delivery(self) -> Delivery:
        source = self.plan.decisions.source
        assert source
        delivery = Delivery(
            **{name: getattr(source, name) for name in source.__struct_fields__},
            file_name=self.kept.file_name,
            checksum=self.kept.checksum,
            sheet=self.plan.reader.sheet.name[:200],
            mapping=mapping_as_json(self.plan.mapping),
            imported_by=self.by,
            imported_at=self.now,
        )
        delivery.full_clean(exclude=["mapping"])
        delivery.save()
        return delivery

    def _write(self, reports: dict[str, Report], accepted: Accepted) -> dict[int, Action]:
        """Write what is new, and return the action of each row."""
        by_report: dict[str, list[ReadRecommendation]] = defaultdict(list)
        for one in self.plan.recommendations:
            by_report[one.report].append(one)
        found: dict[int, Action] = {}
        for key, ones in by_report.items():
            matches = self.plan.matches.get(key)
            writer = Writer.of(
                reports[key],
                source=accepted.delivery.title,
                by=self.by,
                today=self.now.date(),
                parties=self.plan.directory.parties,
                bodies=self.plan.directory.bodies,
                areas=self.plan.areas,
            )
            wholes = dict(matches.whole) if matches else {}
            new = [one for one in ones if one.row not in wholes]
            drafts = writer.recommendations(new)
            wholes |= {one.row: draft for one, draft in zip(new, drafts, strict=True)}
            parts = dict(matches.part) if matches else {}
            actions = [
                NewAction(read, wholes[one.row], self._who(read.said))
                for one in ones
                for read in one.actions
                if read.said.row not in parts
            ]
            written = writer.actions(actions)
            parts |= {one.read.said.row: row for one, row in zip(actions, written, strict=True)}
            found |= parts
            accepted.recommendations += len(drafts)
            accepted.actions += len(written)
        return found

    # Changes --------------------------------------------------------------------------------

    def _change(self, accepted: Accepted) -> None:
        for change in self.plan.changes:
            if self.plan.is_taken(change):
                accepted.reworded.append(self._take(change))
                accepted.changes += 1

    def _take(self, change: Change) -> Reworded:
        who = self._who(self._rows_by_number[change.row])
        return take(change, who, self.plan)

    @cached_property
    def _rows_by_number(self) -> dict[int, ReadRow]:
        return {row.row: row for row in self.plan.rows}

    # What each row said ---------------------------------------------------------------------

    def _rows(self, actions: dict[int, Action], accepted: Accepted) -> None:
        """Keep what each row said, and draft the updates of its status."""
        last = {pk: row for known in self.plan.known.values() for pk, row in known.last.items()}
        rows: dict[int, Said] = {}
        for one in self.plan.recommendations:
            for read in one.actions:
                action = actions[read.said.row]
                row = DeliveryRow(
                    delivery=accepted.delivery,
                    row=read.said.row,
                    action=action,
                    number=read.number,
                    said=said_by(one, read, self._who(read.said)),
                )
                rows.setdefault(action.pk, Said(row, action, last.get(action.pk)))
        new = take_statuses(rows.values(), self.plan.mapping)
        accepted.statuses = len(new)
        publishing.replace_untouched(self._earlier_drafts({one.action.pk for one in new}))
        written = [one.row for one in rows.values()]
        self._note_what_stands(written)
        accepted.drafts = draft_updates(written, accepted.delivery, by=self.by)
        DeliveryRow.objects.bulk_create(written, batch_size=BATCH)

    def _earlier_drafts(self, actions: Collection[int]) -> list[int]:
        """Return the updates that came of earlier deliveries of these actions."""
        reports = [known.report for known in self.plan.known.values()]
        rows = DeliveryRow.objects.filter(
            action__recommendation__report__in=reports, update__isnull=False
        )
        return [
            update
            for action, update in rows.values_list("action_id", "update_id")
            if action in actions and update
        ]

    def _note_what_stands(self, rows: Sequence[DeliveryRow]) -> None:
        """Keep beside what each row says how it stands here now, so that later edits are seen."""
        reports = {row.action.recommendation.report_id for row in rows}
        there = Action.objects.filter(recommendation__report__in=reports)
        there = there.select_related("recommendation")
        there = there.prefetch_related("parties", "bodies", "deadlines", "recommendation__areas")
        stands = {action.pk: present(action) for action in there}
        for row in rows:
            row.said["here"] = stands[row.action.pk]
