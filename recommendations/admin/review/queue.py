"""What waits for a reviewer: submissions, oldest first, and requests for retraction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from recommendations import publishing
from recommendations.admin.pages import user_of
from recommendations.models import RetractionRequest, StatusUpdate

from .ages import waiting_time

MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission or a request as one person sees it waiting."""

    subject: StatusUpdate | RetractionRequest
    time: str
    is_own: bool
    has_rival: bool = False


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    updates = StatusUpdate.objects.waiting().for_review()
    retractions = RetractionRequest.objects.waiting().select_related(
        "update__action__recommendation__report", "requested_by"
    )
    context = {
        "submissions": _submissions(list(updates[:MOST]), user_of(request), now=now),
        "number": updates.count(),
        "retractions": [
            Waiting(
                one,
                waiting_time(one.requested_at, now=now),
                is_own=one.requested_by_id == user_of(request).pk,
            )
            for one in retractions[:MOST]
        ],
    }
    return render(request, "admin/review_queue.html", context)


def _submissions(updates: Sequence[StatusUpdate], user: User, *, now: datetime) -> list[Waiting]:
    counts = Counter(update.action_id for update in updates)
    return [
        Waiting(
            update,
            waiting_time(update.submitted_at or update.created_at, now=now),
            is_own=user.pk in publishing.authors_of(update),
            has_rival=counts[update.action_id] > 1,
        )
        for update in updates
    ]
