"""Watched feeds: added, tried and switched on by editors; what fits nothing, and lowered hosts."""

from .feeds import urls
from .lowered import urls as lowered_urls
from .records import FeedAdmin

__all__ = ["FeedAdmin", "lowered_urls", "urls"]
