"""Runs of the watch that are killed (-9) at any moment: no item is lost, none comes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from recommendations.models import Feed, FeedItem, InboxItem

from .factories import ActionFactory, FeedFactory, RecommendationFactory, include
from .test_killed_server import database_url

pytestmark = pytest.mark.django_db(transaction=True)

# A run that finds three items about ferries and three about soup, and dies at a moment.
RUN = """
import os, signal, sys
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from recommendations import watching
from recommendations.models import Feed, FeedItem
from recommendations.watching import fetching, ranking, running, storing
from tests.test_feed_reading import fetched, rss

moment = sys.argv[1]

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def one(n, title):
    return f"<item><title>{title} {n}</title><link>https://news.example.org/{n}</link></item>"

ITEMS = [one(n, "Run more ferries to the outer islands") for n in range(3)]
ITEMS += [one(n, "Recipe of pumpkin soup") for n in range(3, 6)]

def fetch(address, *, etag=""):
    if moment == "fetching":
        die()
    return fetched(rss(*ITEMS))

if moment == "held":
    running.fetch_feed = die
elif moment == "read":
    running.store = die
elif moment == "storing":
    Feed.save = die
elif moment == "stored":
    store = running.store
    running.store = lambda *args, **kwargs: (store(*args, **kwargs), die())
elif moment == "adding":
    add = ranking.add_items
    ranking.add_items = lambda *args, **kwargs: (add(*args, **kwargs), die())
elif moment == "added":
    keep = ranking._keep
    ranking._keep = lambda *args, **kwargs: (keep(*args, **kwargs), die())
watching.watch(until=timezone.now() + timedelta(minutes=10), fetch=fetch)
"""


def run(moment: str) -> int:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-c", RUN, moment]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, timeout=600).returncode


@pytest.mark.parametrize(
    "moment", ["held", "fetching", "read", "storing", "stored", "adding", "added"]
)
def test_a_watch_that_was_killed_is_gone_on_with(moment: str) -> None:
    for title in ("Run more ferries to the outer islands", "Plant trees", "Repair bridges"):
        recommendation = RecommendationFactory(headline=title, summary="")
        include(
            reports=[
                ActionFactory(title=title, recommendation=recommendation).recommendation.report
            ]
        )
    FeedFactory(is_on=True)
    assert run(moment) == -signal.SIGKILL
    Feed.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    assert run("never") == 0
    assert FeedItem.objects.count() == 6
    assert (
        sorted(FeedItem.objects.values_list("state", flat=True)) == ["folded"] * 3 + ["waiting"] * 3
    )
    addresses = [f"https://news.example.org/{n}" for n in range(3)]
    assert sorted(InboxItem.objects.values_list("url", flat=True)) == addresses
