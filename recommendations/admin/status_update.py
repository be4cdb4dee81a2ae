from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recommendations import publishing
from recommendations.models import Evidence, StatusUpdate
from recommendations.models.status_update import ReviewState

from .base import CHECKBOXES, StaffAdmin, marked_status, tell, typed_text
from .work import UPDATE_WORK, UpdateWorkFilter, WorkAdmin

OPEN_STATES = (ReviewState.DRAFT, ReviewState.RETURNED)
DRAFTED = (
    "action",
    "status",
    "effective_on",
    "effective_precision",
    "note",
    "search_note",
    "searched_on",
    "relies_on",
    "confidence",
    "attribution",
    "next_review_on",
    "correction_reason",
)
RECORD = (
    "review_state",
    "return_note",
    "author",
    "reviewer",
    "status_at_draft",
    "replaces",
    "edition",
    "published_at",
    "effective_day",
    "ended_in_edition",
    "end_reason",
    "end_note",
)


class EvidenceInline(admin.StackedInline):
    model = Evidence
    extra = 0


class StatusUpdateForm(forms.ModelForm):
    class Meta:
        model = StatusUpdate
        fields = DRAFTED

    def clean(self):
        """Four eyes, dates and evidence are judged on submitting; here only what never holds."""
        data = super().clean()
        action = data.get("action")
        action_id = action.pk if action else self.instance.action_id
        for other in data.get("relies_on") or ():
            if other.action_id != action_id or not other.is_counting:
                self.add_error(
                    "relies_on", _("Choose updates of the same action that still count.")
                )
                break
        return data


@admin.register(StatusUpdate)
class StatusUpdateAdmin(WorkAdmin, StaffAdmin):
    """Drafting is editing a row; every other step goes through publishing.py."""

    form = StatusUpdateForm
    work = UPDATE_WORK
    # By the primary key: sorting 80,000 by date and edition takes two seconds on a late page.
    ordering = ("-pk",)
    list_display = ("action", marked_status, "effective_on", "review_state", "author", "edition")
    list_filter = (
        UpdateWorkFilter,
        "review_state",
        "status",
        "is_baseline",
        "action__recommendation__report",
    )
    list_select_related = ("action__recommendation", "author", "edition")
    search_fields = ("slug", "note", "action__title", "action__recommendation__number")
    autocomplete_fields = ("action",)
    formfield_overrides = CHECKBOXES
    inlines = (EvidenceInline,)
    change_form_template = "admin/recommendations/statusupdate_change_form.html"

    def get_urls(self):
        steps = {
            "publish": self.publish_view,
            "return": self.return_view,
            "correct": self.correct_view,
            "retract": self.retract_view,
        }
        return [
            path(
                f"<int:pk>/{step}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"recommendations_statusupdate_{step}",
            )
            for step, view in steps.items()
        ] + super().get_urls()

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        is_open = obj is None or obj.review_state in OPEN_STATES
        return is_open and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Only one's own draft, before anyone was asked to review it."""
        if obj is not None and (
            obj.review_state != ReviewState.DRAFT or obj.author_id != request.user.pk
        ):
            return False
        return super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        return (*RECORD, "action") if obj else RECORD

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "relies_on":
            pk = request.resolver_match.kwargs.get("object_id")
            own = StatusUpdate.objects.filter(pk=pk).values("action")
            kwargs["queryset"] = (
                StatusUpdate.objects.counting()
                .filter(action__in=own)
                .select_related("action__recommendation")
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def render_change_form(self, request, context, *args, **kwargs):
        update = kwargs.get("obj")
        if update:
            context["steps"] = self._steps(request, update)
            context["missing"] = (
                publishing.problems_of(update, today=timezone.now().date())
                if update.review_state in OPEN_STATES
                else []
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def _steps(self, request: HttpRequest, update: StatusUpdate) -> dict[str, bool]:
        may_review = request.user.has_perm("recommendations.review_statusupdate")
        is_own = request.user.pk in publishing.authors_of(update)
        is_submitted = update.review_state == ReviewState.SUBMITTED
        return {
            "review": may_review and is_submitted and not is_own,
            "own": may_review and is_submitted and is_own,
            "correct": update.is_counting
            and request.user.has_perm("recommendations.add_statusupdate"),
            "retract": update.is_counting
            and request.user.has_perm("recommendations.add_retractionrequest"),
        }

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change) -> None:
        if not change:
            obj.author = request.user
            obj.status_at_draft = obj.action.status
        super().save_model(request, obj, form, change)
        publishing.record_save(obj, by=request.user)

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        return self._submitted(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request, obj) -> HttpResponse:
        return self._submitted(request, obj) or super().response_change(request, obj)

    def _submitted(self, request: HttpRequest, obj: StatusUpdate) -> HttpResponse | None:
        """Submit what was just saved; where it is refused the draft stays, with the reasons."""
        if "_submit" not in request.POST:
            return None
        try:
            publishing.submit(obj, by=request.user)
        except ValidationError as error:
            tell(request, error)
            messages.info(request, _("It is saved as a draft."))
        else:
            messages.success(request, _("Submitted. Another person will review it."))
        return self._back(obj.pk)

    def _back(self, pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:recommendations_statusupdate_change", args=[pk]))

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._require(request, "review_statusupdate")
        return self._step(
            request,
            pk,
            lambda update: publishing.publish(
                [update], reviewer=request.user, note=typed_text(request, "public_note")
            ),
            _("Published."),
        )

    def return_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._require(request, "review_statusupdate")
        return self._step(
            request,
            pk,
            lambda update: publishing.return_(
                update, reviewer=request.user, note=typed_text(request, "reason")
            ),
            _("Returned to its authors."),
        )

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._require(request, "add_statusupdate")
        return self._step(
            request,
            pk,
            lambda update: publishing.correct(
                update, by=request.user, reason=typed_text(request, "reason")
            ),
            _("This is the draft of the correction."),
        )

    def retract_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._require(request, "add_retractionrequest")
        return self._step(
            request,
            pk,
            lambda update: publishing.request_retraction(
                update, by=request.user, reason=typed_text(request, "reason")
            ),
            _("Asked for. Another person has to confirm the retraction."),
        )

    def _require(self, request: HttpRequest, permission: str) -> None:
        if not request.user.has_perm(f"recommendations.{permission}"):
            raise PermissionDenied

    def _step(self, request: HttpRequest, pk: int, act, done: str) -> HttpResponse:
        try:
            result = act(StatusUpdate.objects.get(pk=pk))
        except StatusUpdate.DoesNotExist:
            messages.error(request, _("This update does not exist."))
            return HttpResponseRedirect(reverse("admin:recommendations_statusupdate_changelist"))
        except ValidationError as error:
            tell(request, error)
            return self._back(pk)
        messages.success(request, done)
        return self._back(result.pk if isinstance(result, StatusUpdate) else pk)
