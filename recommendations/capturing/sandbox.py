"""The one way from the rest of the program to pages of the web.

A page is fetched by a process of its own, `capturing.child`: without the database and the secrets
of the service, within so much memory and time. Unless CAPTURE is on, none is started.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence

import msgspec
from django.conf import settings

from . import confined
from .addresses import target_of
from .answers import Answer, Checked, Fetched, Refusal
from .limits import CAPTURED, CHECKED, MEGABYTE, Limits
from .problems import Reason, Refused
from .questions import GRACE, Question

CHILD: Sequence[str] = ("-m", "recommendations.capturing.child")
# Of the processor: unpacking takes less than one.
SECONDS = 15
# After the child has ended by itself, were all well; its own start on a busy machine among it.
BACKSTOP = 20
# Heads of answers, beside the body of a page.
HEADS = MEGABYTE


def fetch_page(
    address: str,
    *,
    limits: Limits = CAPTURED,
    child: Sequence[str] | None = None,
    etag: str = "",
) -> Fetched | Refusal:
    """Return the page at an address, or why there is none.

    `child` is the process that fetches: no setting gives another one. `etag` is that of the answer
    before.
    """
    answer = _asked(Question("fetch", address, agent(), limits, etag), child)
    if isinstance(answer, Checked):
        return Refusal(address, Reason.BROKEN, address)
    return answer


def check_page(
    address: str, *, limits: Limits = CHECKED, child: Sequence[str] | None = None
) -> Checked:
    """Return whether the page at an address is still there."""
    answer = _asked(Question("check", address, agent(), limits), child)
    if isinstance(answer, Checked):
        return answer
    reason = answer.reason if isinstance(answer, Refusal) else Reason.BROKEN
    return Checked(address, "unknown", reason, address, 0)


def agent() -> str:
    """Return how sites are told who asks, and where to read more."""
    return f"RecommendationTracker (+{settings.SITE_URL})"


def _asked(question: Question, child: Sequence[str] | None) -> Answer:
    refused = Refusal(question.address, Reason.BROKEN, question.address)
    if not settings.CAPTURE:
        return msgspec.structs.replace(refused, reason=Reason.OFF)
    try:
        target_of(question.address)
    except Refused as error:
        return msgspec.structs.replace(refused, reason=error.reason)
    outcome = confined.run(
        child or CHILD,
        msgspec.json.encode(question),
        seconds=SECONDS,
        wall=question.limits.wall + GRACE + BACKSTOP,
        most=question.limits.size + HEADS,
    )
    if outcome.took_too_long or outcome.code in (-signal.SIGALRM, -signal.SIGXCPU):
        return msgspec.structs.replace(refused, reason=Reason.TIMEOUT)
    if outcome.code != 0:
        return refused
    try:
        return msgspec.msgpack.decode(outcome.said, type=Answer)
    except msgspec.DecodeError:
        return refused
