"""The log of acts: a list with filters, and the same as CSV. Nothing on it can be changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.exports.csv_export import file_name
from recommendations.exports.csv_rows import safe
from recommendations.models import Act
from recommendations.viewpoint import today
from recommendations.web.errors import BadAddress

from .base import ReadOnlyAdmin

COLUMNS = ("at", "event", "outcome", "name", "address", "subject", "detail")
AT_ONCE = 2000


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
    list_display = ("at", "event", "outcome", "name", "subject", "detail", "address")
    list_filter = ("event", "outcome", "at", ("person", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "subject", "detail", "address")
    list_per_page = 50
    change_list_template = "admin/recommendations/act_change_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.csv_view))
        return [path("csv/", view, name="log_of_acts_csv"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        csv_url = f"{reverse('admin:log_of_acts_csv')}?{request.GET.urlencode()}"
        return super().changelist_view(request, {"csv_url": csv_url, **(extra_context or {})})

    def csv_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """Return all lines of the filtered list, whatever page of it one is on."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise BadAddress([_("One of these filters is not known here.")]) from None
        response = StreamingHttpResponse(
            lines(found.order_by("pk")), content_type="text/csv; charset=utf-8; header=present"
        )
        name = file_name("acts", as_of=today())
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def lines(acts: QuerySet[Act]) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in acts.values_list(*COLUMNS).iterator(chunk_size=AT_ONCE):
        at, *rest = row
        yield _line([at.isoformat(timespec="seconds"), *map(safe, rest)])


def _line(cells) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
