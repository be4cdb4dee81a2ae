"""What staff filter actions by, besides their plain columns."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.accounts.people import analysts
from recommendations.models import Evidence, Source, StatusUpdate
from recommendations.models.status_update import ReviewState
from recommendations.publishing.drafts import OPEN_STATES
from recommendations.statuses import Schedule
from recommendations.viewpoint import today

from .choice_filter import ChoiceFilter, Choices
from .pages import user_of

ME, NOBODY, NEVER = "me", "nobody", "never"


class RecordFilter(ChoiceFilter):
    title = gettext_lazy("public record")
    parameter_name = "record"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        return [
            ("in", _("In the record")),
            ("draft", _("Draft")),
            ("withdrawn", _("Withdrawn")),
        ]

    def chosen(self, request, actions, value):
        if value == "draft":
            return actions.filter(from_edition__isnull=True)
        if value == "withdrawn":
            return actions.published().exclude(pk__in=actions.in_record().values("pk"))
        return actions.in_record()


class ScheduleFilter(ChoiceFilter):
    title = gettext_lazy("schedule")
    parameter_name = "schedule"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        return [(str(code), str(label)) for code, label in Schedule.choices]

    def chosen(self, request, actions, value):
        return actions.with_schedule(on=today()).filter(schedule=value)


class ReviewFilter(ChoiceFilter):
    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        return [
            ("needs_review", _("Needs review")),
            ("unconfirmed", _("Awaiting second review")),
            ("draft", _("Has an open draft")),
            ("submitted", _("Waiting for a reviewer")),
        ]

    def chosen(self, request, actions, value):
        if value == "needs_review":
            return actions.in_record().needing_review(on=today())
        if value == "unconfirmed":
            return actions.with_second_review().filter(
                is_reviewed=False, last_reviewed_on__isnull=False
            )
        states = OPEN_STATES if value == "draft" else (ReviewState.SUBMITTED,)
        updates = StatusUpdate.objects.filter(action=OuterRef("pk"), review_state__in=states)
        return actions.filter(Exists(updates))


class AnalystFilter(ChoiceFilter):
    """Whoever looks after an action: itself, by its section or by one of its areas."""

    title = gettext_lazy("assigned analyst")
    parameter_name = "analyst"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        people = [(str(person.pk), person.get_username()) for person in analysts()]
        return [(ME, _("Me")), (NOBODY, _("Nobody")), *people]

    def chosen(self, request, actions, value):
        if value == NOBODY:
            return actions.unassigned()
        return actions.assigned_to(user_of(request).pk if value == ME else int(value))


class LastReviewedFilter(ChoiceFilter):
    title = gettext_lazy("last reviewed")
    parameter_name = "reviewed"
    DAYS = (30, 90, 180, 365)

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        within = [(str(n), _("In the last %(n)d days") % {"n": n}) for n in self.DAYS]
        before = [(f"before-{n}", _("Longer ago than %(n)d days") % {"n": n}) for n in self.DAYS]
        return [*within, *before, (NEVER, _("Never"))]

    def chosen(self, request, actions, value):
        if value == NEVER:
            return actions.filter(last_reviewed_on__isnull=True)
        since = today() - timedelta(days=int(value.removeprefix("before-")))
        if value.startswith("before-"):
            return actions.filter(last_reviewed_on__lt=since)
        return actions.filter(last_reviewed_on__gte=since)


class SourceFilter(ChoiceFilter):
    """What rests on one source. It offers the one alone that the address names."""

    title = gettext_lazy("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Choices:
        slug = request.GET.get(self.parameter_name, "")
        if not slug:
            return []
        named = [(one.slug, str(one)) for one in Source.objects.filter(slug=slug)]
        if not named:
            # Without a choice there is no filter, and the list would show every action.
            raise IncorrectLookupParameters
        return named

    def chosen(self, request, actions, value):
        items = Evidence.objects.filter(
            source__slug=value,
            update__action=OuterRef("pk"),
            update__ended_in_edition__isnull=True,
        )
        return actions.filter(Exists(items))


ACTION_FILTERS = (
    "recommendation__areas",
    "parties",
    "bodies",
    "status",
    ScheduleFilter,
    ReviewFilter,
    AnalystFilter,
    LastReviewedFilter,
    SourceFilter,
    "recommendation__report",
    "recommendation__report__is_bibliographic",
    "kind",
    "is_verifiable",
    RecordFilter,
)
