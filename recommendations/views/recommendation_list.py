"""The list of actions or recommendations, and the same as CSV."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def recommendation_list(request: HttpRequest) -> HttpResponse:
    return render(request, "recommendations/list.html")


@require_safe
def recommendation_csv(request: HttpRequest) -> HttpResponse:
    return HttpResponse(content_type="text/csv; charset=utf-8")
