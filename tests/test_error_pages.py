"""Error pages say what is wrong, in the look and under the policy of the site, and no more."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from recommendations.record import Record

SECRET = "password-of-the-database"
NEEDED = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"}


@pytest.fixture
def visitor():
    """Gets the page that a visitor would get, where the suite's client would raise."""
    return Client(raise_request_exception=False)


@pytest.fixture
def database_down(monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError(f"connection refused for {SECRET}")

    monkeypatch.setattr(connection, "cursor", refuse)
    monkeypatch.setattr(connection, "chunked_cursor", refuse)


def assert_honest(response, status: int, *, language: str) -> None:
    html = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1
    assert set(response["Content-Security-Policy"].split("; ")) >= NEEDED
    assert response["X-Content-Type-Options"] == "nosniff"
    for mark in ("Traceback", "Exception", "Django", "settings", SECRET, " style=", "<style"):
        assert mark not in html, mark


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/ja", "ja")])
class TestInBothLanguages:
    def test_an_address_that_cannot_be_read(self, visitor, db, prefix, language):
        response = visitor.get(f"{prefix}/?zzz=1")
        assert_honest(response, 400, language=language)
        assert f'href="{prefix}/"' in response.content.decode()

    def test_a_page_that_is_not_there(self, visitor, db, prefix, language):
        response = visitor.get(f"{prefix}/nowhere/")
        assert_honest(response, 404, language=language)
        assert f'action="{prefix}/recommendations/"' in response.content.decode()

    def test_what_the_role_does_not_include(self, visitor, analyst, prefix, language):
        visitor.force_login(analyst)
        response = visitor.get(f"{prefix}/admin/auth/user/")
        assert_honest(response, 403, language=language)

    def test_a_form_without_its_token(self, db, prefix, language):
        visitor = Client(enforce_csrf_checks=True)
        response = visitor.post(f"{prefix}/appearance/", {"theme": "dark"})
        assert_honest(response, 403, language=language)
        assert response.cookies.get("theme") is None

    def test_a_mistake_of_ours(self, visitor, db, monkeypatch, prefix, language):
        def fail(reports):
            raise RuntimeError(SECRET)

        monkeypatch.setattr(Record, "featured_report", fail)
        response = visitor.get(f"{prefix}/")
        assert_honest(response, 500, language=language)

    def test_a_database_that_is_down(self, visitor, database_down, prefix, language):
        lists = ("/recommendations/", "/changes/", "/deadlines/")
        for page in ("/", *lists, "/recommendations.csv", "/deadlines.ics"):
            response = visitor.get(prefix + page)
            assert_honest(response, 503, language=language)
            assert response["Retry-After"]
            assert f'<a href="{prefix}/"' in response.content.decode()

    def test_a_refusal_without_the_database(self, visitor, database_down, prefix, language):
        assert_honest(visitor.get(f"{prefix}/nowhere/"), 404, language=language)
        assert_honest(visitor.get(f"{prefix}/?zzz=1"), 400, language=language)


def test_health_tells_a_database_that_is_down_from_a_process_that_is(visitor, database_down):
    assert visitor.get("/healthz").status_code == 200
    response = visitor.get("/readyz")
    assert response.status_code == 503
    assert SECRET not in response.content.decode()


def test_a_host_that_is_not_ours_gets_an_honest_page(visitor, db):
    assert_honest(visitor.get("/", headers={"Host": "evil.example"}), 400, language="en")


@pytest.mark.django_db
def test_a_slip_in_an_address_is_logged_as_one_line(visitor, caplog):
    for address in ("/?zzz=1", "/recommendations.csv?status=zzz"):
        visitor.get(address)
    lines = [record for record in caplog.records if record.name.startswith("django")]
    assert [(line.getMessage(), line.exc_info) for line in lines] == [
        ("Bad Request: /", None),
        ("Bad Request: /recommendations.csv", None),
    ]


@pytest.mark.django_db
def test_debugging_shows_the_refusal_of_an_address_too(visitor, settings):
    settings.DEBUG = True
    assert_honest(visitor.get("/?zzz=1"), 400, language="en")


@pytest.mark.django_db
def test_whoever_asks_for_a_file_is_refused_in_plain_text(visitor):
    addresses = ("/recommendations.csv", "/changes/feed.atom", "/deadlines.ics")
    for address in addresses:
        response = visitor.get(f"{address}?zzz=1")
        assert response.status_code == 400, address
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert "“zzz”" in response.content.decode()
