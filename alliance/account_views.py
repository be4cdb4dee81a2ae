"""django-allauth's pages where they need something of ours around them."""

from typing import Any

from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance import second_factor, sessions
from recommendations import acts
from recommendations.models.act import Event


class ActivateAppView(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.note_enrolment(self.request)
        return response


class AddPasskeyView(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.note_enrolment(self.request)
        return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """List where one is signed in, and end one of them or all others."""
    mine = sessions.open_sessions(request.user, now=timezone.now())
    here = request.session.session_key
    if request.method == "POST":
        ended = request.POST.get("end", "")
        chosen = [one for one in mine if one.session_key != here and ended in ("others", one.mark)]
        if n := sessions.end(chosen):
            acts.note(Event.SESSION, detail=str(n))
        return redirect("account_sessions")
    context = {
        "here": next((one for one in mine if one.session_key == here), None),
        "others": [one for one in mine if one.session_key != here],
    }
    return render(request, "account/sessions.html", context)


# The picture that the app scans is a data: address. No other page may show one.
activate_app = csp_update({"img-src": ["data:"]})(ActivateAppView.as_view())
add_passkey = AddPasskeyView.as_view()


def sign_in_elsewhere(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider, which is asked first where its pages are.

    By a page: browsers hold a redirect that answers a form against form-action, and the
    provider's host is known only now.
    """
    from allauth.socialaccount.providers.openid_connect import views as openid_connect
    from requests import RequestException

    try:
        response = openid_connect.login(request, provider_id)
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", status=502)
    if not isinstance(response, HttpResponseRedirect):
        return response
    return render(request, "socialaccount/login_redirect.html", {"redirect_to": response.url})


def come_back_from_elsewhere(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sign in whom the provider sends back."""
    from allauth.socialaccount.providers.openid_connect import views as openid_connect

    return openid_connect.callback(request, provider_id)
