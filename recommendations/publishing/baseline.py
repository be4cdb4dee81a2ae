"""The first statuses of a report: desk research without author and reviewer, marked as such."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import Edition, Report, StatusUpdate
from recommendations.models.edition import EditionKind

from . import checks, structure, updates
from .editions import Refused, close, lock_state, open_edition, settle


@transaction.atomic
def publish_baseline(
    report: Report,
    *,
    recommendation_ids: Collection[int],
    action_ids: Collection[int],
    now: datetime | None = None,
) -> Edition | None:
    """Publish a report with these drafts and its baseline. The loader alone calls this.

    The first time this is the report's one baseline edition. What a newer file adds later comes
    in an edition of another kind. Returns None where there is nothing to publish.
    """
    state = lock_state()
    now = now or timezone.now()
    drafts = list(
        StatusUpdate.objects.filter(
            action__recommendation__report=report, is_baseline=True, edition__isnull=True
        )
        .select_related("action__recommendation")
        .prefetch_related("evidence", "relies_on__evidence")
        .order_by("effective_on", "pk")
    )
    is_first = not report.editions.filter(kind=EditionKind.BASELINE).exists()
    if not (drafts or action_ids or recommendation_ids or is_first):
        return None
    structure.refuse_incomplete([report.pk], recommendation_ids, action_ids)
    edition = _open(state, report, is_first, now, recommendation_ids, action_ids, drafts)
    structure.stamp(edition, [report.pk], recommendation_ids, action_ids)
    due: dict[int, date] = {}
    for draft in drafts:
        _refuse_unsound(draft, edition)
        due |= updates.stamp([draft], edition, reviewer=None)
    settle(edition, {*action_ids, *due}, recommendation_ids, review_due_on=due)
    return close(edition)


def _open(state, report, is_first, now, recommendation_ids, action_ids, drafts) -> Edition:
    if is_first:
        return open_edition(
            state,
            kind=EditionKind.BASELINE,
            at=now,
            by=None,
            note=report.baseline_note,
            report=report,
        )
    return open_edition(
        state,
        kind=EditionKind.STRUCTURE if recommendation_ids or action_ids else EditionKind.UPDATES,
        at=now,
        by=None,
        note=_note_of_addition(len(recommendation_ids), len(action_ids), len(drafts)),
    )


def _note_of_addition(recommendations: int, actions: int, updates: int) -> str:
    """The record is in the language of the site, whatever that of the terminal is."""
    with translation.override(settings.LANGUAGE_CODE):
        return _(
            "A newer file of the baseline added %(recommendations)s, %(actions)s, %(updates)s."
        ) % {
            "recommendations": ngettext(
                "%(n)d recommendation", "%(n)d recommendations", recommendations
            )
            % {"n": recommendations},
            "actions": ngettext("%(n)d action", "%(n)d actions", actions) % {"n": actions},
            "updates": ngettext("%(n)d update", "%(n)d updates", updates) % {"n": updates},
        }


def _refuse_unsound(draft: StatusUpdate, edition: Edition) -> None:
    problems = checks.problems_of(
        draft,
        today=edition.published_on,
        may_be_on_any_host=edition.kind == EditionKind.BASELINE,
    )
    if problems:
        raise Refused([f"{draft.slug}: {problem}" for problem in problems])
