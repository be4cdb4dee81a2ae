"""What readers sent in: read by staff, decided once, with a note of what came of it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.admin.pages import staff_page, user_of
from recommendations.models import ReaderReport
from recommendations.models.fields import column_of
from recommendations.models.reader_report import ReaderReportOutcome
from recommendations.web.errors import BadAddress
from recommendations.web.parameters import page_number, strict

REPORTS_A_PAGE = 50
WAITING = "waiting"
OUTCOMES = {
    ReaderReportOutcome.ACCEPTED: gettext_lazy("Accepted: the record is changed, or will be"),
    ReaderReportOutcome.DECLINED: gettext_lazy("Declined: the record stays as it is"),
    ReaderReportOutcome.SPAM: gettext_lazy("Spam: not about the record"),
}


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="view_readerreport")

    return [
        path("reader-reports/", page(reader_reports), name="reader_reports"),
        path("reader-reports/<int:pk>/", page(reader_report), name="reader_report"),
    ]


class ReaderReportDecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        choices=OUTCOMES.items(),
        error_messages={"required": gettext_lazy("Choose what came of it.")},
    )
    note = ReaderReport._meta.get_field("outcome_note").formfield(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For staff. It may stay empty for spam alone."),
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=column_of(ReaderReport, "outcome_note").validators,
    )

    @property
    def outcomes(self) -> list[dict[str, object]]:
        """Return each outcome for the radio buttons."""
        chosen = self["outcome"].value()
        return [
            {"code": code.value, "label": label, "is_chosen": chosen == code}
            for code, label in OUTCOMES.items()
        ]

    def clean(self) -> None:
        outcome, note = self.cleaned_data.get("outcome"), self.cleaned_data.get("note")
        if note == "" and outcome and outcome != ReaderReportOutcome.SPAM:
            self.add_error("note", _("Say what came of it."))


@require_safe
@strict("page", "work", has_viewpoint=False)
def reader_reports(request: HttpRequest) -> HttpResponse:
    """Show all of them, or with ?work=waiting those that nobody has decided."""
    reports = ReaderReport.objects.for_staff_list()
    work = request.GET.getlist("work")
    if work not in ([], [WAITING]):
        raise BadAddress([_("“work” can be “waiting” here, or be left out.")])
    if work:
        reports = reports.waiting()
    paginator = Paginator(reports, REPORTS_A_PAGE)
    number = page_number(request)
    if number > paginator.num_pages:
        raise BadAddress(
            [
                _("There is no page %(number)d: the last one is %(last)d.")
                % {"number": number, "last": paginator.num_pages}
            ]
        )
    context = {
        "page": paginator.page(number),
        "is_of_waiting": bool(work),
        "keep": f"work={WAITING}&" if work else "",
        "n_waiting": ReaderReport.objects.waiting().count(),
    }
    return render(request, "admin/reader_reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reader_report(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(ReaderReport.objects.for_staff_list(), pk=pk)
    may_decide = request.user.has_perm("recommendations.change_readerreport")
    if request.method != "POST":
        return _show(request, report, ReaderReportDecisionForm(), may_decide=may_decide)
    if not may_decide:
        raise PermissionDenied
    form = ReaderReportDecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, report, form, may_decide=True)
    is_first = report.decide(
        form.cleaned_data["outcome"],
        note=form.cleaned_data["note"],
        by=user_of(request),
        now=timezone.now(),
    )
    if not is_first:
        report = ReaderReport.objects.for_staff_list().get(pk=pk)
        refusals = [_("This was decided already, as shown here. Your decision was not stored.")]
        return _show(request, report, form, may_decide=True, refusals=refusals, status=409)
    messages.success(request, _("The decision is stored."))
    return HttpResponseRedirect(reverse("admin:reader_reports"))


def _show(
    request: HttpRequest,
    report: ReaderReport,
    form: ReaderReportDecisionForm,
    *,
    may_decide: bool,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "report": report,
        "form": form,
        "refusals": refusals or [],
        "may_decide": may_decide,
        "may_log": request.user.has_perm("recommendations.add_statusupdate"),
    }
    return render(request, "admin/reader_report.html", context, status=status)
