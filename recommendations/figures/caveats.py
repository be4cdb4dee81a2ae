"""What findings rest on that no reviewer has confirmed: the words that their research says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pyroaring import BitMap

from recommendations.filters.selection import Selection
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION
from recommendations.index.view import View
from recommendations.kept_of_state import kept_of_answer
from recommendations.models import Edition, Report
from recommendations.models.edition import OF_ONE_REPORT
from recommendations.querysets import EditionQuerySet
from recommendations.querysets.prepared import Prepared
from recommendations.record import Record
from recommendations.text.dates import date_text
from recommendations.text.languages import plain
from recommendations.text.punctuation import colon
from recommendations.viewpoint import Viewpoint

if TYPE_CHECKING:
    from recommendations.rows import DetailedAction, ListedAction, ScheduledAction

    JudgedAction = ListedAction | DetailedAction | ScheduledAction


@dataclass(frozen=True)
class Caveat:
    """Of `total` verifiable actions of a report, `n` rest on research that nobody confirmed.

    `edition` is the newest research on the report that the viewpoint knows.
    """

    report: Report
    edition: Edition
    n: int
    total: int


def research_of(record: Record) -> dict[int, Edition]:
    """Return the newest edition of research by report, the baseline included (one query)."""
    viewpoint = record.viewpoint
    found = kept_of_answer(
        viewpoint, "editions of research", lambda: EDITIONS_OF_RESEARCH(viewpoint)
    )
    return {one.report_id: one for one in found if one.report_id}


def _editions_of_research(viewpoint: Viewpoint) -> EditionQuerySet:
    # Those of one report are few, and the column that names it has an index; the kind has none.
    editions = Record(viewpoint).editions().filter(report__isnull=False, kind__in=OF_ONE_REPORT)
    return editions.select_related("report").order_by("number")


EDITIONS_OF_RESEARCH: Prepared[Edition] = Prepared(_editions_of_research)


def caveats_of(record: Record, actions: Iterable[JudgedAction]) -> list[Caveat]:
    """Return the caveats of counted actions, report by report (one query)."""
    of_reports: dict[Report, list[JudgedAction]] = {}
    for action in actions:
        of_reports.setdefault(action.recommendation.report, []).append(action)
    research = research_of(record)
    return [
        Caveat(report, research[report.pk], n, len(found))
        for report, found in of_reports.items()
        if report.pk in research and (n := sum(is_unconfirmed(action) for action in found))
    ]


def is_unconfirmed(action: JudgedAction) -> bool:
    """Say whether somebody has looked at it, and no reviewer has confirmed the finding."""
    return not action.is_reviewed and action.last_reviewed_on is not None


def caveats_of_record(record: Record) -> list[Caveat]:
    """Return those of all that is counted (one query)."""
    with opened_at(record.viewpoint) as index:
        return counted_caveats(record, index.view, index.view.counted_actions)


def caveats_of_report(record: Record, report: Report) -> list[Caveat]:
    """Return those of all that is counted of a report (one query)."""
    return [one for one in caveats_of_record(record) if one.report.pk == report.pk]


def caveats_of_list(selection: Selection) -> list[Caveat]:
    """Return what the rows of a list rest on (one query, if any)."""
    if not selection.view.rows(ACTION, "unconfirmed"):
        return []
    return counted_caveats(selection.filterset.record, selection.view, selection.judged())


def counted_caveats(record: Record, view: View, rows: BitMap) -> list[Caveat]:
    """Return those of verifiable actions that are too many to fetch (one query, if any)."""
    unconfirmed = rows & view.rows(ACTION, "unconfirmed")
    if not unconfirmed:
        return []
    found = []
    for report, edition in research_of(record).items():
        of_report = view.rows(ACTION, "report", str(report))
        n = unconfirmed.intersection_cardinality(of_report)
        if edition.report and n:
            total = rows.intersection_cardinality(of_report)
            found.append(Caveat(edition.report, edition, n, total))
    return found


def caveat_sentence(caveat: Caveat, *, is_named: bool) -> str:
    """Return the whole caveat as bare text; `is_named` puts its report before it."""
    words = ngettext(
        "%(n)s of %(total)s verifiable actions rests on research alone: %(words)s.",
        "%(n)s of %(total)s verifiable actions rest on research alone: %(words)s.",
        caveat.n,
    ) % {"n": caveat.n, "total": caveat.total, "words": caveat_text(caveat.edition)}
    return f"{caveat.report.full_title}{colon()}{words}" if is_named else words


def caveat_text(edition: Edition) -> str:
    """Return the words as bare text, without a full stop, for files."""
    if edition.horizon_on is None:
        return plain(edition.note, "edition.note")
    return _("%(method)s; evidence to %(day)s; no person has confirmed it") % {
        "method": plain(edition.method, "edition.method"),
        "day": date_text(edition.horizon_on),
    }


# Reports whose caveats stand in a picture or an embed, each by itself.
MOST_SENTENCES = 2


def caveat_sentences(caveats: Sequence[Caveat], *, is_named: bool) -> list[str]:
    """Return what a page says above its figures, for where there is room for a few lines.

    Each names its report where the figures could be of another.
    """
    shown = caveats[:MOST_SENTENCES]
    sentences = [caveat_sentence(one, is_named=is_named) for one in shown]
    if left_out := len(caveats) - len(shown):
        words = ngettext(
            "Actions of %(n)d more report rest on research alone too.",
            "Actions of %(n)d more reports rest on research alone too.",
            left_out,
        )
        sentences.append(words % {"n": left_out})
    return sentences
