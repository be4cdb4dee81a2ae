"""Looking at what an upload proposes, deciding of each proposal, and accepting the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
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

from recommendations.admin.pages import View, user_of
from recommendations.drafting import marks
from recommendations.drafting.draft import ReportFacts, new_bodies_in, save_draft
from recommendations.drafting.proposals import accepted, decide, preview_rows, proposals_in
from recommendations.drafting.replaced_text import compare_text, replace_text
from recommendations.importing import ImportProblem, Outline, UnreadableOutline
from recommendations.importing.outline import as_json, from_json, other_reading, switched
from recommendations.models import Report, ReportImport
from recommendations.models.fields import date_column, no_control_characters
from recommendations.statuses import EFFECTIVE_PRECISIONS

# Headlines of the other reading that the page shows.
OTHER_SHOWN = 3


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
        validators=[date_column(Report, "published_on").refuse_impossible],
    )
    published_precision = forms.ChoiceField(
        label=gettext_lazy("Precision of the date"),
        choices=[(code, code.label) for code in EFFECTIVE_PRECISIONS],
        required=False,
        help_text=gettext_lazy("Of a month or a year, the date is its first day."),
    )
    new_bodies = forms.MultipleChoiceField(
        label=gettext_lazy("Bodies to add"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "The text asks them, and no body here has their name. Those that you tick are added "
            "and put down for their actions; give them a party among the bodies."
        ),
    )

    def __init__(self, *args: Any, named: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = self.fields["new_bodies"]
        if named and isinstance(names, forms.MultipleChoiceField):
            names.choices = [(name, name) for name in named]
        else:
            del self.fields["new_bodies"]

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
    if kept.report:
        return _changes(request, kept, kept.report)
    return _proposals(request, kept)


def _own(request: HttpRequest, pk: int) -> ReportImport:
    return ReportImport.objects.select_related("report").get(pk=pk, uploaded_by=user_of(request))


def _locked(request: HttpRequest, pk: int) -> ReportImport:
    """Return an import that nobody changes meanwhile: accepted twice, it is written once."""
    rows = ReportImport.objects.select_for_update(of=("self",))
    return rows.get(pk=pk, uploaded_by=user_of(request))


def while_there(view: View) -> View:
    """Lead from an import that was accepted or given up, in another tab say, to the upload.

    One that is there and cannot be read any more says so, and can be given up.
    """

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
        except UnreadableOutline as problem:
            context = {"kept": _own(request, pk), "problem": str(problem)}
            return render(request, "admin/import_unreadable.html", context, status=409)

    return wrapper


# A new report -----------------------------------------------------------------------------------


def _proposals(request: HttpRequest, kept: ReportImport) -> HttpResponse:
    outline = from_json(kept.outline)
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        initial=_facts(outline),
        named=new_bodies_in(outline),
    )
    if form.is_bound and form.is_valid():
        try:
            return HttpResponseRedirect(_accept(request, kept.pk, form))
        except ImportProblem as problem:
            form.add_error(None, str(problem))
    return _show(request, kept, outline, form, status=400 if form.errors else 200)


def _show(
    request: HttpRequest, kept: ReportImport, outline: Outline, form: AcceptForm, *, status: int
) -> HttpResponse:
    context = {
        "kept": kept,
        "form": form,
        "outline": outline,
        "rows": preview_rows(outline),
        "totals": _totals(outline),
        "other": _other(outline),
        # What was typed and refused.
        "typed": request.POST if "proposal" in request.POST else {},
    }
    return render(request, "admin/import_preview.html", context, status=status)


def _facts(outline: Outline) -> dict[str, str | date | None]:
    return {
        "title": outline.title,
        "subtitle": outline.subtitle,
        "slug": slugify(outline.title)[:80].strip("-"),
        "published_on": outline.published_on,
        "published_precision": outline.published_precision,
    }


def _totals(outline: Outline) -> dict[str, int]:
    found = list(proposals_in(outline))
    totals = {
        f"{kind}s": sum(one.kind == kind for one in found)
        for kind in ("recommendation", "action", "ask")
    }
    totals["dropped"] = sum(not one.is_kept for one in found if one.kind != "ask")
    totals["taken"] = sum(one.is_kept for one in found if one.kind == "ask")
    return totals


def _other(outline: Outline) -> dict[str, Any] | None:
    """Return how many recommendations the other reading finds, and the first of them."""
    other = other_reading(outline)
    if other is None:
        return None
    found = [one.headline for section in other.sections for one in section.recommendations]
    return {"count": len(found), "first": found[:OTHER_SHOWN]}


def switch_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose what the other reading found. Decisions stay with the reading they were made of."""
    with transaction.atomic():
        kept = _locked(request, pk)
        kept.outline = as_json(switched(from_json(kept.outline)))
        kept.save(update_fields=["outline"])
    messages.success(request, _("The text is read the other way. You can switch back."))
    return HttpResponseRedirect(reverse("admin:import_preview", args=[kept.pk]))


def decide_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep, drop or reword one proposal; the decision is kept with the upload."""
    post = request.POST
    with transaction.atomic():
        kept = _locked(request, pk)
        outline = from_json(kept.outline)
        try:
            key, words = post.get("proposal", ""), post.get("words", "")
            was = post.get("was", "")
            decided = decide(outline, key, post.get("decision", ""), words, was=was)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
            form = AcceptForm(initial=_facts(outline), named=new_bodies_in(outline))
            return _show(request, kept, outline, form, status=400)
        kept.outline = as_json(outline)
        kept.save(update_fields=["outline"])
    page = reverse("admin:import_preview", args=[kept.pk])
    return HttpResponseRedirect(f"{page}#{decided.key}")


@transaction.atomic
def _accept(request: HttpRequest, pk: int, form: AcceptForm) -> str:
    kept, chosen = _locked(request, pk), form.cleaned_data
    report = save_draft(
        accepted(from_json(kept.outline)),
        slug=chosen["slug"],
        file_name=kept.file_name,
        checksum=kept.checksum,
        now=timezone.now(),
        by=user_of(request),
        facts=ReportFacts(
            chosen["title"],
            chosen["subtitle"],
            chosen["published_on"],
            chosen["published_precision"] or None,
        ),
        new_bodies=chosen.get("new_bodies", ()),
    )
    kept.delete()
    messages.success(
        request,
        _("“%(report)s” is a draft. Nothing of it is public until it is added to the record.")
        % {"report": report},
    )
    return reverse("admin:breakdown", args=[report.slug])


# A new text of a report that there is -----------------------------------------------------------


def _changes(request: HttpRequest, kept: ReportImport, report: Report) -> HttpResponse:
    """What the new text would change. Nothing does without the editor's consent to just that."""
    newest = marks.newest_text(report)
    seen = str(newest.version if newest else 0)
    outline = from_json(kept.outline)
    if request.method == "POST":
        if request.POST.get("version") == seen:
            return HttpResponseRedirect(_replace(request, kept.pk, report))
        messages.error(
            request,
            _("Meanwhile the report got another text. Look at what changes from that one."),
        )
    context = {
        "kept": kept,
        "report": report,
        "version": seen,
        "found": compare_text(report, outline),
        "taken": request.POST.getlist("taken"),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "admin/import_changes.html", context, status=status)


@transaction.atomic
def _replace(request: HttpRequest, pk: int, report: Report) -> str:
    kept = _locked(request, pk)
    taken = set(request.POST.getlist("taken"))
    text = replace_text(
        report,
        from_json(kept.outline),
        file_name=kept.file_name,
        checksum=kept.checksum,
        now=timezone.now(),
        by=user_of(request),
        taken=taken,
    )
    kept.delete()
    messages.success(request, _("It is version %(n)d of the text.") % {"n": text.version})
    if taken:
        messages.success(request, _("What you took is a draft. Look at its number and its place."))
        return reverse("admin:breakdown", args=[report.slug])
    return reverse("admin:report_text", args=[report.slug])
