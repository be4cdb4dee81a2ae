"""Reading the file of a report: at once where that is quick, else in the background."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django_tasks import task

from recommendations.importing import ImportProblem, Outline
from recommendations.importing.outline import as_json
from recommendations.importing.sandbox import propose_safely
from recommendations.models import FileToRead, ReportImport

from .draft import addressee_names


@task()
def read_file(pk: int) -> None:
    """Keep what a file proposes, or why it could not be read. One that was read is left alone."""
    file = FileToRead.objects.waiting().filter(pk=pk).first()
    if file is None:
        return
    outline, problem = None, ""
    with translation.override(file.language):
        try:
            outline = read_patiently(bytes(file.data))
        except ImportProblem as refusal:
            problem = str(refusal)
    keep_outcome(pk, as_json(outline) if outline else None, problem)


def read_patiently(data: bytes) -> Outline:
    """Return what a file proposes, however long it is. Raises ImportProblem."""
    return propose_safely(data, addressee_names())


@transaction.atomic
def keep_outcome(pk: int, outline: object, problem: str) -> None:
    """Write it once, whoever else has read the same file meanwhile."""
    rows = FileToRead.objects.select_for_update(of=("self",)).defer("data")
    file = rows.waiting().filter(pk=pk).first()
    if file is None:
        return
    if outline is not None:
        file.read_as = ReportImport.objects.create(
            report_id=file.report_id,
            file_name=file.file_name,
            checksum=file.checksum,
            outline=outline,
            uploaded_by_id=file.uploaded_by_id,
            uploaded_at=file.uploaded_at,
        )
    file.problem, file.data = problem, b""
    file.save(update_fields=["read_as", "problem", "data"])
