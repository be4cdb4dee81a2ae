"""What one person of the staff chooses for themselves."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recommendations.models import Preference

from .pages import staff_page, user_of


class PreferenceForm(forms.ModelForm):
    class Meta:
        model = Preference
        fields = ["mail_language"]


def urls(site: AdminSite) -> list[URLPattern]:
    view = staff_page(site, require_POST(save_preference), permission="")
    return [path("preference/", view, name="save_preference")]


def save_preference(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen on the page of the account."""
    form = PreferenceForm(request.POST, instance=Preference(person=user_of(request)))
    if form.is_valid():
        form.save()
        messages.success(request, _("Your mails will come in this language."))
    else:
        messages.error(request, _("Choose one of the languages."))
    return HttpResponseRedirect(reverse("mfa_index"))
