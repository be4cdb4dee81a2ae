"""Pages about the tracker itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.addressee_groups import groups
from recommendations.figures.agreement import agreements_of, agreements_of_people
from recommendations.known_precisions import known_precisions
from recommendations.models.action import ASK_STRENGTH_DEFINITIONS
from recommendations.record import Record
from recommendations.site_row import site
from recommendations.statuses import (
    EFFECTIVE_PRECISIONS,
    EVIDENCE_DEFINITIONS,
    EVIDENCE_RULES,
    REVIEW_INTERVAL,
    ROLL_UP_RULES,
    SCHEDULE_DEFINITIONS,
    STATUS_DEFINITIONS,
    Attribution,
    Confidence,
    EvidenceKind,
    Schedule,
    Status,
)
from recommendations.statuses.code_book import CODE_BOOK
from recommendations.text.punctuation import gap, stop
from recommendations.web.conditional import revalidated
from recommendations.web.context_processors import THEMES
from recommendations.web.description import described
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

ONE_YEAR = 365 * 24 * 60 * 60


@require_safe
@revalidated
@strict()
def methodology(request: PublicRequest) -> HttpResponse:
    """The rules, with every definition taken from the code that enforces it."""
    context = {
        # It tells of the rules, which are of today.
        "viewpoint": None,
        "statuses": [(status, STATUS_DEFINITIONS[status]) for status in Status],
        "evidence_kinds": [(kind, EVIDENCE_DEFINITIONS[kind]) for kind in EvidenceKind],
        "roll_up_rules": ROLL_UP_RULES.items(),
        "schedules": [(schedule, SCHEDULE_DEFINITIONS[schedule]) for schedule in Schedule],
        "evidence_rules": [
            (_quoted(status for status in Status if status in covered), needed)
            for covered, needed in EVIDENCE_RULES
        ],
        "review_days": REVIEW_INTERVAL.days,
        "addressees": _listed(one.label for one in groups()),
        "precisions": _quoted(known_precisions()),
        "effective_precisions": _quoted(EFFECTIVE_PRECISIONS),
        "confidences": _quoted(Confidence),
        "attributions": _quoted(Attribution),
        "code_book": CODE_BOOK,
        "ask_strengths": ASK_STRENGTH_DEFINITIONS.items(),
        "agreements": agreements_of(Record(request.viewpoint)),
        "agreements_of_people": agreements_of_people(Record(request.viewpoint)),
    }
    title = methodology_title(request)
    about = _(
        "Eight words, one evidence rule, two people. The definitions on this page are those that "
        "the software enforces."
    )
    return render_page(
        request,
        "recommendations/methodology.html",
        context,
        title=title,
        description=described(f"{title}{stop()}{gap()}{about}"),
        trail=[(title, request.path)],
    )


def methodology_title(request: PublicRequest) -> str:
    return _("How statuses are decided")


def _quoted(choices: Iterable[models.TextChoices]) -> str:
    return _listed(str(choice.label) for choice in choices)


def _listed(labels: Iterable[str]) -> str:
    return _(", ").join(_("“%(label)s”") % {"label": label} for label in labels)


@require_safe
@revalidated
@strict()
def accessibility(request: PublicRequest) -> HttpResponse:
    title, context = accessibility_title(request), {"viewpoint": None}
    return render_page(
        request,
        "recommendations/accessibility.html",
        context,
        title=title,
        description=described(
            _("The public pages aim at level AA of the Web Content Accessibility Guidelines 2.2.")
        ),
        trail=[(title, request.path)],
    )


def accessibility_title(request: PublicRequest) -> str:
    return _("Accessibility")


@require_safe
@revalidated
@strict()
def about(request: PublicRequest) -> HttpResponse:
    """Who runs the site, as editors say it today: an edition says nothing of it."""
    context = {"viewpoint": None, "site": site()}
    title = _("About this site")
    about = _("Who runs this site, who analyses, and how to reach them about a finding.")
    return render_page(
        request,
        "recommendations/about.html",
        context,
        title=title,
        description=described(title, about),
        trail=[(title, request.path)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@strict("next")
def appearance(request: HttpRequest) -> HttpResponse:
    """Let a reader choose light or dark; without a choice the system's setting holds."""
    back = _local_address(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "POST":
        response = HttpResponseRedirect(back)
        theme = request.POST.get("theme", "")
        if theme in THEMES:
            response.set_cookie(
                "theme",
                theme,
                max_age=ONE_YEAR,
                samesite="Lax",
                secure=request.is_secure(),
                httponly=True,
            )
        else:
            response.delete_cookie("theme", samesite="Lax")
        return response
    return render(request, "recommendations/appearance.html", {"next": back, "themes": THEMES})


def _local_address(request: HttpRequest, address: str) -> str:
    is_path = address.startswith("/") and not address.startswith("//")
    is_local = is_path and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}
    )
    return address if is_local else reverse("recommendations:appearance")
