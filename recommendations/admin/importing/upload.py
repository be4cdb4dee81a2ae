"""Uploading the file of a report. What it proposes is kept until somebody decides of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import wraps

from django import forms
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from recommendations.admin.pages import View, user_of
from recommendations.drafting.draft import addressee_names
from recommendations.drafting.file_reading import read_file
from recommendations.drafting.uploads import UploadLimit
from recommendations.importing import ImportProblem
from recommendations.importing.outline import as_json
from recommendations.importing.problems import LARGEST_FILE, too_large
from recommendations.importing.sandbox import (
    SECONDS_IN_A_REQUEST,
    TookTooLong,
    propose_safely,
)
from recommendations.models import FileToRead, Report, ReportImport

UNDER_WAY = "import-under-way"
# What is larger, or takes longer than a reader waits, is read in the background.
READ_AT_ONCE = 1024 * 1024
# A process of the server that died leaves the mark until then.
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
                return HttpResponseRedirect(_take_in(request, **form.cleaned_data))
            except ImportProblem as problem:
                form.add_error("file", str(problem))
        status = 400
    user = user_of(request)
    context = {
        "form": form,
        "unread": FileToRead.objects.filter(uploaded_by=user, read_as=None).defer("data"),
        "waiting": ReportImport.objects.filter(uploaded_by=user),
    }
    return render(request, "admin/import_report.html", context, status=status)


def _take_in(request: HttpRequest, *, file: UploadedFile, report: Report | None) -> str:
    """Return the page that shows what was read, or how far reading is. Raises ImportProblem."""
    now, data = timezone.now(), file.read()
    if len(data) > LARGEST_FILE:
        raise too_large()
    _drop_old(now)
    outline = _read_at_once(data)
    facts = {
        "report": report,
        "file_name": (file.name or "")[:200],
        "checksum": hashlib.sha256(data).hexdigest(),
        "uploaded_by": user_of(request),
        "uploaded_at": now,
    }
    if outline is not None:
        kept = ReportImport.objects.create(outline=outline, **facts)
        return reverse("admin:import_preview", args=[kept.pk])
    with transaction.atomic():
        unread = FileToRead.objects.create(data=data, language=translation.get_language(), **facts)
        read_file.enqueue(unread.pk)
    return reverse("admin:import_reading", args=[unread.pk])


def _drop_old(now: datetime) -> None:
    ReportImport.objects.filter(uploaded_at__lt=now - KEPT).delete()
    FileToRead.objects.filter(uploaded_at__lt=now - KEPT).delete()


def _read_at_once(data: bytes) -> object | None:
    """Return what a file proposes, or nothing where that is better left to the background."""
    if len(data) > READ_AT_ONCE:
        return None
    with room_to_read() as has_room:
        if not has_room:
            return None
        try:
            limits = {"seconds": SECONDS_IN_A_REQUEST, "wall": SECONDS_IN_A_REQUEST}
            return as_json(propose_safely(data, addressee_names(), **limits))
        except TookTooLong:
            return None


@contextmanager
def room_to_read() -> Iterator[bool]:
    """Say whether a page may read a file: as many as there are would leave none for readers."""
    has_room = cache.add(UNDER_WAY, True, LONGEST_READING)
    try:
        yield has_room
    finally:
        if has_room:
            cache.delete(UNDER_WAY)
