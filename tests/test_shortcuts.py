"""The list of keyboard shortcuts, which also is a page for browsers without the script."""

import pytest
from django.test import Client

pytestmark = pytest.mark.run_once

PAGE = "/admin/shortcuts/"


def test_page_lists_the_keys_and_where_they_lead(client: Client, analyst) -> None:
    client.force_login(analyst)
    html = client.get(PAGE).content.decode()
    assert 'data-keys="g w" data-address="/admin/"' in html
    assert 'data-keys="n" data-address="/admin/log/"' in html
    assert "<kbd>g</kbd> then <kbd>w</kbd>" in html


def test_keys_lead_only_where_the_role_may_go(client: Client, reviewer) -> None:
    client.force_login(reviewer)
    assert 'data-keys="n"' not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("address", ["/admin/", "/admin/recommendations/action/", "/ja/admin/"])
def test_list_is_on_every_page_of_the_staff(client: Client, analyst, address: str) -> None:
    client.force_login(analyst)
    html = client.get(address).content.decode()
    assert '<dialog class="shortcuts" id="shortcuts"' in html
    assert "recommendations/staff.js" in html


@pytest.mark.django_db
def test_visitor_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
