"""Dates that can be but hardly are: the form asks about each once, and takes a yes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommendations.models import Evidence, StatusUpdate
from recommendations.statuses.possible_dates import (
    OLDEST_SOURCE_YEARS,
    is_old_source,
    is_older_than_report,
)
from recommendations.text.dates import date_text


@dataclass(frozen=True, slots=True)
class DateQuestion:
    """`key` holds the date itself: another date is another question."""

    key: str
    sentence: str


def unanswered(
    update: StatusUpdate, items: Iterable[Evidence], *, answered: Collection[str]
) -> list[DateQuestion]:
    """Return what is still to be asked of a draft (at most two queries).

    What it said when it was last stored was answered then.
    """
    asked = [one for one in _questions(update, items) if one.key not in answered]
    if not asked or not update.pk:
        return asked
    stored = StatusUpdate.objects.select_related("action__recommendation__report").get(pk=update.pk)
    known = {one.key for one in _questions(stored, stored.evidence.all())}
    return [one for one in asked if one.key not in known]


def _questions(update: StatusUpdate, items: Iterable[Evidence]) -> Iterable[DateQuestion]:
    report = update.action.recommendation.report
    reported_on = report.earliest_day
    words = {"report": date_text(report.published_on, report.published_precision)}
    on, precision = update.effective_on, update.effective_precision
    if is_older_than_report(on, precision, reported_on=reported_on):
        yield DateQuestion(
            f"effect {on} {precision}",
            _("The date of effect, %(day)s, lies before the report (%(report)s).")
            % {"day": date_text(on, precision), **words},
        )
    for item in items:
        on, precision = item.published_on, item.published_precision
        if on and is_old_source(on, precision, reported_on=reported_on):
            yield DateQuestion(
                f"source {on} {precision} {item.url}",
                _(
                    "The source of %(publisher)s is dated %(day)s, more than %(years)d years "
                    "before the report (%(report)s)."
                )
                % {
                    "publisher": item.publisher,
                    "day": date_text(on, precision),
                    "years": OLDEST_SOURCE_YEARS,
                    **words,
                },
            )
