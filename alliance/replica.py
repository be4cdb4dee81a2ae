"""Which database a request reads: pages of readers a replica, where one is set up and fresh.

It is decided once, before anything is read, so that the tag of an answer and the answer say the
same. Whatever is written, staff's pages, those of accounts, everybody who is signed in, and every
command read the primary.
"""

from __future__ import annotations

import re
from typing import Any

from asgiref.local import Local
from django.conf import settings
from django.core.signals import request_finished
from django.db import models
from django.http import HttpRequest

from alliance.replica_state import REPLICA, watch

PRIMARY = "default"
# Links that are good once, tokens and factors are looked up there before anybody is signed in.
LANGUAGES = "|".join(re.escape(code) for code, _name in settings.LANGUAGES)
STAFF = re.compile(rf"/(?:(?:{LANGUAGES})/)?(?:admin|accounts)(?:/|$)")
_of_thread = Local()


def is_set_up() -> bool:
    return REPLICA in settings.DATABASES


def server_for(request: HttpRequest) -> str:
    """Return the alias of the database that a request reads."""
    if not is_set_up() or not is_of_reader(request):
        return PRIMARY
    return REPLICA if watch.seen().is_enough_for(revision_known_to(request)) else PRIMARY


def is_of_reader(request: HttpRequest) -> bool:
    """Whether somebody who is not signed in asks for what anybody may see."""
    return (
        request.method in ("GET", "HEAD")
        and not request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        and not STAFF.match(request.path_info)
    )


def revision_known_to(request: HttpRequest) -> int:
    """Return up to which revision of the content the reader wrote or may have seen it."""
    text = request.COOKIES.get(settings.REVISION_COOKIE_NAME, "")
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0


def read_from(alias: str) -> None:
    """Let the request of this thread read a database until it is answered."""
    _of_thread.alias = alias


def being_read() -> str:
    return getattr(_of_thread, "alias", PRIMARY)


def forget(**kwargs: Any) -> None:
    read_from(PRIMARY)


def connect() -> None:
    """Forget when the answer is sent: a file is read while it is sent, past all middleware."""
    request_finished.connect(forget)


class Router:
    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return being_read()

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None
