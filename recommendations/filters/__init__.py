"""The one set of filters that page, counts and exports share.

Strict: what it does not know makes it invalid, and an invalid one has no rows to give. (As
django-filter leaves it, it would answer with every row.)
"""

from .filterset import RecommendationFilterSet
from .parameters import AnyOf, UnderReview
from .vocabularies import MOST_REPORTS, Option, Review, Sort, Unit

__all__ = [
    "MOST_REPORTS",
    "AnyOf",
    "Option",
    "RecommendationFilterSet",
    "Review",
    "Sort",
    "UnderReview",
    "Unit",
]
