"""Sets of filters that a person keeps under a name."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recommendations.models import SavedFilter

from .base import tell
from .pages import staff_page, user_of

# The lists whose filters can be kept, and what of their addresses is no filter.
PAGES = ("admin:recommendations_action_changelist",)
NO_FILTERS = ("p", "e", "all", "_facets")
MOST_TEXT = 2000


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, require_POST(view), permission="view_action")

    return [
        path("filters/save/", page(save_filter), name="save_filter"),
        path("filters/<int:pk>/delete/", page(delete_filter), name="delete_filter"),
    ]


def saved_filters_of(person: User, page: str) -> list[tuple[SavedFilter, str]]:
    """Return the filters that a person keeps for a list, each with its address (one query)."""
    kept = SavedFilter.objects.filter(owner=person, page=page)
    return [(one, f"{reverse(page)}?{one.query}") for one in kept]


@transaction.atomic
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filters of a list; those that the person has under this name are replaced."""
    page = request.POST.get("page", "")
    if page not in PAGES:
        raise Http404
    query = query_of(request.POST.get("query", ""))
    name = request.POST.get("name", "").strip()
    owner = user_of(request)
    try:
        SavedFilter(owner=owner, page=page, name=name, query=query).clean_fields()
    except ValidationError as error:
        tell(request, error)
    else:
        SavedFilter.objects.update_or_create(
            owner=owner, page=page, name=name, defaults={"query": query}
        )
        messages.success(request, _("The filters are saved as “%(name)s”.") % {"name": name})
    return HttpResponseRedirect(f"{reverse(page)}?{query}")


def query_of(text: str) -> str:
    """Return a query string without what is no filter."""
    query = QueryDict(text[:MOST_TEXT].replace("\x00", ""), mutable=True)
    for name in NO_FILTERS:
        query.pop(name, None)
    return query.urlencode()


def delete_filter(request: HttpRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(SavedFilter, pk=pk, owner=user_of(request))
    kept.delete()
    messages.success(request, _("The filters “%(name)s” are deleted.") % {"name": kept.name})
    return HttpResponseRedirect(reverse(kept.page))
