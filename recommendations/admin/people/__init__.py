"""Accounts: who has one, how their people come in, and what they lost."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from . import access, accounts, factor_resets

__all__ = ["access", "accounts", "factor_resets", "urls"]


def urls(site: AdminSite) -> list[URLPattern]:
    return [*access.urls(site), *factor_resets.urls(site)]
