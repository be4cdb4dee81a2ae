"""Whether the process lives, and whether it can serve. Neither says anything of the content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alliance import replica
from alliance.background import queue
from alliance.replica_state import Condition, watch

ANSWERS, AWAY, PENDING, NONE = "answers", "away", "migrations pending", "none"


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer without touching the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Tell how each server is, and answer 503 while no page can be answered.

    That is while neither database answers, or the migrations of the one that pages would be read
    from are behind the code.
    """
    primary = state_of_database(replica.PRIMARY)
    said = state_of_replica()
    is_ready = primary == ANSWERS
    if primary == AWAY and said["state"] not in (NONE, Condition.AWAY):
        is_ready = state_of_database(replica.REPLICA) == ANSWERS
    states = {
        "ready": is_ready,
        "primary": {"state": primary},
        "replica": said,
        "cache": {"state": state_of_cache()},
        "worker": {"state": state_of_worker(primary)},
    }
    return JsonResponse(states, status=200 if is_ready else 503)


def state_of_database(alias: str) -> str:
    try:
        executor = MigrationExecutor(connections[alias])
        is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except (DatabaseError, ImproperlyConfigured):
        return AWAY
    return PENDING if is_behind else ANSWERS


def state_of_replica() -> dict[str, Any]:
    if not replica.is_set_up():
        return {"state": NONE}
    seen = watch.look()
    return {
        "state": seen.condition,
        "lag_seconds": seen.lag_seconds,
        "revisions_behind": seen.revisions_behind,
    }


def state_of_cache() -> str:
    """Return how the server of CACHE_URL is, if there is one."""
    if "counts_here" not in settings.CACHES:
        return NONE
    # Here, since it takes 6 MB: a site without a shared cache needs none of it.
    from alliance.redis_cache import SharedOrOwnCache

    counts = caches["default"]
    return ANSWERS if isinstance(counts, SharedOrOwnCache) and counts.ping() else AWAY


def state_of_worker(primary: str) -> str:
    """Return whether any worker was seen lately, which is known while the database answers."""
    try:
        return ANSWERS if primary == ANSWERS and queue.is_seen() else AWAY
    except DatabaseError:
        return AWAY
