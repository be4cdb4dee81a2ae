from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recommendations import publishing
from recommendations.models import Edition, RetractionRequest

from .base import ReadOnlyAdmin, tell


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ("number", "kind", "published_at", "note")
    list_filter = ("kind",)
    search_fields = ("note",)


@admin.register(RetractionRequest)
class RetractionRequestAdmin(ReadOnlyAdmin):
    """Asked for on an update's page; confirmed or declined here by another person."""

    list_display = ("update", "reason", "requested_by", "requested_at", "outcome")
    list_filter = ("outcome",)
    list_select_related = ("update__action__recommendation", "requested_by")
    change_form_template = "admin/recommendations/retraction_change_form.html"

    def get_urls(self):
        return [
            path(
                f"<int:pk>/{decision}/",
                self.admin_site.admin_view(require_POST(self.decide_view)),
                {"decision": decision},
                name=f"recommendations_retractionrequest_{decision}",
            )
            for decision in ("confirm", "decline")
        ] + super().get_urls()

    def decide_view(self, request: HttpRequest, pk: int, decision: str) -> HttpResponseRedirect:
        if not request.user.has_perm("recommendations.review_retractionrequest"):
            raise PermissionDenied
        retraction = RetractionRequest(pk=pk)
        try:
            if decision == "confirm":
                edition = publishing.retract(retraction, by=request.user)
                messages.success(request, _("%(edition)s is published.") % {"edition": edition})
            else:
                publishing.decline_retraction(retraction, by=request.user)
                messages.success(request, _("The retraction is declined; the update stands."))
        except ValidationError as error:
            tell(request, error)
        except RetractionRequest.DoesNotExist:
            messages.error(request, _("This request does not exist."))
        return HttpResponseRedirect(reverse("admin:recommendations_retractionrequest_changelist"))
