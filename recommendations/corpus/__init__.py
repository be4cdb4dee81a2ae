"""A made-up record of any size, for measuring and trying out: the same seed makes the same rows."""

from .plan import SIZES, Size
from .store import AlreadyThere, make

__all__ = ["SIZES", "AlreadyThere", "Size", "make"]
