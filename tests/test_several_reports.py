"""Reports beside each other: what came before one, and what a later one took up or dropped."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.admin.workspace import structure_drafts
from recommendations.figures.earlier_reports import carded_reports, report_cards
from recommendations.integrity import differences
from recommendations.loading import LoadError, load
from recommendations.models import (
    Action,
    Edition,
    Recommendation,
    RecommendationRelation,
    Report,
    TrackerState,
)
from recommendations.record import Record
from recommendations.templatetags.tracker import publication_day
from recommendations.viewpoint import Viewpoint

from .factories import (
    ActionFactory,
    RecommendationFactory,
    RecommendationRelationFactory,
    ReportFactory,
    SectionFactory,
    include,
    noon,
    published_action,
    published_update,
    withdraw,
)
from .reading import csv_rows, links_of, post_change, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

SECRET = "Zanzibar"
OUTSIDE = "https://publisher.example/earlier"
SOURCE = "https://body.example/comparison"


def earlier_report(**fields) -> Report:
    return ReportFactory(
        **{
            "slug": "earlier",
            "title": "More Important",
            "published_on": date(2018, 10, 1),
            "published_precision": "month",
            "url": OUTSIDE,
            "is_bibliographic": True,
        }
        | fields
    )


def later_report(*, on: date = date(2024, 4, 4), slug: str = "later", **fields) -> Report:
    """A report of the record with one recommendation, 2.1, and one action."""
    report = ReportFactory(slug=slug, title=slug.title(), published_on=on, **fields)
    published_action(recommendation=RecommendationFactory(report=report, number="2.1"))
    report.refresh_from_db()
    return report


def asked(report: Report, number: str = "1.2", **fields) -> Recommendation:
    """A recommendation of an earlier report that is not broken down."""
    return RecommendationFactory(report=report, number=number, **fields)


def related(later: Report, earlier: Recommendation, kind: str = "repeats", **fields):
    side = {"recommendation": later.recommendations.get()}
    if kind == "drops":
        side = {"recommendation": None, "report": later}
    return RecommendationRelationFactory(earlier=earlier, kind=kind, **side, **fields)


def page_of(client: Client, address: str, **query) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, address
    return response.content.decode()


# A bibliographic record is no part of the public record -------------------------------------------


def test_a_bibliographic_record_is_not_added_until_its_box_is_cleared() -> None:
    report = earlier_report()
    with pytest.raises(ValidationError, match="clear that box first"):
        include(reports=[report])
    with pytest.raises(ValidationError, match="not in the record"):
        include(recommendations=[ActionFactory(recommendation=asked(report)).recommendation])
    assert not Edition.objects.exists()
    Report.objects.filter(pk=report.pk).update(is_bibliographic=False)
    include(reports=[report])
    report.refresh_from_db()
    assert not report.is_draft


@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize("page", ["", "text/", "earlier/", "1.2/"])
def test_a_bibliographic_record_has_no_page(client, prefix, page) -> None:
    later_report()
    asked(earlier_report())
    assert client.get(f"{prefix}/reports/earlier/{page}").status_code == 404


def test_a_bibliographic_record_enters_no_count_list_choice_or_export(client) -> None:
    later_report()
    before = {
        page: client.get(page).getvalue().decode()
        for page in ("/recommendations/", "/recommendations.csv", "/deadlines/", "/changes/")
    }
    action = ActionFactory(recommendation=asked(earlier_report(), headline=SECRET), title=SECRET)
    assert Report.objects.first_day() == date(2024, 4, 4)
    assert client.get("/?as_of=2018-10-02").status_code == 400
    for page, content in before.items():
        now = client.get(page).getvalue().decode()
        assert SECRET not in now and "More Important" not in now
        assert text_of(now) == text_of(content), page
    for page in ("/recommendations/", "/recommendations.csv", "/changes/feed.atom"):
        assert client.get(page, {"report": "earlier"}).status_code == 400
    rows = csv_rows(client.get("/recommendations.csv?unit=recommendations"))
    assert [row["report"] for row in rows] == ["later"]
    assert action not in Action.objects.published()


def test_a_bibliographic_record_waits_for_nobody(editor, client) -> None:
    ActionFactory(recommendation=asked(earlier_report()))
    client.force_login(editor)
    assert [one.count for one in structure_drafts()] == [0, 0, 0]
    ActionFactory()
    for one in structure_drafts():
        response = client.get(one.url)
        assert response.status_code == 200
        assert response.context["cl"].result_count == one.count == 1, one.url


def test_a_date_is_shown_no_more_exact_than_it_is_known(client) -> None:
    earlier = earlier_report()
    assert publication_day(earlier) == '<time datetime="2018-10">October 2018</time>'
    assert ">2018<" in publication_day(earlier_report(slug="year", published_precision="year"))
    later_report().predecessors.add(earlier)
    for page in ("/reports/", "/reports/later/"):
        html = page_of(client, page)
        assert "October 2018" in text_of(html)
        assert "1 Oct 2018" not in html and "2018-10-01" not in html


# Predecessors -------------------------------------------------------------------------------------


def test_a_report_is_not_its_own_predecessor() -> None:
    report = ReportFactory()
    report.predecessors.add(report)
    with pytest.raises(ValidationError, match="not its own"):
        report.full_clean()


def test_a_predecessor_was_published_before_its_successor() -> None:
    older, newer = ReportFactory(published_on=date(2018, 10, 1)), ReportFactory()
    newer.predecessors.add(older)
    for report in (older, newer):
        report.full_clean()
    older.published_on = date(2024, 4, 5)
    with pytest.raises(ValidationError, match="was not published before"):
        older.full_clean()
    newer.published_on = date(2018, 9, 30)
    with pytest.raises(ValidationError, match="was not published before"):
        newer.full_clean()


@pytest.mark.parametrize(
    ("on", "precision", "is_before"),
    [
        (date(2024, 4, 3), "day", True),
        (date(2024, 4, 4), "day", False),
        (date(2024, 4, 30), "month", True),
        (date(2024, 12, 31), "year", True),
        (date(2024, 5, 1), "month", False),
    ],
)
def test_dates_decide_as_far_as_they_are_known(on, precision, is_before) -> None:
    one = ReportFactory.build(published_on=on, published_precision=precision)
    assert one.came_before(ReportFactory.build(published_on=date(2024, 4, 4))) == is_before


def report_form(report: Report, **fields) -> dict:
    return {
        "slug": report.slug,
        "title": report.title,
        "published_on": report.published_on.isoformat(),
        "published_precision": report.published_precision,
        "text_rights": "none",
        "sections-TOTAL_FORMS": 0,
        "sections-INITIAL_FORMS": 0,
        "drops-TOTAL_FORMS": 0,
        "drops-INITIAL_FORMS": 0,
    } | fields


def recommendation_form(recommendation: Recommendation, **fields) -> dict:
    return {
        "section": recommendation.section_id,
        "position": recommendation.position,
        "headline": recommendation.headline,
        "origin": recommendation.origin,
        "actions-TOTAL_FORMS": 0,
        "actions-INITIAL_FORMS": 0,
        "relations-TOTAL_FORMS": 1,
        "relations-INITIAL_FORMS": 0,
        "relations-0-publisher": "A research body",
        "relations-0-url": SOURCE,
    } | fields


def change_page(instance) -> str:
    return f"/admin/recommendations/{instance._meta.model_name}/{instance.pk}/change/"


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def test_form_takes_a_predecessor_and_keeps_it_in_the_history(desk: Client) -> None:
    earlier, later = earlier_report(), later_report()
    revision = TrackerState.objects.get().content_revision
    sent = post_change(desk, change_page(later), report_form(later, predecessors=[earlier.pk]))
    assert sent.status_code == 302
    assert list(later.predecessors.all()) == [earlier]
    assert list(earlier.successors.all()) == [later]
    assert TrackerState.objects.get().content_revision > revision
    history = page_of(desk, change_page(later).replace("change", "history"))
    assert "Predecessors" in history and "More Important" in history


def test_form_refuses_a_predecessor_that_came_later_and_itself(desk: Client) -> None:
    earlier, later = later_report(on=date(2020, 1, 1)), later_report(slug="newest")
    refused = post_change(desk, change_page(earlier), report_form(earlier, predecessors=[later.pk]))
    assert "was not published before" in refused.content.decode()
    refused = post_change(
        desk, change_page(earlier), report_form(earlier, predecessors=[earlier.pk])
    )
    assert refused.status_code == 200
    assert not earlier.predecessors.exists()


def test_form_refuses_a_bibliographic_record_that_is_featured(desk: Client) -> None:
    report = ReportFactory()
    data = report_form(report, is_bibliographic="on", is_featured="on")
    assert "cannot be featured" in post_change(desk, change_page(report), data).content.decode()
    assert post_change(desk, change_page(report), data | {"is_featured": ""}).status_code == 302
    report.refresh_from_db()
    assert report.is_bibliographic


def test_form_leaves_the_box_alone_once_a_report_is_in_the_record(desk: Client) -> None:
    report = later_report()
    post_change(desk, change_page(report), report_form(report, is_bibliographic="on"))
    report.refresh_from_db()
    assert not report.is_bibliographic


def test_a_deleted_bibliographic_record_leaves_the_pages(desk: Client) -> None:
    later, earlier = later_report(), earlier_report()
    later.predecessors.add(earlier)
    revision = TrackerState.objects.get().content_revision
    desk.post(change_page(earlier).replace("change", "delete"), {"post": "yes"})
    assert TrackerState.objects.get().content_revision > revision
    assert "More Important" not in page_of(desk, "/reports/")


# Relations ----------------------------------------------------------------------------------------


def test_an_earlier_recommendation_is_of_another_report() -> None:
    one = RecommendationFactory()
    other = RecommendationFactory(report=one.report, section=one.section)
    relation = RecommendationRelationFactory.build(recommendation=one, earlier=other)
    with pytest.raises(ValidationError, match="of another report"):
        relation.full_clean()


@pytest.mark.parametrize("kind", ["repeats", "drops"])
def test_an_earlier_recommendation_was_published_before(kind: str) -> None:
    later, newer = later_report(), ReportFactory(published_on=date(2025, 1, 1))
    relation = related(later, asked(newer), kind)
    with pytest.raises(ValidationError, match="was not published before"):
        relation.full_clean()
    related(later, asked(earlier_report()), kind).full_clean()


def test_no_relation_without_a_source() -> None:
    relation = related(later_report(), asked(earlier_report()))
    relation.url = ""
    with pytest.raises(ValidationError, match="url"):
        relation.full_clean()


def test_editor_records_a_relation_beside_the_later_recommendation(desk: Client) -> None:
    later, earlier = later_report().recommendations.get(), asked(earlier_report())
    assert desk.get(change_page(later)).status_code == 200
    data = recommendation_form(later)
    data |= {"relations-0-earlier": earlier.pk, "relations-0-kind": "extends"}
    assert post_change(desk, change_page(later), data).status_code == 302
    [relation] = RecommendationRelation.objects.all()
    assert (relation.recommendation, relation.earlier, relation.kind) == (later, earlier, "extends")
    assert relation.history.get().history_user.username == "editor"


def test_form_refuses_a_relation_to_a_later_report_and_the_kind_of_a_report(desk: Client) -> None:
    later = later_report().recommendations.get()
    newer = asked(ReportFactory(published_on=date(2025, 1, 1)))
    for key, kind, words in (
        (newer.pk, "repeats", "was not published before"),
        (asked(earlier_report()).pk, "drops", "Select a valid choice"),
    ):
        data = recommendation_form(later)
        data |= {"relations-0-earlier": key, "relations-0-kind": kind}
        assert words in post_change(desk, change_page(later), data).content.decode()
    assert not RecommendationRelation.objects.exists()


def test_editor_records_what_a_report_dropped_beside_the_report(desk: Client) -> None:
    later, earlier = later_report(), asked(earlier_report())
    assert desk.get(change_page(later)).status_code == 200
    data = report_form(later) | {
        "drops-TOTAL_FORMS": 1,
        "drops-0-earlier": earlier.pk,
        "drops-0-publisher": "A research body",
        "drops-0-url": SOURCE,
    }
    assert post_change(desk, change_page(later), data).status_code == 302
    [relation] = RecommendationRelation.objects.all()
    assert (relation.report, relation.recommendation, relation.kind) == (later, None, "drops")


def test_analyst_reads_relations_and_changes_none(client, analyst) -> None:
    relation = related(later_report(), asked(earlier_report()))
    client.force_login(analyst)
    page = change_page(relation.recommendation)
    assert SOURCE in page_of(client, page)
    assert client.post(page, recommendation_form(relation.recommendation)).status_code == 403
    assert not analyst.has_perm("recommendations.add_recommendationrelation")


# Files --------------------------------------------------------------------------------------------

SERIES = f"""
- model: recommendations.report
  fields:
    slug: earlier
    title: More Important
    published_on: '2018-10-01'
    published_precision: month
    url: {OUTSIDE}
    is_bibliographic: true
- model: recommendations.section
  fields: {{report: [earlier], slug: asks, title: Asks, position: 1}}
- model: recommendations.recommendation
  fields:
    {{report: [earlier], section: [earlier, asks], number: '1.2', slug: old, position: 1,
      headline: Do the old thing}}
- model: recommendations.report
  fields:
    {{slug: later, title: Later, published_on: '2024-04-04', predecessors: [[earlier]]}}
- model: recommendations.section
  fields: {{report: [later], slug: one, title: One, position: 1}}
- model: recommendations.party
  fields: {{slug: japan, name: Japan, kind: government}}
- model: recommendations.recommendation
  fields:
    {{report: [later], section: [later, one], number: '2.1', slug: new, position: 1,
      headline: Do the new thing}}
- model: recommendations.action
  fields:
    {{recommendation: [later, new], number: 1, slug: act, title: Act, kind: policy,
      review_due_on: '2026-12-14', parties: [[japan]]}}
- model: recommendations.recommendationrelation
  fields:
    {{recommendation: [later, new], earlier: [earlier, old], kind: repeats,
      publisher: A research body, url: '{SOURCE}'}}
"""
DROPPED = f"""
- model: recommendations.recommendationrelation
  fields:
    {{report: [later], earlier: [earlier, old], kind: drops, publisher: A research body,
      url: '{SOURCE}'}}
"""


def test_file_brings_a_series_and_loads_once(client) -> None:
    load(SERIES)
    earlier, later = Report.objects.order_by("published_on")
    assert earlier.is_draft and not later.is_draft
    assert Edition.objects.get().report == later
    assert Recommendation.objects.get(slug="old").is_draft
    assert not list(differences())
    again = load(SERIES)
    assert (again.added, again.editions, again.unchanged) == ({}, [], 9)
    assert "Repeats 1.2 of More Important (2018)" in page_of(client, "/reports/later/2.1/")
    assert "Repeats 1.2" in page_of(client, "/reports/later/2.1/", edition=1)


def test_file_with_a_further_relation_opens_no_edition_and_changes_the_pages(client) -> None:
    load(SERIES)
    revision = TrackerState.objects.get().content_revision
    loaded = load(SERIES + DROPPED)
    assert loaded.added == {"recommendations.recommendationrelation": 1}
    assert loaded.editions == []
    assert TrackerState.objects.get().content_revision > revision
    assert "Drops 1.2" in text_of(page_of(client, "/reports/later/earlier/"))


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ("kind: repeats", "kind: drops", "give the one that fits"),
        ("kind: repeats", "kind: likes", "likes"),
        (f", url: '{SOURCE}'", "", "url"),
        ("recommendation: [later, new], earlier", "earlier", "give the one that fits"),
        ("'2018-10-01'", "'2024-06-01'", "was not published before"),
        ("is_bibliographic: true", "is_bibliographic: true\n    is_featured: true", "featured"),
        ("published_precision: month", "published_precision: quarter", "quarter"),
        ("kind: repeats", "kind: repeats, recorded_at: '2020-01-01'", "recorded_at"),
    ],
)
def test_file_that_breaks_a_rule_of_the_series_loads_nothing(was, becomes, reason) -> None:
    with pytest.raises(LoadError, match=reason):
        load(SERIES.replace(was, becomes))
    assert not Report.objects.exists()


def test_shipped_file_names_the_earlier_report_and_claims_no_relation(client, baseline) -> None:
    earlier = Report.objects.get(slug="us-japan-alliance-2018")
    assert [one.slug for one in earlier.successors.all()] == ["us-japan-alliance-2024"]
    assert (earlier.authors, earlier.number_in_series) == ("", None)
    assert not RecommendationRelation.objects.exists()
    assert "No relation to an earlier report is recorded yet." in page_of(
        client, "/reports/us-japan-alliance-2024/earlier/"
    )
    assert "/earlier/" not in page_of(client, "/")


# The index of reports -----------------------------------------------------------------------------


def figures_of(card: str) -> list[str]:
    return [text_of(one) for one in re.findall(r"<dd>(.*?)</dd>", card, re.S)]


def test_card_has_the_figures_of_the_dashboard(client, baseline) -> None:
    html = page_of(client, "/reports/")
    assert figures_of(html) == ["24", "83", "5 6% of 83"]
    assert "5 of 83 verifiable actions are implemented" in page_of(client, "/")
    assert 'aria-label="83 verifiable actions: 5 implemented' in html
    for name in ("Richard L. Armitage", "Center for Strategic", "4 Apr 2024"):
        assert name in html
    address = "https://www.csis.org/analysis/more-important-ever"
    name = "More Important Than Ever: Renewing the U.S.-Japan Alliance for the 21st Century"
    assert (address, name) in links_of(html)
    for href, _text in links_of(html):
        if "report=us-japan-alliance-2024" in href:
            assert client.get(href.replace("&amp;", "&")).status_code == 200


def test_card_is_seen_from_the_viewpoint(client) -> None:
    report = later_report(on=date(2024, 4, 4))
    action = report.recommendations.get().actions.get()
    published_update(action, "implemented", on=date(2025, 3, 1))
    edition = Edition.objects.earliest("number").number
    assert figures_of(page_of(client, "/reports/")) == ["1", "1", "1 100% of 1"]
    assert figures_of(page_of(client, "/reports/", as_of="2025-02-28"))[2] == "0 0% of 1"
    assert figures_of(page_of(client, "/reports/", edition=edition))[2] == "0 0% of 1"
    later_report(on=date(2026, 1, 1), slug="newest")
    assert len(figures_of(page_of(client, "/reports/"))) == 6
    assert len(figures_of(page_of(client, "/reports/", as_of="2025-12-31"))) == 3
    assert len(figures_of(page_of(client, "/reports/", edition=edition))) == 3


def test_withdrawn_report_says_why_instead_of_its_figures(client) -> None:
    withdraw(later_report(), reason="It was never adopted.")
    html = page_of(client, "/reports/")
    assert "It was never adopted." in html and not figures_of(html)


def test_queries_do_not_grow_with_the_reports(client) -> None:
    taken = []
    for n in range(2):
        for m in range(3):
            report = later_report(slug=f"report-{n}-{m}")
            report.predecessors.add(earlier_report(slug=f"earlier-{n}-{m}"))
            related(report, asked(report.predecessors.get()))
        client.get("/reports/")
        for page in ("/reports/", "/reports/report-0-0/", "/reports/report-0-0/earlier/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            taken.append(len(queries))
    assert taken[:3] == taken[3:]
    with CaptureQueriesContext(connection) as queries:
        record = Record(Viewpoint.present())
        report_cards(record, list(carded_reports(record)))
    assert len(queries) == 4


def test_queries_of_a_recommendation_do_not_grow_with_its_relations(client) -> None:
    later, earlier = later_report(), earlier_report()
    taken = []
    for numbers in (("1.1", "1.2"), ("1.3", "1.4", "1.5")):
        for number in numbers:
            related(later, asked(earlier, number))
        with CaptureQueriesContext(connection) as queries:
            client.get("/reports/later/2.1/")
            client.get("/reports/later/earlier/")
        taken.append(len(queries))
    assert taken[0] == taken[1]


# What came before, and what followed --------------------------------------------------------------


def test_dashboard_names_its_neighbours(client) -> None:
    earlier, later = earlier_report(), later_report()
    newest = later_report(on=date(2026, 1, 1), slug="newest")
    later.predecessors.add(earlier)
    newest.predecessors.add(later)
    html = page_of(client, "/reports/later/")
    assert (OUTSIDE, "More Important") in links_of(html)
    assert ("/reports/newest/", "Newest") in links_of(html)
    assert "Follows" in html and "Followed by" in html
    assert "Newest" not in page_of(client, "/reports/later/", as_of="2025-12-31")


def test_relation_to_a_bibliographic_record_is_told_with_its_headline_and_source(client) -> None:
    earlier = asked(earlier_report(), headline="Do the old thing")
    related(later_report(), earlier, "repeats", note="Word for word.")
    html = page_of(client, "/reports/later/2.1/")
    words = text_of(html)
    for part in ("Asked before", "Repeats 1.2 of More Important (2018)", "Do the old thing"):
        assert part in words
    assert "Word for word." in words
    links = links_of(html)
    assert (OUTSIDE, "More Important") in links and (SOURCE, "A research body") in links
    assert not [href for href, _text in links if href.startswith("/reports/earlier/")]
    assert ("/reports/later/earlier/", "What earlier reports asked") in links_of(
        page_of(client, "/reports/later/")
    )


def test_relation_inside_the_record_is_told_on_both_pages(client) -> None:
    first, second = later_report(on=date(2020, 1, 1), slug="first"), later_report()
    related(second, first.recommendations.get(), "extends")
    sentence = "Extends 2.1 of First (2020)"
    before, again = (page_of(client, f"/reports/{slug}/2.1/") for slug in ("later", "first"))
    assert ("/reports/first/2.1/", sentence) in links_of(before)
    assert ("/reports/later/2.1/", "Extended by 2.1 of Later (2024)") in links_of(again)
    assert "Asked again" in again and "Asked before" not in again
    assert "Asked before" in before and "Asked again" not in before
    assert "Asked again" not in page_of(client, "/reports/first/2.1/", as_of="2023-12-31")


def test_what_a_report_dropped_is_told_by_the_earlier_page_and_the_table(client) -> None:
    first, second = later_report(on=date(2020, 1, 1), slug="first"), later_report()
    related(second, first.recommendations.get(), "drops")
    page = links_of(page_of(client, "/reports/first/2.1/"))
    assert ("/reports/later/", "No longer asked for by Later (2024)") in page
    table = page_of(client, "/reports/later/earlier/")
    assert ("/reports/first/2.1/", "Drops 2.1") in links_of(table)
    assert "No longer asked for" in table
    assert "Asked before" not in page_of(client, "/reports/later/2.1/")


def test_table_has_a_column_for_each_report_by_year(client) -> None:
    later = later_report()
    for year, kind in ((2020, "extends"), (2012, "replaces")):
        report = earlier_report(
            slug=f"of-{year}", title=f"Of {year}", published_on=date(year, 1, 1)
        )
        related(later, asked(report, f"{year - 2000}"), kind)
    html = page_of(client, "/reports/later/earlier/")
    heads = [text_of(one) for one in re.findall(r'<th scope="col">(.*?)</th>', html)]
    assert heads == ["Recommendation", "2012 Of 2012", "2020 Of 2020"]
    cells = [text_of(one) for one in re.findall(r"<td>(.*?)</td>", html)]
    assert cells == ["Replaces 12 A research body", "Extends 20 A research body"]


# What may be shown --------------------------------------------------------------------------------

EVERYWHERE = ("/", "/reports/", "/reports/later/", "/reports/later/2.1/", "/reports/later/earlier/")


@pytest.mark.parametrize("kind", ["repeats", "drops"])
def test_draft_that_is_not_bibliographic_is_nowhere_to_be_seen(client, kind: str) -> None:
    later = later_report()
    draft = earlier_report(
        title=SECRET, is_bibliographic=False, url=f"https://{SECRET}.example/".lower()
    )
    later.predecessors.add(draft)
    related(later, asked(draft, headline=SECRET), kind, note=SECRET)
    newer = ReportFactory(title=SECRET, published_on=date(2026, 1, 1))
    newer.predecessors.add(later)
    RecommendationRelationFactory(
        recommendation=RecommendationFactory(report=newer, headline=SECRET),
        earlier=later.recommendations.get(),
        note=SECRET,
    )
    later_draft = RecommendationFactory(
        report=later, section=SectionFactory(report=later), number="9", headline=SECRET
    )
    RecommendationRelationFactory(
        recommendation=later_draft, earlier=asked(earlier_report(slug="known"), headline=SECRET)
    )
    for page in EVERYWHERE:
        for query in ({}, {"edition": 1}, {"as_of": "2026-06-30"}):
            assert SECRET.lower() not in page_of(client, page, **query).lower(), page
    assert "No relation" in page_of(client, "/reports/later/earlier/")


def test_withdrawn_side_takes_its_relations_along(client) -> None:
    first, second = later_report(on=date(2020, 1, 1), slug="first"), later_report()
    related(second, first.recommendations.get())
    edition = Edition.objects.latest("number")
    RecommendationRelation.objects.update(recorded_at=edition.published_at)
    withdraw(first.recommendations.get(), reason="Counted twice.")
    assert "Asked before" not in page_of(client, "/reports/later/2.1/")
    assert "Asked before" in page_of(client, "/reports/later/2.1/", edition=edition.number)


def test_edition_tells_no_relation_that_was_recorded_after_it(client) -> None:
    later = later_report()
    relation = related(later, asked(earlier_report()))
    edition = Edition.objects.get()
    for day, is_told in ((date(2026, 6, 20), True), (date(2026, 6, 21), False)):
        RecommendationRelation.objects.filter(pk=relation.pk).update(recorded_at=noon(day))
        assert edition.published_at == noon(date(2026, 6, 20))
        page = page_of(client, "/reports/later/2.1/", edition=edition.number)
        assert ("Asked before" in page) == is_told
        table = page_of(client, "/reports/later/earlier/", edition=edition.number)
        assert ("Repeats 1.2" in table) == is_told
        assert "Asked before" in page_of(client, "/reports/later/2.1/")


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_table_answers_in_both_languages_and_before_the_report_was_out(client, prefix) -> None:
    later_report(on=date(2020, 1, 1), slug="first")
    related(later_report(), asked(earlier_report()))
    assert client.get(f"{prefix}/reports/later/earlier/").status_code == 200
    assert "Repeats" not in page_of(client, f"{prefix}/reports/later/earlier/", as_of="2023-01-01")
    assert client.get(f"{prefix}/reports/none/earlier/").status_code == 404
