"""Copies of one source: asked for, uploaded, read and downloaded; and what came to nothing."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from alliance.background import queue
from recommendations import copying
from recommendations.admin.importing.upload import limited
from recommendations.admin.log.copies import passage_in
from recommendations.admin.log.copy_boxes import MAY_ASK
from recommendations.admin.pages import staff_page, user_of
from recommendations.drafting.uploads import UploadLimit
from recommendations.importing.problems import too_large
from recommendations.models import Capture, CaptureRequest, Source
from recommendations.web.copy_files import copy_answer
from recommendations.web.parameters import page_of, strict

COPIES_A_PAGE = 50
ASK, UPLOAD = "ask", "upload"


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="view_capture")

    return [
        path("sources/<int:pk>/copies/", limited(page(source_copies)), name="source_copies"),
        path("sources/requests/", page(copy_requests), name="copy_requests"),
        path("sources/copies/<int:pk>/text/", page(copy_text), name="copy_text"),
        path("sources/copies/<int:pk>/file/", page(staff_copy), name="staff_copy"),
    ]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A PDF, a Word document, HTML or plain text, of up to 20 MB."),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@strict("page", has_viewpoint=False)
def source_copies(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the copies of a source; ask for a new one, or upload a file as one."""
    source = get_object_or_404(Source, pk=pk)
    form, refusals = UploadForm(), list[str]()
    if request.method == "POST":
        if not request.user.has_perm(MAY_ASK):
            raise PermissionDenied
        if request.POST.get("go") == ASK:
            refusals = _ask(request, source)
        else:
            form = UploadForm(request.POST, request.FILES)
            _upload(request, source, form)
        if not (refusals or form.errors):
            return redirect("admin:source_copies", source.pk)
    known = copying.what_was_read(source.url)
    captures = source.captures.without_text()
    context = {
        "source": source,
        "form": form,
        "refusals": refusals,
        "known": known,
        "waiting": CaptureRequest.objects.waiting().filter(key=source.key).defer("data"),
        "page": page_of(request, captures.select_related("made_by"), size=COPIES_A_PAGE),
        "keep": "",
        "may_ask": request.user.has_perm(MAY_ASK),
        "can_fetch": settings.CAPTURE,
        "is_seen": queue.is_seen(),
    }
    status = 400 if refusals or form.errors else 200
    return render(request, "admin/source_copies.html", context, status=status)


def _ask(request: HttpRequest, source: Source) -> list[str]:
    """Ask for a new copy, and return why that cannot be."""
    try:
        copying.ask_capture(source.url, user_of(request))
    except ValidationError as refusal:
        return list(refusal.messages)
    messages.success(request, _("Asked for. The copy is made in the background."))
    return []


def _upload(request: HttpRequest, source: Source, form: UploadForm) -> None:
    """Take a file in, or say on the form why that cannot be."""
    if any(isinstance(one, UploadLimit) and one.was_stopped for one in request.upload_handlers):
        form.errors.clear()
        form.add_error("file", str(too_large()))
    if not form.is_valid():
        return
    file = form.cleaned_data["file"]
    try:
        asked = copying.bring_file(source, file.read(), name=file.name or "", by=user_of(request))
    except ValidationError as refusal:
        form.add_error("file", refusal)
        return
    if asked is None:
        messages.info(request, _("This very file is kept already."))
    else:
        messages.success(request, _("Taken in. It is read and kept in the background."))


@require_safe
@strict("page", has_viewpoint=False)
def copy_requests(request: HttpRequest) -> HttpResponse:
    """List the copies that came to nothing, as long as nobody has asked for them anew."""
    rows = CaptureRequest.objects.with_problems().defer("data").select_related("asked_by")
    page = page_of(request, rows, size=COPIES_A_PAGE)
    sources = Source.objects.filter(key__in=[one.key for one in page]).in_bulk(field_name="key")
    context = {
        "page": page,
        "shown": [(asked, sources.get(asked.key)) for asked in page],
        "keep": "",
        "n_waiting": CaptureRequest.objects.waiting().count(),
        "is_seen": queue.is_seen(),
    }
    return render(request, "admin/copy_requests.html", context)


@require_safe
@strict("q", has_viewpoint=False)
def copy_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the text of a copy, and with `q` how a passage stands in it."""
    capture = get_object_or_404(Capture.objects.kept().select_related("source"), pk=pk)
    passage = request.GET.get("q", "")
    quotation, problem = passage_in(capture, passage) if "q" in request.GET else ("", "")
    context = {
        "capture": capture,
        "passage": passage,
        "quotation": quotation,
        "problem": problem,
    }
    return render(request, "admin/copy_text.html", context)


@require_safe
def staff_copy(request: HttpRequest, pk: int) -> FileResponse:
    """Answer with the file of a copy, to be saved: nothing of it is shown as a page of ours."""
    capture = get_object_or_404(Capture.objects.kept().select_related("source"), pk=pk)
    answer = copy_answer(capture)
    if answer is None:
        raise Http404
    return answer
