"""Copies that staff ask for: what was asked, made in the background, and what was read in them.

`capturing` knows pages and no database, `sources` rows and no pages: here the one becomes the
other.
"""

from .asking import ask_capture, bring_file, what_was_read
from .jobs import request_ended
from .known import KnownCopies, known_copies

__all__ = [
    "KnownCopies",
    "ask_capture",
    "bring_file",
    "known_copies",
    "request_ended",
    "what_was_read",
]
