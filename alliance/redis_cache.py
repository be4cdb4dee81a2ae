"""The cache that several machines share, and what each does by itself while it is away.

Redis or Valkey, through Django's own cache. What fails is asked of the cache that there would be
without CACHE_URL: counts of attempts in the database, pages in the memory of the process.
"""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from alliance.circuit import Circuit

logger = logging.getLogger(__name__)

QUESTIONS = (
    *("add", "get", "set", "touch", "delete", "has_key", "incr", "clear"),
    *("get_many", "set_many", "delete_many"),
)


class Packed:
    """Bytes of msgpack. Django's own are pickles: whoever writes into the cache could run them."""

    def dumps(self, value: Any) -> int | bytes:
        # As they are, Redis can count with them.
        return value if type(value) is int else msgspec.msgpack.encode(value)

    def loads(self, data: bytes) -> Any:
        try:
            return int(data)
        except ValueError:
            return msgspec.msgpack.decode(data)


class Server:
    """The one server of all aliases, as this process knows it. It says once that it went away."""

    def __init__(self) -> None:
        self.circuit = Circuit()
        self.is_away = False

    def fails(self, error: Exception) -> None:
        self.circuit.open()
        if not self.is_away:
            logger.warning("The shared cache does not answer (%s).", type(error).__name__)
        self.is_away = True

    def answers(self) -> None:
        if self.is_away:
            logger.warning("The shared cache answers again.")
        self.is_away = False


server = Server()


class SharedOrOwnCache(RedisCache):
    """Asks the cache named OWN in its options while Redis is away."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        options = {**params.get("OPTIONS", {})}
        self.own_alias: str = options.pop("OWN")
        super().__init__(location, {**params, "OPTIONS": options})

    @property
    def own(self) -> BaseCache:
        return caches[self.own_alias]

    def ping(self) -> bool:
        """Whether Redis answers now, whatever was known of it."""
        try:
            self._cache.get_client().ping()  # type: ignore[attr-defined]
        except RedisError as error:
            server.fails(error)
            return False
        server.circuit.close()
        server.answers()
        return True


def _guarded(question: str) -> Any:
    def ask(self: SharedOrOwnCache, *args: Any, **kwargs: Any) -> Any:
        if not server.circuit.is_open:
            try:
                answer = getattr(RedisCache, question)(self, *args, **kwargs)
            except (RedisError, msgspec.DecodeError) as error:
                server.fails(error)
            else:
                server.answers()
                return answer
        return getattr(self.own, question)(*args, **kwargs)

    return ask


for _question in QUESTIONS:
    setattr(SharedOrOwnCache, _question, _guarded(_question))
