"""Which reports the site is about: one, or several, whose numbers then go with their names."""

from __future__ import annotations

from recommendations.kept_of_state import kept_of_answer
from recommendations.models import Report
from recommendations.querysets.prepared import Prepared
from recommendations.record import Record
from recommendations.site_row import site


def has_several_reports(record: Record) -> bool:
    """Whether a number such as 1.1 could be of more than one report (one query, kept)."""
    viewpoint = record.viewpoint
    return kept_of_answer(viewpoint, "several reports", lambda: len(TWO_REPORTS(viewpoint)) > 1)


def home_report(record: Record) -> Report | None:
    """Return the report whose dashboard opens the site (at most two queries).

    None where the page of all reports does: there are several, and editors chose all or none of
    them; or there is none at all.
    """
    first = record.featured_report()
    if first is None or not has_several_reports(record):
        return first
    return first if first.is_featured and not site().shows_all_reports else None


TWO_REPORTS: Prepared[int] = Prepared(
    lambda viewpoint: (
        Record(viewpoint).reports_in_record().order_by().values_list("pk", flat=True)[:2]
    )
)
