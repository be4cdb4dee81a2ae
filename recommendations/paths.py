"""Paths of pages, kept: one page has hundreds of links."""

from __future__ import annotations

from django.urls import get_script_prefix, reverse

from .text.kept import kept_by_language


def path_of(name: str, *args: object) -> str:
    """Return what `reverse` returns, in the active language."""
    return _path_under(get_script_prefix(), name, *args)


@kept_by_language
def _path_under(_prefix: str, name: str, *args: object) -> str:
    return reverse(name, args=args)
