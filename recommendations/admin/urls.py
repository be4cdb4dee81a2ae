"""Addresses of the staff's own pages: each module of pages names its own."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from . import (
    background,
    breakdown,
    dead_links,
    evidence_watch,
    first_steps,
    importing,
    inbox,
    log,
    marking,
    people,
    preferences,
    reader_reports,
    review,
    saved_filters,
    second_coding,
    shortcuts,
    sources,
    spreadsheets,
    structure_requests,
    translations,
    watching,
)


def staff_urls(site: AdminSite) -> list[URLPattern]:
    return [
        *background.urls(site),
        *breakdown.urls(site),
        *dead_links.urls(site),
        *evidence_watch.urls(site),
        *first_steps.urls(site),
        *importing.urls(site),
        *inbox.urls(site),
        *log.urls(site),
        *marking.urls(site),
        *people.urls(site),
        *preferences.urls(site),
        *reader_reports.urls(site),
        *review.urls(site),
        *shortcuts.urls(site),
        *sources.copy_urls(site),
        *sources.item_urls(site),
        *sources.lookup_urls(site),
        *sources.removal_urls(site),
        *spreadsheets.urls(site),
        *saved_filters.urls(site),
        *second_coding.urls(site),
        *structure_requests.urls(site),
        *translations.urls(site),
        *watching.lowered_urls(site),
        *watching.urls(site),
    ]
