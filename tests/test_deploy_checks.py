"""`check --deploy`, with the settings that docs/deploy.md gives, has nothing to say."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from .test_settings import PRODUCTION, SECRET, manage, value

OPENID = {
    "OIDC_SERVER_URL": "https://id.example.org",
    "OIDC_CLIENT_ID": "tracker",
    "OIDC_CLIENT_SECRET": "hidden",
}


def settings_in(text: str) -> dict[str, str]:
    lines = re.findall(r"^([A-Z][A-Z_]+)=(.*)$", text, re.M)
    return dict(lines) | {"SECRET_KEY": SECRET}


def documented() -> dict[str, str]:
    page = (settings.BASE_DIR / "docs" / "deploy.md").read_text()
    block = re.search(r"```ini\n(SECRET_KEY=.*?)```", page, re.S)
    assert block
    return settings_in(block[1])


def template() -> dict[str, str]:
    return settings_in((settings.BASE_DIR / ".env.example").read_text())


@pytest.mark.parametrize("given", [documented, template])
def test_check_is_silent_with_the_documented_settings(tmp_path: Path, given) -> None:
    done = manage("check", "--deploy", var=tmp_path, **given())
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.startswith("System check identified no issues")


def test_check_warns_where_reviewers_need_no_second_factor(tmp_path: Path) -> None:
    done = manage("check", "--deploy", var=tmp_path, MFA_REQUIRED="none", **PRODUCTION)
    assert "alliance.W003" in done.stderr


def test_unknown_word_for_the_second_factor_is_refused(tmp_path: Path) -> None:
    done = manage("check", var=tmp_path, MFA_REQUIRED="yes", **PRODUCTION)
    assert "MFA_REQUIRED must be one of none, reviewers, staff, not 'yes'." in done.stderr


@pytest.mark.parametrize("name", OPENID)
def test_half_of_a_provider_is_refused(tmp_path: Path, name: str) -> None:
    part = {key: text for key, text in OPENID.items() if key != name}
    done = manage("check", var=tmp_path, **PRODUCTION, **part)
    assert "set all or none" in done.stderr


def test_provider_without_https_is_refused(tmp_path: Path) -> None:
    plain = OPENID | {"OIDC_SERVER_URL": "http://id.example.org"}
    done = manage("check", var=tmp_path, **PRODUCTION, **plain)
    assert "OIDC_SERVER_URL must start with https://." in done.stderr


def test_whole_provider_is_accepted_without_its_secret_in_the_output(tmp_path: Path) -> None:
    done = manage("check", "--deploy", var=tmp_path, **PRODUCTION, **OPENID)
    assert done.returncode == 0, done.stderr
    assert "hidden" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SESSION_COOKIE_NAME", "__Host-sessionid"),
        ("CSRF_COOKIE_NAME", "__Host-csrftoken"),
        ("SESSION_COOKIE_HTTPONLY", "True"),
        ("SESSION_COOKIE_SAMESITE", "Lax"),
        ("SESSION_COOKIE_AGE", "43200"),
        ("SESSION_EXPIRE_AT_BROWSER_CLOSE", "True"),
        ("SECURE_HSTS_SECONDS", "31536000"),
        ("MFA_REQUIRED", "reviewers"),
        ("MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", "False"),
    ],
)
def test_service_is_strict_unless_told_otherwise(tmp_path: Path, name: str, expected: str) -> None:
    assert value(name, var=tmp_path, **PRODUCTION) == expected


def test_length_of_a_session_is_set_in_hours(tmp_path: Path) -> None:
    assert value("SESSION_COOKIE_AGE", var=tmp_path, SESSION_HOURS="2", **PRODUCTION) == "7200"
    done = manage("check", var=tmp_path, SESSION_HOURS="0", **PRODUCTION)
    assert "SESSION_HOURS must be at least 1 and at most 336, not 0." in done.stderr
