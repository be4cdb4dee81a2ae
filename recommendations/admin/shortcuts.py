"""The list of keyboard shortcuts as a page of its own, for browsers without the script."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe


def urls(site: AdminSite) -> list[URLPattern]:
    return [path("shortcuts/", site.admin_view(shortcuts), name="shortcuts")]


@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    return render(request, "admin/shortcuts.html")
