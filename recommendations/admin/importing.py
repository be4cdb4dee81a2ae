"""Uploading the file of a report, looking at what it proposes, and accepting that as a draft."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from recommendations.admin.pages import View, staff_page
from recommendations.drafting import save_draft, vocabulary
from recommendations.importing import ImportProblem
from recommendations.importing.problems import too_large
from recommendations.importing.sandbox import propose_safely
from recommendations.models import Report, ReportImport
from recommendations.models.fields import no_control_characters
from recommendations.uploads import UploadLimit

# What nobody accepted by then was given up.
KEPT = timedelta(days=14)


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="add_report")

    return [
        path("import/", _limited(page(import_report)), name="import_report"),
        path("import/<int:pk>/", page(import_preview), name="import_preview"),
    ]


def _limited(view: View) -> View:
    """Set the limit before anything reads the form. The token is checked inside, by staff_page."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        request.upload_handlers.insert(0, UploadLimit(request))
        return view(request, *args, **kwargs)

    return csrf_exempt(wrapper)


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Markdown, HTML, DOCX or a PDF with text in it, of up to 20 MB. The text is its "
            "owner’s: visitors see of it what the report’s rights say, at first nothing."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty. Choose the one with the text."),
        },
        allow_empty_file=True,
    )


class AcceptForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=300, validators=[no_control_characters]
    )
    subtitle = forms.CharField(
        label=gettext_lazy("Subtitle"),
        max_length=300,
        required=False,
        validators=[no_control_characters],
    )
    slug = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=80,
        help_text=gettext_lazy("It stands in the address of the report, for good."),
    )
    published_on = forms.DateField(
        label=gettext_lazy("Published on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if Report.objects.filter(slug=slug).exists():
            raise forms.ValidationError(
                _("There is a report “%(slug)s” already. Choose another short name."),
                params={"slug": slug},
            )
        return slug


@require_http_methods(["GET", "HEAD", "POST"])
def import_report(request: HttpRequest) -> HttpResponse:
    form, status = FileForm(), 200
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if getattr(request, "upload_was_stopped", False):
            form.errors.clear()
            form.add_error("file", str(too_large()))
        elif form.is_valid():
            try:
                return HttpResponseRedirect(_preview_url(_keep(request, form.cleaned_data["file"])))
            except ImportProblem as problem:
                form.add_error("file", str(problem))
        status = 400
    context = {"form": form, "waiting": ReportImport.objects.filter(uploaded_by=request.user)}
    return render(request, "admin/import_report.html", context, status=status)


def _preview_url(kept: ReportImport) -> str:
    return reverse("admin:import_preview", args=[kept.pk])


def _keep(request: HttpRequest, file: Any) -> ReportImport:
    now = timezone.now()
    ReportImport.objects.filter(uploaded_at__lt=now - KEPT).delete()
    data = file.read()
    return ReportImport.objects.create(
        file_name=file.name[:200],
        checksum=hashlib.sha256(data).hexdigest(),
        outline=propose_safely(data, vocabulary()),
        uploaded_by=request.user,
        uploaded_at=now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What an upload of one's own proposes; accepting makes it a draft, giving up deletes it."""
    kept = get_object_or_404(ReportImport, pk=pk, uploaded_by=request.user)
    if request.method == "POST" and "give_up" in request.POST:
        kept.delete()
        messages.success(request, _("The import was given up; nothing of it is kept."))
        return HttpResponseRedirect(reverse("admin:import_report"))
    form = AcceptForm(request.POST if request.method == "POST" else None, initial=_facts(kept))
    if form.is_bound and form.is_valid():
        try:
            return HttpResponseRedirect(_accept(request, kept, form.cleaned_data))
        except ImportProblem as problem:
            form.add_error(None, str(problem))
    context = {"kept": kept, "form": form, "outline": kept.outline, "totals": _totals(kept)}
    status = 400 if form.errors else 200
    return render(request, "admin/import_preview.html", context, status=status)


def _facts(kept: ReportImport) -> dict[str, Any]:
    title = kept.outline["title"]
    return {
        "title": title,
        "subtitle": kept.outline["subtitle"],
        "slug": slugify(title)[:80].strip("-"),
        "published_on": kept.outline["published_on"],
    }


def _totals(kept: ReportImport) -> dict[str, int]:
    sections = kept.outline["sections"]
    found = [one for section in sections for one in section["recommendations"]]
    return {
        "recommendations": len(found),
        "actions": sum(len(one["actions"]) for one in found),
        "asks": sum(len(section["asks"]) for section in sections),
    }


@transaction.atomic
def _accept(request: HttpRequest, kept: ReportImport, facts: dict[str, Any]) -> str:
    # Accepted in two tabs at once, it becomes one draft.
    get_object_or_404(ReportImport.objects.select_for_update(), pk=kept.pk)
    report = save_draft(
        kept.outline,
        slug=facts.pop("slug"),
        file_name=kept.file_name,
        checksum=kept.checksum,
        now=timezone.now(),
        by=request.user,
        facts=facts,
    )
    kept.delete()
    messages.success(
        request,
        _("“%(report)s” is a draft. Nothing of it is public until it is added to the record.")
        % {"report": report},
    )
    return reverse("admin:breakdown", args=[report.slug])
