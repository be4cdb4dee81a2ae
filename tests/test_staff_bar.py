"""The bar above the staff's pages leads where this person may go, and nowhere else."""

from django.test import Client, RequestFactory
from django.urls import reverse

from recommendations.web.context_processors import Surroundings, address_of

LOG = "/admin/log/"


def bar_of(client: Client, address: str = LOG) -> str:
    html = client.get(address).content.decode()
    return html.partition('<header class="staff-head">')[2].partition("</header>")[0]


def test_bar_names_the_person_and_lets_them_sign_out(client: Client, analyst) -> None:
    client.force_login(analyst)
    bar = bar_of(client)
    assert "analyst</a>" in bar
    assert f'<form method="post" action="{reverse("admin:logout")}">' in bar


def test_bar_marks_the_page_that_is_open(client: Client, analyst) -> None:
    client.force_login(analyst)
    assert f'<a href="{LOG}" aria-current="page">Log an update</a>' in bar_of(client)


def test_bar_offers_only_what_the_role_may_open(rf: RequestFactory, analyst, reviewer) -> None:
    def labels(user) -> set[str]:
        request = rf.get("/admin/")
        request.user, request.resolver_match = user, None
        return {item.label for item in Surroundings(request).staff_navigation}

    assert "Log an update" in labels(analyst)
    assert "Review" not in labels(analyst)
    assert "Log an update" not in labels(reviewer)
    assert {"Workspace", "Public site"} <= labels(reviewer)


def test_bar_speaks_japanese_addresses_under_ja(client: Client, analyst) -> None:
    client.force_login(analyst)
    assert 'href="/ja/admin/log/"' in bar_of(client, "/ja/admin/log/")


def test_page_that_this_installation_lacks_has_no_address() -> None:
    assert address_of("admin:no_such_page") == ""
