"""What an action's deadlines say, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext as _

from recommendations.figures.deadlines import Target, days_late, targets_of
from recommendations.statuses import Schedule

from .tracker import date_text

if TYPE_CHECKING:
    from recommendations.rows import ScheduledAction

register = template.Library()


@register.simple_tag
def implemented(action: ScheduledAction) -> str:
    """Return when an action was first implemented, and how late. It needs `schedule`."""
    if action.implemented_on is None:
        return ""
    words = {"day": date_text(action.done_on or action.implemented_on, action.done_precision)}
    if action.due_on is None or action.schedule != Schedule.MET_LATE:
        return _("first implemented on %(day)s") % words
    words["late"] = days_late((action.implemented_on - action.due_on).days)
    return _("first implemented on %(day)s, %(late)s") % words


@register.simple_tag
def targets(action: ScheduledAction) -> list[Target]:
    return targets_of(action)
