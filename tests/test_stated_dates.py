"""A status that began "2025" reads so wherever a person reads it, at every viewpoint."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from recommendations.models import Action, Deadline

from .factories import corrected, published_action, published_update
from .reading import csv_rows, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

COLUMNS = ("status_since", "status_since_stated", "status_since_precision")


@pytest.fixture
def action() -> Action:
    action = published_action()
    published_update(action, "implemented", on=date(2025, 7, 9), precision="year")
    action.refresh_from_db()
    assert action.status_since == date(2025, 12, 31)
    return action


def page(client, address: str, query: str = "") -> str:
    answer = client.get(f"{address}{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


VIEWPOINTS = ["", "?as_of=2026-02-01", "?edition=2", "?as_of=2026-02-01&edition=2"]


@pytest.mark.parametrize("query", VIEWPOINTS)
def test_the_page_of_a_recommendation_says_the_year_alone(client, action, query):
    shown = page(client, action.recommendation.get_absolute_url(), query)
    assert 'since <time datetime="2025">2025</time>' in shown
    assert "31 Dec 2025" not in text_of(shown)


def test_the_strip_says_it_too(client, action):
    assert "Implemented from 2025" in page(client, action.recommendation.get_absolute_url())


def test_it_says_so_in_japanese(client, action):
    shown = page(client, f"/ja{action.recommendation.get_absolute_url()}")
    assert "2025\u5e7412\u670831\u65e5" not in text_of(shown)


@pytest.mark.parametrize(
    ("precision", "day", "said"),
    [("month", "2025-03-31", "2025-03"), ("day", "2025-03-09", "2025-03-09")],
)
def test_the_export_has_day_stated_date_and_precision(client, action, precision, day, said):
    second = published_action()
    published_update(second, "partly", on=date(2025, 3, 9), precision=precision)
    found = {row["action"]: row for row in csv_rows(client.get("/recommendations.csv"))}
    first = [found[action.title][name] for name in COLUMNS]
    assert first == ["2025-12-31", "2025", "year"]
    assert [found[second.title][name] for name in COLUMNS] == [day, said, precision]


@pytest.mark.parametrize("query", ["", "&as_of=2026-02-01", "&edition=2"])
def test_the_export_of_recommendations_has_them_too(client, action, query):
    [row] = csv_rows(client.get(f"/recommendations.csv?unit=recommendations{query}"))
    assert [row[name] for name in COLUMNS] == ["2025-12-31", "2025", "year"]


def test_an_edition_keeps_what_it_stated_before_a_correction(client, action):
    update = action.updates.get()
    corrected(update, effective_on=date(2025, 12, 31), effective_precision="day")
    [now] = csv_rows(client.get("/recommendations.csv"))
    [then] = csv_rows(client.get("/recommendations.csv?edition=2"))
    assert (now["status_since_stated"], then["status_since_stated"]) == ("2025-12-31", "2025")


def test_what_has_no_status_yet_states_no_date(client):
    published_action()
    [row] = csv_rows(client.get("/recommendations.csv"))
    assert [row[name] for name in COLUMNS] == ["", "", ""]


def test_staff_read_the_stated_date(client, analyst, action):
    client.force_login(analyst)
    for address in (
        f"{reverse('admin:log_update')}?action={action.pk}",
        reverse("admin:confirm_status", args=[action.pk]),
    ):
        shown = page(client, address)
        assert 'since <time datetime="2025">2025</time>' in shown, address
        assert "31 Dec 2025" not in text_of(shown)


def test_the_admin_says_it_of_rows_and_in_lists(client, admin_user, action):
    client.force_login(admin_user)
    update = action.updates.get()
    for row in (action, action.recommendation):
        name = f"admin:recommendations_{row._meta.model_name}_change"
        shown = text_of(page(client, reverse(name, args=[row.pk])))
        assert "tatus since: 2025" in " ".join(shown.split()) or "tatus since 2025" in shown
    listed = page(client, reverse("admin:recommendations_statusupdate_changelist"))
    assert '<td class="field-stated_effect">2025</td>' in listed
    assert str(update.action) in text_of(listed)


def test_the_comparison_of_two_days_says_the_year(client, action):
    shown = text_of(page(client, "/changes/compare/", "?from=2024-06-01&to=2026-06-30"))
    assert action.title in shown
    assert "31 Dec 2025" not in shown


def test_the_deadlines_say_when_it_was_implemented_as_stated(client, action):
    Deadline.objects.create(action=action, origin="report", on=date(2026, 6, 30))
    Action.objects.filter(pk=action.pk).update(due_on=date(2026, 6, 30))
    shown = text_of(page(client, "/deadlines/"))
    assert "first implemented on 2025" in shown
    assert "31 Dec 2025" not in shown


def test_a_row_is_named_by_what_it_states(action):
    assert str(action.updates.get()).endswith("(2025)")
