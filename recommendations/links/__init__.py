"""Whether cited pages are still there: asked weekly, one host after the other, by a timer.

Dead is little: 404, 410 or no such name, three times over three weeks. A site that refuses
programs, or has an error of its own, is no dead link, and readers are told nothing of it.
"""

from .checking import Checking, check_links
from .recording import ask_again, record_check

__all__ = ["Checking", "ask_again", "check_links", "record_check"]
