"""Editing the breakdown of a report: splitting and merging its actions."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from . import succession


def urls(site: AdminSite) -> list[URLPattern]:
    return [*succession.urls(site)]
