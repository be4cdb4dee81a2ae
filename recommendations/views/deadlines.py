"""Deadlines as a page, and as a calendar to subscribe to."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.caveats import research_of
from recommendations.figures.deadlines import (
    CALENDAR_ACTIONS,
    MOST_EVENTS,
    STATES,
    DeadlineOverview,
    nearest,
)
from recommendations.figures.facets import Facet, FacetValue, facets_of
from recommendations.figures.named_reports import with_chosen_report
from recommendations.filters import RecommendationFilterSet, Sort
from recommendations.filters.selection import Selection
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION, NO_DAY
from recommendations.record import Record
from recommendations.text.punctuation import colon
from recommendations.web.conditional import revalidated
from recommendations.web.description import described
from recommendations.web.filtering import FILTERS, FINDERS, chips_of, filterset_of
from recommendations.web.one_state import indexed
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest, has_several_reports_of

OFFERED = ("schedule", "party", "body", "area", "report")


@require_safe
@revalidated
@strict(*FILTERS, *FINDERS)
@indexed
def deadline_page(request: PublicRequest) -> HttpResponse:
    filterset = _filterset(request)
    selection = Selection(filterset, request.index)
    figures = DeadlineOverview(selection)
    context = {
        "figures": figures,
        "filterset": filterset,
        "facets": _facets(selection),
        "kept": [pair for pair in filterset.pairs if pair[0] not in OFFERED],
        "chips": chips_of(filterset),
        "query": filterset.query(),
        "csv_query": filterset.query(
            schedule=filterset.values.get("schedule", list(STATES)), sort=Sort.DEADLINE
        ),
    }
    title = _title(figures, filterset)
    return render_page(
        request,
        "recommendations/deadlines.html",
        context,
        title=title,
        description=described(title, figures.counts.sentence),
        trail=[(_("Deadlines"), request.path)],
    )


def deadlines_title(request: PublicRequest) -> str:
    with opened_at(request.viewpoint) as index:
        filterset = _filterset(request)
        return _title(DeadlineOverview(Selection(filterset, index)), filterset)


def _title(figures: DeadlineOverview, filterset: RecommendationFilterSet) -> str:
    return with_chosen_report(_("Deadlines"), filterset) + colon() + figures.headline


def _filterset(request: PublicRequest) -> RecommendationFilterSet:
    filterset = filterset_of(request)
    filterset.any_of("schedule").words = STATES
    return filterset


def _facets(selection: Selection) -> list[Facet]:
    """Return the filters that the page offers, with numbers of actions that have a deadline."""
    dated = selection.view.rows(ACTION, "told") - selection.view.rows(ACTION, "due_on", NO_DAY)
    facets = facets_of(selection, OFFERED, only=dated)
    facets.sort(key=lambda facet: OFFERED.index(facet.name))
    useful = (
        replace(facet, values=[value for value in facet.values if _is_of_use(value)])
        for facet in facets
    )
    return [facet for facet in useful if facet.values or facet.finder]


def _is_of_use(value: FacetValue) -> bool:
    return value.is_chosen or value.n > 0 or value.option.code in STATES


@require_safe
@revalidated
@strict(*FILTERS, is_file=True)
@indexed
def deadline_calendar(request: PublicRequest) -> HttpResponse:
    """The deadlines of the page with the same filters, those too that it leaves to the list.

    Of more than MOST_EVENTS those nearest to the day.
    """
    # Here, since what writes calendars takes 2 MB: a worker that is asked for none needs it not.
    from recommendations.exports.calendar_export import FILE_NAME, calendar_name, calendar_of

    viewpoint = request.viewpoint
    filterset = _filterset(request)
    selection = Selection(filterset, request.index)
    dated = selection.kept() - selection.view.rows(ACTION, "due_on", NO_DAY)
    shown = list(islice(nearest(selection.view, dated, viewpoint.on), MOST_EVENTS))
    # Asked for before the actions: what is published in between is told by the next one.
    edition = viewpoint.edition or Record(viewpoint).newest_edition()
    content = calendar_of(
        CALENDAR_ACTIONS(viewpoint, keys=shown),
        edition=edition,
        research=research_of(Record(viewpoint)),
        root=request.build_absolute_uri("/").rstrip("/"),
        name=calendar_name(chip.value for chip in chips_of(filterset)),
        left_out=len(dated) - len(shown),
        names_reports=has_several_reports_of(request),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response
