"""The page of the list: rows in groups, counts, chips, pages, and what htmx asks for of it."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations import publishing
from recommendations.models import Action
from tests.factories import (
    ActionFactory,
    BodyFactory,
    DeadlineFactory,
    PartyFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    corrected,
    draft_update,
    include,
    published_action,
    published_actions,
    published_update,
    set_verifiable,
    withdraw,
)

from .reading import links_of, list_count, text_of

LIST = "/recommendations/"
HTMX = {"HX-Request": "true"}


def page(client, query="", **options) -> str:
    response = client.get(LIST + query, **options)
    assert response.status_code == 200, response.content
    return response.content.decode()


def rows(html: str) -> list[str]:
    return [text_of(row) for row in re.findall(r'<tr class="item">.*?</tr>', html, re.S)]


def group_heads(html: str) -> list[str]:
    return [text_of(row) for row in re.findall(r'<tr class="group">.*?</tr>', html, re.S)]


def test_actions_stand_under_their_recommendation_with_its_derived_status(client, db):
    first, second = published_actions(2)
    published_update(first, "implemented")
    [head] = group_heads(page(client, "?status=implemented"))
    assert "1 of 2 actions shown" in head
    assert head.endswith("Partly implemented")
    assert "all 2 actions shown" in group_heads(page(client))[0]
    assert len(rows(page(client))) == 2


def test_other_orders_name_the_recommendation_in_each_row(client, db):
    action = published_action()
    html = page(client, "?sort=status")
    assert group_heads(html) == []
    assert action.recommendation.headline in rows(html)[0]


def test_recommendations_alone_show_a_square_for_each_counted_action(client, db):
    first, *_others = published_actions(3)
    published_action()
    set_verifiable(first, is_verifiable=False, reason="Nobody could tell.")
    html = page(client, "?unit=recommendations")
    assert list_count(html) == (2, 2)
    squares = [len(re.findall("<use", one)) for one in re.findall(r'"waffle".*?</svg>', html)]
    assert sorted(squares) == [1, 2]


def test_heading_names_the_denominator(client, db):
    published_actions(2, parties=["japan"])
    published_action()
    assert "2 of 3 verifiable actions, in 1 recommendation" in text_of(
        page(client, "?addressee=japan")
    )


def test_actions_that_are_not_verifiable_are_told_of_and_not_listed(client, db):
    first, _second = published_actions(2)
    assert "not verifiable" not in text_of(page(client))
    set_verifiable(first, is_verifiable=False, reason="Nobody could tell.")
    html = page(client)
    assert len(rows(html)) == 1
    assert "its only action shown, 1 more not verifiable" in group_heads(html)[0]
    assert "1 more action meets these filters, but is not verifiable" in text_of(html)


def test_marks_say_what_lapsed_and_what_is_to_be_reviewed(client, baseline):
    [row] = rows(page(client, "?schedule=met"))
    assert "awaiting second review" in row
    assert "Mar 2025 Met" in row
    action = Action.objects.get(slug="jjoc-established")
    finding = publishing.default_reliance(action)
    published_update(action, "partly", on=date(2026, 9, 1), relies_on=finding)
    Action.objects.filter(pk=action.pk).update(review_due_on=date(2026, 1, 2))
    [row] = rows(page(client, "?schedule=met"))
    assert "Lapsed" in row
    assert "Needs review" in row
    assert "awaiting" not in row


def test_a_deadline_shows_as_precisely_as_it_is_known(client, db):
    recommendation = RecommendationFactory()
    action = ActionFactory(recommendation=recommendation)
    DeadlineFactory(
        action=action,
        origin="official",
        on=date(2027, 6, 30),
        stated_on=date(2026, 2, 1),
        url="https://example.org/",
    )
    DeadlineFactory(action=action, on=date(2027, 4, 1), precision="year")
    include(reports=[recommendation.report])
    [row] = rows(page(client))
    assert " 2027 in " in row


def test_chips_drop_one_filter_each(client, db):
    published_action(parties=["japan"])
    html = page(client, "?addressee=japan&addressee=both&kind=policy&sort=status")
    chips = {text: href for href, text in links_of(html) if text.endswith("remove this filter")}
    assert chips == {
        "Addressee: Japan remove this filter": f"{LIST}?addressee=both&kind=policy&sort=status",
        "Addressee: Both remove this filter": f"{LIST}?addressee=japan&kind=policy&sort=status",
        "Kind of action: Policy remove this filter": (
            f"{LIST}?addressee=japan&addressee=both&sort=status"
        ),
    }


def test_values_without_rows_stay_and_the_end_of_a_long_list_is_folded(client, db):
    published_action(parties=["japan"])
    html = page(client)
    assert re.search(r'<li class="[^"]* zero"><label><input [^>]*value="rejected"', html)
    assert 'id="more-area"' not in html
    recommendation = published_action().recommendation
    recommendation.areas.set([PolicyAreaFactory(slug=f"area-{n:02}") for n in range(12)])
    assert '<details id="more-area"><summary>4 more' in page(client)
    assert '<details id="more-area" open>' in page(client, "?area=area-11")


def test_pages_follow_each_other_and_keep_the_filters(client, db):
    published_actions(60, parties=["japan"])
    seen = []
    for number in (1, 2, 3):
        html = page(client, f"?addressee=japan&page={number}")
        assert re.search(rf'aria-current="page">{number}</span>', html)
        seen += rows(html)
    assert len(seen) == len(set(seen)) == 60
    assert "10 of 60 actions shown, 50 on another page" in group_heads(html)[0]
    assert "Actions 51 to 60 of 60" in text_of(html)
    hrefs = [href for href, _text in links_of(page(client, "?addressee=japan"))]
    assert f"{LIST}?addressee=japan&page=2" in hrefs


def test_an_empty_list_says_which_filter_to_drop(client, db):
    published_action(parties=["japan"], kind="policy")
    html = page(client, "?addressee=united_states&kind=policy")
    assert list_count(html) == (0, 1)
    assert rows(html) == []
    links = dict((text, href) for href, text in links_of(html))
    assert links["1 action without the filter “Addressee”"] == f"{LIST}?kind=policy"
    html = page(client, "?addressee=united_states&kind=agreement")
    assert "a single filter would not be enough" in text_of(html)


def test_an_empty_record_is_said_to_be_empty(client, db):
    assert "There is nothing in the record yet." in text_of(page(client))


def test_links_to_the_export_and_to_the_view_ask_the_same(client, db):
    published_action()
    links = {text: href for href, text in links_of(page(client, "?kind=policy&q=&sort=status"))}
    assert links["CSV"] == "/recommendations.csv?kind=policy&sort=status"
    assert links["Link to this view"] == f"{LIST}?kind=policy&sort=status"


def test_htmx_gets_what_changes_and_the_address_to_show(client, db):
    published_action()
    response = client.get(f"{LIST}?q=&kind=policy&sort=report", headers=HTMX)
    html = response.content.decode()
    assert list_count(html) == (1, 1)
    assert "<html" not in html
    assert "<h1" not in html
    assert response["HX-Push-Url"] == f"{LIST}?kind=policy"
    assert "HX-Request" in response["Vary"]


def test_going_back_and_caches_get_the_whole_page(client, db):
    for headers in ({}, {**HTMX, "HX-History-Restore-Request": "true"}):
        response = client.get(LIST, headers=headers)
        assert "<html" in response.content.decode()
        assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize("unit", ["actions", "recommendations"])
def test_ids_are_unique_and_there_is_one_heading(client, baseline, prefix, unit):
    html = client.get(f"{prefix}{LIST}?unit={unit}").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert html.count("<h1") == 1
    assert " style=" not in html


@pytest.mark.parametrize("query", ["", "?unit=recommendations", "?sort=status", "?q=thing"])
def test_queries_are_few_and_do_not_grow_with_the_rows(client, db, query):
    for action in published_actions(2, parties=["japan", "australia"]):
        action.bodies.add(BodyFactory(), through_defaults={"basis": "named"})
        action.recommendation.areas.add(PolicyAreaFactory())
    page(client, query)
    with CaptureQueriesContext(connection) as few:
        page(client, query)
    for _n in range(8):
        for action in published_actions(3, parties=["japan", "united-states"]):
            action.bodies.add(BodyFactory(), through_defaults={"basis": "named"})
            action.recommendation.areas.add(PolicyAreaFactory())
    page(client, query)
    with CaptureQueriesContext(connection) as many:
        page(client, query)
    assert len(few) <= len(many) <= len(few) + 1
    # A search asks besides for names that mean the same, for reports, and for translations.
    # What a state of the record tells alike is asked for each time within a transaction.
    assert len(many) <= (20 if "q=" in query else 17)


@pytest.fixture
def drafts(db):
    """A public action, and drafts of all that a list shows, each named secret."""
    action = published_action()
    party, area = PartyFactory(slug="secret-party"), PolicyAreaFactory(slug="secret-area")
    body = BodyFactory(slug="secret-body")
    report = ReportFactory(slug="secret-report", title="Secret report")
    of_report = RecommendationFactory(report=report, headline="Secret headline")
    other = RecommendationFactory(
        report=action.recommendation.report,
        section=action.recommendation.section,
        headline="Secret headline",
    )
    for recommendation in (of_report, other, action.recommendation):
        draft = ActionFactory(
            recommendation=recommendation, title="Secret action", parties=[party.slug]
        )
        draft.bodies.add(body, through_defaults={"basis": "named"})
    for recommendation in (of_report, other):
        recommendation.areas.add(area)
    draft_update(action, "implemented", note="Secret note")
    return action


@pytest.mark.parametrize("unit", ["actions", "recommendations"])
def test_drafts_are_nowhere(client, drafts, unit):
    html = page(client, f"?unit={unit}")
    assert list_count(html) == (1, 1)
    csv = b"".join(client.get(f"/recommendations.csv?unit={unit}").streaming_content).decode()
    for text in (html, csv):
        assert "secret" not in text.lower()
        assert "Implemented" not in text.split('id="found"')[-1]
    for query in ("party=secret-party", "area=secret-area", "report=secret-report"):
        response = client.get(f"{LIST}?{query}")
        assert response.status_code == 400
        shown = response.content.decode().split("It can be:")[1]
        assert "secret" not in shown
    assert list_count(page(client, f"?q=secret&unit={unit}"))[0] == 0


def test_what_was_withdrawn_is_listed_no_longer(client, db):
    first, _second = published_actions(2)
    withdraw(first, reason="Counted twice.")
    html = page(client)
    assert list_count(html) == (1, 1)
    assert "its only action shown" in group_heads(html)[0]
    report = first.recommendation.report
    withdraw(report, reason="It was a draft.")
    assert list_count(page(client, f"?report={report.slug}")) == (0, 0)


def test_a_corrected_status_is_the_one_that_is_listed(client, db):
    action = published_action()
    corrected(published_update(action, "implemented"), status="partly")
    assert list_count(page(client, "?status=implemented"))[0] == 0
    assert list_count(page(client, "?status=partly"))[0] == 1
