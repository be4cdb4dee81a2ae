from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy

from recommendations.accounts.letters import is_mail_set_up
from recommendations.models import FactorReset


class InvitationForm(forms.ModelForm):
    """A new account of the staff, without a password: its person chooses that by a link."""

    FIELDS = ("username", "first_name", "last_name", "email", "groups", "mail_language")
    mail_language = forms.ChoiceField(
        label=gettext_lazy("Language of mails"), choices=settings.LANGUAGES
    )

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "groups")
        field_classes = {"username": UsernameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = is_mail_set_up()
        self.fields["groups"].required = True
        self.fields["groups"].label = gettext_lazy("Roles")
        self.fields["groups"].help_text = ""

    def save(self, commit: bool = True) -> User:
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class FactorResetForm(forms.ModelForm):
    class Meta:
        model = FactorReset
        fields = ["reason"]
        labels = {"reason": gettext_lazy("How you made sure who asks")}
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
