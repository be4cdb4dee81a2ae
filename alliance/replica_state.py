"""How far the replica is behind the primary, as this process saw it last."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from alliance.circuit import SECONDS, circuit, is_away

REPLICA = "replica"
# As long what was seen holds. A publication reaches readers by so much later at most.
HOLDS = 2

REVISION = "(SELECT content_revision FROM recommendations_trackerstate)"
ASK_PRIMARY = f"SELECT pg_current_wal_lsn()::text, {REVISION}"
# Whoever has replayed as far as the primary has written is not behind, however long ago that was.
ASK_REPLICA = f"""
    SELECT pg_is_in_recovery(), {REVISION},
        CASE WHEN pg_last_wal_replay_lsn() >= %s::pg_lsn THEN 0
        ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END
"""


class Condition(StrEnum):
    ANSWERS = "answers"
    BEHIND = "behind"
    AWAY = "away"
    # Somebody let it go on by itself: what it says is not what the primary says.
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True)
class Seen:
    condition: Condition
    revision: int = 0
    # Unknown while the primary is away.
    primary_revision: int | None = None
    lag_seconds: float | None = None

    @property
    def revisions_behind(self) -> int | None:
        if self.primary_revision is None or self.condition == Condition.AWAY:
            return None
        return max(0, self.primary_revision - self.revision)

    def is_enough_for(self, revision: int) -> bool:
        """Whether a page may be read from it for somebody who knows of a revision.

        While the primary is away whatever it has is better than nothing.
        """
        if self.condition == Condition.AWAY or self.revision < revision:
            return False
        return self.condition == Condition.ANSWERS or self.primary_revision is None


class Watch:
    """Looks at both servers again when what it saw is some seconds old."""

    def __init__(self) -> None:
        self.until = 0.0
        self.last = Seen(Condition.AWAY)

    def seen(self) -> Seen:
        is_old = time.monotonic() >= self.until
        # Meanwhile the primary went away: what is behind it may be all that there is.
        is_overtaken = circuit.is_open and self.last.primary_revision is not None
        return self.look() if is_old or is_overtaken else self.last

    def look(self) -> Seen:
        return self.remember(look())

    def remember(self, seen: Seen) -> Seen:
        away = seen.condition == Condition.AWAY
        self.last, self.until = seen, time.monotonic() + (SECONDS if away else HOLDS)
        return seen

    def leave_out(self) -> None:
        """Note that the replica failed a page."""
        self.remember(Seen(Condition.AWAY, primary_revision=self.last.primary_revision))


watch = Watch()


def look() -> Seen:
    position, primary_revision = _ask_primary()
    row = _ask(REPLICA, ASK_REPLICA, [position])
    if row is None:
        return Seen(Condition.AWAY, primary_revision=primary_revision)
    is_in_recovery, revision, seconds = row
    if primary_revision is None and not circuit.is_open:
        # It answers, and cannot say how far it is.
        return Seen(Condition.BEHIND, revision or 0, revision or 0)
    lag = None if seconds is None or position is None else max(0.0, float(seconds))
    seen = Seen(Condition.ANSWERS, revision or 0, primary_revision, lag)
    if not is_in_recovery:
        return Seen(Condition.PROMOTED, seen.revision, primary_revision)
    is_late = lag is None or lag > settings.REPLICA_MAX_LAG
    if seen.revisions_behind and is_late:
        return Seen(Condition.BEHIND, seen.revision, primary_revision, lag)
    return seen


def _ask_primary() -> tuple[str | None, int | None]:
    """Return how far it has written, and its revision; nothing while it is away."""
    if circuit.is_open:
        return None, None
    row = _ask("default", ASK_PRIMARY)
    return (row[0], row[1] or 0) if row else (None, None)


def _ask(alias: str, sql: str, values: list[str | None] | None = None) -> tuple | None:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()
    except (DatabaseError, InterfaceError):
        if alias == "default" and is_away(alias):
            circuit.open()
        connections[alias].close()
        return None
