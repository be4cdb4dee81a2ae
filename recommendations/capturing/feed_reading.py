"""Reading the feed that was fetched, in a process that can open nothing."""

from __future__ import annotations

import msgspec

from recommendations.importing.child import ANSWERED, LENGTH

from . import confined
from .answers import Fetched
from .feeds import Adapter, Fault, FeedAnswer, FeedQuestion, FeedUnread, Kind
from .limits import MEGABYTE, Limits

CHILD = ("-m", "recommendations.capturing.feed_child")
SECONDS = 20
# So many times longer may it take on the wall.
WAITING = 3
MOST = 12 * MEGABYTE
# Of the fetch: a feed of some thousand items is less.
FETCHED = Limits(sent=10 * MEGABYTE, size=10 * MEGABYTE)


# While a browser waits for the answer.
SOON = Limits(wall=10, silence=8, sent=10 * MEGABYTE, size=10 * MEGABYTE)
SECONDS_IN_A_REQUEST = 6


def read_feed(
    fetched: Fetched, kind: Kind, adapter: Adapter | None = None, *, seconds: int = SECONDS
) -> FeedAnswer:
    """Return the items of a feed that was fetched, or why there are none.

    `seconds` are those that it may take of the processor.
    """
    question = FeedQuestion(kind, fetched.content_type, fetched.address, adapter)
    asked = msgspec.json.encode(question)
    sent = len(asked).to_bytes(LENGTH, "big") + asked + fetched.body
    outcome = confined.run(CHILD, sent, seconds=seconds, wall=WAITING * seconds, most=MOST)
    if outcome.code != ANSWERED:
        return FeedUnread(Fault.TOO_LARGE)
    try:
        return msgspec.msgpack.decode(outcome.said, type=FeedAnswer)
    except msgspec.DecodeError:
        return FeedUnread(Fault.BROKEN)
