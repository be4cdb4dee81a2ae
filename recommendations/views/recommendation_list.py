"""The list of actions or recommendations, and the same as CSV."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from pyroaring import BitMap

from recommendations.exports.csv_export import file_name, lines
from recommendations.exports.csv_reading import ActionRows, RecommendationRows
from recommendations.figures.facets import Totals, totals_of
from recommendations.figures.matches import matches_of
from recommendations.figures.named_reports import named_reports
from recommendations.filters import RecommendationFilterSet, Sort, Unit
from recommendations.filters.selection import Selection
from recommendations.index.keeping import of_one_state, opened_at
from recommendations.index.names import ACTION, KEY
from recommendations.models import Recommendation
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.record import Record
from recommendations.web.conditional import revalidated
from recommendations.web.errors import BadAddress
from recommendations.web.filtering import LIST_FILTERS, chips_of, filterset_of
from recommendations.web.one_state import indexed
from recommendations.web.page import numbered, render_page
from recommendations.web.parameters import page_number, strict
from recommendations.web.public_request import PublicRequest

if TYPE_CHECKING:
    from recommendations.rows import ListedAction, ListedRecommendation

ROWS_A_PAGE = 25


@dataclass(frozen=True)
class Widening:
    """A filter in use that leaves nothing, and how many rows there are without it."""

    label: str
    n: int
    url: str


@dataclass(frozen=True)
class RecommendationGroup:
    """Actions of one recommendation that stand together on a page.

    `total` counts its verifiable actions, `kept` those of them that the filters keep, `uncounted`
    those that are not verifiable.
    """

    recommendation: Recommendation
    actions: Sequence[ListedAction]
    total: int
    kept: int
    uncounted: int

    @property
    def status(self) -> str:
        return self.actions[0].recommendation_status

    @property
    def fell_from(self) -> str:
        return self.actions[0].recommendation_fell_from

    @property
    def shown(self) -> int:
        return len(self.actions)

    @property
    def elsewhere(self) -> int:
        """How many a page before or after this one shows."""
        return self.kept - self.shown


class ListedRows(Sequence[Any]):
    """The rows of a list, of which those of one page are fetched."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection

    def __len__(self) -> int:
        return len(self.selection.kept())

    def __getitem__(self, part: Any) -> Any:
        """Return the rows of a slice."""
        keys = self.selection.keys(part.start, part.stop - part.start)
        by_key = {row.pk: row for row in self._rows(keys)}
        return [by_key[key] for key in keys]

    def _rows(self, keys: list[int]) -> Sequence[ListedAction | ListedRecommendation]:
        viewpoint = self.selection.filterset.viewpoint
        if not self.selection.filterset.is_of_actions:
            return LISTED_RECOMMENDATIONS(viewpoint, keys=keys)
        unreviewed = BitMap(keys) & self.selection.view.rows(ACTION, "unreviewed")
        return LISTED_ACTIONS(viewpoint, keys=keys, unreviewed=unreviewed)


LISTED_RECOMMENDATIONS: Prepared[ListedRecommendation] = Prepared(
    lambda viewpoint: (
        Record(viewpoint).recommendations().filter(pk__among=Parameter("keys")).for_list()
    )
)
LISTED_ACTIONS: Prepared[ListedAction] = Prepared(
    lambda viewpoint: (
        Record(viewpoint)
        .actions()
        .filter(pk__among=Parameter("keys"))
        .for_list(on=viewpoint.on, unreviewed=Parameter("unreviewed"))
    )
)


@require_safe
@revalidated
@vary_on_headers("HX-Request", "HX-History-Restore-Request")
@strict(*LIST_FILTERS, "page")
@indexed
def recommendation_list(request: PublicRequest) -> HttpResponse:
    """The whole page, or what changes of it where htmx asks."""
    number = page_number(request)
    context = _context(request, number)
    query = context["filterset"].query(page=number if number > 1 else None)
    is_whole = not request.htmx or request.htmx.history_restore_request
    response = render_page(
        request,
        "recommendations/list.html" if is_whole else "recommendations/list_update.html",
        context,
        title=_title(number),
        query=query,
    )
    if not is_whole:
        response["HX-Push-Url"] = reverse("recommendations:list") + query
    return response


def list_title(request: PublicRequest) -> str:
    filterset = filterset_of(request)
    number = page_number(request)
    with opened_at(request.viewpoint) as index:
        _refuse_beyond(_paginator(Selection(filterset, index)), number)
    return _title(number)


def _title(page: int) -> str:
    return numbered(_("Recommendations and actions"), page)


@require_safe
@revalidated
@strict(*LIST_FILTERS, is_file=True)
def recommendation_csv(request: PublicRequest) -> StreamingHttpResponse:
    """All rows of the list, in its order, on whatever page of it one is."""
    viewpoint = request.viewpoint
    filterset = filterset_of(request)
    rows = ActionRows if filterset.is_of_actions else RecommendationRows
    reader = rows(filterset.record, root=request.build_absolute_uri("/").rstrip("/"))
    response = StreamingHttpResponse(
        lines(reader, _keys(filterset), as_of=viewpoint.on),
        content_type="text/csv; charset=utf-8; header=present",
    )
    name = file_name(filterset.shown_unit, as_of=viewpoint.on)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _keys(filterset: RecommendationFilterSet) -> array[int]:
    """Return the keys of the list in its order: four megabytes a million."""
    return of_one_state(
        filterset.viewpoint, lambda index: array(KEY, Selection(filterset, index).all_keys())
    )


def _context(request: PublicRequest, number: int) -> dict[str, Any]:
    """Return what the page shows (a fixed number of queries, of the rows of one page)."""
    filterset = filterset_of(request)
    selection = Selection(filterset, request.index)
    paginator = _paginator(selection)
    _refuse_beyond(paginator, number)
    page = paginator.page(number)
    is_grouped = filterset.is_of_actions and filterset.chosen_sort == Sort.REPORT
    totals = totals_of(selection)
    return {
        "filterset": filterset,
        **_of_search(filterset, page.object_list, is_grouped=is_grouped),
        "totals": totals,
        "page": page,
        "pages": _pages(filterset, page),
        "next_query": filterset.query(page=number + 1),
        "groups": list(_groups(selection, page.object_list)) if is_grouped else [],
        "chips": chips_of(filterset),
        "widenings": _widenings(filterset, totals),
        "sorts": filterset.offered_sorts,
        "tabs": [
            (unit.label, filterset.query(unit=unit), unit == filterset.shown_unit) for unit in Unit
        ],
        "query": filterset.query(),
        "without_words": filterset.query(q=None),
    }


def _of_search(
    filterset: RecommendationFilterSet, rows: Any, *, is_grouped: bool
) -> dict[str, Any]:
    """Return what a search adds to the rows: where its words stand, and the reports it names."""
    query, record = filterset.query_of_words, filterset.record
    if not query:
        return {"matches": None, "named_reports": []}
    text = filterset.values["q"]
    return {
        "matches": matches_of(record, query, rows, is_grouped=is_grouped),
        "named_reports": named_reports(record, query, filterset.search_names, text),
    }


def _paginator(selection: Selection) -> Paginator:
    return Paginator(ListedRows(selection), ROWS_A_PAGE)


def _refuse_beyond(paginator: Paginator, number: int) -> None:
    if number > paginator.num_pages:
        raise BadAddress(
            [
                _("There is no page %(number)d: the last one is %(last)d.")
                % {"number": number, "last": paginator.num_pages}
            ]
        )


def _pages(filterset: RecommendationFilterSet, page: Page) -> list[tuple[int | None, str]]:
    """Return the numbers and queries of the pages to link to; None stands for those left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [
        (number, filterset.query(page=number if number > 1 else None))
        if isinstance(number, int)
        else (None, "")
        for number in numbers
    ]


def _groups(selection: Selection, actions: Iterable[ListedAction]) -> Iterator[RecommendationGroup]:
    """Yield the actions of a page by their recommendations."""
    kept, view = selection.kept(), selection.view
    for recommendation, group in groupby(actions, key=lambda action: action.recommendation):
        own = BitMap(view.structure.actions_of(recommendation.pk))
        yield RecommendationGroup(
            recommendation,
            list(group),
            total=len(own & view.counted_actions),
            kept=len(own & kept),
            uncounted=len(own & view.uncounted_actions),
        )


def _widenings(filterset: RecommendationFilterSet, totals: Totals) -> list[Widening]:
    """Return which single filter to drop so that an empty list is empty no longer."""
    if totals.counts:
        return []
    return [
        Widening(str(one.label), totals.without[one.name], filterset.query(**{one.name: None}))
        for one in filterset.in_use
        if totals.without.get(one.name)
    ]
