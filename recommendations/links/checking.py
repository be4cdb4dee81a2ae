"""Asking for the pages of sources, politely: hosts take turns, and none is asked twice at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from recommendations.capturing.answers import Checked
from recommendations.capturing.sandbox import check_page
from recommendations.models import CheckedLink, Source

from .recording import record_check

# So long a run holds a link. Of one that was killed the next takes it then.
HELD = timedelta(hours=1)
# Seconds between two questions to one host.
PAUSE = 10.0
AT_ONCE = 100
OF_HOST = 5
TAKEN_IN = 1000

Check = Callable[[str], Checked]


@dataclass
class Checking:
    """One run. `check`, `now` and `wait` are what asks, what tells the time and what lets it pass.

    `asked` says when each host was asked last, `found` how many links are in each state.
    """

    check: Check = check_page
    now: Callable[[], datetime] = timezone.now
    wait: Callable[[float], None] = time.sleep
    asked: dict[str, datetime] = field(default_factory=dict)
    found: Counter[str] = field(default_factory=Counter)

    def run(self, *, until: datetime) -> Counter[str]:
        """Check what is due until a moment, and return how many links were found in which state."""
        take_in(now=self.now())
        while self.now() < until and (batch := due(now=self.now())):
            for link in batch:
                if self.now() >= until:
                    break
                self._checked(link)
        return self.found

    def _checked(self, link: CheckedLink) -> None:
        self._wait_for(link.source.host)
        if not hold(link, now=self.now()):
            return
        checked = self.check(link.source.url)
        self.asked[link.source.host] = self.now()
        if record_check(link, checked, at=self.now()):
            self.found[checked.state] += 1

    def _wait_for(self, host: str) -> None:
        if last := self.asked.get(host):
            passed = (self.now() - last).total_seconds()
            if passed < PAUSE:
                self.wait(PAUSE - passed)


def check_links(*, minutes: float) -> Counter[str]:
    """Check what is due for so many minutes."""
    checking = Checking()
    return checking.run(until=checking.now() + timedelta(minutes=minutes))


def take_in(*, now: datetime) -> None:
    """Have sources checked that came since the last run."""
    new = Source.objects.filter(link__isnull=True).order_by("pk")
    while keys := list(new.values_list("pk", flat=True)[:TAKEN_IN]):
        links = [CheckedLink(source_id=key, next_at=now) for key in keys]
        CheckedLink.objects.bulk_create(links, ignore_conflicts=True)


def due(*, now: datetime) -> list[CheckedLink]:
    """Return what is to be checked now, hosts in turns (one query)."""
    rows = CheckedLink.objects.due(now=now).in_turns(of_host=OF_HOST)
    return list(rows.select_related("source")[:AT_ONCE])


def hold(link: CheckedLink, *, now: datetime) -> bool:
    """Whether the link is the caller's to check: another run may have taken it."""
    seen = CheckedLink.objects.filter(pk=link.pk, next_at=link.next_at)
    link.next_at = now + HELD
    return bool(seen.update(next_at=link.next_at))
