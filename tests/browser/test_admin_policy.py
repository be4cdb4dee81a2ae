import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_in_page(page: Page, client: Client, live_server: LiveServer) -> Page:
    client.force_login(User.objects.create_superuser("root", password="secret"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    return page


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_admin_keeps_to_the_content_security_policy(signed_in_page: Page, prefix: str) -> None:
    user = User.objects.get()
    for address in [
        "",
        "auth/user/?q=root&is_staff__exact=1",
        "auth/user/add/",
        f"auth/user/{user.pk}/change/",
        f"auth/user/{user.pk}/history/",
        f"auth/user/{user.pk}/delete/",
        "auth/group/add/",
        "password_change/",
    ]:
        response = signed_in_page.goto(f"{prefix}/admin/{address}")
        assert response is not None
        assert response.status == 200, address
