"""What one person of the staff chooses for themselves."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from recommendations.accounts.people import mail_language_of
from recommendations.models import Preference

from .pages import staff_page, user_of


class PreferenceForm(forms.ModelForm):
    class Meta:
        model = Preference
        fields = ["mail_language", "deadline_mails", "time_zone"]
        error_messages = {
            "mail_language": {"invalid_choice": gettext_lazy("Choose one of the languages.")}
        }


def urls(site: AdminSite) -> list[URLPattern]:
    view = staff_page(site, require_POST(save_preference), permission="")
    return [path("preference/", view, name="save_preference")]


def save_preference(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen on the page of the account; what the form leaves out stays."""
    person = user_of(request)
    preference = Preference.objects.filter(person=person).first()
    preference = preference or Preference(person=person, mail_language=mail_language_of(person))
    form = PreferenceForm(
        model_to_dict(preference, PreferenceForm.Meta.fields) | request.POST.dict(),
        instance=preference,
    )
    if form.is_valid():
        form.save()
        messages.success(request, _("What you chose is saved."))
    else:
        for sentences in form.errors.values():
            for sentence in sentences:
                messages.error(request, str(sentence))
    return HttpResponseRedirect(reverse("mfa_index"))
