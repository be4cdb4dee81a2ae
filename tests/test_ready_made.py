"""The least record, which is put back where a test begins with one, is as publishing writes it."""

import pytest

from recommendations import integrity
from recommendations.digests import verification
from recommendations.models import Action, Edition, EditionItem, StructureRequest

from .factories import INCLUDED_ON, noon, published_action, published_actions, published_update
from .ready_made import ready_made
from .snapshot import take

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("n", [1, 2])
def test_it_has_as_many_rows_as_publishing_writes(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = ready_made.records[n]
    monkeypatch.setattr(ready_made, "records", {})
    published_actions(n)
    assert {table: len(rows) for table, (_columns, rows) in take().items()} == {
        table: len(rows) for table, (_columns, rows) in kept.items()
    }


@pytest.mark.parametrize("n", [1, 2])
def test_it_is_sound_and_goes_on_as_any_other(n: int) -> None:
    actions = published_actions(n)
    assert {action.from_edition_id for action in actions} == {1}
    assert StructureRequest.objects.get().outcome == "confirmed"
    assert Edition.objects.get().published_at == noon(INCLUDED_ON)
    assert list(integrity.differences()) == []
    assert list(verification.everything()) == []

    published_update(actions[0])
    actions[0].refresh_from_db()
    actions[0].title = "Count the otters"
    actions[0].save()
    published_update(actions[0], "implemented")
    assert EditionItem.objects.filter(edition=3, key=f"text/action/{actions[0].pk}").exists()
    assert list(integrity.differences()) == []
    assert list(verification.everything()) == []


def test_it_is_put_back_once_and_never_beside_another_record() -> None:
    first, second = published_action(), published_action()
    assert (first.from_edition_id, second.from_edition_id) == (1, 2)
    assert first.recommendation.report != second.recommendation.report
    assert list(integrity.differences()) == []


def test_it_is_not_put_back_where_fields_are_wanted() -> None:
    published_action(title="Count the otters")
    assert Action.objects.get().title == "Count the otters"
