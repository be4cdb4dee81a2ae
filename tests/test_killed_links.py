"""Runs that check links and are killed (-9) at any moment: nothing lost, nothing noted twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from recommendations.links import checking
from recommendations.models import Act, CheckedLink, LinkCheck, TrackerState
from recommendations.models.checked_link import LinkState

from .factories import CheckedLinkFactory, SourceFactory, published_action, published_update
from .test_killed_server import database_url

pytestmark = pytest.mark.django_db(transaction=True)

# A run in which every page is gone, and something happens at a moment.
RUN = """
import os, signal, sys
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from recommendations.capturing.answers import Checked
from recommendations.links import checking, recording
from recommendations.models import CheckedLink, LinkCheck

moment = sys.argv[1]

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def check(address):
    if moment == "asking":
        die()
    return Checked(address, "dead", "not_found", address, 404)

if moment == "held":
    Held = checking.hold
    checking.hold = lambda *args, **kwargs: (Held(*args, **kwargs), die())
elif moment == "noting":
    CheckedLink.save = die
elif moment == "telling":
    recording.touch = die
elif moment == "noted":
    record = checking.record_check
    checking.record_check = lambda *args, **kwargs: (record(*args, **kwargs), die())
run = checking.Checking(check=check, wait=lambda seconds: None)
run.run(until=timezone.now() + timedelta(minutes=10))
"""


def run(moment: str) -> int:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-c", RUN, moment]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, timeout=600).returncode


@pytest.mark.parametrize("moment", ["held", "asking", "noting", "telling", "noted"])
def test_a_run_that_was_killed_is_gone_on_with(moment: str) -> None:
    """Each link has been gone twice: whoever notes the third time says so to readers, once."""
    published_update(published_action())
    past = timezone.now() - timedelta(days=15)
    facts = {"state": LinkState.GONE, "times_gone": 2, "gone_since": past, "next_at": past}
    for n in range(3):
        source = SourceFactory(url=f"https://site-{n}.example.org/")
        CheckedLinkFactory(source=source, **facts)
    CheckedLink.objects.exclude(state=LinkState.GONE).delete()
    before = TrackerState.objects.get().content_revision

    assert run(moment) == -signal.SIGKILL
    assert LinkCheck.objects.count() == (moment == "noted")
    CheckedLink.objects.filter(checked_at=None).update(next_at=past)
    assert run("never") == 0
    links = CheckedLink.objects.filter(source__host__startswith="site-")
    assert set(links.values_list("state", "times_gone")) == {(LinkState.DEAD, 3)}
    checked = LinkCheck.objects.filter(source__in=links.values("source"))
    assert sorted(checked.values_list("source", flat=True)) == sorted(
        links.values_list("source", flat=True)
    )
    assert TrackerState.objects.get().content_revision == before + 3
    assert Act.objects.filter(detail="its link is dead: not_found").count() == 3


def test_a_link_that_a_killed_run_held_is_taken_after_an_hour() -> None:
    now = timezone.now()
    link = CheckedLinkFactory(next_at=now)
    assert checking.hold(link, now=now)
    assert checking.due(now=now) == []
    assert checking.due(now=now + checking.HELD) == [link]
