"""Editing the breakdown of a report: its tree, and splitting and merging its actions."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from . import succession, tree


def urls(site: AdminSite) -> list[URLPattern]:
    return [*succession.urls(site), *tree.urls(site)]
