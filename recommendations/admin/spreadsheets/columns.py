"""What the columns of a spreadsheet mean, with its first rows as they would be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.admin.pages import user_of
from recommendations.drafting.deliveries.plan import mapping_of
from recommendations.importing.tables import mapping as mappings
from recommendations.importing.tables.breakdown import breakdown_of
from recommendations.importing.tables.heads import guess, heads_of
from recommendations.importing.tables.mapping import REPEATED, ROLES, Mapping
from recommendations.importing.tables.rows import Reader, ReadRow
from recommendations.importing.tables.table import Sheet, Workbook, letters_of, unpacked
from recommendations.models import TableImport, TableMapping

from .columns_form import ColumnsForm
from .upload import own

MOST_SHOWN = 10


@dataclass(frozen=True)
class Column:
    """A column as it is offered: what it is called, what stands in it first, what it means."""

    n: int
    letters: str
    head: str
    examples: list[str]
    role: str

    @property
    def name(self) -> str:
        return f"column-{self.n}"


def table_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the columns mean, and keep what is said of it."""
    kept = own(request, pk)
    workbook, mapping = unpacked(kept.table), mapping_of(kept)
    if request.method != "POST":
        return _show(
            request, kept, workbook, mapping, ColumnsForm(workbook, initial=_said(mapping))
        )
    form = ColumnsForm(workbook, request.POST)
    if not form.is_valid():
        return _show(request, kept, workbook, mapping, form, status=400)
    said = _said_by(form, mapping)
    sheet = workbook.sheet(said.sheet)
    if (said.sheet, said.head_row, said.head_rows) != (
        mapping.sheet,
        mapping.head_row,
        mapping.head_rows,
    ):
        _save(request, pk, _guessed_anew(sheet, said))
        messages.info(request, _("The columns were guessed anew for these heads."))
        return HttpResponseRedirect(reverse("admin:table_columns", args=[pk]))
    said = msgspec.structs.replace(said, columns=_roles(request, sheet, said))
    problems = list(_problems_of(sheet, said))
    if not problems or request.POST.get("go") != "check":
        _save(request, pk, said, name=form.cleaned_data["name"])
    if problems:
        for problem in problems:
            form.add_error(None, problem)
        return _show(request, kept, workbook, said, form, status=400)
    page = "table_check" if request.POST.get("go") == "check" else "table_columns"
    return HttpResponseRedirect(reverse(f"admin:{page}", args=[pk]))


def _said(mapping: Mapping) -> dict[str, Any]:
    return {name: getattr(mapping, name) for name in mapping.__struct_fields__}


def _said_by(form: ColumnsForm, before: Mapping) -> Mapping:
    fields = {name: form.cleaned_data[name] for name in form.fields if name != "name"}
    return msgspec.structs.replace(before, **fields)


def _guessed_anew(sheet: Sheet, said: Mapping) -> Mapping:
    """Return what columns seem to mean below the heads that somebody names."""
    below = Sheet(sheet.name, sheet.rows[said.head_row - 1 :])
    guessed = guess(below)
    heads = set(heads_of(sheet, said.head_row, said.head_rows))
    columns = {head: role for head, role in guessed.columns.items() if head in heads}
    return msgspec.structs.replace(said, columns=columns)


def _roles(request: HttpRequest, sheet: Sheet, said: Mapping) -> dict[str, Any]:
    heads = heads_of(sheet, said.head_row, said.head_rows)
    chosen = {head: request.POST.get(f"column-{n}", "") for n, head in enumerate(heads)}
    return {head: role for head, role in chosen.items() if role in ROLES and role}


def _problems_of(sheet: Sheet, mapping: Mapping) -> Iterator[str]:
    """Yield why rows cannot be read by this mapping at all."""
    roles = list(mapping.columns.values())
    for role in dict.fromkeys(roles):
        if roles.count(role) > 1 and role not in REPEATED:
            yield _("Two columns are “%(role)s”. Choose one of them.") % {"role": ROLES[role]}
    if not {"recommendation", "action"} & set(roles):
        yield _("Say which column has the text of the recommendations.")
    needed = {"column": "level", "number": "number"}.get(mapping.levels)
    if needed and needed not in roles:
        yield _("Say which column is “%(role)s”.") % {"role": ROLES[needed]}
    if mapping.reports == "column" and "report" not in roles:
        yield _("Say which column is “%(role)s”.") % {"role": ROLES["report"]}
    if mapping.head_row + mapping.head_rows > len(sheet.rows):
        yield _("There is no row below the heads. Choose the row with the names of the columns.")


@transaction.atomic
def _save(request: HttpRequest, pk: int, mapping: Mapping, *, name: str = "") -> None:
    kept = TableImport.objects.select_for_update(of=("self",)).get(
        pk=pk, uploaded_by=user_of(request)
    )
    kept.mapping = mappings.as_json(mapping)
    kept.save(update_fields=["mapping"])
    if name := " ".join(name.split()):
        TableMapping.objects.update_or_create(
            name=name,
            defaults={
                "mapping": kept.mapping,
                "saved_by": user_of(request),
                "saved_at": timezone.now(),
            },
        )
        messages.success(request, _("The meanings are kept as “%(name)s”.") % {"name": name})


def _show(
    request: HttpRequest,
    kept: TableImport,
    workbook: Workbook,
    mapping: Mapping,
    form: ColumnsForm,
    *,
    status: int = 200,
) -> HttpResponse:
    sheet = workbook.sheet(mapping.sheet)
    reader = Reader(sheet, mapping)
    rows = list(reader.rows(most=MOST_SHOWN))
    found = breakdown_of(reader, [msgspec.structs.replace(row) for row in rows])
    wholes = {one.row for one in found}
    parts = {action.said.row for one in found for action in one.actions}
    shown = [role for role in SHOWN_ROLES if role in reader.columns]
    context = {
        "kept": kept,
        "form": form,
        "workbook": workbook,
        "n_rows": max(len(sheet.rows) - mapping.head_row - mapping.head_rows + 1, 0),
        "columns": list(_columns(sheet, mapping)),
        "roles": ROLES.items(),
        "is_one_column": sheet.width == 1,
        "rows": [
            (row.row, row.row in wholes, row.row in parts, [_cell(row, role) for role in shown])
            for row in rows
        ],
        "heads": [ROLES[role] for role in shown],
    }
    return render(request, "admin/table_columns.html", context, status=status)


SHOWN_ROLES = (
    *("report", "section", "number", "recommendation", "action_number", "action"),
    *("owner", "due", "status", "since", "response", "area", "kind", "source"),
)
LISTS = {"owner": "owners", "area": "areas", "source": "sources"}
# Of a date in ISO 8601, as far as it is known.
LETTERS = {"month": 7, "year": 4}


def _cell(row: ReadRow, role: str) -> str:
    """Return what is read of a row in a role, as text."""
    if role in LISTS:
        return "; ".join(getattr(row, LISTS[role]))
    if role in ("due", "since"):
        day = row.due if role == "due" else row.since
        words = row.due_words if role == "due" else row.since_words
        return day.on.isoformat()[: LETTERS.get(day.precision, 10)] if day else words
    return str(getattr(row, role))


def _columns(sheet: Sheet, mapping: Mapping) -> Iterator[Column]:
    heads = heads_of(sheet, mapping.head_row, mapping.head_rows)
    below = sheet.rows[mapping.head_row + mapping.head_rows - 1 :]
    for n, head in enumerate(heads):
        cells = (row[n] for row in below if n < len(row) and row[n])
        examples = [cell for _k, cell in zip(range(3), cells, strict=False)]
        if examples or not head.startswith("["):
            yield Column(n, letters_of(n), head, examples, mapping.columns.get(head, ""))
