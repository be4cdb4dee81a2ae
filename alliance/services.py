"""What the environment says of the services that a site uses, checked and put as Django asks."""

import re
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from alliance.environment import env_int, env_text


def database(url: str) -> dict[str, Any]:
    if not url.startswith(("postgres://", "postgresql://", "sqlite://")):
        raise ImproperlyConfigured("DATABASE_URL must start with postgres:// or sqlite:///.")
    try:
        config: dict[str, Any] = {**dj_database_url.parse(url)}
    except ValueError as error:
        # Neither the address nor what led here: either holds the password, and ends in logs.
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read. {error}") from None
    config["ATOMIC_REQUESTS"] = False
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE takes the write lock at BEGIN: one that is asked for later, after reads,
        # fails at once instead of waiting for the timeout.
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", 20)
        options.setdefault("init_command", "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
    else:
        # The pool keeps the connections, so Django must hand each back after its request.
        config["CONN_MAX_AGE"] = 0
        options["pool"] = {
            "min_size": 1,
            "max_size": env_int("DATABASE_POOL_SIZE", default=4, minimum=1),
            # A page that cannot be answered says so within two seconds.
            "timeout": 1.5,
        }
    return config


def openid_apps() -> list[dict[str, Any]]:
    """The one provider that staff may sign in with, when the environment names it."""
    server = env_text("OIDC_SERVER_URL")
    client, secret = env_text("OIDC_CLIENT_ID"), env_text("OIDC_CLIENT_SECRET")
    if not (server or client or secret):
        return []
    if not (server and client and secret):
        raise ImproperlyConfigured(
            "OIDC_SERVER_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together: set all or none."
        )
    if not server.startswith("https://"):
        raise ImproperlyConfigured("OIDC_SERVER_URL must start with https://.")
    return [
        {
            "provider_id": "staff",
            "name": env_text("OIDC_NAME", default="OpenID Connect"),
            "client_id": client,
            "secret": secret,
            "settings": {"server_url": server.rstrip("/"), "oauth_pkce_enabled": True},
        }
    ]


def site_url(*, default: str) -> str:
    url = env_text("SITE_URL", default=default).rstrip("/")
    if url and not re.fullmatch(r"https?://[^\s/?#@]+", url):
        raise ImproperlyConfigured(
            "SITE_URL must be a scheme and a host such as https://tracker.example.org, "
            f"not {url!r}."
        )
    return url
