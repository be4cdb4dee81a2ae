from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_in_page(page: Page, sign_in: Callable[[Page, User], Page]) -> Page:
    return sign_in(page, User.objects.create_superuser("root", password="secret"))


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_admin_keeps_to_the_content_security_policy(signed_in_page: Page, prefix: str) -> None:
    user = User.objects.get()
    for address in [
        "",
        "auth/user/?q=root&is_staff__exact=1",
        "auth/user/add/",
        f"auth/user/{user.pk}/change/",
        f"auth/user/{user.pk}/history/",
        "auth/group/add/",
        "password_change/",
    ]:
        response = signed_in_page.goto(f"{prefix}/admin/{address}")
        assert response is not None
        assert response.status == 200, address
