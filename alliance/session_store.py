"""Sessions in the database, each with whose it is, so that people can see and end their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from alliance.models import SignedInSession


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[SignedInSession]:
        return SignedInSession

    def create_model_instance(self, data: dict[str, Any]) -> SignedInSession:
        session = cast(SignedInSession, super().create_model_instance(data))
        person = data.get("_auth_user_id")
        session.person_id = int(person) if person else None
        session.begun_at = _moment(data.get("begun_at"))
        session.used_at = _moment(data.get("renewed_at"))
        session.browser = str(data.get("browser", ""))
        return session


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds else None
