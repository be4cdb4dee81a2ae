"""Readers report errors and send evidence; staff decide; nothing of it is public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from recommendations.models import Action, ReaderReport, Recommendation
from recommendations.views.reader_reports import MOST_AN_HOUR
from recommendations.web.reader_report_form import age_of, stamp_of

from .factories import ActionFactory, ReaderReportFactory, RecommendationFactory, published_action

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
SECRET = "The treaty was signed on 3 May, says a friend of mine."


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def action() -> Action:
    return published_action(title="Sign the treaty")


@pytest.fixture
def recommendation(action: Action) -> Recommendation:
    return action.recommendation


def address(recommendation: Recommendation, name: str = "report_error") -> str:
    # A request in Japanese leaves its language behind in this thread.
    with translation.override("en"):
        return reverse(
            f"recommendations:{name}", args=[recommendation.report.slug, recommendation.number]
        )


def typed(recommendation: Recommendation, *, seconds: int = 60, **fields: Any) -> dict[str, Any]:
    """What the form sends after it was open for so many seconds."""
    opened = timezone.now() - timedelta(seconds=seconds)
    return {
        "opened": stamp_of(recommendation, now=opened),
        "website": "",
        "kind": "error",
        "action": "",
        "message": SECRET,
        "url": "",
        "contact": "",
    } | fields


def send(client: Client, recommendation: Recommendation, **fields: Any):
    extra = fields.pop("extra", {})
    return client.post(address(recommendation), typed(recommendation, **fields), **extra)


def html(response) -> str:
    return response.content.decode()


# Sending ----------------------------------------------------------------------------------------


def test_a_visitor_reports_an_error(client, recommendation, action):
    response = send(client, recommendation, action=action.pk)
    report = ReaderReport.objects.get()
    assert response.url == address(recommendation, "report_thanks")
    assert html(client.get(response.url)).count("<h1>Thank you</h1>") == 1
    assert (report.kind, report.message, report.action) == ("error", SECRET, action)
    assert report.outcome == "waiting"
    assert report.recommendation == recommendation


def test_a_visitor_sends_evidence_with_an_address(client, recommendation):
    source, contact = "https://www.mod.go.jp/en/", "reader@example.org"
    send(client, recommendation, kind="evidence", url=source, contact=contact)
    report = ReaderReport.objects.get()
    assert (report.kind, report.url, report.contact) == ("evidence", source, contact)
    assert report.action is None


def test_the_form_is_linked_from_the_recommendation_whose_page_sets_no_cookie(
    client, recommendation
):
    response = client.get(recommendation.get_absolute_url())
    assert address(recommendation) in html(response)
    assert not response.cookies


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_both_pages_open_in_both_languages(client, recommendation, prefix):
    for name in ("report_error", "report_thanks"):
        response = client.get(prefix + address(recommendation, name))
        assert response.status_code == 200
        assert 'name="robots" content="noindex"' in html(response)


def test_the_form_offers_public_actions_alone_and_says_what_is_kept(client, recommendation, action):
    draft = ActionFactory(recommendation=recommendation, title="Not yet public")
    page = html(client.get(address(recommendation)))
    assert "Sign the treaty" in page
    assert draft.title not in page
    assert "erased once the report is handled" in page
    page = html(send(client, recommendation, action=draft.pk))
    assert "Select a valid choice" in page
    assert not ReaderReport.objects.exists()


def test_the_form_says_how_long_a_message_may_be(client):
    longest = ReaderReport._meta.get_field("message").max_length
    page = client.get(address(published_action().recommendation))
    assert f"At most {longest:,} characters." in page.content.decode()


def test_a_draft_takes_no_reports(client):
    recommendation = RecommendationFactory()
    assert client.get(address(recommendation)).status_code == 404
    assert send(client, recommendation).status_code == 404
    assert client.get(address(recommendation, "report_thanks")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"message": "A\x00B"}, "Null characters are not allowed."),
        ({"message": "A\x07B"}, "Remove the invisible control characters"),
        ({"message": "x" * 10_000}, "at most 4000 characters (it has 10000)"),
        ({"message": "  \r\n "}, "Say what is wrong, or what is missing."),
        ({"message": "http://a.example " * 4}, "Write at most 3 links"),
        ({"url": "nonsense here"}, "Enter a valid URL."),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"url": "https://a.example/\x00"}, "Null characters are not allowed."),
        ({"url": "https://a.example/" + "x" * 3000}, "at most 1000 characters"),
        ({"contact": "nobody"}, "Enter a valid email address."),
        ({"kind": ""}, "Choose what you send."),
        ({"kind": "praise"}, "Select a valid choice."),
        ({"action": "999999"}, "Select a valid choice."),
        ({"action": "9" * 40}, "Select a valid choice."),
    ],
)
def test_a_mistake_is_named_and_the_text_comes_back(client, recommendation, fields, sentence):
    response = send(client, recommendation, **({"message": SECRET + " <b>"} | fields))
    page = html(response)
    assert response.status_code == 200
    assert "There is a problem" in page
    assert sentence in page
    name, value = next(iter(fields.items()))
    if name == "message" and value.strip():
        assert value in page
    elif name != "message":
        assert f"{SECRET} &lt;b&gt;" in page
    assert not ReaderReport.objects.exists()


def test_line_breaks_count_as_one_character(client, recommendation):
    send(client, recommendation, message="a\r\n" * 1_999 + "b")
    assert len(ReaderReport.objects.get().message) == 3_999


def test_unknown_parameters_are_refused(client, recommendation):
    assert client.get(address(recommendation), {"zzz": "1"}).status_code == 400


@pytest.mark.about_databases
def test_the_same_report_sent_twice_is_one(client, recommendation):
    for _n in range(2):
        assert send(client, recommendation).status_code == 302
    assert ReaderReport.objects.count() == 1


# Abuse ------------------------------------------------------------------------------------------


def test_a_filled_trap_is_answered_like_a_success_and_stored_as_nothing(client, recommendation):
    response = send(client, recommendation, website="https://spam.example")
    assert response.url == address(recommendation, "report_thanks")
    assert not ReaderReport.objects.exists()


def test_a_trap_is_seen_by_nobody(client, recommendation):
    page = html(client.get(address(recommendation)))
    assert '<div hidden><label for="website">' in page


@pytest.fixture
def clock_that_stands(monkeypatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.mark.usefixtures("clock_that_stands")
@pytest.mark.parametrize("seconds", [0, 2, 24 * 60 * 60 + 1])
def test_a_form_filled_too_fast_or_open_too_long_comes_back(client, recommendation, seconds):
    page = html(send(client, recommendation, seconds=seconds))
    assert "Look through it and send it again." in page
    assert SECRET in page
    assert not ReaderReport.objects.exists()


@pytest.mark.usefixtures("clock_that_stands")
@pytest.mark.parametrize("seconds", [3, 24 * 60 * 60])
def test_a_form_filled_in_the_time_of_a_person_is_taken(client, recommendation, seconds):
    assert send(client, recommendation, seconds=seconds).status_code == 302
    assert ReaderReport.objects.exists()


@pytest.mark.parametrize("opened", ["", "1", "1761000000:forged", "\x00"])
def test_a_made_up_time_of_opening_does_not_count(client, recommendation, opened):
    assert "send it again" in html(send(client, recommendation, opened=opened))
    assert not ReaderReport.objects.exists()


def test_the_form_of_one_recommendation_does_not_open_another(client, recommendation):
    other = published_action().recommendation
    now = timezone.now() - timedelta(minutes=1)
    send(client, recommendation, opened=stamp_of(other, now=now))
    assert not ReaderReport.objects.exists()


def test_what_came_back_can_be_sent_again(client, recommendation):
    response = send(client, recommendation, opened="")
    opened = response.context["opened"]
    later = datetime.fromtimestamp(int(opened.partition(":")[0]), tz=UTC) + timedelta(seconds=5)
    assert age_of(opened, recommendation, now=later) == 5


def test_a_flood_from_one_address_is_stopped_and_keeps_the_text(client, recommendation):
    for n in range(MOST_AN_HOUR):
        assert send(client, recommendation, message=f"Report {n}").status_code == 302
    response = send(client, recommendation)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert "send it again in 60 minutes." in html(response)
    assert SECRET in html(response)
    assert ReaderReport.objects.count() == MOST_AN_HOUR
    other = send(client, recommendation, extra={"REMOTE_ADDR": "198.51.100.8"})
    assert other.status_code == 302


def test_made_up_proxies_do_not_evade_the_limit(client, recommendation, settings):
    settings.NUM_PROXIES = 1
    for n in range(MOST_AN_HOUR + 1):
        extra = {"HTTP_X_FORWARDED_FOR": f"203.0.113.{n}, 198.51.100.7"}
        response = send(client, recommendation, message=f"Report {n}", extra=extra)
    assert response.status_code == 429


def test_mistakes_do_not_count_towards_the_limit(client, recommendation):
    for _n in range(MOST_AN_HOUR + 1):
        send(client, recommendation, url="nonsense here")
    assert send(client, recommendation).status_code == 302


def test_a_form_without_its_token_gives_the_text_back(recommendation):
    visitor = Client(enforce_csrf_checks=True)
    response = send(visitor, recommendation, extra={"headers": {"origin": "http://testserver"}})
    assert response.status_code == 403
    assert "allow cookies for this site" in html(response)
    assert SECRET in html(response)
    assert not ReaderReport.objects.exists()


def test_a_form_of_another_site_is_refused(recommendation):
    visitor = Client(enforce_csrf_checks=True)
    response = send(visitor, recommendation, extra={"headers": {"origin": "https://evil.example"}})
    assert response.status_code == 403
    assert SECRET not in html(response)


# Deciding ---------------------------------------------------------------------------------------


def page_of(report: ReaderReport) -> str:
    with translation.override("en"):
        return reverse("admin:reader_report", args=[report.pk])


LIST = "/admin/reader-reports/"


@pytest.fixture
def report(recommendation, action) -> ReaderReport:
    return ReaderReportFactory(
        recommendation=recommendation,
        action=action,
        message=f"{SECRET} <b>",
        url="https://example.org/treaty",
        contact="reader@example.org",
    )


@pytest.fixture
def desk(client: Client, analyst) -> Client:
    client.force_login(analyst)
    return client


@pytest.mark.parametrize("role", ["analyst", "reviewer", "editor"])
def test_every_role_decides_and_is_stamped(client, report, request, role):
    person = request.getfixturevalue(role)
    client.force_login(person)
    response = client.post(page_of(report), {"outcome": "accepted", "note": "Correction 12."})
    report.refresh_from_db()
    assert response.url == LIST
    assert (report.outcome, report.outcome_note) == ("accepted", "Correction 12.")
    assert report.handled_by == person
    assert timezone.now() - report.handled_at < timedelta(minutes=1)


@pytest.mark.about_databases
def test_the_decision_erases_the_readers_address(desk, report):
    assert "reader@example.org" in html(desk.get(page_of(report)))
    desk.post(page_of(report), {"outcome": "declined", "note": "The page is right."})
    assert ReaderReport.objects.get().contact == ""


def test_spam_needs_no_note(desk, report):
    assert desk.post(page_of(report), {"outcome": "spam", "note": ""}).status_code == 302
    assert ReaderReport.objects.get().outcome == "spam"


@pytest.mark.about_databases
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"outcome": "accepted", "note": "  "}, "Say what came of it."),
        ({"outcome": "declined"}, "Say what came of it."),
        ({"note": "Because."}, "Choose what came of it."),
        ({"outcome": "waiting", "note": "Because."}, "Select a valid choice."),
        ({"outcome": "accepted", "note": "A\x00B"}, "Null characters are not allowed."),
    ],
)
def test_a_decision_that_lacks_something_is_not_stored(desk, report, fields, sentence):
    response = desk.post(page_of(report), fields)
    assert response.status_code == 200
    assert sentence in html(response)
    assert ReaderReport.objects.get().outcome == "waiting"


@pytest.mark.about_databases
def test_who_decides_second_is_told_and_loses_no_text(desk, report, reviewer):
    report.decide("declined", note="The page is right.", by=reviewer, now=timezone.now())
    response = desk.post(page_of(report), {"outcome": "accepted", "note": "My own note."})
    assert response.status_code == 409
    assert "This was decided already" in html(response)
    assert "My own note." in html(response)
    assert ReaderReport.objects.get().outcome_note == "The page is right."


def test_the_page_leads_on_to_logging_an_update(desk, report, action):
    page = html(desk.get(page_of(report)))
    assert f"/admin/log/?action={action.pk}" in page
    assert f"{SECRET} &lt;b&gt;" in page
    report.action = None
    report.save()
    page = html(desk.get(page_of(report)))
    assert f"/admin/log/?q={report.recommendation.number}" in page


@pytest.mark.about_databases
def test_those_who_wait_come_first_oldest_on_top(desk, recommendation, reviewer):
    now = timezone.now()
    texts = ["Decided", "Waits since yesterday", "Waits since today"]
    for text, days in zip(texts, [2, 1, 0], strict=True):
        ReaderReportFactory(
            recommendation=recommendation, message=text, received_at=now - timedelta(days=days)
        )
    ReaderReport.objects.get(message="Decided").decide("spam", note="", by=reviewer, now=now)
    page = html(desk.get(LIST))
    assert "2 reports wait for a decision." in page
    places = [page.index(text) for text in (texts[1], texts[2], texts[0])]
    assert places == sorted(places)


def test_the_list_can_be_of_those_who_wait(desk, recommendation, reviewer):
    now = timezone.now()
    for text in ("Decided", "Waiting"):
        ReaderReportFactory(recommendation=recommendation, message=text, received_at=now)
    ReaderReport.objects.get(message="Decided").decide("spam", note="", by=reviewer, now=now)
    page = html(desk.get(LIST, {"work": "waiting"}))
    assert "<p>Waiting</p>" in page
    assert "<p>Decided</p>" not in page
    assert "<p>Decided</p>" in html(desk.get(LIST))


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    desk, recommendation, django_assert_max_num_queries
):
    for n in range(30):
        ReaderReportFactory(recommendation=recommendation, message=f"Report {n}")
    # Session, person, permissions twice, count, count of those that wait, rows, name of the site.
    with django_assert_max_num_queries(9):
        assert "Report 29" in html(desk.get(LIST))


@pytest.mark.parametrize(
    "query",
    [
        "?page=0",
        "?page=2",
        "?page=x",
        "?zzz=1",
        "?page=%00",
        "?work=x",
        "?work=waiting&work=waiting",
    ],
)
def test_a_bad_address_of_the_list_is_refused(desk, report, query):
    assert desk.get(LIST + query).status_code == 400


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 40])
def test_a_report_that_does_not_exist_is_not_found(desk, pk):
    assert desk.get(f"{LIST}{pk}/").status_code == 404


def test_staff_without_a_role_see_none_of_it(client, report, staff_member):
    person = staff_member("eve", "Analyst")
    person.groups.clear()
    client.force_login(person)
    assert client.get(LIST).status_code == 403
    assert client.get(page_of(report)).status_code == 403
    assert client.post(page_of(report), {"outcome": "spam"}).status_code == 403


def test_who_may_only_view_does_not_decide(client, report, staff_member):
    person = staff_member("eve", "Analyst")
    person.groups.clear()
    person.user_permissions.add(Permission.objects.get(codename="view_readerreport"))
    client.force_login(person)
    assert "Store the decision" not in html(client.get(page_of(report)))
    assert client.post(page_of(report), {"outcome": "spam"}).status_code == 403


def test_nothing_of_a_report_is_public(client, report, reviewer):
    report.decide("accepted", note="An internal note.", by=reviewer, now=timezone.now())
    for path in [
        report.recommendation.get_absolute_url(),
        address(report.recommendation),
        address(report.recommendation, "report_thanks"),
        "/",
        "/recommendations/",
        "/recommendations/?q=friend",
        "/recommendations.csv",
        "/changes/",
        "/deadlines/",
        "/deadlines.ics",
        "/healthz",
        "/readyz",
    ]:
        response = client.get(path)
        text = response.getvalue().decode()
        assert response.status_code == 200, path
        for secret in ("friend of mine", "reader@example.org", "An internal note."):
            assert secret not in text, path
    for path in (LIST, page_of(report)):
        response = client.get(path)
        assert response.status_code == 302
        assert "login" in response.url
