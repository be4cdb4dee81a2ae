"""A published update and its evidence are never edited or deleted."""

import pytest

from recommendations.models import Evidence, StatusUpdate
from recommendations.models.status_update import Immutable

from .factories import (
    EvidenceFactory,
    corrected,
    draft_update,
    publish,
    published_action,
    published_update,
    retracted,
    submitted_update,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def update() -> StatusUpdate:
    return published_update(published_action(), "implemented", note="The act is in force.")


def test_published_update_cannot_be_saved(update: StatusUpdate) -> None:
    update.note = "Something else."
    with pytest.raises(Immutable, match="Correct it or retract it"):
        update.save()
    assert StatusUpdate.objects.get(pk=update.pk).note == "The act is in force."


def test_published_update_cannot_be_saved_in_part(update: StatusUpdate) -> None:
    update.status = "partly"
    with pytest.raises(Immutable):
        update.save(update_fields=["status"])


def test_copy_read_before_publication_cannot_be_saved_after_it() -> None:
    update = submitted_update(published_action())
    stale = StatusUpdate.objects.get(pk=update.pk)
    publish(update)
    stale.note = "Something else."
    with pytest.raises(Immutable):
        stale.save()


def test_published_update_cannot_become_a_draft_again(update: StatusUpdate) -> None:
    update.review_state = "draft"
    with pytest.raises(Immutable):
        update.save()


def test_published_update_cannot_be_deleted(update: StatusUpdate) -> None:
    with pytest.raises(Immutable):
        update.delete()


@pytest.mark.parametrize("leave", [corrected, retracted])
def test_update_that_ended_cannot_be_saved_or_deleted(update: StatusUpdate, leave) -> None:
    leave(update)
    with pytest.raises(Immutable):
        update.save()
    with pytest.raises(Immutable):
        update.delete()


def test_evidence_of_a_published_update_cannot_be_saved(update: StatusUpdate) -> None:
    item = update.evidence.get()
    item.title = "Something else"
    with pytest.raises(Immutable):
        item.save()


def test_evidence_of_a_published_update_cannot_be_deleted(update: StatusUpdate) -> None:
    with pytest.raises(Immutable):
        update.evidence.get().delete()


def test_evidence_cannot_be_added_to_a_published_update(update: StatusUpdate) -> None:
    with pytest.raises(Immutable):
        EvidenceFactory(update=update)
    assert update.evidence.count() == 1


def test_evidence_cannot_be_moved_into_a_published_update(update: StatusUpdate) -> None:
    item = draft_update(update.action).evidence.get()
    item.update = update
    with pytest.raises(Immutable):
        item.save()


def test_evidence_cannot_be_moved_out_of_a_published_update(update: StatusUpdate) -> None:
    item = update.evidence.get()
    item.update = draft_update(update.action)
    with pytest.raises(Immutable):
        item.save()
    assert Evidence.objects.get(pk=item.pk).update == update


def test_draft_and_its_evidence_can_be_edited_and_deleted() -> None:
    draft = draft_update(published_action())
    draft.note = "Something else."
    draft.save()
    item = draft.evidence.get()
    item.title = "Something else"
    item.save()
    item.delete()
    draft.delete()
    assert not StatusUpdate.objects.filter(pk=draft.pk).exists()
