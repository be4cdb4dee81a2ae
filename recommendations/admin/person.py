from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from recommendations.models.act import Event

from .base import StaffAdmin

admin.site.unregister([Group, User])
# Secrets of other people's second factors, and what the environment or nobody sets here.
admin.site.unregister([Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken])


@admin.register(User)
class PersonAdmin(StaffAdmin, UserAdmin):
    """People are deactivated, never deleted: whoever saved a draft stays one of its authors."""

    act = Event.ACCOUNT
    readonly_fields = ("last_login", "date_joined")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(Group)
class RoleAdmin(StaffAdmin, GroupAdmin):
    act = Event.ACCOUNT
