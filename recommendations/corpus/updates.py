"""The rows of the updates of a made-up report: published ones as publishing stamps them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from recommendations.models import Action, Evidence, RetractionRequest, Source, StatusUpdate
from recommendations.models.retraction import RetractionOutcome
from recommendations.models.status_update import EndReason, ReviewState
from recommendations.statuses import REVIEW_INTERVAL
from recommendations.text.listed_hosts import host_of
from recommendations.text.source_keys import source_key, source_slug

from . import words
from .history import SampleStep
from .numbering import EDITORS, RELIES_ON
from .outline import SampleAction, SampleReport, Told
from .people import SampleCast
from .rows import Rows
from .tables import Row
from .texts import at_noon


class Updates:
    """Adds the updates of one report to its rows."""

    def __init__(
        self, rows: Rows, rng: Random, report: SampleReport, *, slug: str, known: SampleCast
    ) -> None:
        self.rows, self.rng, self.report, self.known = rows, rng, report, known
        self.slug = slug
        self.moments = {one.number: one.at for one in report.editions}

    def add(self) -> None:
        for n, action in enumerate(self.report.actions):
            self._add_of_action(n, action)

    def _add_of_action(self, n: int, action: SampleAction) -> None:
        action_id = self.rows.of[Action][n]["id"]
        added: list[Row] = []
        for told in action.told:
            step = told.step
            values = self._values(step, f"{self.slug}-{n}-{step.edition}") | self._stamp(step)
            if step.replaces is not None:
                values["replaces_id"] = added[step.replaces]["id"]
                values["correction_reason"] = self.rng.choice(words.REASONS)
                self._end(added[step.replaces], step.edition, values["correction_reason"])
            row = self.rows.add(StatusUpdate, action_id=action_id, **values)
            self._add_parts(row, told)
            if step.relies_on is not None:
                ends = {"to_statusupdate_id": added[step.relies_on]["id"]}
                self.rows.add(RELIES_ON, from_statusupdate_id=row["id"], **ends)
            added.append(row)
        for told, row in zip(action.told, added, strict=True):
            if told.step.is_retracted and told.step.ended_in:
                self._retract(row, told.step.ended_in)
        if action.draft:
            self._add_draft(action_id, n, *action.draft)

    def _values(self, step: SampleStep, slug: str) -> dict[str, Any]:
        rng, is_search = self.rng, step.has_search
        return {
            "slug": slug,
            "status": step.status,
            "status_at_draft": step.status_before,
            "effective_on": step.effective_on,
            "effective_precision": step.precision,
            "note": words.note(rng, step.status, rng.choice(words.TOPICS)),
            "search_note": "Two official archives, three words each." if is_search else "",
            "searched_on": step.day_of - timedelta(days=1) if is_search else None,
            "confidence": rng.choice(("", "high", "medium", "low")),
            "attribution": rng.choice(("", "report", "aligned", "independent")),
            "next_review_on": step.day_of + REVIEW_INTERVAL,
            "author_id": rng.choice(self.known.analysts),
        }

    def _stamp(self, step: SampleStep) -> dict[str, Any]:
        at = self.moments[step.edition]
        return {
            "review_state": str(ReviewState.PUBLISHED),
            "reviewer_id": self._reviewer(step.edition),
            "edition_id": step.edition,
            "published_at": at,
            "submitted_at": at - timedelta(days=1),
            "created_at": at - timedelta(days=3),
            "effective_day": step.effective_day,
        }

    def _reviewer(self, edition: int) -> int:
        return self.known.reviewers[edition % len(self.known.reviewers)]

    def _add_parts(self, row: Row, told: Told) -> None:
        step, rng = told.step, self.rng
        for position, kind in enumerate(told.kinds, start=1):
            said = {
                "kind": kind,
                "title": words.source_title(rng, rng.choice(words.TOPICS)),
                "publisher": rng.choice(words.PUBLISHERS),
                "published_on": min(step.effective_on, step.day_of),
                "url": f"https://example.org/{row['slug']}/{position}",
            }
            self.rows.add(
                Evidence,
                **said,
                update_id=row["id"],
                position=position,
                accessed_on=step.day_of,
                source_id=self._source(said) if row["edition_id"] is not None else None,
            )
        self.rows.add(EDITORS, statusupdate_id=row["id"], user_id=row["author_id"])

    def _source(self, said: dict[str, Any]) -> int:
        """Add the source that an item cites, in its words: each is cited once."""
        key = source_key(said["url"])
        row = self.rows.add(
            Source, **said, key=key, slug=source_slug(key), host=host_of(said["url"])
        )
        return row["id"]

    @staticmethod
    def _end(row: Row, edition: int, note: str, reason: str = EndReason.CORRECTED.value) -> None:
        row |= {"ended_in_edition_id": edition, "end_reason": reason, "end_note": note}

    def _retract(self, row: Row, edition: int) -> None:
        reason, at = f"{words.REASONS[0]} {words.SAMPLE}", self.moments[edition]
        self.rows.add(
            RetractionRequest,
            update_id=row["id"],
            reason=reason,
            requested_by_id=row["author_id"],
            requested_at=at - timedelta(days=2),
            outcome=str(RetractionOutcome.CONFIRMED),
            decided_by_id=self._reviewer(edition),
            decided_at=at,
        )
        self._end(row, edition, reason, EndReason.RETRACTED.value)

    def _add_draft(self, action_id: int, n: int, told: Told, state: str) -> None:
        step = told.step
        moment: datetime = at_noon(step.day_of)
        values = self._values(step, f"{self.slug}-{n}-0") | {
            "review_state": state,
            "created_at": moment - timedelta(days=1),
            "submitted_at": moment if state != "draft" else None,
            "return_note": (
                f"Which of the two sources says so? {words.SAMPLE}" if state == "returned" else ""
            ),
        }
        self._add_parts(self.rows.add(StatusUpdate, action_id=action_id, **values), told)
