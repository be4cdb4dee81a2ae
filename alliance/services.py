"""What the environment says of the services that a site uses, checked and put as Django asks."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from alliance.environment import env_flag, env_int, env_text

POSTGRESQL = ("postgres://", "postgresql://")
# Of Redis, which Valkey speaks too. A page that has to wait longer is made anew.
CACHE_SECONDS = 0.5
SHORTEST_TOKEN = 32


def databases(url: str) -> dict[str, dict[str, Any]]:
    """Return the database that is written to, and the one that readers' pages may read."""
    replica_url = env_text("REPLICA_DATABASE_URL")
    found = {"default": database(url)}
    if replica_url:
        if not (url.startswith(POSTGRESQL) and replica_url.startswith(POSTGRESQL)):
            raise ImproperlyConfigured(
                "REPLICA_DATABASE_URL needs PostgreSQL: it and DATABASE_URL must start with "
                "postgres://. SQLite has no replica: leave it out."
            )
        found["replica"] = replica(replica_url)
    return found


def replica(url: str) -> dict[str, Any]:
    config = database(url, name="REPLICA_DATABASE_URL")
    # A standby refuses to be written; one that was promoted by mistake would not.
    options = config["OPTIONS"]
    options["options"] = f"{options.get('options', '')} -c default_transaction_read_only=on".strip()
    # The primary can answer too: nobody waits long for it.
    options["pool"]["timeout"] = 0.5
    config["TEST"] = {"MIRROR": "default"}
    return config


def database(url: str, *, name: str = "DATABASE_URL") -> dict[str, Any]:
    if not url.startswith((*POSTGRESQL, "sqlite://")):
        raise ImproperlyConfigured(f"{name} must start with postgres:// or sqlite:///.")
    try:
        config: dict[str, Any] = {**dj_database_url.parse(url)}
    except ValueError as error:
        # Neither the address nor what led here: either holds the password, and ends in logs.
        raise ImproperlyConfigured(f"{name} cannot be read. {error}") from None
    config["ATOMIC_REQUESTS"] = False
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE takes the write lock at BEGIN: one that is asked for later, after reads,
        # fails at once instead of waiting for the timeout.
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", 20)
        # It is left as soon as the file is another one (sqlite_file.py).
        config["CONN_MAX_AGE"] = 600
        options.setdefault("init_command", "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
    else:
        # The pool keeps the connections, so Django must hand each back after its request.
        config["CONN_MAX_AGE"] = 0
        # A pooler of transactions gives each of them another connection.
        config["DISABLE_SERVER_SIDE_CURSORS"] = env_flag("DATABASE_POOLED_BY_TRANSACTION")
        # One that broke while it was kept is replaced, and no page pays for it.
        config["CONN_HEALTH_CHECKS"] = True
        # A machine that is gone without a word is given up.
        options.setdefault("connect_timeout", 2)
        options.setdefault("tcp_user_timeout", 5_000)
        options["pool"] = {
            "min_size": 1,
            "max_size": env_int("DATABASE_POOL_SIZE", default=4, minimum=1),
            # A page that cannot be answered says so within two seconds.
            "timeout": 1.5,
        }
    return config


IN_DATABASE = {
    "BACKEND": "alliance.shared_cache.SharedCache",
    "LOCATION": "alliance_shared_cache",
    # With Django's 300, made-up names would soon push a count out that stops somebody.
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
# Compressed pages that anybody may see: some ten megabytes.
IN_MEMORY = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "pages",
    "TIMEOUT": 24 * 3600,
    "OPTIONS": {"MAX_ENTRIES": 500},
}


def cache_aliases() -> dict[str, dict[str, Any]]:
    """Return where attempts are counted ("default") and pages are kept ("pages").

    With CACHE_URL that is a server for all machines, and what there is without it for while that
    server is away.
    """
    url = env_text("CACHE_URL")
    if not url:
        return {"default": IN_DATABASE, "pages": IN_MEMORY}
    return {
        "default": shared_cache(url, own="counts_here", KEY_PREFIX="counts"),
        "pages": shared_cache(url, own="pages_here", KEY_PREFIX="pages", TIMEOUT=24 * 3600),
        "counts_here": IN_DATABASE,
        "pages_here": IN_MEMORY,
    }


def shared_cache(url: str, *, own: str, **params: Any) -> dict[str, Any]:
    # Here, since it takes 6 MB of each process: those without a shared cache need none of it.
    from redis.backoff import NoBackoff
    from redis.connection import parse_url
    from redis.retry import Retry

    try:
        parse_url(url)
    except ValueError:
        # What the error says may have the password in it.
        raise ImproperlyConfigured(
            "CACHE_URL must be redis:// or rediss:// with user, password, host, port and number "
            "of the database, such as rediss://:PASSWORD@cache.example.org:6379/0."
        ) from None
    options = {
        "OWN": own,
        "serializer": "alliance.redis_cache.Packed",
        "socket_connect_timeout": CACHE_SECONDS,
        "socket_timeout": CACHE_SECONDS,
        # At once and once: a connection that was kept may have broken.
        "retry": Retry(NoBackoff(), 1),
    }
    backend = "alliance.redis_cache.SharedOrOwnCache"
    return {"BACKEND": backend, "LOCATION": [url], "OPTIONS": options, **params}


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


def refuse_bad_metrics(token: str, folder: str, *, is_alone: bool) -> None:
    if token and len(token) < SHORTEST_TOKEN:
        raise ImproperlyConfigured(
            f"METRICS_TOKEN must have at least {SHORTEST_TOKEN} characters that nobody can guess."
        )
    if token and not folder and not is_alone:
        raise ImproperlyConfigured(
            "METRICS_TOKEN needs PROMETHEUS_MULTIPROC_DIR: a folder in which the worker processes "
            "count together, empty when the service starts."
        )
    if token and folder and not Path(folder).is_dir():
        raise ImproperlyConfigured(f"PROMETHEUS_MULTIPROC_DIR is no folder: {folder!r}. Make it.")


def site_url(*, default: str) -> str:
    url = env_text("SITE_URL", default=default).rstrip("/")
    if url and not re.fullmatch(r"https?://[^\s/?#@]+", url):
        raise ImproperlyConfigured(
            "SITE_URL must be a scheme and a host such as https://tracker.example.org, "
            f"not {url!r}."
        )
    return url


def feed_name() -> str:
    name = env_text("FEED_NAME").lower()
    if name and not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", name):
        raise ImproperlyConfigured(
            f"FEED_NAME must be a name such as tracker.example.org, not {name!r}."
        )
    return name


def archive_template(template: str) -> str:
    """Return where a web archive is asked to keep a page, with {address} in it."""
    if template and not (
        re.fullmatch(r"https://[^\s@#]+", template) and template.count("{address}") == 1
    ):
        raise ImproperlyConfigured(
            "CAPTURE_ARCHIVE must start with https:// and have {address} in it once, such as "
            f"https://archive.example.org/save/{{address}}, not {template!r}."
        )
    return template


def capture_storage(folder: Path) -> dict[str, Any]:
    """Return where copies of pages are kept: a folder, or a bucket of an S3 of the operator's."""
    bucket, endpoint = env_text("CAPTURE_BUCKET"), env_text("CAPTURE_BUCKET_URL")
    if not bucket:
        return {
            "BACKEND": "alliance.private_storage.PrivateStorage",
            "OPTIONS": {"location": folder},
        }
    if find_spec("storages") is None:
        raise ImproperlyConfigured(
            "CAPTURE_BUCKET needs django-storages: pip install 'django-storages[s3]'."
        )
    options = {"bucket_name": bucket, "default_acl": "private", "file_overwrite": True}
    if endpoint:
        options["endpoint_url"] = endpoint
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
