"""Looking at what an upload proposes, deciding of each proposal, and accepting the rest."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.pages import View
from recommendations.drafting import marks
from recommendations.drafting.draft import save_draft
from recommendations.drafting.proposals import accepted, decide, proposals_in, rows_of
from recommendations.drafting.replaced_text import compare_text, replace_text
from recommendations.importing import ImportProblem
from recommendations.models import Report, ReportImport
from recommendations.models.fields import no_control_characters


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


def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What an upload of one's own proposes. Accepting writes it, giving up deletes it."""
    kept = _own(request, pk)
    if request.method == "POST" and "give_up" in request.POST:
        kept.delete()
        messages.success(request, _("The import was given up; nothing of it is kept."))
        return HttpResponseRedirect(reverse("admin:import_report"))
    return _changes(request, kept) if kept.report else _proposals(request, kept)


def _own(request: HttpRequest, pk: int) -> ReportImport:
    return ReportImport.objects.select_related("report").get(pk=pk, uploaded_by=request.user)


def _locked(request: HttpRequest, pk: int) -> ReportImport:
    """Return an import that nobody changes meanwhile: accepted twice, it is written once."""
    return ReportImport.objects.select_for_update(of=("self",)).get(pk=pk, uploaded_by=request.user)


def while_there(view: View) -> View:
    """Lead from an import that was accepted or given up, in another tab say, to the upload."""

    @wraps(view)
    def wrapper(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except ReportImport.DoesNotExist:
            messages.error(
                request,
                _("This import is not here any more: it was accepted or given up."),
            )
            return HttpResponseRedirect(reverse("admin:import_report"))

    return wrapper


# A new report -----------------------------------------------------------------------------------


def _proposals(request: HttpRequest, kept: ReportImport) -> HttpResponse:
    form = AcceptForm(request.POST if request.method == "POST" else None, initial=_facts(kept))
    if form.is_bound and form.is_valid():
        try:
            return HttpResponseRedirect(_accept(request, kept.pk, form.cleaned_data))
        except ImportProblem as problem:
            form.add_error(None, str(problem))
    return _show(request, kept, form, status=400 if form.errors else 200)


def _show(request: HttpRequest, kept: ReportImport, form: forms.Form, **options) -> HttpResponse:
    context = {
        "kept": kept,
        "form": form,
        "outline": kept.outline,
        "rows": rows_of(kept.outline),
        "totals": _totals(kept),
        # What was typed and refused.
        "typed": request.POST if "proposal" in request.POST else {},
    }
    return render(request, "admin/import_preview.html", context, **options)


def _facts(kept: ReportImport) -> dict[str, Any]:
    title = kept.outline["title"]
    return {
        "title": title,
        "subtitle": kept.outline["subtitle"],
        "slug": slugify(title)[:80].strip("-"),
        "published_on": kept.outline["published_on"],
    }


def _totals(kept: ReportImport) -> dict[str, int]:
    found = list(proposals_in(kept.outline))
    totals = {
        f"{kind}s": sum(one.kind == kind for one in found)
        for kind in ("recommendation", "action", "ask")
    }
    totals["dropped"] = sum(not one.is_kept for one in found if one.kind != "ask")
    totals["taken"] = sum(one.is_kept for one in found if one.kind == "ask")
    return totals


def decide_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep, drop or reword one proposal; the decision is kept with the upload."""
    post = request.POST
    with transaction.atomic():
        kept = _locked(request, pk)
        try:
            key, words = post.get("proposal", ""), post.get("words", "")
            was = post.get("was", "")
            decided = decide(kept.outline, key, post.get("decision", ""), words, was=was)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
            return _show(request, kept, AcceptForm(initial=_facts(kept)), status=400)
        kept.save(update_fields=["outline"])
    page = reverse("admin:import_preview", args=[kept.pk])
    return HttpResponseRedirect(f"{page}#{decided.key}")


@transaction.atomic
def _accept(request: HttpRequest, pk: int, facts: dict[str, Any]) -> str:
    kept = _locked(request, pk)
    report = save_draft(
        accepted(kept.outline),
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


# A new text of a report that there is -----------------------------------------------------------


def _changes(request: HttpRequest, kept: ReportImport) -> HttpResponse:
    """What the new text would change. Nothing does without the editor's consent to just that."""
    newest = marks.newest_text(kept.report)
    seen = str(newest.version if newest else 0)
    if request.method == "POST":
        if request.POST.get("version") == seen:
            return HttpResponseRedirect(_replace(request, kept.pk))
        messages.error(
            request,
            _("Meanwhile the report got another text. Look at what changes from that one."),
        )
    context = {
        "kept": kept,
        "report": kept.report,
        "version": seen,
        "found": compare_text(kept.report, kept.outline),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "admin/import_changes.html", context, status=status)


@transaction.atomic
def _replace(request: HttpRequest, pk: int) -> str:
    kept = _locked(request, pk)
    text = replace_text(
        kept.report,
        kept.outline,
        file_name=kept.file_name,
        checksum=kept.checksum,
        now=timezone.now(),
        by=request.user,
    )
    kept.delete()
    messages.success(request, _("It is version %(n)d of the text.") % {"n": text.version})
    return reverse("admin:report_text", args=[text.report.slug])
