"""Editors arrange, retitle and extend the breakdown of a report on one page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.models import Action, Recommendation, Report, Section
from recommendations.publishing.breakdown_tree import tree_of

from .factories import (
    ActionFactory,
    RecommendationFactory,
    ReportFactory,
    SectionFactory,
    published_actions,
)

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


@pytest.fixture
def report() -> Report:
    report = ReportFactory(slug="annual")
    for section in [SectionFactory(report=report, position=n) for n in (1, 2, 3)]:
        for n in (1, 2):
            recommendation = RecommendationFactory(report=report, section=section)
            recommendation.number = f"{section.position}.{n}"
            recommendation.save()
            for letter in (1, 2, 3):
                ActionFactory(recommendation=recommendation, number=letter)
    return report


@pytest.fixture
def desk(client: Client, editor) -> Client:
    client.force_login(editor)
    return client


def post(client: Client, report: Report, step: str, data: dict, **extra):
    return client.post(reverse(f"admin:breakdown_{step}", args=[report.slug]), data, **extra)


def move(client: Client, instance, target: object, report: Report, **fields):
    data = {
        "kind": instance._meta.model_name,
        "pk": instance.pk,
        "before": getattr(target, "pk", target),
        "version": tree_of(report).version,
    }
    return post(client, report, "move", data | fields)


def test_the_page_shows_all_of_a_report_in_a_fixed_number_of_queries(desk, report):
    address = reverse("admin:breakdown", args=[report.slug])
    desk.get(address)
    with CaptureQueriesContext(connection) as few:
        page = desk.get(address).content.decode()
    for action in Action.objects.all():
        assert action.title in page
    for _n in range(3):
        recommendation = RecommendationFactory(report=report, section=report.sections.first())
        ActionFactory(recommendation=recommendation)
    with CaptureQueriesContext(connection) as many:
        desk.get(address)
    assert len(few) == len(many)


@pytest.mark.about_databases
def test_sections_recommendations_and_draft_actions_move(desk, report):
    first, second, third = report.sections.order_by("position")
    assert move(desk, third, first, report).status_code == 302
    assert list(report.sections.order_by("position")) == [third, first, second]
    one, other = Recommendation.objects.filter(section=first).order_by("position")
    move(desk, one, other, report)
    assert list(Recommendation.objects.filter(section=first).order_by("position")) == [one, other]
    move(desk, one, "", report)
    assert list(Recommendation.objects.filter(section=first).order_by("position")) == [other, one]
    a, b, c = one.actions.order_by("number")
    move(desk, c, b, report)
    assert list(one.actions.order_by("number")) == [a, c, b]


def test_a_move_is_refused_where_the_order_changed_meanwhile(desk, report):
    first, _second, third = report.sections.order_by("position")
    stale = tree_of(report).version
    move(desk, third, first, report)
    before = list(report.sections.order_by("position"))
    response = move(desk, first, third, report, version=stale)
    assert response.status_code == 409
    assert "Somebody else changed the breakdown meanwhile." in response.content.decode()
    assert list(report.sections.order_by("position")) == before


def test_numbers_of_the_record_do_not_move(desk):
    action, other = published_actions(2)
    report = action.recommendation.report
    response = move(desk, other, action, report)
    assert response.status_code == 400
    assert "only be moved among its neighbours" in response.content.decode()
    assert list(Action.objects.order_by("number")) == [action, other]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "party"},
        {"kind": ""},
        {"pk": "0"},
        {"pk": "x"},
        {"before": "999999"},
        {"version": ""},
    ],
)
def test_what_makes_no_sense_moves_nothing(desk, report, fields):
    first, _second, third = report.sections.order_by("position")
    before = [(one.pk, one.position) for one in Section.objects.order_by("pk")]
    assert move(desk, third, first, report, **fields).status_code in {400, 409}
    assert [(one.pk, one.position) for one in Section.objects.order_by("pk")] == before


def test_a_part_of_another_report_is_not_moved(desk, report):
    other = SectionFactory()
    assert move(desk, other, report.sections.first(), report).status_code == 400


def test_a_title_changes_unless_somebody_changed_it_meanwhile(desk, report):
    action = Action.objects.first()
    assert action
    data = {"kind": "action", "pk": action.pk, "was": action.title, "title": "Sign the treaty"}
    assert post(desk, report, "title", data).status_code == 302
    assert Action.objects.get(pk=action.pk).title == "Sign the treaty"
    response = post(desk, report, "title", data | {"title": "Something else"})
    assert response.status_code == 409
    assert "It now says: Sign the treaty" in response.content.decode()
    assert Action.objects.get(pk=action.pk).history.first().title == "Sign the treaty"


@pytest.mark.parametrize("title", ["", "  ", "A\x00B", "x" * 301])
def test_a_bad_title_is_refused(desk, report, title):
    section = report.sections.first()
    data = {"kind": "section", "pk": section.pk, "was": section.title, "title": title}
    assert post(desk, report, "title", data).status_code == 400
    assert Section.objects.get(pk=section.pk).title == section.title


def test_drafts_are_added_and_no_visitor_sees_them(desk, report):
    section = report.sections.order_by("position").last()
    data = {"section": section.pk, "number": "9.1", "title": "Build a bridge"}
    assert post(desk, report, "add", data).status_code == 302
    draft = Recommendation.objects.get(headline="Build a bridge")
    assert draft.is_draft
    data = {"recommendation": draft.pk, "title": "Plan the bridge", "action_kind": "programme"}
    assert post(desk, report, "add", data).status_code == 302
    assert draft.actions.get().is_draft
    assert Client().get(draft.get_absolute_url()).status_code == 404


def test_draft_stands_between_its_neighbours(desk, report):
    first = report.sections.earliest("position")
    data = {"section": first.pk, "number": "9.1", "title": "Build a bridge"}
    assert post(desk, report, "add", data).status_code == 302
    order = list(report.recommendations.order_by("position").values_list("number", flat=True))
    assert order == ["1.1", "1.2", "9.1", "2.1", "2.2", "3.1", "3.2"]
    positions = report.recommendations.values_list("position", flat=True)
    assert len(set(positions)) == len(order)


@pytest.mark.parametrize(
    "data",
    [
        {"section": "1", "number": "no number", "title": "Build"},
        {"section": "1", "number": "1.1", "title": "Build"},
        {"section": "1", "number": "9.1", "title": ""},
        {"recommendation": "1", "title": "", "action_kind": "policy"},
        {"recommendation": "1", "title": "Build", "action_kind": "magic"},
    ],
)
def test_a_bad_draft_is_refused_with_why(desk, report, data):
    ids = {"section": report.sections.order_by("position").first().pk}
    ids["recommendation"] = report.recommendations.first().pk
    data = {name: ids.get(name, value) for name, value in data.items()}
    before = (Recommendation.objects.count(), Action.objects.count())
    assert post(desk, report, "add", data).status_code == 400
    assert (Recommendation.objects.count(), Action.objects.count()) == before


@pytest.mark.parametrize("role", ["analyst", "reviewer"])
def test_only_editors_arrange(client, report, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(reverse("admin:breakdown", args=[report.slug])).status_code == 403
    first, _second, third = report.sections.order_by("position")
    assert move(client, third, first, report).status_code == 403
    assert list(report.sections.order_by("position"))[0] == first


def test_an_unknown_report_is_not_found(desk):
    assert desk.get(reverse("admin:breakdown", args=["none"])).status_code == 404
