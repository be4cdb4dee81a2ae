"""What cannot be taken back asks for the factor, or the password, again after some hours."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from alliance import second_factor

HOURS = 4
# Pages that publish, retract, change what is counted, or change who may do so.
GRAVE = {
    "review",
    "review_edition",
    "review_retraction",
    "retract_update",
    "decide_step",
    "merge_actions",
    "split_action",
    "auth_user_add",
    "auth_user_change",
    "invite_person",
    "end_session",
    "ask_factor_reset",
    "decide_factor_reset",
}
STRUCTURE = "_structure"


class StepUpMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if settings.TRYOUT or request.method != "POST" or match is None or not is_grave(match):
            return None
        if not request.user.is_authenticated or is_fresh(request):
            return None
        # The form is kept, and sent on once it is shown who it is.
        return suspend_request(request, page_to_ask(request))


def is_grave(match: ResolverMatch) -> bool:
    name = match.url_name or ""
    if name == "account_sessions":
        return True
    return match.namespace == "admin" and (name in GRAVE or name.endswith(STRUCTURE))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the strongest that its person has was shown within HOURS."""
    records = get_authentication_records(request, request.user)
    if second_factor.is_set_up(request.user):
        records = [record for record in records if record["method"] == "mfa"]
    shown_at = max((record["at"] for record in records), default=0)
    return time.time() - shown_at < HOURS * 3600


def page_to_ask(request: HttpRequest) -> str:
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    pages = [method["url"] for method in methods]
    factors = [method["url"] for method in methods if method["id"].startswith("mfa_")]
    # The last is the passkey's, where there is one.
    return (factors or pages)[-1]
