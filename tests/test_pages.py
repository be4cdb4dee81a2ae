"""Public pages: that they answer, in both languages, in a fixed number of queries, strictly."""

import re
from collections import Counter
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import translation

from recommendations import publishing
from recommendations.models import Action, Edition, Recommendation, TrackerState
from tests.factories import (
    ActionFactory,
    PartyFactory,
    RecommendationFactory,
    ReportFactory,
    include,
)

from .lengths import IS_LONG, has_long_form
from .public_pages import ANSWERED, OF_API, addresses
from .reading import links_of, text_of

PAGES = [
    *addresses(ANSWERED),
    "/reports/us-japan-alliance-2024/T7/",
    "/recommendations/?unit=recommendations",
]
BAD_ADDRESSES = [
    "/?x=1",
    "/changes/?page=0",
    "/changes/?page=99",
    "/changes/?page=²",
    "/recommendations/?status=zzz",
    "/recommendations/?statu=implemented",
    "/recommendations/?sort=size",
    "/recommendations/?unit=reports",
    "/recommendations/?page=99",
    "/recommendations/?page=-1",
    "/recommendations/?changed_since=2026-02-30",
    "/recommendations/?area=nowhere",
    "/recommendations/?q=%00",
    "/recommendations/?q=%ED%A0%80",
    "/recommendations/?status=%00",
    "/recommendations/?q=" + "a" * 10_000,
    "/recommendations/?sort=report&sort=status",
    "/deadlines/?page=1",
    "/deadlines/?sort=deadline",
    "/deadlines/?schedule=zzz",
]
ODD_SEARCHES = [
    "' or 1=1",
    '"',
    '"a',
    "-",
    "NEAR(",
    "a*",
    "^b",
    "words:x",
    "AND",
    "%",
    "\\",
    "同",
    "🙂",
]


def test_public_pages_answer_in_english_and_japanese(client, baseline):
    for page in PAGES:
        for prefix in ("", "/ja"):
            response = client.get(prefix + page)
            assert response.status_code == 200, prefix + page
            language = "ja" if prefix else "en"
            if page in addresses(OF_API):
                assert response["Content-Language"] == language
            elif response["Content-Type"].startswith(("text/html", "application/atom+xml")):
                start = response.content.decode()[:200]
                assert f'<html lang="{language}"' in start or f'xml:lang="{language}"' in start


def view_of(address: str) -> str:
    with translation.override("ja" if address.startswith("/ja/") else "en"):
        return resolve(address.partition("?")[0]).view_name


@has_long_form
@pytest.mark.run_once
def test_every_link_of_the_public_pages_leads_somewhere(client, baseline):
    seen, followed = set(PAGES), Counter[tuple[str, str]]()
    walked = ("/reports/us-japan-alliance-2024/1.1/", "/recommendations/", "/changes/")
    for page in ("/", "/deadlines/", *walked):
        for href, _text in links_of(client.get(page).content.decode()):
            address = href.split("#")[0].replace("&amp;", "&")
            if address.startswith("/") and address not in seen and "status=" not in address:
                seen.add(address)
                kind = page, view_of(address)
                followed[kind] += 1
                if followed[kind] > 3 and not IS_LONG:
                    continue
                assert client.get(address).status_code == 200, f"{address} on {page}"
    assert len(seen) > 60


def test_anchors_of_a_recommendation_exist(client, baseline):
    html = client.get("/reports/us-japan-alliance-2024/1.2/").content.decode()
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = [href[1:] for href, _text in links_of(html) if href.startswith("#")]
    assert targets
    assert set(targets) <= set(ids)


@pytest.mark.parametrize(
    ("page", "limit"),
    [
        # What a state of the record tells alike is asked for each time within a transaction: the
        # name of the site, whether there are several reports, how addressees are grouped, which
        # links are dead, and on dashboards the neighbours of reports and the ways into the record.
        ("/", 36),
        ("/reports/", 12),
        ("/recommendations/", 19),
        ("/recommendations/?unit=recommendations&party=japan&q=defence", 27),
        ("/reports/us-japan-alliance-2024/1.1/", 18),
        ("/areas/taiwan/", 21),
        ("/parties/japan/", 22),
        ("/changes/", 17),
        ("/changes/compare/", 17),
        ("/deadlines/", 19),
        ("/deadlines.ics", 12),
    ],
)
def test_queries_are_few_and_do_not_grow_with_the_rows(client, baseline, page, limit):
    # The first answer after a change makes the index.
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(page)
    assert len(before) <= limit, "\n".join(query["sql"][:200] for query in before)
    recommendation = Recommendation.objects.get(slug="restructure-alliance-command-and-control")
    for number in range(20, 30):
        action = ActionFactory(recommendation=recommendation, number=number)
        action.parties.set(PartyFactory.create_batch(2))
    include(actions=Action.objects.filter(from_edition__isnull=True))
    client.get(page)
    with CaptureQueriesContext(connection) as after:
        client.get(page)
    assert len(after) == len(before)


def test_an_address_that_cannot_be_read_is_refused_without_rows(client, baseline):
    for address in BAD_ADDRESSES:
        response = client.get(address)
        assert response.status_code == 400
        html = response.content.decode()
        assert "<li>" in html
        assert "rec-name" not in html
        if address.startswith("/recommendations/") and "page=" not in address:
            refused = client.get(address.replace("/recommendations/", "/recommendations.csv"))
            assert refused.status_code == 400
            assert refused["Content-Type"].startswith("text/plain")


def test_any_search_is_answered(client, baseline):
    for query in ODD_SEARCHES:
        assert client.get("/recommendations/", {"q": query}).status_code == 200, query


def test_tracking_parameters_are_ignored(client, baseline):
    assert client.get("/recommendations/?utm_source=x&fbclid=y&gclid=z").status_code == 200


def test_unknown_addresses_are_not_found(client, baseline):
    report = "/reports/us-japan-alliance-2024"
    for address in ("/nowhere", "/reports/none/", f"{report}/9.9/", "/areas/none/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "Page not found" in response.content.decode()


def text_in(content: bytes) -> str:
    """What an answer says, or the members of one that is an archive."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with ZipFile(BytesIO(content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_a_draft_is_nowhere_to_be_seen(client, baseline, analyst):
    secret = "Zanzibar-secret"
    report = ReportFactory(title=secret, slug="zanzibar")
    draft = RecommendationFactory(report=report, headline=secret, number="9.9")
    action = ActionFactory(recommendation=draft, title=secret)
    action.parties.add(PartyFactory(name=secret, slug="zanzibar"))
    public = Action.objects.get(slug="jjoc-established")
    ActionFactory(recommendation=public.recommendation, title=secret, number=50)
    update = publishing.begin(public, by=analyst)
    update.status, update.effective_on, update.note = "rejected", "2026-01-01", secret
    update.save()
    for address in [*PAGES, "/healthz", "/readyz", "/recommendations/?q=Zanzibar"]:
        content = text_in(client.get(address).getvalue())
        assert content.count(secret) == 0, address
    for address in ("/reports/zanzibar/", "/reports/zanzibar/9.9/", "/parties/zanzibar/"):
        assert client.get(address).status_code == 404
    assert client.get("/recommendations/?party=zanzibar").status_code == 400


def test_an_empty_tracker_says_what_to_do(client, db):
    assert "This site is being prepared." in text_of(client.get("/").content.decode())
    client.force_login(User.objects.create_superuser("root"))
    assert '"/admin/first-steps/"' in client.get("/").content.decode()
    assert client.get("/recommendations/").status_code == 200
    assert client.get("/changes/").status_code == 200
    assert client.get("/deadlines/").status_code == 200


def test_health_says_when_the_database_is_behind(client, db):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'recommendations'")
    assert client.get("/readyz").status_code == 503


def test_theme_is_kept_in_a_cookie_and_leads_back_to_local_pages_only(client, db):
    response = client.post("/appearance/", {"theme": "dark", "next": "https://evil.example/"})
    assert response.status_code == 302
    assert response["Location"] == "/appearance/"
    assert 'data-theme="dark"' in client.get("/methodology/").content.decode()
    client.post("/appearance/", {"theme": "", "next": "//evil.example"})
    assert "data-theme" not in client.get("/methodology/").content.decode()


def test_baseline_edition_is_marked_until_a_reviewer_confirms(client, baseline):
    assert Edition.objects.get().kind == "baseline"
    assert TrackerState.objects.get().last_edition == 1
    assert "awaiting second review" in client.get("/").content.decode()


def test_a_write_by_get_is_not_possible(client, db):
    assert client.post("/").status_code == 405
    assert client.put("/recommendations/").status_code == 405
