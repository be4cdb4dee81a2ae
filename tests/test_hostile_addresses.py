"""No address breaks a page: what cannot be read is refused, and nothing is shown in its stead."""

import re

import pytest
from django.apps import apps
from django.urls import get_resolver

from tests.factories import (
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    published_actions,
)
from tests.lengths import each, has_long_form
from tests.public_pages import ANSWERED, ARGUMENTS, EVERY, REPORT, PublicPage

LIST, EXPORT = "/recommendations/", "/recommendations.csv"
DEADLINES, CALENDAR = "/deadlines/", "/deadlines.ics"
WITH_A_FORM = {"appearance", "report_error"}
JUNK = [
    "",
    "zzz",
    "a%00b",
    "%ED%A0%80",
    "%FF%FE",
    "%",
    "%5B%5D",
    "'+or+1=1",
    "0",
    "-1",
    "1e3",
    "99999999999999",
    "2024-13-40",
    "x" * 10_000,
]
FILTERS = [
    "status",
    "sort",
    "unit",
    "report",
    "section",
    "area",
    "party",
    "changed_since",
    "published_since",
]
FILTERS += ["as_of", "edition"]
HTMX = {"HX-Request": "true"}
ODD_PATHS = [
    "/reports/%00/",
    "/reports/%ED%A0%80/",
    "/reports/a'b/",
    "/reports/..%2Fadmin/",
    f"/reports/{'a' * 10_000}/",
    f"{REPORT}/%00/",
    f"{REPORT}/1.1%00/",
    f"{REPORT}/99999.1/",
    f"{REPORT}/１.1/",
    f"{REPORT}/1.1%0A/",
    "/areas/' or 1=1/",
    "/editions/0/",
    "/editions/-1/",
    "/editions/１/",
    "/editions/99999999999999999999/",
    "/areas/%F0%9F%99%82/",
    "/parties/日本/",
    "/%00",
    "/%ED%A0%80",
    "/x%0D%0ASet-Cookie:a=b/",
    "/ja/ja/",
    "/xx/",
    f"/{'a' * 100_000}",
]


@pytest.fixture
def record(db):
    """Little, under the addresses of the public pages."""
    report = ReportFactory(slug=ARGUMENTS["report"])
    recommendation = RecommendationFactory(report=report, number=ARGUMENTS["number"])
    recommendation.areas.add(PolicyAreaFactory(slug="taiwan"))
    return published_actions(2, recommendation=recommendation, parties=["japan"])


def name_of(page: PublicPage) -> str:
    return page.name


def refused(response) -> bool:
    """Whether this is a refusal that shows nothing of the record."""
    text = response.getvalue().decode()
    return response.status_code == 400 and "Do thing" not in text and "Headline" not in text


@pytest.mark.parametrize("page", EVERY, ids=name_of)
def test_every_public_view_refuses_a_parameter_that_it_does_not_know(client, record, page):
    for name in ("zzz", "status__in", "q%00", "%ED%A0%80", "%5B%5D", "x" * 10_000):
        for prefix in ("", "/ja"):
            assert refused(client.get(prefix + page.with_query(f"{name}=1"))), name[:20]


@pytest.mark.parametrize("page", ["/", "/changes/", LIST, EXPORT])
def test_an_unknown_parameter_is_refused_whatever_its_value(client, record, page):
    for value in JUNK:
        address = f"{page}?zzz={value}"
        assert refused(client.get(address)), value[:20]
        assert refused(client.get(address, headers=HTMX)), value[:20]
        assert client.head(address).status_code == 400


@has_long_form
@pytest.mark.parametrize("name", FILTERS)
def test_a_value_that_a_filter_does_not_know_is_refused(client, record, name):
    def is_refused(address: str, value: str, **headers: str) -> bool:
        # No day since which something changed is every day.
        is_none = name in ("changed_since", "published_since") and not value
        return is_none or refused(client.get(f"{address}?{name}={value}", headers=headers))

    for value in JUNK:
        assert is_refused(LIST, value), value[:20]
        assert is_refused(LIST, value, **HTMX), value[:20]
    for value in each(JUNK, step=4):
        for address in (EXPORT, DEADLINES, CALENDAR):
            assert is_refused(address, value), (address, value[:20])


@pytest.mark.parametrize(
    "address",
    [
        LIST,
        "/changes/",
        "/changes/compare/",
        "/corrections/",
        "/editions/",
        "/editions/1/",
        f"/ja{LIST}",
        "/ja/changes/",
    ],
)
def test_a_page_number_that_is_none_is_refused(client, record, address):
    for value in JUNK:
        assert refused(client.get(f"{address}?page={value}")), value[:20]
    assert refused(client.get(f"{address}?page=1&page=1"))


@pytest.mark.parametrize("address", [LIST, EXPORT])
def test_what_can_have_one_value_is_refused_twice(client, record, address):
    for query in ("q=a&q=a", "sort=report&sort=report", "unit=actions&unit=actions"):
        assert refused(client.get(f"{address}?{query}")), query
    assert refused(client.get(f"{address}?changed_since=2025-01-01&changed_since=2025-01-01"))


@pytest.mark.parametrize("value", JUNK)
def test_any_search_is_answered_or_refused(client, record, value):
    for address in (LIST, EXPORT, DEADLINES, CALENDAR):
        response = client.get(f"{address}?q={value}")
        is_fit = "%00" not in value and "%ED" not in value and "%FF" not in value
        is_fit = is_fit and len(value) < 200
        assert response.status_code == 200 if is_fit else refused(response)


@pytest.mark.parametrize("value", JUNK)
def test_any_way_back_from_the_choice_of_a_theme_stays_here(client, db, value):
    assert client.get(f"/appearance/?next={value}").status_code == 200
    response = client.post("/appearance/", {"theme": value, "next": f"//{value}"})
    assert (response.status_code, response["Location"]) == (302, "/appearance/")
    response = client.post("/appearance/", {"theme": "dark", "next": f"/{value}\r\nX-Evil: 1"})
    assert response.status_code == 302
    assert "X-Evil" not in response


@pytest.mark.parametrize("value", JUNK)
@pytest.mark.parametrize("address", ["/cite.bib", "/ja/cite.ris"])
def test_what_is_no_page_to_cite_is_refused(client, record, address, value):
    for page in (value, f"/{value}", f"/changes/%3F{value}", f"/changes/%3Fpage%3D{value}"):
        if page not in ("/", "/changes/%3F"):
            assert refused(client.get(f"{address}?page={page}")), page[:40]
    assert refused(client.get(f"{address}?page=/changes/&edition={value or 0}"))


@pytest.mark.parametrize("page", ANSWERED, ids=name_of)
def test_other_methods_are_refused(client, record, page):
    # Rows of the API are named as in the record that ships, which is not there.
    assert client.head(page.address).status_code in ((200, 404) if page.is_of_api else (200,))
    for method in ("post", "put", "patch", "delete", "options"):
        # Browsers ask so before pages of other origins may read an answer.
        is_answered = method == "options" and page.is_of_api
        if not is_answered and (method != "post" or page.name not in WITH_A_FORM):
            assert getattr(client, method)(page.address).status_code == 405


@pytest.mark.parametrize("path", ODD_PATHS)
def test_odd_paths_are_not_found(client, record, path):
    for prefix in ("", "/ja"):
        response = client.get(prefix + path)
        assert response.status_code == 404
        assert "<h1" in response.content.decode()


def test_an_address_with_two_slashes_stays_on_this_host(client, record):
    for path in ("//evil.example", "//evil.example/%2e%2e", "/\\evil.example"):
        response = client.get(path)
        assert not response.get("Location", "/").startswith(("//", "/\\", "http"))


@pytest.mark.parametrize(
    "languages", ["*", "ja;q=zz", ";;;,", "xx-XX-yyyyyyyyyyyy", "日本", "\0", "en" * 5_000]
)
def test_any_wish_for_a_language_is_answered(client, record, languages):
    response = client.get("/reports/", headers={"Accept-Language": languages})
    assert response.status_code == 200
    assert '<html lang="en"' in response.content.decode()


@pytest.mark.parametrize(
    "host",
    ["evil.example", "a b", "", "[::1", "localhost\0", "日本.jp", "localhost:80@evil.example"],
)
def test_a_host_that_is_not_ours_is_refused(client, record, host):
    for page in ("/", EXPORT, "/appearance/?next=/"):
        response = client.get(page, headers={"Host": host})
        assert refused(response)
        assert "evil.example" not in response.content.decode()


def test_cookies_of_any_content_are_read(client, record):
    client.cookies.load({"theme": '"><script>', "sessionid": "x" * 5_000, "django_language": "zz"})
    html = client.get("/").content.decode()
    assert "<script>" not in html
    assert "data-theme" not in html


def routes_with_numbers() -> list[str]:
    """Every address of the site with a number in its path: here with one that no column holds."""
    found = set()

    def walk(patterns, route: str) -> None:
        for one in patterns:
            here = route + str(one.pattern)
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, here)
            elif "<int:" in here:
                found.add(re.sub(r"<int:\w+>", str(10**20), here))

    walk(get_resolver().url_patterns, "/")
    return sorted(
        re.sub(r"<(?:slug|str|label):\w+>", "x", one.replace("<slug:kind>", "reports"))
        for one in found
    )


@pytest.mark.parametrize("route", routes_with_numbers())
def test_a_number_that_no_column_holds_is_no_error(client, record, admin_user, route):
    client.force_login(admin_user)
    address = route
    if model := re.match(r"/admin/recommendations/(\w+)/<path:object_id>", route):
        found = apps.get_model("recommendations", model[1])._default_manager.first()
        address = route.replace("<path:object_id>", str(found.pk if found else 1))
    assert "<" not in address
    for method in (client.get, client.post):
        assert method(address).status_code in (302, 403, 404, 405)
