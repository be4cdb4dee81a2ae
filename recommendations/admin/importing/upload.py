"""Uploading the file of a report. What it proposes is kept until somebody decides of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps

from django import forms
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from recommendations.admin.pages import View, user_of
from recommendations.drafting.draft import addressee_names
from recommendations.drafting.uploads import UploadLimit
from recommendations.importing import ImportProblem
from recommendations.importing.outline import as_json
from recommendations.importing.problems import too_large
from recommendations.importing.sandbox import propose_safely
from recommendations.models import Report, ReportImport

UNDER_WAY = "import-under-way"
# The child is stopped after twenty seconds. A worker that died leaves the mark until then.
LONGEST_READING = 30
# What nobody accepted by then was given up.
KEPT = timedelta(days=14)


def limited(view: View) -> View:
    """Set the limit before anything reads the form. The token is checked inside, by staff_page."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        request.upload_handlers = [UploadLimit(request), *request.upload_handlers]
        return view(request, *args, **kwargs)

    return csrf_exempt(wrapper)


class ReportField(forms.ModelChoiceField):
    def to_python(self, value: str | None) -> Report | None:
        # PostgreSQL refuses to be asked for it.
        return super().to_python(value.replace("\0", "\ufffd") if value else value)


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Markdown, HTML, DOCX or a PDF with text in it, of up to 20 MB. The text is its "
            "owner’s: visitors see of it what the report’s rights say, at first nothing."
        ),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Choose the one with the text."),
        },
        allow_empty_file=True,
    )
    report = ReportField(
        Report.objects.all(),
        label=_("Whose text it is"),
        required=False,
        empty_label=_("A new report"),
        to_field_name="slug",
        help_text=_(
            "For a report that is here already, you see what its new text changes before it does."
        ),
        error_messages={"invalid_choice": _("This report is not here any more. Choose another.")},
    )


def import_report(request: HttpRequest) -> HttpResponse:
    form, status = FileForm(initial={"report": request.GET.get("report")}), 200
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if any(isinstance(one, UploadLimit) and one.was_stopped for one in request.upload_handlers):
            form.errors.clear()
            form.add_error("file", str(too_large()))
        elif form.is_valid():
            try:
                with one_at_a_time():
                    kept = _keep(request, **form.cleaned_data)
                return HttpResponseRedirect(reverse("admin:import_preview", args=[kept.pk]))
            except ImportProblem as problem:
                form.add_error("file", str(problem))
        status = 400
    context = {"form": form, "waiting": ReportImport.objects.filter(uploaded_by=user_of(request))}
    return render(request, "admin/import_report.html", context, status=status)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Refuse a second file: as many as there are workers would leave nobody to answer readers."""
    if not cache.add(UNDER_WAY, True, LONGEST_READING):
        raise ImportProblem(_("Another file is being read. Send yours again in half a minute."))
    try:
        yield
    finally:
        cache.delete(UNDER_WAY)


def _keep(request: HttpRequest, *, file: UploadedFile, report: Report | None) -> ReportImport:
    now = timezone.now()
    ReportImport.objects.filter(uploaded_at__lt=now - KEPT).delete()
    data = file.read()
    return ReportImport.objects.create(
        report=report,
        file_name=(file.name or "")[:200],
        checksum=hashlib.sha256(data).hexdigest(),
        outline=as_json(propose_safely(data, addressee_names())),
        uploaded_by=user_of(request),
        uploaded_at=now,
    )
