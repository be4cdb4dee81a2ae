"""The list of actions as staff use it: who looks after them, work in bulk, and the file."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from pyroaring import BitMap

from recommendations.accounts.people import analysts
from recommendations.addressee_groups import group_of
from recommendations.exports.csv_export import file_name, lines
from recommendations.exports.csv_reading import ActionRows
from recommendations.exports.csv_rows import ActionRow
from recommendations.index.conditions import keys as among
from recommendations.index.names import KEY
from recommendations.models import Action, Assignment
from recommendations.models.fields import date_column
from recommendations.publishing import touch
from recommendations.record import Record
from recommendations.text.punctuation import listed
from recommendations.viewpoint import Viewpoint, today
from recommendations.web.errors import BadAddress

from .base import marked_status, said_column
from .log.worked_lists import ACTIONS, WorkedList, is_open, log_links
from .of_report import OfReportMixin
from .pages import user_of
from .saved_filters import query_of, saved_filters_of

SHOWN = 20
LIST = "admin:recommendations_action_changelist"
LOOKED_AFTER = (
    "assignments__analyst",
    "recommendation__section__assignments__analyst",
    "recommendation__areas__assignments__analyst",
)


class AssignForm(forms.Form):
    analyst = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Analyst"),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )
    is_instead = forms.BooleanField(
        label=gettext_lazy("Instead of those who are assigned to them so far"),
        required=False,
        initial=True,
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["analyst"]).queryset = analysts()


class ReviewDateForm(forms.Form):
    review_due_on = forms.DateField(
        label=gettext_lazy("To be looked at again by"),
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[date_column(Action, "review_due_on").refuse_impossible],
    )


TITLE = said_column(Action, "title")


@admin.display(description=gettext_lazy("addressee"), ordering="addressee")
def addressee_said(obj: Action) -> str:
    return group_of(obj.addressee).label


@admin.display(description=gettext_lazy("number"))
def number(obj: Action) -> str:
    return obj.label


def ways_on(query: str) -> Callable[[Action], SafeString]:
    """Return the column that leads to logging and confirming, from the list with this query."""
    worked = WorkedList(ACTIONS, query)

    @admin.display(description=gettext_lazy("go on"))
    def ways(obj: Action) -> SafeString:
        return log_links(obj, worked) if is_open(obj) else mark_safe("–")

    return ways


class StaffActionRows(ActionRows):
    """Drafts and withdrawn actions too. The index knows nothing of drafts."""

    def rows(self, keys: Sequence[int]) -> Iterator[ActionRow]:
        actions = Action.objects.seen_from(self.record.viewpoint)
        judged = actions.filter(pk__in=among(keys)).with_second_review().order_by()
        unreviewed = judged.filter(is_reviewed=False).values_list("pk", flat=True)
        return self.read(actions, keys, BitMap(unreviewed))


class ActionListMixin(OfReportMixin):
    report_column = 2
    list_display = (
        number,
        TITLE,
        marked_status,
        "review_due_on",
        "analysts",
        "due_on",
        "last_reviewed_on",
        addressee_said,
    )
    list_display_links = (number, TITLE)
    show_facets = admin.ShowFacets.NEVER
    actions = ("assign_analyst", "set_review_date")
    change_list_template = "admin/recommendations/action_change_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.csv_view))
        return [path("csv/", view, name="recommendations_action_csv"), *super().get_urls()]

    def get_list_display(self, request: HttpRequest):
        """Who may log updates has the ways there in each row, which come back to this very list."""
        columns = [*super().get_list_display(request)]
        if request.user.has_perm("recommendations.add_statusupdate"):
            columns.insert(columns.index(marked_status), ways_on(request.GET.urlencode()))
        return columns

    def get_changelist_instance(self, request: HttpRequest):
        found = super().get_changelist_instance(request)
        found.result_list = list(found.result_list)
        prefetch_related_objects(found.result_list, *LOOKED_AFTER)
        return found

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        query = request.GET.urlencode()
        context = {
            "saved_filters": saved_filters_of(user_of(request), LIST),
            "query": query,
            "page_name": LIST,
            "csv_url": f"{reverse('admin:recommendations_action_csv')}?{query}",
        }
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=gettext_lazy("analysts"))
    def analysts(self, action: Action) -> str:
        recommendation = action.recommendation
        owners = [action, recommendation.section, *recommendation.areas.all()]
        names = {one.analyst.get_username() for owner in owners for one in owner.assignments.all()}
        return listed(sorted(names)) or "–"

    def csv_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Return all rows of the filtered list as CSV, whatever page of it one is on."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        request.GET = QueryDict(query_of(request.GET.urlencode()))
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise BadAddress([_("One of these filters is not known here.")]) from None
        rows = Action.objects.filter(pk__in=found.order_by().values("pk"))
        keys = rows.order_by(*rows.REPORT_ORDER).values_list("pk", flat=True)
        root = request.build_absolute_uri("/").rstrip("/")
        response = StreamingHttpResponse(
            lines(
                StaffActionRows(Record(Viewpoint.present()), root=root),
                array(KEY, keys.iterator()),
                as_of=today(),
            ),
            content_type="text/csv; charset=utf-8; header=present",
        )
        name = file_name("staff-actions", as_of=today())
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("recommendations.add_assignment")

    @admin.action(description=gettext_lazy("Assign an analyst"), permissions=["assign"])
    def assign_analyst(self, request: HttpRequest, queryset: QuerySet[Action]):
        form = AssignForm(request.POST if "apply" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, _("Assign an analyst"))
        n = assign(queryset, **form.cleaned_data)
        who = form.cleaned_data["analyst"] or _("Nobody")
        self._log(request, queryset, _("Assigned to %(who)s.") % {"who": who})
        return self._tell(request, n)

    @admin.action(
        description=gettext_lazy("Set the date of the next review"), permissions=["change"]
    )
    def set_review_date(self, request: HttpRequest, queryset: QuerySet[Action]):
        form = ReviewDateForm(request.POST if "apply" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, _("Set the date of the next review"))
        day = form.cleaned_data["review_due_on"]
        with transaction.atomic():
            n = Action.objects.filter(pk__in=queryset.order_by().values("pk")).update(
                review_due_on=day
            )
            touch(set(queryset.order_by().values_list("recommendation_id", flat=True)))
        self._log(request, queryset, _("To be looked at again by %(day)s.") % {"day": day})
        return self._tell(request, n)

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Action], form: forms.Form, title: str
    ) -> HttpResponse:
        """Ask once more, naming what is chosen; the answer comes back to the same list."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "n": queryset.count(),
            "shown": queryset[:SHOWN],
            "hidden": [
                ("action", request.POST["action"]),
                ("select_across", request.POST.get("select_across", "0")),
                *(("_selected_action", key) for key in request.POST.getlist("_selected_action")),
            ],
        }
        return render(request, "admin/recommendations/bulk.html", context)

    def _log(self, request: HttpRequest, queryset: QuerySet[Action], message: str) -> None:
        LogEntry.objects.log_actions(user_of(request).pk, queryset, CHANGE, message)

    def _tell(self, request: HttpRequest, n: int) -> None:
        text = ngettext("%(n)d action was changed.", "%(n)d actions were changed.", n)
        messages.success(request, text % {"n": n})


@transaction.atomic
def assign(actions: QuerySet[Action], *, analyst: User | None, is_instead: bool) -> int:
    """Assign the actions to an analyst, or to nobody; return how many there are."""
    ids = list(actions.values_list("pk", flat=True))
    if analyst is None or is_instead:
        Assignment.objects.filter(action__in=ids).exclude(analyst=analyst).delete()
    if analyst is not None:
        Assignment.objects.bulk_create(
            (Assignment(analyst=analyst, action_id=pk) for pk in ids), ignore_conflicts=True
        )
    return len(ids)
