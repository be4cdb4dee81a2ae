"""Sources as things: their references on what is published, their copies, and the removal of those.

Publishing alone gives items of evidence their source, at the moment when they enter the record.
"""

from .captures import (
    add_capture,
    is_whole,
    keep_file,
    new_capture,
    open_copy,
    record_capture,
)
from .linking import give_sources, known_source, source_for
from .removals import ask_removal, confirm_removal, decline_removal, forget_file

__all__ = [
    "add_capture",
    "ask_removal",
    "confirm_removal",
    "decline_removal",
    "forget_file",
    "give_sources",
    "is_whole",
    "keep_file",
    "known_source",
    "new_capture",
    "open_copy",
    "record_capture",
    "source_for",
]
