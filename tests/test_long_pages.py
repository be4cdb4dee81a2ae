"""Of many actions, dashboards and scorecards tell the same figures, and draw no more than fits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.figures import month_counts, scale, summary
from recommendations.figures.scale import Few, Many, figures_of
from recommendations.figures.scope import Scope
from recommendations.index.keeping import opened_at
from recommendations.models import Action, Edition, Party, PolicyArea, Report
from recommendations.planner import analyze
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint, today

from .factories import (
    ActionBodyFactory,
    ActionFactory,
    BodyFactory,
    DeadlineFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    include,
    published_update,
)
from .reading import links_of, list_count, text_of

pytestmark = pytest.mark.run_once

MOST_BYTES = 200_000


def viewpoints() -> list[Viewpoint]:
    """Return the present, a day, an edition on its own day, and a day as an edition told it."""
    editions = list(Edition.objects.order_by("number"))
    middle, day = editions[len(editions) // 2], today() - timedelta(days=200)
    return [
        Viewpoint.present(),
        Viewpoint(on=day, as_of=day),
        Viewpoint(on=middle.published_on, edition=middle),
        Viewpoint(on=day, as_of=day, edition=middle),
    ]


def told(shown: Few | Many, report: Report | None) -> dict[str, object]:
    """Return all that a page says of its actions, but for the squares."""
    figures, history = shown.figures, shown.history
    groups = (figures.by_addressee, figures.by_body, figures.by_area)
    return {
        "counts": +Counter(figures.counts.by_status),
        "groups": [
            [(one.slug, one.label, +Counter(one.counts.by_status)) for one in group]
            for group in groups
        ],
        "deadlines": [
            (group.schedule, group.n, [action.pk for action in group.actions])
            for group in figures.deadlines
        ],
        "with a deadline": figures.n_with_deadline,
        "looked at": (figures.last_reviewed_on, figures.needing_review, figures.firmness),
        "months": history and [(step.on, dict(step.counts.by_status)) for step in history.steps],
        "searches": history and sorted(search.n for search in history.first_searches),
        "since": history and history.since,
        "caveats": [(one.report, one.edition, one.n, one.total) for one in shown.caveats()],
        "sections": [
            (
                group.section,
                group.n,
                +Counter(group.counts.by_status),
                [(row.recommendation, row.status, row.fell_from) for row in group.rows],
            )
            for group in (shown.sections(report) if report else [])
        ],
    }


@contextmanager
def scope_of(seen: Viewpoint, name: str, key: int) -> Iterator[Scope]:
    with opened_at(seen) as index:
        yield Scope(index, Record(seen), name, key)


def check_all_figures() -> None:
    report = Report.objects.counted().get()
    parties = Party.objects.annotate(n=Count("actions")).order_by("-n", "slug")[:5]
    scopes = [("report", report.pk), *(("party", one.pk) for one in parties)]
    scopes += [("area", one.pk) for one in PolicyArea.objects.all()[:3]]
    for seen in viewpoints():
        for name, key in scopes:
            with scope_of(seen, name, key) as scope:
                few, many = Few(scope.record, scope), Many(scope.record, scope)
                check_figures(few, many, report if name == "report" else None)


def check_figures(few: Few, many: Many, report: Report | None) -> None:
    """Compare all that a page says of them, and the sections of a report."""
    assert told(many, report) == told(few, report), (many.scope.name, many.scope.key)


def test_figures_of_many_are_those_of_few(small_corpus, monkeypatch) -> None:
    monkeypatch.setattr(summary, "MOST_NAMED", 1000)
    monkeypatch.setattr(month_counts, "MOST_MONTHS", 1000)
    check_all_figures()


def test_chart_of_many_begins_with_the_newest_months(small_corpus, monkeypatch) -> None:
    with scope_of(Viewpoint.present(), "report", Report.objects.get().pk) as scope:
        whole = Few(scope.record, scope).history
        monkeypatch.setattr(month_counts, "MOST_MONTHS", 5)
        history = Many(scope.record, scope).history
    assert [dict(step.counts.by_status) for step in history.steps] == [
        dict(step.counts.by_status) for step in whole.steps[-5:]
    ]
    assert history.since == whole.steps[-5].on.replace(day=1)
    assert all(search.on >= history.since for search in history.first_searches)


@pytest.mark.run_once
@pytest.mark.parametrize("language", ["", "/ja"])
def test_no_page_of_an_edition_that_ships_is_longer_than_pages_may_be(
    client, whole_record, language: str
) -> None:
    for edition in Edition.objects.all():
        address, number = f"{language}/editions/{edition.number}/", 1
        while (response := client.get(address, {"page": number})).status_code == 200:
            assert len(response.content) < MOST_BYTES, f"{address}?page={number}"
            number += 1
        assert number > 1


def test_figures_of_many_are_those_of_few_with_research(whole_record) -> None:
    check_all_figures()


def test_up_to_the_limit_each_action_is_fetched(db, monkeypatch) -> None:
    actions = many_actions(3)
    with scope_of(Viewpoint.present(), "party", Party.objects.get(slug="japan").pk) as scope:
        monkeypatch.setattr(scale, "MOST_SQUARES", 3)
        assert isinstance(figures_of(scope), Few)
        monkeypatch.setattr(scale, "MOST_SQUARES", 2)
        assert isinstance(figures_of(scope), Many)
    assert len(actions) == 3


def many_actions(n: int, *, reports: int = 1, slug: str = "report") -> list[Action]:
    """Return actions of reports, each of Japan, of an area and of a body, with a deadline."""
    area, body = PolicyArea.objects.filter(slug="defence").first(), BodyFactory()
    area = area or PolicyAreaFactory(slug="defence", name="Defence")
    found = []
    for of_report in range(reports):
        report = ReportFactory(slug=f"{slug}-{of_report}", title=f"Report {of_report}")
        recommendation = RecommendationFactory(report=report, headline="Do what was asked " * 6)
        recommendation.areas.add(area)
        for number in range(1, n + 1):
            action = ActionFactory(
                recommendation=recommendation,
                number=number,
                title="Do what was asked of it " * 6,
                parties=["japan"],
            )
            ActionBodyFactory(action=action, body=body)
            DeadlineFactory(action=action, on=date(2030, 1, number % 28 + 1))
            found.append(action)
        if connection.vendor == "postgresql":
            # As after a load: what it knew of tables that were empty would cost it minutes.
            analyze()
        include(reports=[report])
    return found


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_page_of_many_is_short_and_has_their_number(client: Client, db, prefix: str) -> None:
    actions = many_actions(130, reports=2)
    published_update(actions[0], "implemented", on=date(2025, 3, 1))
    for page, n in (
        ("/parties/japan/", 260),
        ("/areas/defence/", 260),
        ("/reports/report-0/", 130),
        ("/", 260),
    ):
        html = client.get(prefix + page).content.decode()
        assert len(html.encode()) < MOST_BYTES, page
        assert "<title>1.1a " not in html and 'class="waffle"' not in html
        assert str(n) in text_of(re.search(r"<h1>.*?</h1>", html, re.S)[0]), page


def test_bars_of_reports_lead_to_the_lists_that_they_count(client: Client, db) -> None:
    many_actions(70, reports=3)
    html = client.get("/parties/japan/").content.decode()
    section = html.split('aria-labelledby="h-p"')[1].split("</section>")[0]
    numbers = {href: text for href, text in links_of(section) if text.isdigit()}
    for slug in ("report-0", "report-1", "report-2"):
        address = f"/recommendations/?party=japan&report={slug}"
        assert numbers[address] == "70"
        assert list_count(client.get(address).content.decode())[0] == 70
    assert ("/recommendations/?party=japan", "All 210 actions in the list") in links_of(section)
    assert ("/reports/report-1/", "Report 1") in links_of(section)


def test_of_many_reports_those_with_most_actions_have_a_bar(client: Client, db, monkeypatch):
    many_actions(2, reports=3)
    many_actions(3, slug="larger")
    monkeypatch.setattr(scale, "MOST_SQUARES", 0)
    monkeypatch.setattr(summary, "MOST_REPORTS", 2)
    html = client.get("/parties/japan/").content.decode()
    section = html.split('aria-labelledby="h-p"')[1].split("</section>")[0]
    assert "The 2 of 4 reports with most actions of this page." in text_of(section)
    assert section.count('<tr><th scope="row"') == 2
    assert "report=larger-0" in section


def test_recommendations_too_many_to_name_are_counted_by_section(
    client: Client, db, monkeypatch
) -> None:
    [action, *_others] = many_actions(2)
    monkeypatch.setattr(scale, "MOST_SQUARES", 0)
    named = client.get("/reports/report-0/").content.decode()
    assert (action.recommendation.get_absolute_url(), action.recommendation.headline.strip()) in (
        links_of(named)
    )
    monkeypatch.setattr(summary, "MOST_NAMED", 0)
    html = client.get("/reports/report-0/").content.decode()
    pillar = html.split('<section class="pillar">')[1].split("</section>")[0]
    assert "1 recommendation, 2 actions: 0 implemented" in text_of(pillar)
    [address] = [href for href, text in links_of(pillar) if text.startswith("See its")]
    assert list_count(client.get(address).content.decode())[0] == 1


def test_queries_do_not_grow_with_the_actions(client: Client, db, monkeypatch) -> None:
    monkeypatch.setattr(scale, "MOST_SQUARES", 0)
    taken = []
    for slug in ("one", "other"):
        many_actions(4, reports=2, slug=slug)
        for page in ("/parties/japan/", "/areas/defence/", "/reports/one-0/"):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            taken.append(len(queries))
    assert taken[:3] == taken[3:]
    assert max(taken) < 36
