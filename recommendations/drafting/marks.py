"""Marking where in the text of a report an action is asked for."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.models import Action, Mark, Passage, Recommendation, Report, ReportText
from recommendations.models.action import ActionKind
from recommendations.publishing import Refused, touch
from recommendations.publishing.breakdown_tree import add_action

from .draft import cut


def newest_text(report: Report) -> ReportText | None:
    return report.texts.first()


def places_in(passage: Passage, words: str) -> tuple[int, int]:
    """Return where words stand in a passage, the first time. Raises Refused."""
    wanted = " ".join(words.split())
    start = passage.text.find(wanted) if wanted else -1
    if start < 0:
        raise Refused(_("These words do not stand in the passage. Copy them from it."))
    return start, start + len(wanted)


@transaction.atomic
def mark(
    report: Report,
    *,
    passage: int,
    words: str,
    action: int | None = None,
    recommendation: int | None = None,
    today: date,
) -> Mark:
    """Mark words of the newest text as what asks for an action.

    With a recommendation instead of an action, they become a new draft of it. Raises Refused.
    """
    found = Passage.objects.filter(pk=passage, report_text=newest_text(report)).first()
    if found is None:
        raise Refused(_("This passage is not in the newest text. Open the page anew."))
    start, end = places_in(found, words)
    asked = _asked(report, found.text[start:end], action, recommendation, today)
    made, is_new = Mark.objects.get_or_create(
        passage=found, action=asked, start=start, defaults={"end": end}
    )
    if not is_new:
        made.end = end
        made.save(update_fields=["end"])
    if found.recommendation_id is None:
        found.recommendation = asked.recommendation
        found.save(update_fields=["recommendation"])
    touch(())
    return made


def _asked(
    report: Report, words: str, action: int | None, recommendation: int | None, today: date
) -> Action:
    if action is not None:
        found = Action.objects.filter(
            pk=action, recommendation__report=report, until_edition__isnull=True
        ).first()
        if found:
            return found
    owner = Recommendation.objects.filter(
        pk=recommendation or 0, report=report, until_edition__isnull=True
    ).first()
    if owner is None:
        raise Refused(_("Choose the action that the words ask for, or a recommendation."))
    return add_action(owner, title=cut(words), kind=ActionKind.POLICY, today=today)


@transaction.atomic
def unmark(report: Report, *, pk: int) -> None:
    """Take a mark away. The action stays."""
    gone, _models = Mark.objects.filter(pk=pk, passage__report_text__report=report).delete()
    if not gone:
        raise Refused(_("This mark does not exist any more."))
    touch(())
