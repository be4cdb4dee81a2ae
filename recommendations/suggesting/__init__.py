"""Finds the actions that a piece of news is about.

A text is compared with what was asked, with the recommendation that asks it and with what was told
since, in both languages (docs/decisions/0016-suggestions.md).
"""

from .finding import LEAST, Suggestion, cited_sentence, suggest

__all__ = ["LEAST", "Suggestion", "cited_sentence", "suggest"]
