"""Ways in which an owner rewrote the record unseen, each done as it was: the commands name it.

The guards are taken away and put back, and what is derived is rebuilt in spite of what is found,
as somebody would who wants no trace to be left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from recommendations import integrity, triggers
from recommendations.models import (
    Action,
    Deadline,
    Edition,
    EditionDigest,
    EditionItem,
    Evidence,
    EvidencePeriod,
    Notice,
    Report,
    RetractionRequest,
    StatusPeriod,
    StatusUpdate,
    TrackerState,
    VerifiabilityPeriod,
)

from .conftest import snapshots
from .factories import (
    DeadlineFactory,
    EvidenceFactory,
    StatusUpdateFactory,
    UserFactory,
    published_action,
    published_update,
    retracted,
    rewrite,
    set_verifiable,
    submitted_update,
    withdraw,
)
from .test_proof import body_of, make_key

pytestmark = pytest.mark.django_db
AGES = timedelta(days=300)


def several_editions() -> None:
    action = published_action()
    DeadlineFactory(action=action)
    published_update(action, "in_progress", note="A bill.")
    retracted(published_update(published_action()))
    withdraw(published_action(), reason="It was counted twice.")
    set_verifiable(action, is_verifiable=False, reason="Nobody could tell.")
    action.refresh_from_db()
    action.title = "Open the office"
    action.save()
    integrity.rebuild()
    published_update(published_action(), "implemented")


@pytest.fixture
def record(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A record of several editions; its checkpoint is kept before anything is done to it."""
    snapshots.begin_with("several editions", several_editions)
    make_key(tmp_path / "record.key", settings)
    path = tmp_path / "checkpoint"
    path.write_text(body_of(Client().get("/checkpoint")), "utf-8")
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield path
        transaction.set_rollback(True)


def said(command: str, **options: Any) -> str:
    """Return what a command names; nothing, where it accepts the record."""
    out = StringIO()
    try:
        call_command(command, stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return ""


def found(checkpoint: Path) -> str:
    return said("check_integrity") + said("verify_record", against=checkpoint)


def test_the_honest_record_passes_both_commands(record: Path) -> None:
    assert found(record) == ""


# By the owner of the tables ----------------------------------------------------------------------


def update_of(number: int = 2) -> Any:
    return StatusUpdate.objects.filter(edition=number)


def sources() -> Any:
    return Evidence.objects.filter(update__edition=2)


def person(column: str) -> int:
    """Somebody else of the record."""
    mine = getattr(update_of().get(), column)
    others = StatusUpdate.objects.filter(**{f"{column}__isnull": False})
    return others.exclude(**{column: mine}).values_list(column, flat=True)[0]


def author_and_editors() -> None:
    update, other = update_of().get(), person("author_id")
    update.editors.set([other])
    update_of().update(author=other)


def edition_of_long_ago() -> None:
    """The second edition with its update and its evidence, all of it moved back."""
    Edition.objects.filter(number__lte=2).update(published_at=F("published_at") - AGES)
    update = update_of().get()
    update_of().update(
        published_at=F("published_at") - AGES,
        effective_on=update.effective_on - AGES,
        effective_day=update.effective_day - AGES,
    )
    for item in sources():
        sources().filter(pk=item.pk).update(
            published_on=item.published_on - AGES, accessed_on=item.accessed_on - AGES
        )


def edition_before_the_second() -> None:
    second = Edition.objects.get(number=2)
    Edition.objects.filter(number=3).update(published_at=second.published_at - AGES)
    update_of(3).update(published_at=second.published_at - AGES)


def newest_edition_gone() -> None:
    """With all that belongs to it, and the counter set back."""
    last = Edition.objects.latest("number").number
    for update in update_of(last):
        update.editors.clear()
        Evidence.objects.filter(update=update).delete()
        Notice.objects.filter(update=update).delete()
    StatusPeriod.objects.filter(from_edition=last).delete()
    EvidencePeriod.objects.filter(from_edition=last).delete()
    update_of(last)._raw_delete("default")
    EditionDigest.objects.filter(edition=last).delete()
    EditionItem.objects.filter(edition=last).delete()
    Edition.objects.filter(number=last).delete()
    TrackerState.objects.update(last_edition=last - 1)


def update_in_an_old_edition() -> None:
    real = update_of().get()
    forged = StatusUpdateFactory(action_id=real.action_id, status="implemented")
    EvidenceFactory(update=forged, kind="primary")
    forged.editors.add(real.author_id)
    StatusUpdate.objects.filter(pk=forged.pk).update(
        author_id=real.author_id,
        reviewer_id=real.reviewer_id,
        review_state="published",
        edition_id=3,
        published_at=Edition.objects.get(number=3).published_at,
        submitted_at=real.submitted_at,
        effective_day=real.effective_day,
        effective_on=real.effective_on,
    )


def newest(**columns: Any) -> Callable[[], object]:
    return lambda: Edition.objects.filter(number=2).update(**columns)


BY_OWNER: dict[str, Callable[[], object]] = {
    "note": lambda: update_of().update(note="Something else."),
    "status": lambda: update_of().update(status="partly"),
    "kind of evidence": lambda: sources().update(kind="primary"),
    "address": lambda: sources().update(url="https://example.org/other"),
    "title": lambda: sources().update(title="Another title"),
    "publisher": lambda: sources().update(publisher="Somebody else"),
    "reviewer": lambda: update_of().update(reviewer=person("reviewer_id")),
    "author and editors": author_and_editors,
    "confidence and attribution": lambda: update_of().update(
        confidence="high", attribution="report"
    ),
    "note of an edition": newest(note="Another note."),
    "edition of long ago": edition_of_long_ago,
    "edition before the second": edition_before_the_second,
    "newest edition gone": newest_edition_gone,
    "update in an old edition": update_in_an_old_edition,
}


@pytest.mark.parametrize("way", BY_OWNER)
def test_what_an_owner_rewrites_with_guards_off_and_on_again_is_named(
    record: Path, way: str
) -> None:
    rewrite(BY_OWNER[way])
    call_command("rebuild", despite_differences=True, stdout=StringIO())
    assert found(record) != ""


# By the service ----------------------------------------------------------------------------------

HISTORY = Action.history.model


def action() -> Any:
    return Action.objects.filter(pk=update_of().get().action_id)


def taken_back(model: Any) -> None:
    model.objects.exclude(until_edition=None).update(until_edition=None, withdrawal_reason="")


def verifiable_from_the_first_edition() -> None:
    VerifiabilityPeriod.objects.filter(is_verifiable=False).delete()
    VerifiabilityPeriod.objects.update(until_edition=None)
    action().update(is_verifiable=True)


def forged_retraction() -> None:
    edition = Edition.objects.latest("number")
    RetractionRequest.objects.create(
        update=update_of().get(),
        reason="It is wrong.",
        requested_by=UserFactory(),
        requested_at=edition.published_at,
        decided_by=UserFactory(),
        decided_at=edition.published_at,
        outcome="confirmed",
    )
    update_of().update(ended_in_edition=edition.pk, end_reason="retracted", end_note="It is wrong.")


def published_by_three_statements() -> None:
    """In the name of a reviewer who never saw it."""
    draft = submitted_update(Action.objects.filter(from_edition=1).first())
    number, now = Edition.objects.latest("number").number + 1, timezone.now()
    Edition.objects.create(number=number, kind="updates", published_at=now)
    StatusUpdate.objects.filter(pk=draft.pk).update(
        review_state="published",
        reviewer=person("reviewer_id"),
        edition=number,
        published_at=now,
        effective_day=draft.effective_on,
    )
    TrackerState.objects.update(last_edition=number)


BY_SERVICE: dict[str, Callable[[], object]] = {
    "wording of an action": lambda: action().update(title="Build a shipyard"),
    "deadline": lambda: Deadline.objects.update(on="2030-12-31"),
    "title of a report": lambda: Report.objects.update(title="Another report"),
    "history changed": lambda: HISTORY.objects.update(title="Build a shipyard"),
    "history deleted": lambda: HISTORY.objects.all().delete(),
    "verifiable from the first edition": verifiable_from_the_first_edition,
    "withdrawal taken back": lambda: taken_back(Action),
    "forged retraction": forged_retraction,
    "names of a decided request": lambda: RetractionRequest.objects.update(
        requested_by=UserFactory(), decided_by=UserFactory()
    ),
    "reason of a decided request": lambda: RetractionRequest.objects.update(reason="Another."),
    "published by three statements": published_by_three_statements,
}
REFUSED = {
    "history changed",
    "history deleted",
    "verifiable from the first edition",
    "withdrawal taken back",
    "forged retraction",
    "names of a decided request",
    "reason of a decided request",
}


@pytest.mark.parametrize("way", BY_SERVICE)
def test_what_the_service_rewrites_is_refused_or_named(record: Path, way: str) -> None:
    try:
        with transaction.atomic():
            BY_SERVICE[way]()
    except Exception as error:
        assert way in REFUSED, error
        return
    assert way not in REFUSED
    call_command("rebuild", despite_differences=True, stdout=StringIO())
    assert found(record) != ""


@pytest.mark.parametrize("way", sorted(REFUSED))
def test_what_is_refused_to_the_service_is_named_where_the_owner_does_it(
    record: Path, way: str
) -> None:
    rewrite(BY_SERVICE[way])
    call_command("rebuild", despite_differences=True, stdout=StringIO())
    assert found(record) != ""


def test_the_guards_are_back(record: Path) -> None:
    rewrite(BY_OWNER["note"])
    assert list(triggers.faults(connection)) == []
