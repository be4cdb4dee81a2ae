"""Whether cited pages are still there: asked politely, and told to readers once they are gone."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations import links
from recommendations.capturing.answers import Checked, State
from recommendations.capturing.problems import Reason
from recommendations.figures import dead_links
from recommendations.links import checking
from recommendations.models import Act, CheckedLink, LinkCheck, Source, TrackerState
from recommendations.models.act import Event
from recommendations.models.checked_link import INTERVAL, LinkState

from .factories import CheckedLinkFactory, SourceFactory, published_action, published_update
from .reading import text_of

pytestmark = pytest.mark.django_db

PAGE = "https://example.org/law/7"
ARCHIVE = "https://archive.example.net/2026/law"
BEGIN = datetime(2026, 6, 1, 9, tzinfo=UTC)
GONE = (Reason.NOT_FOUND, Reason.NO_SUCH_NAME)
UNCLEAR = (
    Reason.FORBIDDEN, Reason.TOO_MANY, Reason.SERVER_ERROR, Reason.TLS, Reason.TIMEOUT,
    Reason.NO_LOOK_UP, Reason.NO_CONNECTION, Reason.BROKEN,
)  # fmt: skip


@dataclass
class Web:
    """A clock that only waiting moves, and pages that answer as a test says."""

    at: datetime = BEGIN
    reasons: dict[str, Reason | None] = field(default_factory=dict)
    asked: list[tuple[str, float]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def check(self, address: str) -> Checked:
        self.asked.append((address, (self.at - BEGIN).total_seconds()))
        reason = self.reasons.get(address)
        state: State = "alive" if reason is None else "dead" if reason in GONE else "unknown"
        self.at += timedelta(seconds=1)
        return Checked(address, state, reason, address, 404 if state == "dead" else 0)

    def run(self, *, minutes: float = 50) -> dict[str, int]:
        run = checking.Checking(check=self.check, now=self.now, wait=self.wait)
        return dict(run.run(until=self.at + timedelta(minutes=minutes)))


@pytest.fixture
def web() -> Web:
    return Web()


def weekly(web: Web, reasons: Iterable[Reason | None], address: str = PAGE) -> CheckedLink:
    """Check a page once a week, and return what is known of it then."""
    for reason in reasons:
        web.reasons[address] = reason
        web.run()
        web.at += timedelta(days=7)
    return CheckedLink.objects.get(source__url=address)


@pytest.fixture
def source() -> Source:
    return SourceFactory(url=PAGE)


@pytest.fixture
def cited() -> Any:
    item = {"kind": "primary", "url": PAGE, "title": "The law", "publisher": "Assembly"}
    return published_update(published_action(), evidence=[item])


# What is dead ------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", GONE)
def test_a_link_is_dead_once_its_page_was_gone_three_times_over_three_weeks(
    source: Source, web: Web, reason: Reason
) -> None:
    states = [weekly(web, [reason]).state for _week in range(4)]
    assert states == [LinkState.GONE, LinkState.GONE, LinkState.DEAD, LinkState.DEAD]
    link = CheckedLink.objects.get()
    assert (link.gone_since, link.times_gone) == (BEGIN + timedelta(seconds=1), 4)
    assert LinkCheck.objects.count() == 4


@pytest.mark.parametrize("reason", UNCLEAR)
def test_what_refuses_programs_or_fails_is_never_dead(
    source: Source, web: Web, reason: Reason
) -> None:
    link = weekly(web, [reason] * 5)
    assert (link.state, link.gone_since, link.reason) == (LinkState.UNKNOWN, None, reason)


def test_three_answers_within_days_are_no_three_weeks(source: Source, web: Web) -> None:
    web.reasons[PAGE] = Reason.NOT_FOUND
    for _n in range(3):
        web.run()
        CheckedLink.objects.update(next_at=web.at)
    assert CheckedLink.objects.get().state == LinkState.GONE


def test_a_page_that_is_seen_again_begins_anew(source: Source, web: Web) -> None:
    not_found = Reason.NOT_FOUND
    assert weekly(web, [not_found, not_found, None, not_found, not_found]).state == LinkState.GONE
    assert weekly(web, [not_found]).state == LinkState.DEAD
    assert weekly(web, [None]).state == LinkState.THERE


def test_what_could_not_be_checked_in_between_neither_counts_nor_helps(
    source: Source, web: Web
) -> None:
    link = weekly(web, [Reason.NOT_FOUND, Reason.TIMEOUT, Reason.NOT_FOUND])
    assert (link.state, link.times_gone) == (LinkState.GONE, 2)
    assert weekly(web, [Reason.NOT_FOUND, Reason.SERVER_ERROR]).state == LinkState.DEAD


# Politely ----------------------------------------------------------------------------------------


def test_each_is_asked_once_a_week(source: Source, web: Web) -> None:
    assert web.run() == {"alive": 1}
    web.at += INTERVAL - timedelta(hours=1)
    assert web.run() == {}
    web.at += timedelta(hours=2)
    assert web.run() == {"alive": 1}


def test_hosts_take_turns_and_one_has_a_pause(web: Web) -> None:
    for n in range(7):
        SourceFactory(url=f"https://many.example.org/{n}")
    for n in range(3):
        SourceFactory(url=f"https://few-{n}.example.org/")
    assert web.run() == {"alive": 10}
    hosts = [address.split("/")[2] for address, _at in web.asked]
    assert set(hosts[:4]) == {"many.example.org", *(f"few-{n}.example.org" for n in range(3))}
    times = [at for address, at in web.asked if "many" in address]
    assert len(times) == 7
    assert all(later - earlier >= checking.PAUSE for earlier, later in itertools.pairwise(times))


def test_a_run_ends_in_time_and_the_next_goes_on(web: Web) -> None:
    for n in range(12):
        SourceFactory(url=f"https://many.example.org/{n}")
    first = web.run(minutes=1)
    assert 0 < first["alive"] < 12
    assert web.run()["alive"] == 12 - first["alive"]
    assert LinkCheck.objects.count() == 12


def test_two_runs_at_once_check_nothing_twice(web: Web) -> None:
    for n in range(4):
        SourceFactory(url=f"https://site-{n}.example.org/")
    checking.take_in(now=web.at)
    batches = [checking.due(now=web.at) for _run in range(2)]
    held = [[checking.hold(link, now=web.at) for link in batch] for batch in batches]
    assert held == [[True] * 4, [False] * 4]


def test_whoever_held_a_link_too_long_notes_nothing(source: Source, web: Web) -> None:
    checking.take_in(now=web.at)
    [late] = checking.due(now=web.at)
    assert checking.hold(late, now=web.at)
    web.at += checking.HELD
    assert web.run() == {"alive": 1}
    gone = Checked(PAGE, "dead", Reason.NOT_FOUND, PAGE, 404)
    assert not links.record_check(late, gone, at=web.at)
    assert CheckedLink.objects.get().state == LinkState.THERE


def test_old_checks_are_forgotten(source: Source, web: Web) -> None:
    weekly(web, [None] * 60)
    assert LinkCheck.objects.count() == 53


def test_queries_of_a_run_do_not_grow_with_the_sources(web: Web) -> None:
    def taken(n: int) -> int:
        for _n in range(n):
            SourceFactory()
        with CaptureQueriesContext(connection) as queries:
            checking.take_in(now=web.at)
            checking.due(now=web.at)
        return len(queries)

    taken(1)
    assert taken(3) == taken(60)


def test_nothing_is_asked_while_capture_is_off(source: Source, settings: Any) -> None:
    settings.CAPTURE = False
    with pytest.raises(CommandError, match="set CAPTURE=1"):
        call_command("check_links")
    assert not CheckedLink.objects.exists()


def test_the_command_says_what_was_found(
    source: Source, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    settings.CAPTURE = True
    web = Web(reasons={PAGE: Reason.TLS})
    run = checking.Checking(check=web.check, now=web.now, wait=web.wait)
    monkeypatch.setattr(checking, "Checking", lambda: run)
    call_command("check_links", minutes=5)
    assert capsys.readouterr().out == "There: 0. Gone: 0. Could not be checked: 1.\n"


# For readers -------------------------------------------------------------------------------------


def page_of(update: Any, client: Client, prefix: str = "") -> str:
    address = update.action.recommendation.get_absolute_url()
    return text_of(client.get(f"{prefix}{address}").content.decode())


@pytest.mark.parametrize("most", [dead_links.MOST_KEPT, 0])
def test_readers_see_that_a_link_is_dead_and_only_then(
    cited: Any, web: Web, client: Client, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(dead_links, "MOST_KEPT", most)
    weekly(web, [Reason.NOT_FOUND] * 2)
    assert "dead link" not in page_of(cited, client)
    before = TrackerState.objects.get().content_revision
    weekly(web, [Reason.NOT_FOUND])
    assert TrackerState.objects.get().content_revision == before + 1
    assert "The law , Assembly (dead link, page gone since 1 Jun 2026 )" in page_of(cited, client)
    assert "リンク切れ" in page_of(cited, client, "/ja")
    weekly(web, [Reason.NOT_FOUND])
    assert TrackerState.objects.get().content_revision == before + 1
    weekly(web, [None])
    assert "dead link" not in page_of(cited, client)


def test_the_archived_copy_of_a_dead_link_comes_first(cited: Any, web: Web, client: Client) -> None:
    Source.objects.update(archived_url=ARCHIVE)
    assert "archived copy" not in page_of(cited, client)
    weekly(web, [Reason.NOT_FOUND] * 3)
    assert "archived copy : The law , Assembly (dead link" in page_of(cited, client)
    html = client.get(cited.action.recommendation.get_absolute_url()).content.decode()
    assert html.index(f'href="{ARCHIVE}"') < html.index(f'href="{PAGE}"')


def test_what_could_not_be_checked_is_for_staff_alone(cited: Any, web: Web, client: Client) -> None:
    before = page_of(cited, client)
    weekly(web, [Reason.FORBIDDEN] * 4)
    assert page_of(cited, client) == before


def test_the_api_says_since_when_a_page_is_gone(cited: Any, web: Web, client: Client) -> None:
    def row() -> Any:
        return client.get("/api/v1/sources").json()["data"][0]

    weekly(web, [Reason.NOT_FOUND])
    assert row()["dead_since"] is None
    weekly(web, [Reason.NOT_FOUND] * 2)
    assert row()["dead_since"] == "2026-06-01"


def test_a_link_that_dies_or_revives_leaves_a_line_in_the_log_of_acts(
    source: Source, web: Web
) -> None:
    weekly(web, [Reason.NOT_FOUND] * 4 + [None])
    told = Act.objects.filter(event=Event.SOURCE).order_by("pk").values_list("detail", flat=True)
    assert list(told) == ["its link is dead: not_found", "its page is there again"]


# For the staff -----------------------------------------------------------------------------------

LISTS = {
    "bare": {"state": "dead"},
    "archived": {"state": "dead", "source__archived_url": ARCHIVE},
    "gone": {"state": "gone", "times_gone": 1},
    "unknown": {"state": "unknown", "times_gone": 0, "gone_since": None, "reason": "tls"},
}


@pytest.fixture
def lists() -> dict[str, CheckedLink]:
    def made(**said: Any) -> CheckedLink:
        facts = {"times_gone": 3, "gone_since": BEGIN, "checked_at": BEGIN, "reason": "not_found"}
        return CheckedLinkFactory(**(facts | said))

    return {name: made(**said) for name, said in LISTS.items()}


@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize("name", LISTS)
def test_staff_see_each_list(
    client: Client, analyst: User, lists: dict[str, CheckedLink], name: str, prefix: str
) -> None:
    client.force_login(analyst)
    page = client.get(f"{prefix}/admin/links/?list={name}")
    assert [one.n for one in page.context["numbers"]] == [1, 1, 1, 1]
    assert [one.link for one in page.context["shown"]] == [lists[name]]
    assert page.context["shown"][0].sentence
    assert lists[name].source.url in page.content.decode()


def test_the_list_opens_on_what_is_to_be_mended(
    client: Client, analyst: User, lists: dict[str, CheckedLink]
) -> None:
    client.force_login(analyst)
    page = client.get("/admin/links/")
    assert [one.link for one in page.context["shown"]] == [lists["bare"]]
    work = client.get("/admin/").content.decode()
    assert "<b>1</b> Dead links without an archived copy" in work


def test_the_list_asks_as_much_however_many_links_there_are(client: Client, analyst: User) -> None:
    client.force_login(analyst)

    def taken(n: int) -> int:
        for _n in range(n):
            CheckedLinkFactory(state="dead", times_gone=3, gone_since=BEGIN, reason="not_found")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/links/").status_code == 200
        return len(queries)

    taken(1)
    assert taken(1) == taken(40)


def test_an_analyst_has_a_link_checked_again(
    client: Client, analyst: User, lists: dict[str, CheckedLink], web: Web
) -> None:
    client.force_login(analyst)
    CheckedLink.objects.update(next_at=datetime(2999, 1, 1, tzinfo=UTC))
    link = lists["unknown"]
    answer = client.post(reverse("admin:check_again", args=[link.pk]), {"list": "unknown"})
    assert answer.headers["Location"] == "/admin/links/?list=unknown"
    link.refresh_from_db()
    assert link.next_at < datetime(2999, 1, 1, tzinfo=UTC)
    act = Act.objects.get(event=Event.SOURCE)
    assert (act.person, act.detail) == (analyst, "link: to be checked again")


def test_a_reviewer_looks_and_changes_nothing(
    client: Client, reviewer: User, lists: dict[str, CheckedLink]
) -> None:
    client.force_login(reviewer)
    assert "Check again" not in client.get("/admin/links/").content.decode()
    link = lists["bare"]
    assert client.post(reverse("admin:check_again", args=[link.pk])).status_code == 403


@pytest.mark.parametrize("query", ["list=odd", "list=bare&list=gone", "page=2", "x=1"])
def test_a_bad_address_is_refused(client: Client, analyst: User, query: str) -> None:
    client.force_login(analyst)
    assert client.get(f"/admin/links/?{query}").status_code == 400


def test_visitors_do_not_see_the_list(client: Client) -> None:
    assert client.get("/admin/links/").status_code == 302
