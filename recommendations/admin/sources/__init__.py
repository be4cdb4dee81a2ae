"""Sources, what cites them, their copies, and the removal of a copy by two."""

from .captures import urls as removal_urls
from .copies import urls as copy_urls
from .item_copies import urls as item_urls
from .lookup import urls as lookup_urls
from .records import SourceAdmin

__all__ = ["SourceAdmin", "copy_urls", "item_urls", "lookup_urls", "removal_urls"]
