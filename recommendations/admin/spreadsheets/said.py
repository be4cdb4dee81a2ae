"""Takes what an editor said on the page of a spreadsheet into its decisions."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from django.db import transaction
from django.http import HttpRequest

from recommendations.admin.pages import user_of
from recommendations.drafting.deliveries import decisions as kept_decisions
from recommendations.drafting.deliveries.decisions import Decisions, place_of
from recommendations.drafting.deliveries.plan import Plan
from recommendations.importing.tables import mapping as mappings
from recommendations.models import TableImport
from recommendations.models.vocabulary import PartyKind
from recommendations.statuses import Status

from .forms import Forms

ROWS = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")
EACH, SAME, NEW = "", "same", "new"


@transaction.atomic
def save_decisions(request: HttpRequest, pk: int, plan: Plan, forms: Forms) -> None:
    """Keep what was said, as far as it can be kept: nothing that was chosen is lost."""
    kept = TableImport.objects.select_for_update(of=("self",)).get(
        pk=pk, uploaded_by=user_of(request)
    )
    decisions, post = plan.decisions, request.POST
    if forms.source.is_valid():
        decisions.source = forms.source.source
    for form in forms.reports:
        if form.is_valid():
            decisions.reports[form.named.key] = form.choice
    decisions.parties = [slug for slug in post.getlist("party") if slug in plan.directory.parties]
    _take_rows(plan, post, decisions)
    _take_names(plan, post, decisions)
    _take_likely(plan, post, decisions)
    _take_changes(post, decisions)
    kept.decisions = kept_decisions.as_json(decisions)
    kept.mapping = mappings.as_json(_with_statuses(plan, post))
    kept.save(update_fields=["decisions", "mapping"])


def _take_rows(plan: Plan, post: Any, decisions: Decisions) -> None:
    shown = set(post.getlist("shown-group"))
    chosen = set(post.getlist("group"))
    decisions.groups = sorted((set(decisions.groups) - shown) | (chosen & shown))
    last = len(plan.reader.sheet.rows)
    rows: set[int] = set()
    for first, end in ROWS.findall(post.get("rows", "")[:5000]):
        rows.update(range(int(first), min(int(end or first), last) + 1))
    decisions.rows = sorted(row for row in rows if 0 < row <= last)


def _take_names(plan: Plan, post: Any, decisions: Decisions) -> None:
    rest = post.get("owner-rest", "")
    for name in plan.names:
        field = f"owner-{place_of(name.key)}"
        if field in post:
            said = post[field] or rest
            if _is_meaning(plan, said):
                decisions.owners[name.key] = said
            elif not post[field]:
                decisions.owners.pop(name.key, None)


def _is_meaning(plan: Plan, said: str) -> bool:
    kind, _colon, detail = said.partition(":")
    known: dict[str, Any] = {
        "party": plan.directory.parties,
        "body": plan.directory.bodies,
        "new-body": plan.directory.parties,
        "new-party": PartyKind.values,
    }
    return said == "none" or detail in known.get(kind, ())


def _take_likely(plan: Plan, post: Any, decisions: Decisions) -> None:
    rest = post.get("likely-rest", EACH)
    for one in plan.likely:
        said = post.get(f"likely-{one.key}", "")
        if said in (SAME, NEW) or (f"shown-likely-{one.key}" in post and rest in (SAME, NEW)):
            decisions.same[one.key] = one.found.pk if (said or rest) == SAME else 0


def _take_changes(post: Any, decisions: Decisions) -> None:
    shown, chosen = set(post.getlist("shown-change")), set(post.getlist("change"))
    decisions.taken = sorted((set(decisions.taken) - shown) | (shown & chosen))
    decisions.kept = sorted((set(decisions.kept) - shown) | (shown - chosen))


def _with_statuses(plan: Plan, post: Any) -> mappings.Mapping:
    statuses = dict(plan.mapping.statuses)
    for word in plan.statuses:
        said = post.get(f"status-{place_of(word)}", "")
        if said in Status.values or said == "none":
            statuses[word] = "" if said == "none" else said
    return msgspec.structs.replace(plan.mapping, statuses=statuses)
