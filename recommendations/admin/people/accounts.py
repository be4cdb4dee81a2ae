from __future__ import annotations

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance import second_factor, sessions
from recommendations.accounts import letters
from recommendations.accounts.letters import is_mail_set_up
from recommendations.accounts.people import begin_invitation, may_manage
from recommendations.accounts.roles import ROLES
from recommendations.admin.base import StaffAdmin
from recommendations.admin.choice_filter import ChoiceFilter, Choices
from recommendations.admin.pages import user_of
from recommendations.models import Preference
from recommendations.models.act import Event
from recommendations.text.punctuation import listed

from .forms import InvitationForm
from .invitations import invite

admin.site.unregister([Group, User])
# Secrets of other people's second factors, and what the environment or nobody sets here.
admin.site.unregister([Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken])

NONE, ANY = "none", "any"


class SecondFactorFilter(ChoiceFilter):
    title = gettext_lazy("second factor")
    parameter_name = "factor"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        kinds = [(str(kind), str(label)) for kind, label in second_factor.KINDS.items()]
        return [(NONE, _("None")), (ANY, _("Any")), *kinds]

    def chosen(self, request: HttpRequest, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        kinds = [value] if value in second_factor.KINDS else second_factor.FACTORS
        owners = Authenticator.objects.filter(type__in=kinds).values("user")
        return rows.exclude(pk__in=owners) if value == NONE else rows.filter(pk__in=owners)


@admin.register(User)
class PersonAdmin(StaffAdmin, UserAdmin):
    """People are deactivated, never deleted: whoever saved a draft stays one of its authors.

    Administrators give the roles that there are, to others than themselves, and do not touch
    accounts of superusers.
    """

    act = Event.ACCOUNT
    readonly_fields = ("last_login", "date_joined")
    list_display = ("username", "first_name", "last_name", "email", "roles", "factors", "is_active")
    list_filter = (SecondFactorFilter, "is_active", "is_superuser", "groups")
    filter_horizontal = ("user_permissions",)
    add_form = InvitationForm
    add_form_template = "admin/recommendations/person_add_form.html"
    change_form_template = "admin/recommendations/record_change_form.html"
    add_fieldsets = ((None, {"fields": InvitationForm.FIELDS}),)
    # What administrators see of an account. Superusers see all of Django's.
    fieldsets_of_administrators = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        (gettext_lazy("Permissions"), {"fields": ("is_active", "groups")}),
        (gettext_lazy("Important dates"), {"fields": ("last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        kinds = Authenticator.objects.only("user_id", "type")
        return (
            super()
            .get_queryset(request)
            .prefetch_related("groups", Prefetch("authenticator_set", queryset=kinds))
        )

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, person: User) -> str:
        return listed(sorted(group.name for group in person.groups.all())) or "–"

    @admin.display(description=gettext_lazy("second factor"))
    def factors(self, person: User) -> str:
        return listed(second_factor.kinds_of(person)) or "–"

    # Who may do what ---------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_manage(user_of(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None or user_of(request).is_superuser:
            return super().get_fieldsets(request, obj)
        return self.fieldsets_of_administrators

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        is_own = obj is not None and obj.pk == request.user.pk
        return (*found, "is_active", "groups") if is_own and not _is_super(request) else found

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
            if not _is_super(request):
                kwargs["queryset"] = Group.objects.filter(name__in=ROLES)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_super(request):
            raise PermissionDenied
        return super().user_change_password(request, *args, **kwargs)

    # What follows ------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        before = form.initial.get("email")
        if change and before and "email" in form.changed_data and is_mail_set_up():
            told = letters.address_changed(obj, before=before)
            transaction.on_commit(partial(letters.send, told))
        if not change:
            language = form.cleaned_data["mail_language"]
            Preference.objects.create(person=obj, mail_language=language)
        elif not (obj.is_active and obj.is_staff):
            sessions.end_all(obj)
            if not obj.has_usable_password():
                begin_invitation(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keep groups that an administrator is not shown."""
        person, is_super = form.instance, _is_super(request)
        kept = [] if is_super else list(person.groups.exclude(name__in=ROLES))
        super().save_related(request, form, formsets, change)
        person.groups.add(*kept)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        answer = invite(request, obj)
        if IS_POPUP_VAR in request.POST and isinstance(answer, HttpResponseRedirect):
            return super().response_add(request, obj, post_url_continue)
        return answer

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any):
        person = kwargs.get("obj")
        if person is not None:
            address = reverse("admin:person_access", args=[person.pk])
            context["steps"] = [(_("Password, second factor, sessions"), address)]
        else:
            # Each new account ends on a page of its own: a link is on its way, or shown.
            context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        context["mails_links"] = is_mail_set_up()
        return super().render_change_form(request, context, *args, **kwargs)


def _is_super(request: HttpRequest) -> bool:
    return user_of(request).is_superuser


@admin.register(Group)
class RoleAdmin(StaffAdmin, GroupAdmin):
    act = Event.ACCOUNT
