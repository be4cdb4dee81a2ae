"""Publishing measured inside the process that does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache, partial
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone

from recommendations import publishing
from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.models.status_update import ReviewState, new_update_slug
from recommendations.record import Record
from recommendations.statuses import EvidenceKind, Status
from recommendations.viewpoint import Viewpoint

from .rounds import milliseconds_of

AUTHOR, REVIEWER = "sample-analyst-1", "sample-reviewer-1"
BEFORE = timedelta(days=30)
# No two updates say the same, nor name the same source.
numbers = count(1)


def submitted(actions: Sequence[Action]) -> list[StatusUpdate]:
    """Write an update of each action and submit it: that somebody works on it, with a source."""
    author, now = User.objects.get(username=AUTHOR), timezone.now()
    updates = []
    for action in actions:
        update = publishing.begin(action, by=author)
        update.status = Status.PARTLY if action.status == Status.IN_PROGRESS else Status.IN_PROGRESS
        update.effective_on = (now - BEFORE).date()
        update.note = f"Measured for the {next(numbers)}th time."
        update.save()
        publishing.record_save(update, by=author)
        Evidence.objects.create(
            update=update,
            kind=EvidenceKind.PRESS,
            title="What a newspaper says",
            publisher="A newspaper",
            published_on=(now - BEFORE).date(),
            accessed_on=now.date(),
            url=f"https://news.example/{update.slug}",
        )
        publishing.submit(update, by=author, now=now)
        updates.append(update)
    return updates


@cache
def counted() -> list[int]:
    """Return the keys of all counted actions, which publishing does not change."""
    actions = Record(Viewpoint.present()).actions().counted()
    return list(actions.order_by("pk").values_list("pk", flat=True))


def chosen(n: int, *, first: int = 0) -> list[Action]:
    """Return actions from all over the record that nobody submitted an update of."""
    waiting = StatusUpdate.objects.filter(review_state=ReviewState.SUBMITTED)
    taken = set(waiting.values_list("action", flat=True))
    keys = [key for key in counted() if key not in taken]
    step = max(len(keys) // (first + n), 1)
    return list(Action.objects.filter(pk__in=keys[::step][first : first + n]).order_by("pk"))


def publish(updates: Sequence[StatusUpdate]) -> None:
    publishing.publish(updates, reviewer=User.objects.get(username=REVIEWER))


@contextmanager
def taken_back() -> Iterator[None]:
    """Write nothing that stays: a database that was given is measured too."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def one(place: int) -> float:
    """Measure the publication of one update, of another action each time."""
    with taken_back():
        updates = submitted(chosen(1, first=place))
        return milliseconds_of(lambda: publish(updates))


def queries_of_one(n: int) -> list[int]:
    """Return how many queries the publication of one update takes, for so many actions."""
    return [_queries(chosen(1, first=place)) for place in range(n)]


def _queries(actions: Sequence[Action]) -> int:
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with taken_back():
        updates = submitted(actions)
        with connection.execute_wrapper(note):
            publish(updates)
    return len(asked)


def batch(n: int) -> dict[str, Any]:
    """Measure the publication of many updates at once, and the insertion of the rows it wrote."""
    with taken_back():
        updates = submitted(chosen(n))
        before = _newest()
        with taken_back():
            spent = milliseconds_of(lambda: publish(updates))
            rows = [*_since(before), _drafts(updates)]
        with taken_back():
            inserted = milliseconds_of(lambda: _insert(rows))
    told = {of_model[0]._meta.model_name: len(of_model) for of_model in rows}
    return {"publish": spent, "insert": inserted, "updates": len(updates), "rows": told}


def _models() -> list[type[models.Model]]:
    """Return what has rows of its own with numbers, but for the history of edits."""
    return [
        model
        for model in apps.get_app_config("recommendations").get_models()
        if isinstance(model._meta.pk, models.AutoField | models.BigAutoField | models.IntegerField)
        and not model.__name__.startswith("Historical")
    ]


def _newest() -> dict[type[models.Model], int]:
    return {
        model: model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0
        for model in _models()
    }


def _since(before: dict[type[models.Model], int]) -> list[list[models.Model]]:
    """Return the rows that came since, those that others point to first."""
    found = [
        list(model._default_manager.filter(pk__gt=newest).order_by("pk"))
        for model, newest in before.items()
    ]
    return sorted(filter(None, found), key=lambda rows: type(rows[0]).__name__ != "Edition")


def _drafts(updates: Sequence[StatusUpdate]) -> list[models.Model]:
    """Return the updates as new rows, which is what they were."""
    found: list[models.Model] = []
    for update in updates:
        update.pk, update.slug, update.review_state = None, new_update_slug(), ReviewState.DRAFT
        update._state.adding = True
        found.append(update)
    return found


def _insert(rows: Sequence[Sequence[models.Model]]) -> None:
    for of_model in rows:
        type(of_model[0])._default_manager.bulk_create(of_model)


def prepared(n: int) -> list[int]:
    """Write submissions that stay, for several to publish."""
    with transaction.atomic():
        return [update.pk for update in submitted(chosen(n))]


def each(keys: Sequence[int]) -> list[float]:
    """Publish updates one after another, and return how long each took, with its commit."""
    updates = [StatusUpdate.objects.get(pk=key) for key in keys]
    return [milliseconds_of(partial(publish, [update])) for update in updates]
