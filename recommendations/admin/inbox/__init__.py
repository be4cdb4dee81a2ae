"""The inbox: addresses and headlines, until somebody logs them or says why not."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from . import adding, browser, item, listing, logging


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        *listing.urls(site),
        *adding.urls(site),
        *browser.urls(site),
        *item.urls(site),
        *logging.urls(site),
    ]


__all__ = ["urls"]
