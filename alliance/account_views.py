"""django-allauth's pages where they need something of ours around them."""

from typing import Any

from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from requests import RequestException

from alliance import second_factor


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


# The picture that the app scans is a data: address. No other page may show one.
activate_app = csp_update({"img-src": ["data:"]})(ActivateAppView.as_view())
add_passkey = AddPasskeyView.as_view()


def sign_in_elsewhere(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider, which is asked first where its pages are.

    By a page: browsers hold a redirect that answers a form against form-action, and the
    provider's host is known only now.
    """
    try:
        response = openid_connect.login(request, provider_id)
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", status=502)
    if not isinstance(response, HttpResponseRedirect):
        return response
    return render(request, "socialaccount/login_redirect.html", {"redirect_to": response.url})
