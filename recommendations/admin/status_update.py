from __future__ import annotations

from collections.abc import Callable, Iterator

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations import publishing
from recommendations.models import Evidence, StatusUpdate
from recommendations.models.status_update import ReviewState

from .base import ReadOnlyAdmin, marked_status, stated_effect
from .log.worked_lists import is_open, log_links
from .of_report import OfReportMixin
from .work_queues import UPDATE_QUEUES, UpdateWorkFilter, WorkQueueAdmin

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
    "note_to_reviewer",
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


def ways_on(request: HttpRequest) -> Callable[[StatusUpdate], SafeString]:
    """Return the column that leads to what this person can do next with a row."""
    may_log = request.user.has_perm("recommendations.add_statusupdate")
    may_review = request.user.has_perm("recommendations.review_statusupdate")

    @admin.display(description=gettext_lazy("go on"))
    def ways(obj: StatusUpdate) -> SafeString:
        label, links = obj.action.label, []
        if obj.review_state in (ReviewState.DRAFT, ReviewState.RETURNED) and may_log:
            links.append((reverse("admin:log_update_draft", args=[obj.slug]), _("Go on")))
        if obj.review_state == ReviewState.SUBMITTED and may_review:
            links.append((reverse("admin:review", args=[obj.slug]), _("Review")))
        if obj.review_state == ReviewState.SUBMITTED and obj.author_id == request.user.pk:
            links.append((reverse("admin:log_update_recall", args=[obj.slug]), _("Take it back")))
        own = format_html_join(
            " ",
            '<a href="{}">{}<span class="visually-hidden"> {}</span></a>',
            ((address, words, label) for address, words in links),
        )
        if not (may_log and is_open(obj.action)):
            return own
        return format_html("{} {}", own, log_links(obj.action))

    return ways


@admin.register(StatusUpdate)
class StatusUpdateAdmin(OfReportMixin, WorkQueueAdmin, ReadOnlyAdmin):
    """Every update as it is stored. Each step is taken on a page of its own, linked from here."""

    fields = (*DRAFTED, *RECORD)
    queues = UPDATE_QUEUES
    # By the primary key: sorting 80,000 by date and edition takes two seconds on a late page.
    ordering = ("-pk",)
    list_display = ("action", marked_status, stated_effect, "review_state", "author", "edition")
    list_filter = (
        UpdateWorkFilter,
        "review_state",
        "status",
        "is_baseline",
        "action__recommendation__report",
    )
    list_select_related = ("action__recommendation__report", "author", "edition")
    search_fields = ("slug", "note", "action__title", "action__recommendation__number")
    inlines = (EvidenceInline,)
    change_form_template = "admin/recommendations/record_change_form.html"

    def get_list_display(self, request: HttpRequest):
        first, *others = super().get_list_display(request)
        return (first, ways_on(request), *others)

    def render_change_form(self, request, context, *args, **kwargs):
        context["steps"] = list(steps_of(request, kwargs["obj"]))
        return super().render_change_form(request, context, *args, **kwargs)


def steps_of(request: HttpRequest, update: StatusUpdate) -> Iterator[tuple[str, str]]:
    """Yield label and address of each page where this person may go on with an update."""
    may_log = request.user.has_perm("recommendations.add_statusupdate")
    may_retract = request.user.has_perm("recommendations.add_retractionrequest")
    may_review = request.user.has_perm("recommendations.review_statusupdate")
    if update.review_state in (ReviewState.DRAFT, ReviewState.RETURNED) and may_log:
        yield _("Go on with this draft"), reverse("admin:log_update_draft", args=[update.slug])
    if update.review_state == ReviewState.SUBMITTED and may_review:
        yield _("Review"), reverse("admin:review", args=[update.slug])
    is_own = request.user.pk in publishing.authors_of(update)
    if update.review_state == ReviewState.SUBMITTED and may_log and is_own:
        yield _("Take it back"), reverse("admin:log_update_recall", args=[update.slug])
    if update.is_counting and may_log:
        yield _("Correct this update"), reverse("admin:correct_update", args=[update.slug])
    if update.is_counting and may_retract:
        yield _("Ask for a retraction"), reverse("admin:retract_update", args=[update.slug])
