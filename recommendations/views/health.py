"""Whether the process lives, and whether it can serve. Neither says anything of the content."""

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer without touching the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database is away or its migrations are behind the code."""
    try:
        executor = MigrationExecutor(connection)
        is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except (DatabaseError, ImproperlyConfigured):
        return HttpResponse("database does not answer\n", status=503, content_type="text/plain")
    if is_behind:
        return HttpResponse("migrations are pending\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
