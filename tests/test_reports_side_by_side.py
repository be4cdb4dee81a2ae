"""With two reports, no number stands without the report that it is of."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client

from recommendations.accounts import digest
from recommendations.figures.site_reports import has_several_reports, home_report
from recommendations.models import Action, Edition, Report
from recommendations.publishing import touch
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from .factories import (
    INCLUDED_ON,
    ActionFactory,
    AssignmentFactory,
    ContextEventFactory,
    DeadlineFactory,
    PartyFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    SectionFactory,
    include,
    moment,
    noon,
    published_action,
    published_update,
    submitted_update,
    withdraw,
)
from .reading import csv_rows, links_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

FERRIES, SCHOOLS = "Ferries of Exampleton", "Schools of Exampleton"


def published(slug: str, title: str, **fields) -> Action:
    """A report with one recommendation, 1.1, of one action in a section “Conclusion”."""
    report = ReportFactory(slug=slug, title=title, **fields)
    section = SectionFactory(report=report, slug="conclusion", title=f"Conclusion on {slug}")
    whole = RecommendationFactory(report=report, section=section, number="1.1", headline="Act")
    whole.areas.set([PolicyAreaFactory(slug="transport")])
    action = ActionFactory(recommendation=whole, number=1, title="Act at once")
    DeadlineFactory(action=action, on=date(2026, 12, 31))
    include(reports=[report], now=moment(INCLUDED_ON))
    action.refresh_from_db()
    published_update(action, "partly")
    return action


@pytest.fixture
def one(db: None) -> Action:
    return published("ferries", FERRIES)


@pytest.fixture
def two(one: Action) -> list[Action]:
    return [one, published("schools", SCHOOLS)]


def main_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"(?s)<form.*?</form>|<head.*?</head>", "", answer.content.decode())


NUMBERED = [
    "/recommendations/",
    "/recommendations/?sort=status",
    "/recommendations/?unit=recommendations",
    "/parties/united-states/",
    "/areas/transport/",
    "/parties/compare/?first=united-states&second=japan",
    "/deadlines/",
    "/changes/",
    "/changes/compare/?from=2025-01-01&to=2026-11-01",
    "/embed/recommendations/",
    "/brief/",
]


@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize("address", NUMBERED)
def test_each_of_two_equal_numbers_has_its_report_beside_it(client, two, address, prefix) -> None:
    PartyFactory(slug="japan")
    two[0].parties.add(PartyFactory(slug="japan"))
    touch(None)
    text = text_of(main_of(client, f"{prefix}{address}"))
    # Apart from the choices of forms, which are left out here.
    assert FERRIES in text, address
    assert SCHOOLS in text, address


@pytest.mark.parametrize("address", [one for one in NUMBERED if "changes" not in one])
def test_where_there_is_one_report_nothing_is_said_twice(client, one, address) -> None:
    PartyFactory(slug="japan")
    assert 'class="of-report"' not in client.get(address).content.decode()


def test_a_list_of_one_report_has_it_in_its_head_alone(client, two) -> None:
    html = client.get("/recommendations/?report=ferries").content.decode()
    assert 'class="of-report"' not in html
    assert FERRIES in html


def test_all_reports_are_in_the_navigation_as_soon_as_there_are_two(client, one) -> None:
    def navigation(address: str) -> list[tuple[str, str]]:
        html = client.get(address).content.decode()
        return links_of(re.search(r'(?s)<nav aria-label="Main">.*?</nav>', html)[0])

    assert ("/reports/", "Reports") not in navigation("/")
    second = published("schools", SCHOOLS)
    assert ("/reports/", "Reports") in navigation("/")
    html = client.get("/reports/ferries/").content.decode()
    assert re.search(r'href="/reports/" aria-current="page"', html)
    # An edition from before knew of one.
    first = Edition.objects.order_by("number").first()
    assert not any(text == "Reports" for _path, text in navigation(f"/?edition={first.number}"))
    withdraw(second.recommendation.report, reason="Loaded twice.")
    assert ("/reports/", "Reports") not in navigation("/")


# Sections --------------------------------------------------------------------------------------


def sections_offered(client: Client, query: str) -> list[str]:
    html = client.get(f"/recommendations/{query}").content.decode()
    return re.findall(r'name="section" value="[^"]+".*?<span class="t">([^<]+)</span>', html)


def test_sections_are_offered_of_the_report_that_is_chosen(client, two) -> None:
    for action in two:
        whole = action.recommendation
        other = SectionFactory(report=whole.report, slug=f"opening-{whole.report.slug}")
        published_action(recommendation=RecommendationFactory(report=whole.report, section=other))
    assert sections_offered(client, "") == []
    ferries = sections_offered(client, "?report=ferries")
    assert "Conclusion on ferries" in ferries
    assert "Conclusion on schools" not in ferries
    assert sections_offered(client, "?report=ferries&report=schools") == []
    # Both have a section of this name: each says its own title of it.
    assert "Conclusion on schools" in sections_offered(client, "?report=schools")


def test_an_address_that_names_a_section_alone_is_answered_as_ever(client, two) -> None:
    html = client.get("/recommendations/?section=conclusion").content.decode()
    assert "2 of 2 verifiable actions" in text_of(html)
    assert client.get("/recommendations/?section=nonsense").status_code == 400


# The first page --------------------------------------------------------------------------------


def test_of_several_reports_of_which_none_is_chosen_the_first_page_shows_all(client, two) -> None:
    assert home_report(Record(Viewpoint.present())) is None
    for prefix, words in (("", "2 reports"), ("/ja", "報告書2件")):
        text = text_of(main_of(client, f"{prefix}/"))
        assert words in text
        assert FERRIES in text
        assert SCHOOLS in text
    html = client.get("/").content.decode()
    assert "0 of 2 verifiable actions are implemented" in text_of(html)
    hrefs = {href for href, _text in links_of(html)}
    assert {"/reports/ferries/", "/reports/schools/"} <= hrefs
    assert "/recommendations/?status=partly" in hrefs
    assert not [href for href in hrefs if href.endswith("&") or "?&" in href or "&&" in href]
    assert "oembed" not in html


def test_the_report_that_is_chosen_or_the_only_one_is_the_first_page(client, one) -> None:
    assert text_of(client.get("/").content.decode()).count("Report:") == 1
    second = published("schools", SCHOOLS, published_on=date(2025, 1, 1))
    chosen = second.recommendation.report
    Report.objects.filter(pk=chosen.pk).update(is_featured=True)
    touch(None)
    assert f"<cite>{SCHOOLS}</cite>" in client.get("/").content.decode()
    withdraw(one.recommendation.report, reason="Loaded twice.")
    assert not has_several_reports(Record(Viewpoint.present()))


def test_without_a_report_the_first_page_says_so(client) -> None:
    assert "No report is published yet" in client.get("/").content.decode()
    assert client.get("/cite.bib", {"page": "/"}).status_code == 400


def test_the_page_of_all_can_be_cited_and_framed_nowhere(client, two) -> None:
    cited = client.get("/cite.bib", {"page": "/"}).content.decode()
    assert "2 reports: 0 of 2 verifiable actions are implemented" in cited
    assert client.get("/oembed", {"url": "http://testserver/"}).status_code == 404


def test_pages_of_an_edition_before_the_second_report_stay_as_they_were(client, one) -> None:
    number = Edition.objects.order_by("-number").first().number
    addresses = [f"{path}?as_of=2026-10-02&edition={number}" for path in ("/", "/deadlines/")]
    before = [client.get(address).content for address in addresses]
    published("schools", SCHOOLS)
    assert [client.get(address).content for address in addresses] == before


# Sentences -------------------------------------------------------------------------------------


def test_only_a_report_with_asks_in_running_text_explains_their_numbers(client, two) -> None:
    words = "Numbers with a T"
    assert words not in client.get("/reports/ferries/").content.decode()
    whole = two[0].recommendation
    new = RecommendationFactory(
        report=whole.report, section=whole.section, number="T1", origin="running_text"
    )
    published_action(recommendation=new)
    assert words in client.get("/reports/ferries/").content.decode()
    assert words not in client.get("/reports/schools/").content.decode()


def test_a_caveat_names_the_report_that_it_is_about(client, baseline) -> None:
    title = "The U.S.-Japan Alliance in 2024: Toward an Integrated Alliance"
    assert f"{title} :" not in caveat_of(client, "/parties/japan/")
    published("ferries", FERRIES)
    for address in ("/parties/japan/", "/reports/", "/recommendations/", "/deadlines/"):
        assert caveat_of(client, address).startswith(f"{title}"), address
    own = caveat_of(client, "/reports/us-japan-alliance-2024/")
    assert not own.startswith(title)
    assert own[0].isdigit()


LISTS = ("/recommendations/", "/embed/recommendations/", "/recommendations/headline.svg")


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize("unit", ["", "&unit=recommendations"])
def test_a_list_says_what_its_own_rows_rest_on(client, baseline, page, unit) -> None:
    published("ferries", FERRIES)
    alone = text_of(client.get(f"{page}?report=ferries{unit}").content.decode())
    assert "research alone" not in alone
    area = text_of(client.get(f"{page}?area=energy-and-climate{unit}").content.decode())
    assert said_of_energy(client) in area


def said_of_energy(client: Client) -> str:
    """Return how many actions on energy there are, and how many are unreviewed, in words."""
    shown = text_of(main_of(client, "/areas/energy-and-climate/"))
    return re.search(r"\d+ of \d+ verifiable actions rests? on research alone", shown)[0]


def caveat_of(client: Client, address: str) -> str:
    html = client.get(address).content.decode()
    return text_of(re.search(r'(?s)<p class="note warn caveat">(.*?)</p>', html)[1])


def test_an_edition_says_what_it_told_of_each_report(client, two) -> None:
    newest = Edition.objects.order_by("-number").first().number
    text = text_of(client.get(f"/editions/{newest}/").content.decode())
    assert f"{FERRIES} : 0 of 1 verifiable action" in text
    assert f"{SCHOOLS} : 0 of 1 verifiable action" in text
    first = text_of(client.get("/editions/1/").content.decode())
    assert "By report" not in first


def test_the_list_of_editions_names_the_report_of_a_baseline(client, baseline) -> None:
    alone = text_of(client.get("/editions/").content.decode())
    assert "Baseline · 89 updates published" in alone
    published("ferries", FERRIES)
    for prefix, kind in (("", "Baseline"), ("/ja", "初期評価")):
        title = {"": "The U.S.-Japan Alliance in 2024", "/ja": "2024年の日米同盟"}[prefix]
        html = re.sub("</?span[^>]*>", "", client.get(f"{prefix}/editions/").content.decode())
        assert f"{kind} · {title}" in text_of(html)


def test_what_an_edition_withdrew_is_named_with_its_report(client, two) -> None:
    withdraw(two[0], reason="It repeats another.")
    newest = Edition.objects.order_by("-number").first().number
    for prefix in ("", "/ja"):
        text = text_of(main_of(client, f"{prefix}/editions/{newest}/"))
        assert f"1.1a Act at once · {FERRIES}" in text


@pytest.mark.parametrize("page", ["text", "earlier"])
def test_a_page_of_one_report_has_no_caveat_of_another(client, baseline, page) -> None:
    published("ferries", FERRIES)
    own = "/reports/us-japan-alliance-2024/"
    assert "rest on research alone" in caveat_of(client, f"{own}{page}/")
    other = client.get(f"/reports/ferries/{page}/").content.decode()
    assert "research alone" not in text_of(other)


# Titles ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize(
    "address",
    [
        "/reports/{}/1.1/report-an-error/",
        "/brief/?report={}",
        "/changes/?report={}",
        "/changes/compare/?report={}",
        "/deadlines/?report={}",
        "/recommendations/?report={}",
    ],
)
def test_pages_of_two_reports_have_titles_of_their_own(client, two, address, prefix) -> None:
    titles = [title_of(client, prefix + address.format(one)) for one in ("ferries", "schools")]
    assert FERRIES in titles[0]
    assert SCHOOLS in titles[1]


@pytest.mark.parametrize("address", ["/recommendations/", "/brief/"])
def test_what_is_of_one_report_is_described_with_its_name(client, two, address) -> None:
    for slug, title in (("ferries", FERRIES), ("schools", SCHOOLS)):
        html = client.get(address, {"report": slug}).content.decode()
        assert title in re.search(r'name="description" content="([^"]*)"', html)[1]
    html = client.get(address).content.decode()
    assert FERRIES not in re.search(r'name="description" content="([^"]*)"', html)[1]


def title_of(client: Client, address: str) -> str:
    return text_of(re.search(r"(?s)<title>(.*?)</title>", client.get(address).content.decode())[1])


# Events ----------------------------------------------------------------------------------------


def test_an_event_stands_in_the_charts_of_its_report_or_of_whom_it_is_about(client, two) -> None:
    japan = PartyFactory(slug="japan")
    two[1].parties.set([japan])
    touch(None)
    ContextEventFactory(title="A pier burned", report=two[0].recommendation.report)
    ContextEventFactory(title="A cabinet fell").parties.set([japan])
    ContextEventFactory(title="An eclipse")
    touch(())

    def events(address: str) -> set[str]:
        html = client.get(address).content.decode()
        return {
            title for title in ("A pier burned", "A cabinet fell", "An eclipse") if title in html
        }

    assert events("/reports/ferries/") == {"A pier burned", "An eclipse"}
    assert events("/reports/schools/") == {"A cabinet fell", "An eclipse"}
    assert events("/parties/japan/") == {"A cabinet fell", "An eclipse"}
    assert events("/parties/united-states/") == {"A pier burned", "An eclipse"}
    assert events("/embed/reports/schools/history/") == {"A cabinet fell", "An eclipse"}


def test_editors_give_an_event_its_parties(client, editor) -> None:
    event, japan = ContextEventFactory(), PartyFactory(slug="japan")
    client.force_login(editor)
    address = f"/admin/recommendations/contextevent/{event.pk}/change/"
    html = client.get(address).content.decode()
    seen = re.search(r'name="seen_version" value="(\w+)"', html)[1]
    fields = ("slug", "on", "title", "publisher", "url")
    sent = {name: getattr(event, name) for name in fields}
    answer = client.post(address, sent | {"parties": [japan.pk], "seen_version": seen})
    assert answer.status_code == 302, text_of(answer.content.decode())
    assert list(event.parties.all()) == [japan]


# Files, mails and the staff --------------------------------------------------------------------


def test_files_and_feeds_name_the_report(client, two) -> None:
    rows = csv_rows(client.get("/recommendations.csv"))
    assert {(row["report_title"], row["recommendation_number"]) for row in rows} == {
        (FERRIES, "1.1"),
        (SCHOOLS, "1.1"),
    }
    feed = client.get("/changes/feed.atom").content.decode()
    titles = re.findall(r"<entry><title>([^<]+)</title>", feed)
    assert any(FERRIES in title for title in titles)
    assert any(SCHOOLS in title for title in titles)
    own = client.get("/reports/ferries/1.1/feed.atom").content.decode()
    assert f"1.1 Act, {FERRIES}</title>" in own
    calendar = re.sub(r"\r\n ", "", client.get("/deadlines.ics").content.decode())
    assert calendar.count(f"Report: {FERRIES}") == 1
    assert calendar.count(f"Report: {SCHOOLS}") == 1
    assert calendar.count("SUMMARY:To come: 1.1a Act at once\\, Schools of Exampleton") == 1
    assert calendar.count("SUMMARY:To come: 1.1a Act at once\\, Ferries of Exampleton") == 1
    embed = client.get("/oembed", {"url": "http://testserver/reports/ferries/1.1/"}).json()
    assert embed["title"] == f"1.1 Act, {FERRIES}"


def test_a_calendar_of_one_report_does_not_repeat_its_name(client, one) -> None:
    calendar = client.get("/deadlines.ics").content.decode()
    assert "SUMMARY:To come: 1.1a Act at once\r\n" in calendar


def test_a_digest_names_the_report_of_each_line(two, analyst: User) -> None:
    for action in two:
        AssignmentFactory(action=action, analyst=analyst)
    analyst.email = "analyst@staff.example"
    analyst.save()
    now = noon(date(2027, 12, 1))
    body = digest.compose(analyst, digest.news_for(analyst, now=now)).body
    assert f"1.1a Act at once, {FERRIES}" in body
    assert f"1.1a Act at once, {SCHOOLS}" in body


def test_staff_see_the_report_of_each_number(client, two, admin_user) -> None:
    for action in two:
        submitted_update(action, "implemented")
    client.force_login(admin_user)
    for address in (
        "/admin/",
        "/admin/review/",
        "/admin/recommendations/action/",
        "/admin/log/?q=1.1a",
    ):
        text = text_of(client.get(address).content.decode())
        assert FERRIES in text, address
        assert SCHOOLS in text, address
    found = json.loads(client.get("/admin/log/actions/?q=1.1a").content)["actions"]
    assert {one["report"] for one in found} == {FERRIES, SCHOOLS}
