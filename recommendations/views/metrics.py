"""What an operator watches, in the text format of Prometheus. It is there for who has the token."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from alliance import metrics, replica
from alliance.background import queue
from alliance.circuit import circuit
from alliance.models import SeenWorker
from alliance.replica_state import Condition, watch
from recommendations.models import Act, Edition, StatusUpdate, TrackerState
from recommendations.models.act import CHECKED
from recommendations.models.status_update import ReviewState

from .health import ANSWERS, NONE, state_of_cache, state_of_database


@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Answer 404 to everybody else, as if there were no such page."""
    said = request.headers.get("Authorization", "")
    token = settings.METRICS_TOKEN
    if not token or not constant_time_compare(said, f"Bearer {token}"):
        raise Http404
    registry = metrics.counted()
    registry.register(Servers())
    registry.register(State())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Servers(Collector):
    """Which servers answer, and how far the replica is behind."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("tracker_up", "Whether a server answers.", labels=["server"])
        up.add_metric(["primary"], state_of_database(replica.PRIMARY) == ANSWERS)
        if (cache := state_of_cache()) != NONE:
            up.add_metric(["cache"], cache == ANSWERS)
        if replica.is_set_up():
            seen = watch.look()
            up.add_metric(["replica"], seen.condition in (Condition.ANSWERS, Condition.BEHIND))
            yield from _gauge("replica_lag_seconds", "Behind the primary.", seen.lag_seconds)
            behind = seen.revisions_behind
            yield from _gauge("replica_revisions_behind", "Changes that it lacks.", behind)
        yield up


class State(Collector):
    """What the record says of itself; nothing while the primary is away."""

    def collect(self) -> Iterator[Metric]:
        if circuit.is_open:
            return
        try:
            yield from list(_state())
        except (DatabaseError, InterfaceError):
            return


def _state() -> Iterator[Metric]:
    revision = TrackerState.objects.values_list("content_revision", flat=True).first()
    yield from _gauge("content_revision", "Changes of public content so far.", revision or 0)
    waiting = StatusUpdate.objects.filter(review_state=ReviewState.SUBMITTED).count()
    yield from _gauge("updates_awaiting_review", "Updates that were submitted.", waiting)
    yield from _of_background()
    newest = Edition.objects.order_by("-number").first()
    if newest:
        published = newest.published_at.timestamp()
        yield from _gauge("newest_edition_timestamp_seconds", "When it was published.", published)
    checked = Act.objects.filter(subject=CHECKED).first()
    if checked:
        at = checked.at.timestamp()
        yield from _gauge("integrity_check_timestamp_seconds", "The last check_integrity.", at)
        found = float(checked.detail)
        yield from _gauge("integrity_check_differences", "What it named.", found)


def _of_background() -> Iterator[Metric]:
    now, numbers = timezone.now(), queue.numbers()
    jobs = GaugeMetricFamily("tracker_jobs", "Background work by its state.", labels=["state"])
    for state, n in numbers.items():
        jobs.add_metric([state], n)
    yield jobs
    yield from _gauge("oldest_job_seconds", "How long a job is due.", queue.overdue_for(now=now))
    if seen := SeenWorker.objects.order_by("-seen_at").first():
        at = seen.seen_at.timestamp()
        yield from _gauge("worker_seen_timestamp_seconds", "The last sign of a worker.", at)


def _gauge(name: str, says: str, value: float | None) -> Iterator[Metric]:
    if value is not None:
        yield GaugeMetricFamily(f"tracker_{name}", says, value=value)
