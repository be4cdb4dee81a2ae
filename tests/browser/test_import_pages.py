"""Pages of imports that are of a file, in each of their states: axe, widths, the keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page

from recommendations.models import Action, ReportImport, StructureRequest

from ..factories import FileToReadFactory, PartyFactory, PolicyAreaFactory
from ..table_desk import PAGE, REPORT, accepted, csv_bytes, names, plan, uploaded, words
from .chromium import assert_accessible
from .test_public_pages import is_wider_than_the_window

pytestmark = pytest.mark.django_db(transaction=True)

HEADS = ["No.", "Recommendation", "Owner", "Due", "Status", "As of", "Policy area", "Source URL"]
LONG = "Mend the quay of the northern harbour " * 12
ROWS = [
    HEADS,
    ["1", "Dredge it", "Harbour Office", "2027-03-31", "Done", "2026-01-15", "Boats", ""],
    ["2", "Lower the fares", "Fareland", "soon", "Ongoing", "", "Schools", "see page 4"],
    ["2", "Lower them again", "", "", "", "", "", ""],
    ["3", LONG, "Ferry Board", "", "Done", "2026-02", "", "https://gazette.example/1"],
]
TEXT = b"""# Ferries

## Recommendations

1. **Dredge the harbour.** Fareland should dredge it. The Board should pay by 2029.
2. **Lower the fares.** Fareland should lower them.
"""


@pytest.fixture
def editor(transactional_db: None, staff_member: Callable[[str, str], User]) -> User:
    PartyFactory(slug="fareland", name="Fareland", kind="government")
    PolicyAreaFactory(slug="boats", name="Boats")
    return staff_member("editor", "Editor")


def pages_of(editor: User) -> list[str]:
    """Make each state, and return the addresses that show it."""
    client = Client()
    client.force_login(editor)
    first = uploaded(client, csv_bytes(ROWS))
    groups = list(plan(first).open_groups)
    said = {
        **REPORT,
        **names(**{"Harbour Office": "new-body:fareland", "Ferry Board": "new-party:authority"}),
        **words(done="implemented", ongoing="in_progress"),
        "shown-group": groups,
        "group": groups,
    }
    delivery = accepted(client, first, **said)
    # With rows that are wrong; and the second delivery, of which some is changed, likely or gone.
    wrong = uploaded(client, csv_bytes([*ROWS, ["9", "", "Nobody", "", "?", "", "", ""]]))
    action = Action.objects.get(recommendation__number="1")
    action.title = "Dredge all of it"
    action.save()
    changed = [
        HEADS,
        ["1", "Dredge the harbour", "Fareland", "2027-04-30", "Done", "2026-01-15", "", ""],
        ["", "Lower the fares for all", "Fareland", "", "", "", "", ""],
        ["8", "Count the otters", "", "", "", "", "", ""],
    ]
    second = uploaded(client, csv_bytes(changed), "second.csv", report="ferries")
    client.post("/admin/import/", {"file": SimpleUploadedFile("text.md", TEXT)})
    preview = ReportImport.objects.get()
    reading = FileToReadFactory(uploaded_by=editor)
    client.post("/admin/breakdown/ferries/include/", {"reason": "It is out.", "go": "ask"})
    return [
        f"{PAGE}{wrong.pk}/",
        f"{PAGE}{wrong.pk}/check/",
        f"{PAGE}{second.pk}/check/",
        f"/admin/deliveries/{delivery.pk}/",
        f"/admin/import/{preview.pk}/",
        f"/admin/import/reading/{reading.pk}/",
        "/admin/breakdown/ferries/",
        "/admin/breakdown/ferries/preview/",
        *(f"/admin/steps/{one.pk}/" for one in StructureRequest.objects.all()),
    ]


FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "";
  const box = one.getBoundingClientRect();
  return box.width && box.height ? one.tagName : "HIDDEN " + one.outerHTML.slice(0, 120);
}"""


def refuse_lost_focus(page: Page) -> None:
    """Go through the page by Tab: all that is reached can be seen, and it leads out at the end."""
    seen = 0
    for _n in range(600):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUSED)
        assert not where.startswith("HIDDEN"), (page.url, where)
        seen += bool(where)
        if not where and seen:
            return
    assert seen < 600, page.url


@pytest.mark.parametrize(
    ("language", "options"),
    [
        ("", {"color_scheme": "light"}),
        ("/ja", {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}),
    ],
    ids=["English, wide and light", "Japanese, narrow and dark"],
)
def test_pages_of_imports_are_accessible_and_fit(
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, User], Page],
    editor: User,
    language: str,
    options: dict,
) -> None:
    addresses = pages_of(editor)
    page = sign_in(open_page(**options), editor)
    for address in addresses:
        response = page.goto(f"{language}{address}")
        assert response is not None
        assert response.status == 200, address
        assert_accessible(page)
        assert not is_wider_than_the_window(page), address
        refuse_lost_focus(page)
