"""How one person comes in: the password that they have yet to choose, second factor, sessions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from alliance import second_factor, sessions
from recommendations import acts
from recommendations.accounts import factor_resets, letters
from recommendations.accounts.people import begin_invitation, may_manage
from recommendations.admin.pages import staff_page, user_of
from recommendations.models.act import Event

from .forms import FactorResetForm
from .invitations import invite

ALL = "all"


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view, permission="auth.change_user"):
        return staff_page(site, view, permission=permission)

    at = "people/<int:pk>/"
    asks = page(ask_factor_reset, "add_factorreset")
    return [
        path(f"{at}access/", page(person_access, "auth.view_user"), name="person_access"),
        path(f"{at}invite/", page(invite_person), name="invite_person"),
        path(f"{at}end-session/", page(end_session), name="end_session"),
        path(f"{at}reset-factor/", asks, name="ask_factor_reset"),
    ]


@require_safe
def person_access(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, get_object_or_404(User, pk=pk), FactorResetForm())


def _show(
    request: HttpRequest,
    person: User,
    form: FactorResetForm,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    user = user_of(request)
    kinds = second_factor.kinds_of(person)
    context = {
        "person": person,
        "is_own": person == user,
        "may_manage": may_manage(user, person),
        "may_invite": _may_be_invited(person),
        "lacks_address": letters.is_mail_set_up() and not person.email,
        "mails_links": letters.is_mail_set_up(),
        "factors": kinds,
        "asked": person.factor_resets.waiting().with_people().first(),
        "may_reset": bool(kinds) and factor_resets.may_reset(user, person),
        "sessions": sessions.open_sessions(person, now=timezone.now()),
        "form": form,
        "refusals": refusals or [],
    }
    return render(request, "admin/person_access.html", context, status=status)


def _may_be_invited(person: User) -> bool:
    return person.is_active and person.is_staff and not person.has_usable_password()


def _managed(request: HttpRequest, pk: int) -> User:
    person = get_object_or_404(User, pk=pk)
    if not may_manage(user_of(request), person):
        raise PermissionDenied
    return person


@require_POST
def invite_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a new link, which voids those before."""
    _managed(request, pk)
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=pk)
        lacks_address = letters.is_mail_set_up() and not person.email
        if not _may_be_invited(person) or lacks_address:
            messages.error(request, _("This account needs no link, or has no address for one."))
            return redirect("admin:person_access", pk)
        begin_invitation(person)
        _note(Event.ACCOUNT, person, "new link to choose a password")
    return invite(request, person)


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    person = _managed(request, pk)
    chosen = request.POST.get("end", "")
    with transaction.atomic():
        found = [
            one
            for one in sessions.open_sessions(person, now=timezone.now())
            if one.session_key != request.session.session_key and chosen in (ALL, one.mark)
        ]
        n = sessions.end(found)
        if n:
            _note(Event.SESSION, person, str(n))
    told = ngettext("%(n)d session is ended.", "%(n)d sessions are ended.", n) % {"n": n}
    messages.success(request, told)
    return redirect("admin:person_access", pk)


@require_POST
def ask_factor_reset(request: HttpRequest, pk: int) -> HttpResponse:
    person = _managed(request, pk)
    form = FactorResetForm(request.POST)
    if not form.is_valid():
        return _show(request, person, form)
    try:
        factor_resets.ask(person, by=user_of(request), reason=form.cleaned_data["reason"])
    except ValidationError as error:
        return _show(request, person, form, refusals=error.messages, status=409)
    messages.success(request, _("Asked for. Another administrator has to confirm it."))
    return redirect("admin:person_access", pk)


def _note(event: Event, person: User, detail: str) -> None:
    acts.note(event, subject=f"{acts.name_of(person)}: {person}", detail=detail)
