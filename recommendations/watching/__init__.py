"""Watching feeds: what is new in them waits in the inbox of whoever looks after the action.

A feed is fetched (`fetching`), what is new is stored with the mark of having fetched it
(`storing`), and then compared with the actions, item by item (`ranking`). Whoever is killed
between any two leaves what the next run goes on with. Nothing is logged by itself.
"""

from .fetching import Reading, fetch_feed
from .ranking import put_into_inbox, rank_new
from .running import Watched, watch
from .storing import store, switch_off, switch_on, try_feed

__all__ = [
    "Reading",
    "Watched",
    "fetch_feed",
    "put_into_inbox",
    "rank_new",
    "store",
    "switch_off",
    "switch_on",
    "try_feed",
    "watch",
]
