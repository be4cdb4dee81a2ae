"""From nothing to a published report: what to do, in which order, and how far one is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from recommendations.models import (
    AddresseeGroup,
    Edition,
    FiscalYear,
    Party,
    PolicyArea,
    Report,
    Site,
    StatusUpdate,
)

from .pages import user_of

LIST = "admin:recommendations_{}_changelist"


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step, whether it is done, and where it is taken; nowhere for who may not."""

    title: str | Promise
    about: str | Promise
    is_done: bool
    url: str


def urls(site: AdminSite) -> list[URLPattern]:
    return [path("first-steps/", site.admin_view(first_steps), name="first_steps")]


@require_safe
def first_steps(request: HttpRequest) -> HttpResponse:
    return render(request, "admin/first_steps.html", {"steps": list(_steps(user_of(request)))})


def is_at_the_beginning() -> bool:
    """Whether nothing was ever published (one query)."""
    return not Edition.objects.exists()


def _steps(user: User) -> Iterator[FirstStep]:
    yield _step(
        user,
        _("Say what the site is called"),
        _("Its name, logo and colour, its languages, who runs it, and the fixed name for feeds."),
        is_done=_is_named(),
        permission="change_site",
        url=reverse("admin:recommendations_site_change", args=[1]),
    )
    yield _step(
        user,
        _("Add who is asked to act"),
        _("Parties, by the names that the report gives them, and their bodies."),
        is_done=Party.objects.exists(),
        permission="add_party",
        url=reverse("admin:recommendations_party_add"),
    )
    yield _step(
        user,
        _("Group them"),
        _("Sets of parties by which pages count, such as one ministry alone, or all of them."),
        is_done=AddresseeGroup.objects.exists(),
        permission="add_addresseegroup",
        url=reverse("admin:recommendations_addresseegroup_add"),
    )
    yield _step(
        user,
        _("Say when fiscal years begin"),
        _("So that deadlines such as “by the end of FY2030” can be read."),
        is_done=FiscalYear.objects.exists(),
        permission="add_fiscalyear",
        url=reverse("admin:recommendations_fiscalyear_add"),
    )
    yield _step(
        user,
        _("Name the policy areas"),
        _("Labels by which readers find recommendations."),
        is_done=PolicyArea.objects.exists(),
        permission="add_policyarea",
        url=reverse("admin:recommendations_policyarea_add"),
    )
    yield _step(
        user,
        _("Import the report"),
        _("From its file: what it asks for is proposed, and you decide."),
        is_done=Report.objects.filter(is_bibliographic=False).exists(),
        permission="add_report",
        url=reverse("admin:import_report"),
    )
    yield _step(
        user,
        _("Break it down and publish it"),
        _("Each action with its parties; then another person confirms that it is counted."),
        is_done=Edition.objects.exists(),
        permission="change_report",
        url=reverse(LIST.format("report")),
    )
    yield _step(
        user,
        _("Log what has become of it"),
        _("An analyst logs an update with its source, and a reviewer publishes it."),
        is_done=StatusUpdate.objects.exists(),
        permission="add_statusupdate",
        url=reverse("admin:log_update"),
    )


def _is_named() -> bool:
    """Whether somebody has said anything of the site, which makes a line of its history."""
    return Site.history.filter(history_type="~").exists()


def _step(
    user: User, title: Promise, about: Promise, *, is_done: bool, permission: str, url: str
) -> FirstStep:
    may = user.has_perm(f"recommendations.{permission}")
    return FirstStep(title, about, is_done, url if may else "")
