"""The list of actions or recommendations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from pyroaring import BitMap

from recommendations.figures.caveats import caveats_of_list
from recommendations.figures.facets import Totals, totals_of
from recommendations.figures.matches import matches_of
from recommendations.figures.named_reports import named_reports, only_report
from recommendations.filters import RecommendationFilterSet, Sort, Unit
from recommendations.filters.selection import Selection
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION
from recommendations.models import Recommendation, Report
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.record import Record
from recommendations.text.languages import plain
from recommendations.text.punctuation import colon
from recommendations.web.conditional import revalidated
from recommendations.web.description import described
from recommendations.web.errors import BadAddress
from recommendations.web.filtering import LIST_FILTERS, chips_of, filterset_of
from recommendations.web.one_state import indexed
from recommendations.web.page import numbered, render_page
from recommendations.web.parameters import WHOLE, is_whole, page_number, strict
from recommendations.web.public_request import PublicRequest

if TYPE_CHECKING:
    from recommendations.rows import ListedAction, ListedRecommendation

ROWS_A_PAGE = 25
# All rows on one page, to read through or to print: more would keep a browser busy.
MOST_ROWS = 500


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
@strict(*LIST_FILTERS, "page", "rows")
@indexed
def recommendation_list(request: PublicRequest) -> HttpResponse:
    """The whole page, or what changes of it where htmx asks."""
    number = page_number(request)
    context = _context(request, number)
    query = context["filterset"].query(**_page_query(request, number))
    is_whole = not request.htmx or request.htmx.history_restore_request
    response = render_page(
        request,
        "recommendations/list.html" if is_whole else "recommendations/list_update.html",
        context,
        title=_title(number, context["report"]),
        query=query,
        description=described(
            _described_as(context["filterset"], context["report"]),
            _number_of(context["filterset"], context["totals"]),
        ),
        trail=[(_title(1, None), reverse("recommendations:list"))],
    )
    if not is_whole:
        response["HX-Push-Url"] = reverse("recommendations:list") + query
    return response


def _number_of(filterset: RecommendationFilterSet, totals: Totals) -> str:
    """Return how many rows there are, in a sentence."""
    if filterset.is_of_actions:
        words = _(
            "%(n)d of %(total)d verifiable actions, with status, evidence, addressee and deadline."
        )
    else:
        words = _("%(n)d of %(total)d recommendations, with the status of each.")
    return words % {"n": totals.counts.total, "total": totals.total}


def list_title(request: PublicRequest) -> str:
    filterset = filterset_of(request)
    number = page_number(request)
    with opened_at(request.viewpoint) as index:
        _refuse_beyond(_paginator(request, Selection(filterset, index)), number)
    return _title(number, only_report(filterset))


def _title(page: int, report: Report | None) -> str:
    words = _("Recommendations and actions")
    return numbered(f"{words}{colon()}{report.known_as}" if report else words, page)


def _described_as(filterset: RecommendationFilterSet, report: Report | None) -> str:
    """Return the title, with the report that was asked for: short, since numbers follow."""
    title = _title(1, None)
    if report is None or not filterset.values.get("report"):
        return title
    return f"{title}{colon()}{plain(report.title, 'report.title')}"


def _page_query(request: PublicRequest, number: int) -> dict[str, str | int | None]:
    """Return what an address says of one page of the list."""
    return {
        "page": number if number > 1 else None,
        "rows": WHOLE if is_whole(request) else None,
    }


def _context(request: PublicRequest, number: int) -> dict[str, Any]:
    """Return what the page shows (a fixed number of queries, of the rows of one page)."""
    filterset = filterset_of(request)
    selection = Selection(filterset, request.index)
    paginator = _paginator(request, selection)
    _refuse_beyond(paginator, number)
    page = paginator.page(number)
    is_grouped = filterset.is_of_actions and filterset.chosen_sort == Sort.REPORT
    totals = totals_of(selection)
    report = only_report(filterset)
    return {
        "filterset": filterset,
        **_of_search(filterset, page.object_list, is_grouped=is_grouped),
        "totals": totals,
        "page": page,
        "pages": _pages(request, filterset, page),
        "next_query": filterset.query(**_page_query(request, number + 1)),
        "whole": {
            "is_shown": is_whole(request),
            "most": MOST_ROWS,
            "query": filterset.query(rows=WHOLE),
        },
        "report": report,
        "is_of_one_report": report is not None,
        "caveats": caveats_of_list(selection),
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


def _paginator(request: PublicRequest, selection: Selection) -> Paginator:
    return Paginator(ListedRows(selection), MOST_ROWS if is_whole(request) else ROWS_A_PAGE)


def _refuse_beyond(paginator: Paginator, number: int) -> None:
    if number > paginator.num_pages:
        raise BadAddress(
            [
                _("There is no page %(number)d: the last one is %(last)d.")
                % {"number": number, "last": paginator.num_pages}
            ]
        )


def _pages(
    request: PublicRequest, filterset: RecommendationFilterSet, page: Page
) -> list[tuple[int | None, str]]:
    """Return the numbers and queries of the pages to link to; None stands for those left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [
        (number, filterset.query(**_page_query(request, number)))
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
