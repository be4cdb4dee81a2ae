"""The list as CSV, as a workbook and as JSON Lines, by the same filters as its page."""

from __future__ import annotations

from array import array
from pathlib import Path

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.site_name import site_name
from recommendations.exports.csv_export import file_name, lines
from recommendations.exports.csv_reading import ActionRows, RecommendationRows
from recommendations.exports.list_sheet import list_sheet
from recommendations.exports.tables.reading import Pinned
from recommendations.exports.tables.text_files import json_parts
from recommendations.exports.tables.workbook_of_tables import about_pairs, made_at
from recommendations.exports.workbook import Book
from recommendations.figures.caveats import caveats_of_list
from recommendations.filters import RecommendationFilterSet
from recommendations.filters.selection import Selection
from recommendations.index.keeping import of_one_state
from recommendations.index.names import KEY
from recommendations.text.punctuation import colon
from recommendations.web import made_aside
from recommendations.web.conditional import revalidated
from recommendations.web.data_files import CSV, JSON_LINES, XLSX
from recommendations.web.filtering import LIST_FILTERS, filterset_of
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

from .data_files import refuse_too_many, source_of


@require_safe
@revalidated
@strict(*LIST_FILTERS, is_file=True)
def recommendation_csv(request: PublicRequest) -> HttpResponseBase:
    """All rows of the list, in its order, on whatever page of it one is."""
    viewpoint = request.viewpoint
    filterset = filterset_of(request)
    rows = ActionRows if filterset.is_of_actions else RecommendationRows
    reader = rows(filterset.record, root=request.build_absolute_uri("/").rstrip("/"))
    keys = keys_of(filterset)
    name = file_name(filterset.shown_unit, as_of=viewpoint.on)
    parts = lines(reader, keys, as_of=viewpoint.on)
    return made_aside.text(request, parts, n=len(keys), content_type=CSV, name=name)


def keys_of(filterset: RecommendationFilterSet) -> array[int]:
    """Return the keys of the list in its order: four megabytes a million."""
    return of_one_state(
        filterset.viewpoint, lambda index: array(KEY, Selection(filterset, index).all_keys())
    )


@require_safe
@revalidated
@strict(*LIST_FILTERS, is_file=True)
def recommendation_xlsx(request: PublicRequest) -> HttpResponseBase:
    """All rows of the list as a sheet, with the columns of the CSV."""
    filterset = filterset_of(request)
    record, root = filterset.record, request.build_absolute_uri("/").rstrip("/")
    keys, caveats = of_one_state(
        request.viewpoint,
        lambda index: (keys_of(filterset), caveats_of_list(Selection(filterset, index))),
    )
    address = request.build_absolute_uri()
    refuse_too_many(len(keys), csv=address.replace("recommendations.xlsx", "recommendations.csv"))
    rows = ActionRows if filterset.is_of_actions else RecommendationRows
    reader = rows(record, root=root, write=str)
    unit, day = filterset.shown_unit, request.viewpoint.on
    edition = record.newest_edition()
    about = about_pairs(record, edition, caveats=caveats, address=address)

    def make(path: Path) -> None:
        book = Book(
            path,
            site_name() + colon() + _("Recommendations and actions"),
            about,
            made_at(request.viewpoint, edition),
        )
        book.write([list_sheet(reader, keys, name=unit, as_of=day)])

    name = file_name(unit, as_of=day, ending="xlsx")
    return made_aside.workbook(request, make, n=len(keys), content_type=XLSX, name=name)


@require_safe
@revalidated
@strict(*LIST_FILTERS, is_file=True)
def recommendation_jsonl(request: PublicRequest) -> HttpResponseBase:
    """All rows of the list as the typed rows of the tables."""
    filterset = filterset_of(request)
    table = "actions" if filterset.is_of_actions else "recommendations"
    source = source_of(request)

    def begin(_index: object) -> Pinned:
        keys = keys_of(filterset)
        return Pinned(source, source.record.newest_edition(), {table: keys})

    pinned = of_one_state(request.viewpoint, begin)
    name = file_name(filterset.shown_unit, as_of=request.viewpoint.on, ending="jsonl")
    parts = json_parts(pinned, table)
    return made_aside.text(request, parts, n=len(pinned), content_type=JSON_LINES, name=name)
