"""A third country's inquiry under its own name, and nothing left of the report that we open on."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation

from recommendations import integrity
from recommendations.accounts import letters
from recommendations.addressee_groups import forget as forget_groups
from recommendations.loading.empty import begin_empty
from recommendations.models import Action, Edition, Report, Site, StatusUpdate
from recommendations.site_row import forget

from .factories import PolicyAreaFactory
from .houses import FEED_NAME, NAME, build
from .public_pages import NOT_THERE, patterns
from .reading import csv_rows, links_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

MOST_PRESSES = 150
# Of the opening report: its parties, places and series, groups and fiscal years. The name of a
# language, and that of its script, are no country.
FOREIGN = (
    r"Japan(?!ese\b)|Japanese (?:fiscal|gov)|Tokyo|Washington|\bU\.S\.|United States"
    r"|united[_-]states|Alliance|Armitage|\bNye\b|us-japan|Pentagon|AUKUS|NATO|Taiwan|JSDF"
    # No place of a cell.
    r"|(?<!r=.)\bG7\b|fiscal_year_(?:us|japan)"
    r"|\bgo\.jp\b|whitehouse|csis"
    r"|日本(?!語)|日米|米国|同盟|防衛省|内閣官房|東京"
)
OPENING = settings.BASE_DIR / "fixtures" / "us_japan_alliance_2024.yaml"
NAMED = {"report", "section", "recommendation", "party", "body", "policyarea", "topic"}
# Random letters may spell anything.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
ARGUMENTS: dict[str, Any] = {
    "report": "ferries",
    "number": "2",
    "label": "2a",
    "table": "actions",
    "section": "2-what-should-be-done",
    "position": 1,
    "edition_number": 1,
    "vocabulary": "addressee",
    "code": "ministry",
    "chart": "headline",
    "suffix": "svg",
}
ARGUMENTS_OF: dict[str, dict[str, Any]] = {
    "area": {"slug": "boats"},
    "area_picture": {"slug": "boats"},
    "party": {"slug": "river-board"},
    "party_picture": {"slug": "river-board"},
    "edition": {"number": 2},
    "edition_record": {"number": 2},
    "edition_zip": {"number": 2},
}
QUERIES = {
    "cite_bibtex": "?page=/changes/",
    "cite_ris": "?page=/changes/",
    "oembed": "?url=http://testserver/reports/ferries/",
}


@dataclass
class House:
    presses: int
    staff: dict[str, User]


@pytest.fixture
def house(db: None, staff_member: Callable[[str, str], User]) -> House:
    begin_empty()
    forget()
    forget_groups()
    staff = {
        "editor": staff_member("odette", "Editor"),
        "second": staff_member("oskar", "Editor"),
        "analyst": staff_member("olga", "Analyst"),
        "reviewer": staff_member("otto", "Reviewer"),
        "administrator": staff_member("ophelia", "Administrator"),
    }
    presses = build(staff["editor"], staff["second"], staff["analyst"], staff["reviewer"])
    area = PolicyAreaFactory(slug="boats", name="Boats")
    recommendation = Report.objects.get().recommendations.get(number="2")
    recommendation.areas.add(area)
    return House(presses, staff)


# The round --------------------------------------------------------------------------------------


def test_an_inquiry_is_published_under_its_own_name_in_few_presses(house: House) -> None:
    assert house.presses <= MOST_PRESSES
    report = Report.objects.get()
    assert report.recommendations.count() == 12
    assert Action.objects.counted().count() == 30
    assert Action.objects.filter(status="implemented").count() == 1
    assert not list(integrity.differences())
    groups = dict.fromkeys(Action.objects.values_list("addressee", flat=True))
    assert {*groups} == {"ministry", "offices", "guild"}
    deadline = Action.objects.get(title__contains="ferry to each village").deadlines.get()
    assert (str(deadline.on), deadline.precision) == ("2026-07-01", "fiscal_year")
    assert str(deadline) == "Fiscal year from 1 Jul 2026 to 30 Jun 2027"


def test_its_pages_have_its_name_logo_colour_and_groups(client: Client, house: House) -> None:
    html = client.get("/").content.decode()
    text = text_of(html)
    assert NAME in text and "1 of 30 verifiable actions is implemented" in text
    assert "The ministry" in text and "The guild" in text
    [logo] = re.findall(r'src="(/site/logo/[^"]+)"', html)
    assert client.get(logo)["Content-Type"] == "image/png"
    [sheet] = re.findall(r'href="(/site/accent/[^"]+)"', html)
    assert "--link: light-dark(#7a1f3d," in client.get(sheet).content.decode()
    listed = text_of(client.get("/recommendations/?addressee=ministry").content.decode())
    assert "10 of 30" in listed or "11 of 30" in listed
    rows = csv_rows(client.get("/recommendations.csv"))
    labels = {row["addressee_label"] for row in rows}
    assert labels == {"The ministry", "Public offices", "The guild"}
    feed = client.get("/changes/feed.atom").content.decode()
    assert f"tag:{FEED_NAME}" in feed


# What is left of the opening report -------------------------------------------------------------


def named_by_the_opening_report() -> Iterator[str]:
    """Yield titles, slugs and names of its file that are no everyday words."""
    for entry in yaml.safe_load(OPENING.read_text(encoding="utf-8")):
        if entry["model"].partition(".")[2] in NAMED:
            for name in ("title", "name", "slug", "query", "headline", "authors", "series"):
                words = entry["fields"].get(name, "")
                if len(re.split(r"[\s-]", words)) > 1:
                    yield words


def refuse_foreign(found: dict[str, str]) -> None:
    assert found, "nothing was read"
    foreign = re.compile(f"{FOREIGN}|{'|'.join(map(re.escape, named_by_the_opening_report()))}")
    told = [
        f"{where}: …{text[max(0, match.start() - 60) : match.end() + 60]}…"
        for where, text in ((where, TOKEN.sub("", text)) for where, text in found.items())
        for match in foreign.finditer(text)
    ]
    assert not told, "\n".join(dict.fromkeys(told))


def read(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, (address, response.status_code)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] != b"PK":
        return body.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8-sig", "replace")
            for name in archive.namelist()
            if not name.endswith((".zip", ".sqlite", ".xlsx"))
        )


# Rows that this house has not, beside those that no trial has.
NOT_HERE = {
    "api:captures_item",
    "copy_file",
    "api:deadlines_item",
    "api:targets_item",
    "api:translations_item",
}


def public_addresses() -> Iterator[str]:
    update = StatusUpdate.objects.get()
    named = {"update": update.slug, "cited_source": update.evidence.first().source.slug}
    for language in ("en", "ja"):
        with translation.override(language):
            for name, _route, pattern in patterns():
                if name == "report_thanks" or "png" in name or name in NOT_THERE | NOT_HERE:
                    continue
                known = {**ARGUMENTS, **named, **ARGUMENTS_OF.get(name, {})}
                needed = {one: known.get(one) for one in pattern.pattern.converters}
                yield reverse(f"recommendations:{name}", kwargs=needed) + QUERIES.get(name, "")
            home = reverse("recommendations:home")
            yield f"{home}recommendations/?q=ferry&unit=recommendations"
            yield f"{home}recommendations/?q=nothing-of-the-kind"
            yield f"{home}changes/compare/?from=2025-03-01&to=2025-10-01"
            yield f"{home}parties/compare/?first=river-board&second=ferry-guild"
            yield f"{home}accounts/login/"
            yield f"{home}manifest.webmanifest"
    yield from ("/robots.txt", "/sitemap.xml", "/sitemap-pages.xml")


def test_nothing_that_visitors_read_is_of_another_house(client: Client, house: House) -> None:
    refuse_foreign({address: read(client, address) for address in public_addresses()})


def test_refusals_give_no_example_of_another_house(client: Client, house: House) -> None:
    asked = [
        f"{prefix}{path}?{name}=zzz"
        for prefix in ("", "/ja")
        for path in ("/recommendations/", "/api/v1/actions", "/brief/", "/deadlines/")
        for name in ("addressee", "party", "area", "status", "as_of", "edition", "changed_since")
    ]
    found = {}
    for address in (*asked, "/nowhere/", "/ja/nowhere/", "/reports/nothing/"):
        response = client.get(address)
        assert response.status_code in (400, 404), address
        found[address] = response.content.decode()
    refuse_foreign(found)


def staff_addresses(language: str) -> Iterator[str]:
    """Yield every page of the staff that needs no more than a row that there is."""
    with translation.override(language):
        for list_name in sorted(one for one in staff_names() if one.endswith("_changelist")):
            base = f"admin:{list_name.removesuffix('_changelist')}"
            yield reverse(f"{base}_changelist")
            yield reverse(f"{base}_add")
        report, action = Report.objects.get(), Action.objects.order_by("pk")[0]
        update = StatusUpdate.objects.get()
        for name in ("first_steps", "shortcuts", "import_report", "log_update", "review_queue"):
            yield reverse(f"admin:{name}")
        for name in ("translations", "evidence_watch", "reader_reports", "coding_queue", "index"):
            yield reverse(f"admin:{name}")
        yield reverse("admin:breakdown", args=[report.slug])
        yield reverse("admin:recommendations_report_change", args=[report.pk])
        yield reverse("admin:recommendations_action_change", args=[action.pk])
        yield reverse("admin:recommendations_action_history", args=[action.pk])
        yield reverse("admin:recommendations_site_change", args=[1])
        yield reverse("admin:recommendations_site_history", args=[1])
        yield f"{reverse('admin:log_update')}?action={action.pk}"
        yield reverse("admin:review", args=[update.slug])
        yield reverse("admin:correct_update", args=[update.slug])
        yield reverse("admin:retract_update", args=[update.slug])
        yield reverse("account_change_password")
        yield reverse("mfa_activate_totp")


def staff_names() -> set[str]:
    resolver = get_resolver().namespace_dict["admin"][1]
    return {name for name in resolver.reverse_dict if isinstance(name, str)}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_that_staff_read_is_of_another_house(house: House, language: str) -> None:
    found: dict[str, str] = {}
    for role, person in house.staff.items():
        client = Client()
        client.force_login(person)
        for address in staff_addresses(language):
            response = client.get(address)
            assert response.status_code in (200, 302, 403), (address, response.status_code)
            if response.status_code == 200:
                found[f"{role} {address}"] = response.content.decode()
    assert len(found) > 100
    refuse_foreign(found)


def test_refused_forms_of_staff_give_no_example_of_another_house(house: House) -> None:
    client = Client()
    client.force_login(house.staff["editor"])
    found = {}
    for prefix in ("", "/ja"):
        for model in ("party", "body", "addresseegroup", "fiscalyear", "report", "action", "topic"):
            address = f"{prefix}/admin/recommendations/{model}/add/"
            found[address] = client.post(address, {}).content.decode()
        found[f"{prefix} import"] = client.post(f"{prefix}/admin/import/", {}).content.decode()
    refuse_foreign(found)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_mail_is_of_another_house(house: House, language: str) -> None:
    person = house.staff["analyst"]
    person.email = "olga@otterland.example"
    person.save()
    with translation.override(language):
        written = [
            letters.invitation(person),
            letters.password_reset(person),
            letters.factors_removed(person),
            letters.password_chosen(person),
            letters.address_changed(person, before="old@otterland.example"),
        ]
    call_command("send_digest")
    assert mail.outbox
    refuse_foreign(
        {one.subject: f"{one.subject} {one.from_email} {one.body}" for one in written + mail.outbox}
    )


def test_no_description_of_the_api_is_of_another_house(client: Client, house: House) -> None:
    for prefix in ("", "/ja"):
        refuse_foreign({prefix: read(client, f"{prefix}/api/v1/openapi.json")})


def test_every_link_of_its_pages_leads_somewhere(client: Client, house: House) -> None:
    for page in ("/", "/recommendations/", "/reports/ferries/2/", "/editions/2/"):
        for href, _text in links_of(client.get(page).content.decode()):
            if href.startswith("/") and not href.startswith("/admin"):
                assert client.get(href).status_code in (200, 301, 302), (page, href)


# Beginning --------------------------------------------------------------------------------------


def test_it_begins_with_nothing_that_has_another_name(client: Client, db: None) -> None:
    begin_empty()
    forget()
    assert Site.objects.get().name == "Recommendation Tracker"
    pages = {prefix: client.get(f"{prefix}/").content.decode() for prefix in ("", "/ja")}
    assert "This site is being prepared." in text_of(pages[""])
    refuse_foreign(pages)
    assert not list(integrity.differences())


def test_a_record_that_is_there_is_not_emptied(house: House) -> None:
    from django.core.exceptions import ValidationError

    before = Site.objects.get().name
    with pytest.raises(ValidationError, match="There is a report already"):
        begin_empty()
    assert Site.objects.get().name == before
    assert Edition.objects.count() == 2


def test_first_steps_tell_how_far_one_is(house: House, staff_member) -> None:
    client = Client()
    client.force_login(house.staff["editor"])
    text = text_of(client.get("/admin/first-steps/").content.decode())
    assert text.count("Done") == 8
