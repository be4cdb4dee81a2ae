"""Logging a status update: one form, its evidence rule told live, nothing typed lost."""

from .views import urls

__all__ = ["urls"]
