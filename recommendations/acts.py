"""Write the log of acts: a line in the database, and one on standard error for the journal.

A line of what was done is written with it, in its transaction: neither is there without the other.
One of what was refused is written after the transaction that rolls back.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from alliance.client_address import client_address
from alliance.turns import transaction_in_turn
from recommendations.models import Act, Edition
from recommendations.models.act import Event, Outcome

Given = ParamSpec("Given")
Result = TypeVar("Result")

logger = logging.getLogger("recommendations.acts")
SHOWN = 16
LONGEST = 500


@dataclass
class Occasion:
    """A request, or a command of the terminal, within which acts are noted."""

    request: HttpRequest | None = None
    command: str = ""
    n: int = 0
    refused: list[Act] = field(default_factory=list)


_occasion: ContextVar[Occasion | None] = ContextVar("occasion", default=None)


@contextmanager
def occasion(request: HttpRequest | None = None, *, command: str = "") -> Iterator[Occasion]:
    """Say on what occasion acts are noted. What was refused is written when it is over."""
    here = Occasion(request, command)
    token = _occasion.set(here)
    try:
        yield here
    finally:
        _occasion.reset(token)
        for act in here.refused:
            _write(act)


def note(
    event: Event,
    *,
    person: User | None = None,
    subject: str = "",
    detail: str = "",
    outcome: Outcome = Outcome.DONE,
) -> None:
    """Note one act. Where nobody is named it is that of who is signed in, or of a command."""
    here = _occasion.get()
    person = person or _signed_in(here)
    act = Act(
        at=timezone.now(),
        event=event,
        outcome=outcome,
        person=person,
        name=person.get_username() if person else (here.command if here else ""),
        address=_address(here),
        subject=subject[:LONGEST],
        detail=detail[:LONGEST],
    )
    if here:
        here.n += 1
    if here and outcome == Outcome.REFUSED:
        here.refused.append(act)
    else:
        _write(act)


def _write(act: Act) -> None:
    act.save(force_insert=True)
    transaction.on_commit(lambda: logger.info(line_of(act)))


def line_of(act: Act) -> str:
    """Return the line of the journal: JSON, so that no text of a user can begin another."""
    said = {
        "time": act.at.isoformat(timespec="milliseconds"),
        "event": str(act.event),
        "outcome": str(act.outcome),
        "person": act.name,
        "address": act.address,
        "subject": act.subject,
        "detail": act.detail,
    }
    return json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=True)


def _signed_in(here: Occasion | None) -> User | None:
    user = getattr(here.request, "user", None) if here else None
    return user if isinstance(user, User) or getattr(user, "is_authenticated", False) else None


def _address(here: Occasion | None) -> str:
    """Return a keyed hash, by which two lines of one place are told and none is found out."""
    if here is None or here.request is None:
        return ""
    address = client_address(here.request)
    return salted_hmac("log of acts", address, algorithm="sha256").hexdigest()[:SHOWN]


# Steps of publishing ---------------------------------------------------------------------------


def told(event: Event, step: Callable[Given, Result]) -> Callable[Given, Result]:
    """Return a step that leaves its line, whether it was done or refused.

    It names who takes it as `by` or `reviewer`.
    """

    @wraps(step)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        person: Any = kwargs.get("by") or kwargs.get("reviewer")
        subject = ", ".join(_names([*args, *kwargs.values()]))
        try:
            with transaction_in_turn():
                result = step(*args, **kwargs)
                opened = f": edition {result.pk}" if isinstance(result, Edition) else ""
                note(event, person=person, subject=subject, detail=f"{step.__name__}{opened}")
        except ValidationError as refusal:
            detail = f"{step.__name__}: {'; '.join(refusal.messages)}"
            note(event, person=person, subject=subject, detail=detail, outcome=Outcome.REFUSED)
            raise
        return result

    return run


def _names(given: Any) -> Iterator[str]:
    """Yield what to call the rows among what a step was given; one without a key has no name."""
    for one in given:
        if isinstance(one, models.Model) and not isinstance(one, User):
            if one.pk is not None:
                yield name_of(one)
        elif isinstance(one, (list, tuple, set)):
            yield from _names(one)


def name_of(instance: models.Model) -> str:
    return f"{instance._meta.model_name} {getattr(instance, 'slug', '') or instance.pk}"
