"""A file to a workbook: what it is by its content, whatever its name says."""

from __future__ import annotations

from django.utils.translation import gettext as _

from recommendations.importing.problems import LARGEST_FILE, ImportProblem, too_large

from .csv_file import Encoding, read_csv
from .table import Workbook

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = (b"%PDF-", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def read_table(data: bytes, *, encoding: Encoding = "") -> Workbook:
    """Return the sheets of CSV or XLSX. Raises ImportProblem with what to do."""
    if len(data) > LARGEST_FILE:
        raise too_large()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise ImportProblem(_("The file is empty. Choose the file with the recommendations."))
    if data.startswith(COMPOUND):
        raise ImportProblem(
            _(
                "This is an old XLS file, or an XLSX with a password. Save it as XLSX without a "
                "password, or as CSV."
            )
        )
    if data.startswith(b"PK"):
        # Calamine takes memory that CSV can do without.
        from .xlsx_file import read_xlsx

        return read_xlsx(data)
    start = data.lstrip()[:256].lower()
    if data.startswith(OTHERS) or start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise ImportProblem(
            _("This is no spreadsheet. Give CSV or XLSX; a text goes to “Import a report”.")
        )
    return read_csv(data, encoding=encoding)
