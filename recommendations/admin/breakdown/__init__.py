"""Editing the breakdown of a report: its tree, many actions at once, and steps in what is counted.

Splitting and merging, adding to the public record, and how that will look.
"""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from . import bulk, inclusion, preview, succession, tree


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        *succession.urls(site),
        *tree.urls(site),
        *bulk.urls(site),
        *inclusion.urls(site),
        *preview.urls(site),
    ]
