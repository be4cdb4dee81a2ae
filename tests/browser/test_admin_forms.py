"""Forms of the admin that stay Django's own: accessible, in the site's colours, on a phone."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from .chromium import assert_accessible
from .test_public_pages import is_wider_than_the_window
from .test_staff_pages import sign_in  # noqa: F401


def addresses() -> list[str]:
    """The form of one row of each model, and the empty form where there is one."""
    user = User(is_superuser=True, is_active=True)
    found = []
    for model, shown in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        request = type("Request", (), {"user": user, "GET": {}})()
        if shown.has_add_permission(request):
            found.append(reverse(f"{name}_add"))
        if row := model._default_manager.order_by("pk").first():
            found.append(reverse(f"{name}_change", args=[row.pk]))
    return found


def test_every_form_is_accessible(sign_in: Callable[..., Page]) -> None:  # noqa: F811
    wide_light = sign_in(color_scheme="light")
    narrow_dark = sign_in(color_scheme="dark", viewport={"width": 390, "height": 844})
    forms = addresses()
    assert len(forms) > 20
    for address in forms:
        for page in (wide_light, narrow_dark):
            response = page.goto(address)
            assert response is not None
            assert response.status == 200, address
            assert_accessible(page)
            assert not is_wider_than_the_window(page), address


def test_suggestions_say_their_field_and_what_is_chosen(
    sign_in: Callable[..., Page],  # noqa: F811
) -> None:
    page = sign_in()
    page.goto("/admin/recommendations/action/add/")
    page.locator(".field-recommendation .select2-selection").click()
    page.locator(".select2-results__option--highlighted").click()
    chosen = page.locator("#id_recommendation option:checked").inner_text()
    shown = page.get_by_role("textbox", name=f"Recommendation: {chosen}")
    expect(shown).to_have_count(1)
