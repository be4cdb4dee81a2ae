"""What the confined processes are asked. Those that ask need load nothing of what answers."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from recommendations.importing.child import LENGTH

from .limits import Limits

# A process ends by itself so many seconds after its limit: where a name is looked up, say, nothing
# of ours asks for the time.
GRACE = 3


class Question(msgspec.Struct, frozen=True):
    """What is asked of an address. `agent` is who the site is told that asks.

    `etag` is that of the answer before: what is still the same need not come again.
    """

    act: Literal["fetch", "check"]
    address: str
    agent: str
    limits: Limits
    etag: str = ""


class PageQuestion(msgspec.Struct, frozen=True):
    """What is asked of a body: `language` is that of refusals, `today` the day of its fetch."""

    language: str
    languages: tuple[tuple[str, str], ...]
    content_type: str
    address: str
    today: date

    def to_bytes(self) -> bytes:
        question = msgspec.json.encode(self)
        return len(question).to_bytes(LENGTH, "big") + question
