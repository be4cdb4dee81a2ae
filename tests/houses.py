"""A third country's inquiry, from nothing to a published record, by the pages of the staff alone.

Country, offices, report and findings are made up. What a person presses is counted: each link that
is followed, each button, each choice. What is typed is not.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from recommendations.models import Action, Party, Report, ReportImport, StructureRequest
from tests.reading import text_of

REPORT = Path(__file__).parent / "data" / "ferries_of_otterland.md"
PARTIES = {
    "ministry-of-otters": "Ministry of Otters",
    "river-board": "River Board",
    "ferry-guild": "Ferry Guild",
}
GROUPS = {
    "ministry": ("The ministry", ["ministry-of-otters"]),
    "offices": ("Public offices", ["ministry-of-otters", "river-board"]),
    "guild": ("The guild", ["ferry-guild"]),
}
NAME, FEED_NAME = "Otterland Ferry Record", "ferries.otterland.example"
Values = Mapping[str, Any]
NOTHING: Values = {}


@dataclass
class Presses:
    n: int = 0


@dataclass
class Desk:
    """One of the staff before the pages."""

    user: User
    presses: Presses
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.client.force_login(self.user)

    def open(self, address: str) -> str:
        self.presses.n += 1
        response = self.client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return response.content.decode()

    def send(
        self,
        address: str,
        *,
        write: Values = NOTHING,
        choose: Values = NOTHING,
        press: Values = NOTHING,
    ) -> str:
        """Open a page, fill in the form that has these fields, and press its button."""
        values = form_with({*write, *choose, *press}, self.open(address))
        chosen = sum(len(one) if isinstance(one, Sequence) and not isinstance(one, str) else 1
                     for one in choose.values())  # fmt: skip
        self.presses.n += chosen + 1
        response = self.client.post(address, {**values, **write, **choose, **press})
        assert response.status_code == 302, text_of(response.content.decode())[:3000]
        return response["Location"]


def form_with(names: set[str], html: str) -> dict[str, list[str]]:
    """Return what a browser would send of the first form with these fields."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    for form in page.iter("form"):
        found = {one.get("name") for one in form.iter() if one.get("name")}
        if form.get("method", "").lower() == "post" and names <= found:
            return _values_of(form)
    raise AssertionError(f"No form has {sorted(names)}:\n{text_of(html)[:2000]}")


def _values_of(form: Element) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for one in form.iter():
        name, kind = one.get("name"), one.get("type", "")
        is_unset = kind in ("checkbox", "radio") and one.get("checked") is None
        if not name or one.get("disabled") is not None or is_unset:
            continue
        if one.tag == "textarea":
            sent.setdefault(name, []).append((one.text or "").removeprefix("\n"))
        elif one.tag == "select":
            options = list(one.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            sent.setdefault(name, []).extend(o.get("value", o.text or "") for o in chosen)
        elif one.tag == "input" and kind not in ("submit", "button", "file"):
            sent.setdefault(name, []).append(one.get("value", "on" if is_unset else ""))
    return sent


def picture(kind: str = "PNG", size: tuple[int, int] = (192, 96)) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", size, (122, 31, 61, 255)).save(written, kind)
    return written.getvalue()


def build(editor: User, other_editor: User, analyst: User, reviewer: User) -> int:
    """Set the house up, import its report, publish it and what became of one action.

    Return how often anything was pressed.
    """
    presses = Presses()
    desk, second = Desk(editor, presses), Desk(other_editor, presses)
    _name_the_site(desk)
    _describe_who_is_asked(desk)
    report = _import_report(desk)
    _publish(desk, second, report)
    _log_and_review(Desk(analyst, presses), Desk(reviewer, presses))
    return presses.n


def _name_the_site(desk: Desk) -> None:
    desk.open(reverse("admin:first_steps"))
    desk.send(
        reverse("admin:recommendations_site_change", args=[1]),
        write={
            "name": NAME,
            "strapline": "What became of the inquiry into ferries",
            "operator": "Friends of the River",
            "accent": "#7a1f3d",
            "feed_name": FEED_NAME,
            "contact_mail": "desk@otterland.example",
        },
        choose={"new_logo": SimpleUploadedFile("logo.png", picture())},
    )


def _describe_who_is_asked(desk: Desk) -> None:
    for position, (slug, name) in enumerate(PARTIES.items(), start=1):
        desk.send(
            reverse("admin:recommendations_party_add"),
            write={"name": name, "slug": slug, "position": str(position)},
            choose={"kind": "authority"},
        )
    for position, (slug, (name, parties)) in enumerate(GROUPS.items(), start=1):
        keys = [str(Party.objects.get(slug=one).pk) for one in parties]
        desk.send(
            reverse("admin:recommendations_addresseegroup_add"),
            write={"name": name, "slug": slug, "position": str(position)},
            choose={"parties": keys},
        )
    desk.send(
        reverse("admin:recommendations_fiscalyear_add"),
        write={"begins_day": "1"},
        choose={"begins_month": "7", "is_named_by_end": "on"},
    )


def _import_report(desk: Desk) -> Report:
    file = SimpleUploadedFile(REPORT.name, REPORT.read_bytes())
    desk.send(reverse("admin:import_report"), choose={"file": file})
    kept = ReportImport.objects.get()
    desk.send(
        reverse("admin:import_preview", args=[kept.pk]),
        write={"slug": "ferries", "published_on": "2025-03-01"},
    )
    return Report.objects.get()


def _publish(desk: Desk, second: Desk, report: Report) -> None:
    desk.open(reverse("admin:breakdown", args=[report.slug]))
    desk.send(
        reverse("admin:recommendations_report_structure", args=[report.pk, "include"]),
        write={"reason": "The inquiry reported on 1 March."},
    )
    asked = StructureRequest.objects.get()
    second.send(reverse("admin:decide_step", args=[asked.pk]), press={"go": "confirm"})


def _log_and_review(desk: Desk, judge: Desk) -> None:
    action = Action.objects.get(title__contains="one fare for all lines")
    address = f"{reverse('admin:log_update')}?action={action.pk}"
    desk.send(
        address,
        write={
            "effective_on": "2025-09-01",
            "note": "The fare order is in force on all lines.",
            "evidence-0-url": "https://gazette.otterland.example/fares",
            "evidence-0-title": "Fare Order",
            "evidence-0-publisher": "Gazette of Otterland",
            "evidence-0-published_on": "2025-08-20",
        },
        choose={"status": "implemented", "evidence-0-kind": "primary"},
        press={"go": "submit"},
    )
    [update] = action.updates.all()
    judge.send(reverse("admin:review", args=[update.slug]), press={"go": "publish"})
