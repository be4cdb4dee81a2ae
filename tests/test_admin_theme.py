"""Django's admin wears the site's clothes, and keeps to the theme that was chosen for the site."""

import re

import pytest
from django.test import Client

from .factories import published_action, published_update

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
ACTIONS = "/admin/recommendations/action/"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_admin_follows_the_theme_of_the_site(admin_client: Client, theme: str) -> None:
    admin_client.cookies["theme"] = theme
    assert f'<body class="theme-{theme} ' in admin_client.get(ACTIONS).content.decode()


def test_admin_has_no_theme_switch_of_its_own(admin_client: Client) -> None:
    html = admin_client.get(ACTIONS).content.decode()
    assert "theme-toggle" not in html
    assert "dark_mode.css" not in html
    assert "theme.js" not in html


def test_unknown_theme_is_ignored(admin_client: Client) -> None:
    admin_client.cookies["theme"] = "pink"
    assert "theme-" not in admin_client.get(ACTIONS).content.decode()


@pytest.mark.parametrize("model", ["action", "recommendation", "statusupdate"])
def test_changelist_shows_a_status_as_the_site_does(admin_client: Client, model: str) -> None:
    published_update(published_action(), "partly")
    html = admin_client.get(f"/admin/recommendations/{model}/").content.decode()
    assert '<use href="#s-partly"/></svg><span class="word">Partly implemented</span>' in html
    assert '<symbol id="s-partly"' in html


def test_changelist_still_sorts_by_status(admin_client: Client) -> None:
    published_action()
    response = admin_client.get(f"{ACTIONS}?o=4")
    assert response.context["cl"].get_ordering_field_columns() == {4: "asc"}


def test_filtered_changelist_makes_no_second_count(admin_client: Client) -> None:
    published_action()
    cl = admin_client.get(f"{ACTIONS}?status__exact=partly").context["cl"]
    assert (cl.result_count, cl.full_result_count) == (0, None)


def test_rows_of_a_table_of_fields_name_each_field(admin_client: Client) -> None:
    action = published_action()
    path = f"/admin/recommendations/recommendation/{action.recommendation_id}/change/"
    html = admin_client.get(path).content.decode()
    [title] = re.findall(r'<input[^>]*name="actions-0-title"[^>]*>', html)
    assert 'aria-label="Title"' in title
