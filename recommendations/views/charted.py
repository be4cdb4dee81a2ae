"""What a chart is of, whether it is drawn in a picture or shown in a frame of another page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.figures.caveats import Caveat, caveats_of, caveats_of_list
from recommendations.figures.counts import Counts, headline
from recommendations.figures.facets import Totals, totals_of
from recommendations.figures.recommendation import RecommendationDetail, detail_of, placed
from recommendations.figures.scale import Few, Many, figures_of
from recommendations.figures.scope import Scope
from recommendations.filters import RecommendationFilterSet
from recommendations.filters.selection import Selection
from recommendations.models import ContextEvent, Party, PolicyArea
from recommendations.record import Record
from recommendations.templatetags.tracker import verdict
from recommendations.text.languages import plain
from recommendations.text.punctuation import colon, listed
from recommendations.web.filtering import chips_of, filterset_of
from recommendations.web.public_request import PublicRequest

from .dashboards import get_report


@dataclass(frozen=True)
class Charted:
    """The actions of a report, an area or a party, with the page that shows them.

    `side_by_side` is what its page divides them by, month by month; a report's divides them not.
    """

    shown: Few | Many
    name: str
    title: str
    path: str
    events: Sequence[ContextEvent] = ()
    side_by_side: str = ""
    is_of_one_report: bool = False

    @property
    def counts(self) -> Counts:
        return self.shown.figures.counts


def of_report(request: PublicRequest, slug: str) -> Charted:
    report = get_report(request, slug)
    if request.viewpoint.precedes(report):
        raise Http404(f"{slug} had not asked for anything by then.")
    scope = _scope(request, "report", report.pk)
    shown = figures_of(scope)
    since = report.published_on.replace(day=1)
    return Charted(
        shown,
        report.full_title,
        headline(shown.figures.counts),
        report.get_absolute_url(),
        scope.record.events([report], scope.parties, since=since),
        is_of_one_report=True,
    )


def of_label(request: PublicRequest, model: type[PolicyArea] | type[Party], slug: str) -> Charted:
    """Return the actions of an area or a party that has any."""
    record = Record(request.viewpoint)
    found: PolicyArea | Party | None = (
        record.known_label(PolicyArea, slug)
        if model is PolicyArea
        else record.known_label(Party, slug)
    )
    if found is None:
        raise Http404(f"No {model._meta.verbose_name} {slug} in the record.")
    is_area = model is PolicyArea
    scope = _scope(request, "area" if is_area else "party", found.pk)
    shown = figures_of(scope)
    if not shown.figures.counts:
        raise Http404(f"{slug} has no verifiable action.")
    history = shown.history
    since = history.since.replace(day=1) if history else request.viewpoint.on
    title = f"{found}{colon()}{headline(shown.figures.counts)}"
    events = record.events(shown.reports, scope.parties, since=since)
    return Charted(
        shown,
        str(found),
        title,
        found.get_absolute_url(),
        events,
        side_by_side="addressee" if is_area else "area",
    )


def _scope(request: PublicRequest, name: str, key: int) -> Scope:
    return Scope(request.index, Record(request.viewpoint), name, key)


@dataclass(frozen=True)
class OneRecommendation:
    detail: RecommendationDetail
    caveats: list[Caveat]

    @property
    def title(self) -> str:
        one = self.detail.recommendation
        return f"{one.number} {plain(one.headline, 'recommendation.headline')}"

    @property
    def verdict(self) -> str:
        """Its status, and the counts from which that is derived."""
        derived = self.detail.derived
        return f"{derived.status.label}{colon()}{verdict(derived)}"


def of_recommendation(request: PublicRequest, report: str, number: str) -> OneRecommendation:
    found = placed(request.viewpoint, report, number)
    if found is None or request.viewpoint.precedes(found.report):
        raise Http404(f"No recommendation {number} of {report}.")
    record = Record(request.viewpoint)
    detail = detail_of(record, found)
    return OneRecommendation(detail, caveats_of(record, [one.action for one in detail.counted]))


@dataclass(frozen=True)
class FoundRows:
    """What the filters of the list keep, with the words for it."""

    selection: Selection
    totals: Totals

    @property
    def filterset(self) -> RecommendationFilterSet:
        return self.selection.filterset

    @property
    def filters(self) -> str:
        """The filters in use, in words."""
        chips = (f"{chip.label}{colon()}{chip.value}" for chip in chips_of(self.filterset))
        return listed(chips)

    @property
    def caveats(self) -> list[Caveat]:
        return caveats_of_list(self.selection)

    @property
    def title(self) -> str:
        """Say how many are implemented of those that are kept, or that none is.

        Of those of some statuses it says how many there are: how far they are is what was asked.
        """
        counts = self.totals.counts
        if not counts:
            return _("Nothing meets these filters")
        if self.filterset.values.get("status"):
            return self._share
        if self.filterset.is_of_actions:
            return headline(counts)
        return ngettext(
            "%(n)d of %(total)d recommendations is implemented",
            "%(n)d of %(total)d recommendations are implemented",
            counts.implemented,
        ) % {"n": counts.implemented, "total": counts.total}

    @property
    def _share(self) -> str:
        n, total = self.totals.counts.total, self.totals.total
        if self.filterset.is_of_actions:
            words = ngettext(
                "%(n)d of %(total)d verifiable actions meets these filters",
                "%(n)d of %(total)d verifiable actions meet these filters",
                n,
            )
        else:
            words = ngettext(
                "%(n)d of %(total)d recommendations meets these filters",
                "%(n)d of %(total)d recommendations meet these filters",
                n,
            )
        return words % {"n": n, "total": total}


def of_list(request: PublicRequest) -> FoundRows:
    selection = Selection(filterset_of(request), request.index)
    return FoundRows(selection, totals_of(selection))
