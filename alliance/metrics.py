"""How long requests take, counted by all processes of one machine together.

Each process counts in a file of its own under PROMETHEUS_MULTIPROC_DIR, and whichever is asked
adds them up. Counting in the shared cache would cost each request a round trip, and nothing would
be known while that is away.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
UNKNOWN = "none"
METHODS = ("GET", "HEAD", "POST")

requests = Histogram(
    "tracker_request_seconds",
    "Requests by the name of the page, method and class of status, and how long they took.",
    ["view", "method", "status"],
    buckets=BUCKETS,
)


class MetricsMiddleware:
    """Stands before all others, so that their time and their refusals count."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        name = match.view_name if match else UNKNOWN
        # Anybody may make up a method, and each would be counted for good.
        method = request.method if request.method in METHODS else "other"
        labels = (name or UNKNOWN, method, f"{response.status_code // 100}xx")
        requests.labels(*labels).observe(time.perf_counter() - began)
        return response


def counted() -> CollectorRegistry:
    """Return a registry with what was counted so far, for one answer."""
    registry = CollectorRegistry()
    if settings.METRICS_DIR:
        MultiProcessCollector(registry, path=settings.METRICS_DIR)
    else:
        registry.register(requests)
    return registry
