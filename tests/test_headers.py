"""What browsers and those who find a weakness are told."""

from typing import Any

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


@pytest.mark.parametrize("address", ["/", "/healthz", "/nowhere/", "/admin/", "/feed.xml"])
def test_each_answer_names_what_it_uses_and_who_may_embed_it(client: Client, address: str) -> None:
    response = client.get(address)
    assert "camera=()" in response["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_security_txt_is_there_with_a_contact_alone(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    settings.SITE_URL = "https://tracker.example.org"
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:security@example.org\n" in text
    assert "Canonical: https://tracker.example.org/.well-known/security.txt\n" in text
    assert "Expires: 20" in text
