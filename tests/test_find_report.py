"""Of many reports a form names those that its reader looks for and those chosen, not each."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.filters import MOST_REPORTS
from recommendations.models import Report

from .factories import ActionFactory, DeadlineFactory, RecommendationFactory, ReportFactory, include
from .reading import list_count, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

FORMS = ["/recommendations/", "/deadlines/", "/changes/", "/changes/compare/"]


def reports(n: int, *, first: int = 1) -> list[Report]:
    """Return reports with one action each, which has a deadline."""
    found = []
    for number in range(first, first + n):
        report = ReportFactory(
            slug=f"plan-{number}",
            title=f"Plan {number} for the sea",
            authors="Grace Hopper" if number % 10 == 3 else "Ada Lovelace",
        )
        action = ActionFactory(recommendation=RecommendationFactory(report=report))
        DeadlineFactory(action=action, on=date(2030, 1, 1))
        found.append(report)
    include(reports=found)
    return found


@pytest.fixture
def many(db: None) -> list[Report]:
    return reports(MOST_REPORTS + 1)


def page(client: Client, address: str, **query) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.content)
    return answer.content.decode()


def named_in(html: str) -> set[str]:
    """Return the reports that a form names, by check box or in a list to choose from."""
    boxes = re.findall(r'name="report" value="([\w-]+)"', html)
    choices = re.findall(r'<select id="id_report".*?</select>', html, re.S)
    return {*boxes, *(re.findall(r'value="([\w-]+)"', choices[0]) if choices else [])}


@pytest.mark.parametrize("address", FORMS)
def test_up_to_the_limit_each_report_is_named(client: Client, address: str) -> None:
    some = reports(MOST_REPORTS)
    html = page(client, address)
    assert named_in(html) == {report.slug for report in some}
    assert "find_report" not in html


@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize("address", FORMS)
def test_of_more_there_is_a_field_that_finds_them(
    client: Client, many, prefix: str, address: str
) -> None:
    html = page(client, prefix + address)
    assert named_in(html) == set()
    assert '<label for="id_find_report">' in html
    found = page(client, prefix + address, find_report="grace sea")
    assert named_in(found) == {"plan-3", "plan-13", "plan-23"}
    assert 'value="grace sea"' in found


@pytest.mark.parametrize("address", FORMS)
def test_what_was_chosen_stays_in_sight(client: Client, many, address: str) -> None:
    html = page(client, address, report="plan-5", find_report="ＰＬＡＮ 31")
    assert named_in(html) == {"plan-5", "plan-31"}
    chosen = re.findall(r'value="(plan-\d+)"(?: id="[\w-]+")? (?:checked|selected)', html)
    assert chosen == ["plan-5"]


def test_looking_for_a_report_leaves_out_no_row(client: Client, many) -> None:
    html = page(client, "/recommendations/", find_report="plan-4")
    assert list_count(html) == (31, 31)
    assert named_in(html) == {"plan-4"}
    kept = page(client, "/recommendations/", find_report="plan-4", report="plan-7")
    assert list_count(kept) == (1, 31)
    lists = re.findall(r'href="(/recommendations[./][^"]*)"', kept)
    assert lists and "find_report" not in "".join(lists)


def test_a_report_that_is_found_has_its_number(client: Client, many) -> None:
    for address in ("/recommendations/", "/deadlines/"):
        html = page(client, address, find_report="plan-30", status="not_assessed")
        [value] = re.findall(r'<input type="checkbox" name="report".*?</label>', html, re.S)
        assert text_of(value).endswith(" 1"), address


def test_page_says_how_many_are_found(client: Client, many) -> None:
    def said(words: str) -> str:
        return text_of(page(client, "/recommendations/", find_report=words))

    assert "3 reports found." in said("hopper")
    assert "No report has all of these words." in said("hopper lovelace")
    assert "31 reports found, of which 30 are shown. Add a word" in said("sea")
    assert "Words of its title or authors" in said("")


def test_words_are_refused_as_those_of_the_search(client: Client, many) -> None:
    for query in ("find_report=" + "x" * 201, "find_report=a%00", "find_report=a&find_report=b"):
        assert client.get(f"/recommendations/?{query}").status_code == 400, query
    assert client.get("/changes/feed.atom?find_report=sea").status_code == 400


def test_forms_do_not_grow_with_the_reports(client: Client, many) -> None:
    def taken(address: str) -> tuple[int, int]:
        page(client, address)
        with CaptureQueriesContext(connection) as queries:
            html = page(client, address)
        return len(queries), len(re.findall(r'name="report"|<option', html))

    before = [taken(address) for address in FORMS]
    reports(20, first=100)
    assert [taken(address) for address in FORMS] == before
