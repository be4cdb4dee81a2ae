"""Spreadsheets of made-up recommendations, and an editor's way with them through the pages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recommendations.drafting.deliveries.decisions import place_of
from recommendations.drafting.deliveries.plan import Plan, plan_of
from recommendations.importing.tables.heads import folded
from recommendations.models import Delivery, TableImport

PAGE = "/admin/import/table/"
HEADS = ["No.", "Recommendation", "Owner", "Due", "Status", "As of"]
SOURCE = {
    "source-title": "Tracker of the Ferry Commission",
    "source-publisher": "Ferry Commission",
    "source-url": "https://ferries.example/tracker.csv",
    "source-published_on": "2026-03-01",
    "source-published_precision": "day",
    "source-accessed_on": "2026-03-02",
    "source-kind": "official",
}
REPORT = {
    "report-0-slug": "",
    "report-0-title": "Ferries",
    "report-0-new_slug": "ferries",
    "report-0-published_on": "2024-05-01",
}


def csv_bytes(
    rows: Sequence[Sequence[object]], *, encoding: str = "utf-8", mark: str = ","
) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(rows)
    return text.getvalue().encode(encoding)


def upload(client: Client, data: bytes, name: str = "tracker.csv", **fields: str) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data), **fields})


def uploaded(client: Client, data: bytes, name: str = "tracker.csv", **fields: str) -> TableImport:
    response = upload(client, data, name, **fields)
    assert response.status_code == 302, response.context["form"].errors
    return TableImport.objects.get(pk=re.findall(r"\d+", response["Location"])[-1])


def plan(kept: TableImport) -> Plan:
    return plan_of(TableImport.objects.get(pk=kept.pk))


def names(**meanings: str) -> dict[str, str]:
    """Return the fields that say whom names mean."""
    return {f"owner-{place_of(folded(name))}": said for name, said in meanings.items()}


def words(**statuses: str) -> dict[str, str]:
    return {
        f"status-{place_of(folded(word.replace('_', ' ')))}": code
        for word, code in statuses.items()
    }


def check(client: Client, kept: TableImport, *, go: str = "save", **fields: Any) -> Any:
    page = f"{PAGE}{kept.pk}/check/"
    return client.post(page, {"go": go, "seen": plan(kept).mark, **SOURCE, **fields})


def accepted(client: Client, kept: TableImport, **fields: Any) -> Delivery:
    """Say what is to be said, and import."""
    check(client, kept, **fields)
    response = check(client, kept, go="accept", **fields)
    assert response.status_code == 302, (
        response.context["refusals"],
        [form.errors for form in (response.context["source"], *response.context["report_forms"])],
    )
    return Delivery.objects.get(pk=re.findall(r"\d+", response["Location"])[-1])
