"""An empty table to fill in, whose columns are known."""

from __future__ import annotations

import io

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from recommendations.importing.tables.mapping import ROLES

# In the order in which people write them down.
COLUMNS = ("number", "section", "recommendation", "action_number", "action", "owner", "due",
           "status", "since", "response", "area", "kind", "source", "note")  # fmt: skip
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def template_file(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in TYPES:
        raise Http404
    heads = [str(ROLES[column]) for column in COLUMNS]
    data = _workbook(heads) if kind == "xlsx" else ("\ufeff" + ",".join(heads) + "\r\n").encode()
    said = {"Content-Disposition": f'attachment; filename="recommendations.{kind}"'}
    return HttpResponse(data, content_type=TYPES[kind], headers=said)


def _workbook(heads: list[str]) -> bytes:
    # Here, since only who is asked for a workbook needs it: 2 MB.
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_("Recommendations"))
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        # As text, so that 1.10 stays what was typed.
        sheet.set_column(0, len(heads) - 1, 24, text)
        sheet.write_row(0, 0, heads, bold)
        sheet.freeze_panes(1, 0)
        told = book.add_worksheet(_("Explanations"))
        told.set_column(0, 0, 30)
        told.set_column(1, 1, 90)
        for row, (head, sentence) in enumerate(zip(heads, _explanations(), strict=True)):
            told.write_row(row, 0, [head, sentence])
    return file.getvalue()


def _explanations() -> list[str]:
    return [
        _("As the report numbers it: 3, 2.1 or T4. It stands in the address, for good."),
        _("The chapter of the report, as it is called there."),
        _("The ask, as the report words it. Leave it empty to go on with the one above."),
        _("Where the table has one of its own."),
        _("What can be found to have been done or not done. Without one it is the ask itself."),
        _("Several parted by semicolons."),
        _("As exactly as it is known: 2026-03-31, 2026-03, 2026, Q1 2026."),
        _("In your own words: you say what they mean here when you import the table."),
        _("Since when the status holds: a day, a month or a year."),
        _("What the addressee answered."),
        _("As they are called here, several parted by semicolons."),
        _("Legislation, organisation, agreement, policy, programme or diplomacy."),
        _("Of what shows the status of this row, several parted by spaces."),
        _("Anything else. It is kept with the row and is never public."),
    ]
