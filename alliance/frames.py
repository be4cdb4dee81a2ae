"""Room for the frames of one answer, so that calls do not fetch memory again and again.

CPython keeps frames in pieces of 16 kB. A piece goes back to the system when its first frame ends,
so a loop that happens to stand at the end of one gets and gives back memory with each call: the
list of actions took twice its time where middleware, views and templates were as deep as that. One
frame that says it needs much gets a piece as large as itself, and what it calls has the rest of it.
Memory that is not written to is not taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# In places of eight bytes: half a megabyte, of which CPython makes a piece of one.
PLACES = 2**16


def with_room(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Return a WSGI application that answers with room for a thousand frames."""

    def roomy(*arguments: Any) -> Any:
        return answer(*arguments)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=PLACES)
    return roomy
