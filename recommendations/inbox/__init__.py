"""What may be news: taken in once, with the actions that it may be about, and decided on.

Whatever brings something in asks `add_items`: pages of the staff, a reader's report, a watched
feed.
"""

from .adding import MOST_AT_ONCE, Added, News, add_items, cleaned_news
from .suggestions import Suggested, keep_suggestions, kept_suggestions, suggested, suggested_of

__all__ = [
    "MOST_AT_ONCE",
    "Added",
    "News",
    "Suggested",
    "add_items",
    "cleaned_news",
    "keep_suggestions",
    "kept_suggestions",
    "suggested",
    "suggested_of",
]
