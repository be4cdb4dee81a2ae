"""Log an item of the inbox for one or several actions: all of them are stored, or none is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from alliance.turns import transaction_in_turn
from recommendations import publishing
from recommendations.admin.log.copies import copy_step
from recommendations.admin.log.copy_boxes import copy_boxes
from recommendations.admin.log.forms import EvidenceFormSet
from recommendations.admin.log.page import ANSWERS, publishers, with_empty_item
from recommendations.admin.log.writing import store_draft
from recommendations.admin.pages import key_of, staff_page, user_of
from recommendations.inbox.deciding import record_logged
from recommendations.models import Action, Evidence, InboxItem, StatusUpdate
from recommendations.statuses import EVIDENCE_DEFINITIONS, EvidenceKind
from recommendations.text.punctuation import listed
from recommendations.viewpoint import today

from .several import SeveralPage

MOST_ACTIONS = 10
# What stands between numbers that are typed: "1.1f, 2.3a".
BETWEEN = re.compile(r"[\s,;、，]+")
ADD, SUBMIT = "add", "submit"


class Unfit(Exception):
    """An update cannot be submitted as it is. Nothing is stored."""


def urls(site: AdminSite) -> list[URLPattern]:
    page = staff_page(site, log_item, permission="add_statusupdate")
    return [path("inbox/<int:pk>/log/", page, name="inbox_log")]


@require_http_methods(["GET", "HEAD", "POST"])
def log_item(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(InboxItem.objects.select_related("source", "decided_by"), pk=pk)
    actions, unknown = _chosen(request)
    refused = _refused(item, actions, unknown)
    by, on = user_of(request), today()
    if request.method != "POST":
        if not refused:
            return _render(request, SeveralPage.opened(item, actions, by=by, on=on))
        for sentence in refused:
            messages.error(request, sentence)
        return _to(item)
    page = SeveralPage.sent(item, actions, request.POST, by=by, on=on)
    if refused := refused or _left(page):
        page.leave_unjudged(page.formset)
        return _render(request, page, status=409, refusals=refused)
    go = request.POST.get("go", "")
    if step := copy_step(go, request.POST, by=by):
        page.leave_unjudged(EvidenceFormSet(step.data, prefix="evidence"))
        return _render(request, page, refused_copies=step.refused)
    if go == ADD:
        page.leave_unjudged(with_empty_item(page.formset, request.POST, today=on))
        return _render(request, page)
    if not page.is_valid():
        return _render(request, page)
    items = page.formset.items
    if questions := page.questions(items, request.POST.getlist(ANSWERS)):
        return _render(request, page, questions=questions)
    return _store_or_say(request, page, items)


def _chosen(request: HttpRequest) -> tuple[list[Action], list[str]]:
    """Return the actions that are ticked or whose numbers are typed, and what is no number.

    Of a form that is sent they are all that it was opened for: some may have left the record.
    """
    asked = request.POST if request.method == "POST" else request.GET
    rows = Action.objects.all() if request.method == "POST" else Action.objects.in_record()
    rows = rows.with_stated_since().select_related("recommendation__report")
    keys = [key for text in asked.getlist("action") if (key := key_of(text))][: MOST_ACTIONS + 1]
    found = rows.in_bulk(keys)
    actions = {pk: found[pk] for pk in keys if pk in found}
    unknown = []
    for label in filter(None, BETWEEN.split(asked.get("also", "")[:200])):
        labelled = list(rows.labelled(label)[:2])
        if len(labelled) == 1:
            actions.setdefault(labelled[0].pk, labelled[0])
        else:
            unknown.append(label)
    return list(actions.values()), unknown


def _left(page: SeveralPage) -> list[str]:
    """Return a sentence where actions of the form left the record meanwhile, and mark them."""
    keys = [draft.action.pk for draft in page.drafts]
    stays = Action.objects.in_record().filter(pk__in=keys).values_list("pk", flat=True)
    left = page.mark_left(set(stays))
    if not left:
        return []
    said = _(
        "No longer in the record: %(labels)s. What you typed there stands below to be copied, and "
        "is left out when the form is sent again."
    )
    return [said % {"labels": listed([draft.action.label for draft in left])}]


def _refused(item: InboxItem, actions: Sequence[Action], unknown: Sequence[str]) -> list[str]:
    if item.is_dismissed:
        return [_("This was dismissed. Bring it back first.")]
    if unknown:
        said = _("No single action has the number %(labels)s. Choose it in the list of actions.")
        return [said % {"labels": listed(unknown)}]
    if not actions:
        return [_("Choose at least one action.")]
    if len(actions) > MOST_ACTIONS:
        said = _("At most %(limit)d actions can be logged at a time.")
        return [said % {"limit": MOST_ACTIONS}]
    return []


def _store_or_say(
    request: HttpRequest, page: SeveralPage, items: Sequence[Evidence]
) -> HttpResponse:
    is_submission = request.POST.get("go") == SUBMIT
    try:
        updates = _store(request, page, items, is_submission=is_submission)
    except publishing.Stale:
        return _tell_stored(request, page, items)
    except Unfit:
        return _render(request, page)
    except ValidationError as error:
        return _render(request, page, refusals=error.messages)
    labels = listed([update.action.label for update in updates])
    if is_submission:
        said = ngettext(
            "Submitted: %(labels)s. Another person will review it.",
            "Submitted: %(labels)s. Another person will review them.",
            len(updates),
        )
    else:
        said = ngettext(
            "The draft is saved: %(labels)s.", "The drafts are saved: %(labels)s.", len(updates)
        )
    messages.success(request, said % {"labels": labels})
    return HttpResponseRedirect(reverse("admin:inbox")) if is_submission else _to(page.item)


def _tell_stored(
    request: HttpRequest, page: SeveralPage, items: Sequence[Evidence]
) -> HttpResponse:
    """Lead to what this very form has stored, unless it says something else by now."""
    if differing := page.stored_otherwise(items):
        said = _(
            "This form was stored before with other words, for %(labels)s. Open what is stored "
            "and change it there; what you typed is still here to be copied."
        )
        labels = listed([draft.action.label for draft in differing])
        return _render(request, page, status=409, refusals=[said % {"labels": labels}])
    messages.info(request, _("This form was stored already."))
    return _to(page.item)


def _store(
    request: HttpRequest, page: SeveralPage, items: Sequence[Evidence], *, is_submission: bool
) -> list[StatusUpdate]:
    """Store an update for each action, and what came of the item, in one transaction.

    Raises Unfit, with the problems beside each, where one of them cannot be submitted.
    """
    by = user_of(request)
    with transaction_in_turn():
        updates = []
        for draft in page.drafts:
            update = store_draft(draft.form, draft.items(items), by=by)
            if is_submission:
                draft.problems = publishing.problems_of(update, today=today())
            updates.append(update)
        if page.unfit:
            raise Unfit
        if is_submission:
            for update in updates:
                publishing.submit(update, by=by)
        record_logged(page.item, updates, by=by, now=timezone.now())
    return updates


def _to(item: InboxItem) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:inbox_item", args=[item.pk]))


def _render(
    request: HttpRequest,
    page: SeveralPage,
    *,
    status: int = 200,
    refused_copies: Mapping[str, str] | None = None,
    **facts: Any,
) -> HttpResponse:
    context = {
        "page": page,
        "item": page.item,
        "drafts": page.drafts,
        "formset": page.formset,
        "kinds": [(kind, EVIDENCE_DEFINITIONS[kind]) for kind in EvidenceKind],
        "publishers": publishers(),
        "questions": [],
        "refusals": [],
        "copy_boxes": copy_boxes(page.formset, user=user_of(request), refused=refused_copies),
        "answered": request.POST.getlist(ANSWERS),
        **facts,
    }
    return render(request, "admin/inbox_log.html", context, status=status)
