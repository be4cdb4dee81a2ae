"""Uploading a spreadsheet. Its rows are kept until somebody decides of them."""

from __future__ import annotations

import hashlib
from functools import wraps

import msgspec
from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.importing.upload import KEPT, ReportField, room_to_read
from recommendations.admin.pages import View, user_of
from recommendations.drafting.uploads import UploadLimit
from recommendations.importing import ImportProblem
from recommendations.importing.problems import too_large
from recommendations.importing.tables import mapping as mappings
from recommendations.importing.tables.heads import guess, heads_of
from recommendations.importing.tables.mapping import Mapping
from recommendations.importing.tables.sandbox import read_safely
from recommendations.importing.tables.table import UnreadableTable, Workbook, unpacked
from recommendations.models import Delivery, Report, TableImport, TableMapping

SHOWN = 20
ENCODINGS = [
    ("", gettext_lazy("told by the content")),
    ("utf-8", "UTF-8"),
    ("cp932", "Shift_JIS (cp932)"),
    ("cp1252", "Windows-1252"),
]


class TableForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or XLSX of up to 20 MB, 50,000 rows and 200 columns. Formulas are read by the "
            "values that they had when the file was saved."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty. Choose the file with the recommendations."),
        },
        allow_empty_file=True,
    )
    report = ReportField(
        Report.objects.filter(until_edition__isnull=True),
        label=gettext_lazy("Which report it is about"),
        required=False,
        empty_label=gettext_lazy("A new report, or several that a column names"),
        to_field_name="slug",
        help_text=gettext_lazy(
            "For a report that is here already, you see what is new, changed and gone before "
            "anything is written."
        ),
        error_messages={
            "invalid_choice": gettext_lazy("This report is not here any more. Choose another.")
        },
    )
    kept_mapping = forms.ModelChoiceField(
        TableMapping.objects.all(),
        label=gettext_lazy("Meaning of the columns"),
        required=False,
        empty_label=gettext_lazy("As kept for these columns, else guessed"),
        error_messages={
            "invalid_choice": gettext_lazy("This mapping is not here any more. Choose another.")
        },
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding of a CSV file"), choices=ENCODINGS, required=False
    )


def import_table(request: HttpRequest) -> HttpResponse:
    form, status = TableForm(initial={"report": request.GET.get("report")}), 200
    if request.method == "POST":
        form = TableForm(request.POST, request.FILES)
        if any(isinstance(one, UploadLimit) and one.was_stopped for one in request.upload_handlers):
            form.errors.clear()
            form.add_error("file", str(too_large()))
        elif form.is_valid():
            try:
                with room_to_read() as has_room:
                    if not has_room:
                        raise _busy()
                    kept = _keep(request, **form.cleaned_data)
                return HttpResponseRedirect(reverse("admin:table_columns", args=[kept.pk]))
            except ImportProblem as problem:
                form.add_error("file", str(problem))
        status = 400
    context = {
        "form": form,
        "waiting": TableImport.objects.filter(uploaded_by=user_of(request)).defer("table"),
        "deliveries": Delivery.objects.select_related("imported_by")[:SHOWN],
    }
    return render(request, "admin/import_table.html", context, status=status)


def _busy() -> ImportProblem:
    return ImportProblem(_("Another file is being read. Send yours again in half a minute."))


def _keep(
    request: HttpRequest,
    *,
    file: UploadedFile,
    report: Report | None,
    kept_mapping: TableMapping | None,
    encoding: str,
) -> TableImport:
    """Read a file and keep its rows. One that waits already is gone on with, however often sent."""
    now, data = timezone.now(), file.read()
    TableImport.objects.filter(uploaded_at__lt=now - KEPT).delete()
    checksum = hashlib.sha256(data).hexdigest()
    table = read_safely(data, encoding=encoding)  # type: ignore[arg-type]
    mapping = _mapping(unpacked(table), kept_mapping)
    same = TableImport.objects.filter(uploaded_by=user_of(request), checksum=checksum)
    same = same.filter(report=report) if report else same.filter(report__isnull=True)
    if (waiting := same.first()) and not (kept_mapping or encoding):
        return waiting
    same.delete()
    _tell_of_same(request, checksum)
    return TableImport.objects.create(
        report=report,
        file_name=(file.name or "")[:200],
        checksum=checksum,
        table=table,
        mapping=mappings.as_json(mapping),
        uploaded_by=user_of(request),
        uploaded_at=now,
    )


def _tell_of_same(request: HttpRequest, checksum: str) -> None:
    if before := Delivery.objects.filter(checksum=checksum).first():
        messages.info(
            request,
            _("This very file was imported on %(day)s already, as “%(delivery)s”.")
            % {"day": before.imported_at.date().isoformat(), "delivery": before},
        )


def _mapping(workbook: Workbook, chosen: TableMapping | None) -> Mapping:
    """Return the mapping that was chosen, else a kept one that knows all columns, else a guess."""
    if chosen:
        mapping = mappings.from_json(chosen.mapping)
        if mapping and (adapted := adapted_to(workbook, mapping)):
            return adapted
        raise ImportProblem(
            _(
                "The file has none of the columns that “%(mapping)s” knows. Choose another "
                "mapping, or have the columns guessed."
            )
            % {"mapping": chosen}
        )
    # Beside the table there may be a sheet that explains it, or a list of words.
    guesses = [guess(sheet) for sheet in workbook.sheets]
    guessed = max(guesses, key=lambda one: len(set(one.columns.values())))
    heads = set(heads_of(workbook.sheet(guessed.sheet), guessed.head_row, guessed.head_rows))
    for kept in TableMapping.objects.order_by("-saved_at"):
        mapping = mappings.from_json(kept.mapping)
        if mapping and mapping.columns and set(mapping.columns) <= heads:
            return adapted_to(workbook, mapping) or guessed
    return guessed


def adapted_to(workbook: Workbook, mapping: Mapping) -> Mapping | None:
    """Return a kept mapping for a file whose heads may stand in another row or sheet."""
    for sheet in sorted(workbook.sheets, key=lambda sheet: sheet.name != mapping.sheet):
        for row in dict.fromkeys([mapping.head_row, *range(1, 31)]):
            heads = set(heads_of(sheet, row, mapping.head_rows))
            known = set(mapping.columns) & heads
            if known and len(known) * 2 >= len(mapping.columns):
                return msgspec.structs.replace(mapping, sheet=sheet.name, head_row=row)
    return None


def own(request: HttpRequest, pk: int) -> TableImport:
    return TableImport.objects.select_related("report").get(pk=pk, uploaded_by=user_of(request))


def while_there(view: View) -> View:
    """Lead from an import that was accepted or given up, in another tab say, to the upload."""

    @wraps(view)
    def wrapper(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            if request.method == "POST" and "give_up" in request.POST:
                own(request, pk).delete()
                messages.success(request, _("The import was given up; nothing of it is kept."))
                return HttpResponseRedirect(reverse("admin:import_table"))
            return view(request, pk)
        except TableImport.DoesNotExist:
            messages.error(
                request,
                _("This import is not here any more: it was accepted or given up."),
            )
        except UnreadableTable as problem:
            TableImport.objects.filter(pk=pk, uploaded_by=user_of(request)).delete()
            messages.error(request, str(problem))
        return HttpResponseRedirect(reverse("admin:import_table"))

    return wrapper
