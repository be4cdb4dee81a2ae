"""Sources, what cites them, their copies, and the removal of a copy by two."""

from .captures import urls
from .lookup import urls as lookup_urls
from .records import SourceAdmin

__all__ = ["SourceAdmin", "lookup_urls", "urls"]
