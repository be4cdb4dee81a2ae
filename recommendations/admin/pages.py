"""What the staff's own pages share: who may open them, and text that outlives a session.

A form that arrives without a session, or with a token from before a sign-in, is not thrown away:
its text comes back on a page that sends it again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast
from urllib.parse import urlsplit

from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

View = Callable[..., HttpResponse]
TOKEN = "csrfmiddlewaretoken"
LONG_TEXT = 80


def staff_page(site: AdminSite, view: View, *, permission: str) -> View:
    """Return a view for signed-in staff with a permission, of this app unless it names another.

    Without one it is for all of the staff.
    """
    wanted = permission if "." in permission else f"recommendations.{permission}"

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not site.has_permission(request):
            if request.method == "POST":
                return resend_page(request, is_signed_out=True, status=401)
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if permission and not request.user.has_perm(wanted):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(csrf_protect(guarded))


def user_of(request: HttpRequest) -> User:
    """Return who is signed in. Each page of the staff asks for that before it runs."""
    return cast("User", request.user)


def resend_page(request: HttpRequest, *, is_signed_out: bool, status: int) -> HttpResponse:
    """Return a page with what was typed, and a button that sends it once more. Nothing is done."""
    fields = [
        (name, value) for name, values in request.POST.lists() for value in values if name != TOKEN
    ]
    context = {
        "fields": fields,
        "texts": [value for _name, value in fields if len(value) >= LONG_TEXT or " " in value],
        "is_signed_out": is_signed_out,
        "sign_in": reverse("admin:login"),
        "address": request.get_full_path(),
    }
    return render(request, "admin/held_text.html", context, status=status)


def key_of(text: str) -> int | None:
    """Return a primary key from a form, or None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def came_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the form.

    Another site's form must not be offered for sending again.
    """
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.get_host()
