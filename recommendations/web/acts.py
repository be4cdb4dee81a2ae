"""Each act of the staff leaves its line: what the steps themselves do not tell, its page does."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from recommendations import acts
from recommendations.models.act import Event, Outcome

# By the name of the page, then by the first words of it.
PAGES = {
    "log_update_discard": Event.DRAFT,
    "log_update": Event.DRAFT,
    "log_update_draft": Event.DRAFT,
    "import_report": Event.IMPORT,
    "import_reading": Event.IMPORT,
    "import_preview": Event.IMPORT,
    "decide_proposal": Event.IMPORT,
    "import_table": Event.IMPORT,
    "table_columns": Event.IMPORT,
    "table_check": Event.IMPORT,
    "delivery_dates": Event.DRAFT,
    "delivery_submit": Event.SUBMISSION,
    "save_translation": Event.TRANSLATION,
    "inbox": Event.INBOX,
    "inbox_item": Event.INBOX,
    "inbox_paste": Event.INBOX,
    "inbox_add": Event.INBOX,
    "inbox_report": Event.INBOX,
    "inbox_log": Event.DRAFT,
    "reader_report": Event.READER_REPORT,
    "mark_passage": Event.WORDING,
    "unmark_passage": Event.WORDING,
    "breakdown_move": Event.WORDING,
    "breakdown_add": Event.WORDING,
    "breakdown_ticked": Event.WORDING,
    "breakdown_include": Event.STRUCTURE,
    "recommendations_action_changelist": Event.OTHER,
    "invite_person": Event.ACCOUNT,
    "ask_factor_reset": Event.ACCOUNT,
    "decide_factor_reset": Event.ACCOUNT,
    "end_session": Event.SESSION,
    "source_copies": Event.SOURCE,
    "ask_removal": Event.SOURCE,
    "decide_removal": Event.SOURCE,
    "decide_job": Event.UPKEEP,
    "check_again": Event.SOURCE,
    "watched_feed": Event.OTHER,
    "unfold_item": Event.INBOX,
    "lift_host": Event.INBOX,
}
FAMILIES = {
    "auth_": Event.ACCOUNT,
    "recommendations_statusupdate": Event.DRAFT,
    "recommendations_assignment": Event.OTHER,
    "recommendations_listedhost": Event.OTHER,
    "recommendations_feed": Event.OTHER,
    "recommendations_source": Event.SOURCE,
    "recommendations_capture": Event.SOURCE,
    "recommendations_": Event.WORDING,
}
EXPORTS = {"recommendations_action_csv", "log_of_acts_csv"}
# Reading again which draft is stored changes nothing.
NO_ACTS = {"logout", "login", "log_update_stored", "log_actions", "jsi18n"}


class ActsMiddleware:
    """Stands where the person and the messages of the request are known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acts.occasion(request) as occasion:
            response = self.get_response(request)
            if not occasion.n:
                note_page(request, response)
        return response


def note_page(request: HttpRequest, response: HttpResponse) -> None:
    """Note what was done, refused or taken away on a page whose view noted nothing."""
    match = request.resolver_match
    if match is None or match.namespace != "admin" or match.url_name in NO_ACTS:
        return
    if not request.user.is_authenticated:
        return
    subject = " ".join([match.url_name or "", *map(str, match.kwargs.values())])
    if response.status_code == 403:
        acts.note(Event.REFUSAL, subject=subject, outcome=Outcome.REFUSED)
    elif match.url_name in EXPORTS and response.status_code == 200:
        acts.note(Event.EXPORT, subject=subject, detail=request.GET.urlencode())
    elif request.method == "POST" and is_answered(response):
        outcome = Outcome.REFUSED if has_error(request) else Outcome.DONE
        acts.note(event_of(match), subject=subject, outcome=outcome)


def is_answered(response: HttpResponse) -> bool:
    """Whether a form was taken: it leads on, and not to a page that asks who it is."""
    if response.status_code not in (302, 303):
        return response.status_code == 204
    return not is_sign_in(response.headers.get("Location", ""))


def is_sign_in(location: str) -> bool:
    try:
        name = resolve(location.partition("?")[0]).url_name or ""
    except Resolver404:
        return False
    return name.startswith(("account_", "mfa_", "login"))


def has_error(request: HttpRequest) -> bool:
    said = messages.get_messages(request)
    return any(one.level >= messages.ERROR for one in getattr(said, "_queued_messages", ()))


def event_of(match: ResolverMatch) -> Event:
    name = match.url_name or ""
    if name in PAGES:
        return PAGES[name]
    return next((event for start, event in FAMILIES.items() if name.startswith(start)), Event.OTHER)
