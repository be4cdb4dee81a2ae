"""One thing that an edition published, and the names by which items speak of others.

Models are taken by their names, so that a migration makes items of the models of its day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django.apps import apps

from recommendations.models.action import letters

from .canonical import Content, canonical, item_digest, plain, seal_of

GetModel = Callable[[str], Any]

Codes = Mapping[int, str]

# How many rows are asked for by their keys at once.
BATCH = 5_000

# What stands for a person or an action that is not there.
NOBODY = ""


def present_model(name: str) -> Any:
    return apps.get_model("recommendations", name)


@dataclass(frozen=True, slots=True)
class Item:
    """`private` is sealed into the content, where there is any."""

    edition: int
    key: str
    content: Content | None
    private: Content | None = None

    def text(self, nonce: str) -> str:
        """Return its content as canonical JSON. Without `private` the nonce does not matter."""
        if self.content is None or self.private is None:
            return canonical(self.content)
        return canonical({**self.content, "sealed": seal_of(self.private, nonce)})

    def row(self, model: GetModel) -> Any:
        """Return the row that keeps it, which is not saved yet."""
        nonce = token_hex(16) if self.private is not None else ""
        text = self.text(nonce)
        return model("EditionItem")(
            edition_id=self.edition,
            key=self.key,
            content=text,
            nonce=nonce,
            digest=item_digest(self.key, text),
        )


def recommendation_name(report: str, number: str) -> str:
    return f"{report}/{number}"


def action_name(report: str, recommendation: str, number: int) -> str:
    """Return as what the action is known for good: integrated-alliance/1.1a."""
    return f"{report}/{recommendation}{letters(number)}"


# What is counted: of which columns the name of each kind is made, and how.
NAME_PARTS = {
    "report": ("slug",),
    "recommendation": ("report__slug", "number"),
    "action": ("recommendation__report__slug", "recommendation__number", "number"),
}

NAME_OF: dict[str, Callable[..., str]] = {
    "report": str,
    "recommendation": recommendation_name,
    "action": action_name,
}


def action_names(ids: Collection[int], model: GetModel) -> dict[int, str]:
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), BATCH):
        rows = model("Action").objects.filter(pk__in=wanted[start : start + BATCH])
        for pk, *of_one in rows.values_list("pk", *NAME_PARTS["action"]):
            found[pk] = action_name(*of_one)
    return found


def said_by(row: Mapping[str, Any], columns: Collection[str]) -> Content:
    return {name: plain(row[name]) for name in columns}


def code_of(person_id: int | None, codes: Codes) -> str:
    return codes[person_id] if person_id else NOBODY


Linked = dict[int, list[tuple[int, Any]]]
