"""What the watch over the evidence names, for the staff: grouped, and one kind a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.contrib.admin import AdminSite
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.admin.pages import staff_page
from recommendations.evidence_watch import Finding, FindingKind, findings_of, watched_actions
from recommendations.models import ListedHost, TrackerState
from recommendations.viewpoint import today
from recommendations.web.errors import BadAddress
from recommendations.web.parameters import page_of, strict

FINDINGS_A_PAGE = 50
A_DAY = 24 * 60 * 60


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="view_evidence")

    return [path("evidence/", page(evidence_watch), name="evidence_watch")]


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of finding, and how many actions it names."""

    kind: FindingKind
    n: int


def findings(*, on: date) -> list[Finding]:
    return findings_of(watched_actions(), on=on, hosts=ListedHost.objects.as_list())


def number_named(*, on: date) -> int:
    """Return how many actions are named, kept until public content or the day changes."""
    revision = TrackerState.objects.values_list("content_revision", flat=True).first()
    key = f"evidence-watch:{revision}:{on}"
    found: int | None = cache.get(key)
    if found is None:
        found = len({finding.action.pk for finding in findings(on=on)})
        cache.set(key, found, A_DAY)
    return found


@require_safe
@strict("kind", "page", has_viewpoint=False)
def evidence_watch(request: HttpRequest) -> HttpResponse:
    """Show how many actions each kind names, and with ?kind= which."""
    found, kind = findings(on=today()), _kind_of(request)
    actions = {(finding.kind, finding.action.pk) for finding in found}
    counts = Counter(of_kind for of_kind, _pk in actions)
    chosen = [finding for finding in found if finding.kind == kind]
    context = {
        "kinds": [Named(one, counts[one]) for one in FindingKind if counts[one]],
        "n_actions": len({pk for _of_kind, pk in actions}),
        "chosen": kind,
        "page": page_of(request, chosen, size=FINDINGS_A_PAGE) if kind else None,
        "keep": f"kind={kind}&" if kind else "",
        # The list that the forms lead back to.
        "carried": f"evidence?kind={kind}",
        "may_log": request.user.has_perm("recommendations.add_statusupdate"),
    }
    return render(request, "admin/evidence_watch.html", context)


def _kind_of(request: HttpRequest) -> FindingKind | None:
    asked = request.GET.getlist("kind")
    if not asked:
        return None
    if len(asked) > 1 or asked[0] not in FindingKind.values:
        raise BadAddress(
            [_("“kind” can be one of: %(kinds)s.") % {"kinds": ", ".join(FindingKind.values)}]
        )
    return FindingKind(asked[0])
