"""All that can be taken along: the page of everything, and what describes its files."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.digests.keys import signers
from recommendations.exports.tables.catalog import catalog_of, dataset_of
from recommendations.exports.tables.codebook import codebook_csv, codebook_markdown
from recommendations.exports.tables.fields import fields_of
from recommendations.exports.tables.package import data_package
from recommendations.exports.tables.reading import Pinned
from recommendations.exports.tables.registry import TABLES
from recommendations.exports.tables.vocabularies import FIXED, OF_RECORD, fixed_terms
from recommendations.web.conditional import revalidated
from recommendations.web.data_files import CSV, described
from recommendations.web.description import described as in_sentences
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

from .data_files import source_of

# Editions whose ZIP the page names; the page of each has its own.
MOST_EDITIONS = 50


@require_safe
@revalidated
@strict()
def data_index(request: PublicRequest) -> HttpResponse:
    source = source_of(request)
    record = source.record
    editions = record.editions().order_by("-number")
    context = {
        "tables": [(table, fields_of(table.row)) for table in TABLES.values()],
        "vocabularies": [
            *((name, one.title, list(fixed_terms(source, name))) for name, one in FIXED.items()),
            # They may be thousands.
            *((name, title, []) for name, title in OF_RECORD.items()),
        ],
        "newest": record.newest_edition(),
        "is_signed": bool(signers()),
        "editions": editions[:MOST_EDITIONS],
        "has_more_editions": editions.count() > MOST_EDITIONS,
        "dataset": as_script(dataset_of(source, page=request.build_absolute_uri())),
    }
    title = data_title(request)
    about = _("All tables of the record and each of its editions as files, with their codebook.")
    return render_page(
        request,
        "recommendations/data.html",
        context,
        title=title,
        description=in_sentences(about),
        trail=[(title, request.path)],
    )


def as_script(content: dict[str, Any]) -> SafeString:
    """Return JSON that nothing in it can end the element of."""
    text = json.dumps(content, ensure_ascii=False)
    return mark_safe(text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}))


def data_title(request: PublicRequest) -> str:
    return _("Data")


@require_safe
@revalidated
@strict(is_file=True)
def codebook_text(request: PublicRequest) -> HttpResponseBase:
    return _file(codebook_markdown(), "text/markdown; charset=utf-8")


@require_safe
@revalidated
@strict(is_file=True)
def codebook_table(request: PublicRequest) -> HttpResponseBase:
    return _file(codebook_csv(), CSV)


@require_safe
@revalidated
@strict(is_file=True)
def package(request: PublicRequest) -> HttpResponseBase:
    """Describe the CSV of every table, as it is from the viewpoint of the address."""
    source = source_of(request)
    pinned = Pinned(source, source.record.newest_edition(), {})

    def path_of(name: str) -> str:
        path = reverse("recommendations:table_csv", args=[name])
        return source.address(request.viewpoint.address(path))

    home = source.address(request.viewpoint.address(reverse("recommendations:data")))
    return _json(data_package(pinned, path_of=path_of, home=home), "application/json")


@require_safe
@revalidated
@strict(is_file=True)
def catalog(request: PublicRequest) -> HttpResponseBase:
    return _json(catalog_of(source_of(request)), "application/ld+json")


def _json(content: dict[str, Any], content_type: str) -> HttpResponseBase:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    return _file(f"{text}\n", content_type)


def _file(text: str, content_type: str) -> HttpResponseBase:
    return described(HttpResponse(text, content_type=content_type))
