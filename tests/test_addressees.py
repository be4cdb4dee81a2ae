"""The group of responsible parties by which dashboards count."""

import pytest

from recommendations.periods import repeated_columns
from recommendations.statuses import Addressee, addressee_of

from .factories import ActionFactory


@pytest.mark.parametrize(
    ("parties", "group"),
    [
        (["united-states"], "united_states"),
        (["japan"], "japan"),
        (["japan", "united-states"], "both"),
        (["australia"], "with_others"),
        (["japan", "australia"], "with_others"),
        (["japan", "united-states", "australia"], "with_others"),
        (["australia", "defence-industry"], "with_others"),
        ([], "with_others"),
    ],
)
def test_group_follows_from_the_responsible_parties(parties: list[str], group: str) -> None:
    assert addressee_of(parties) == group


def test_same_party_twice_is_one() -> None:
    assert addressee_of(["japan", "japan"]) == Addressee.JAPAN


@pytest.mark.django_db
def test_stored_group_follows_the_parties() -> None:
    action = ActionFactory(parties=["japan"])
    repeated_columns.refresh([action.pk])
    action.refresh_from_db()
    assert action.addressee == "japan"


@pytest.mark.django_db
def test_groups_of_many_actions_are_written_in_three_queries(
    django_assert_num_queries,
) -> None:
    actions = [ActionFactory(parties=["japan", "united-states"]) for _n in range(5)]
    with django_assert_num_queries(3):
        repeated_columns.refresh([action.pk for action in actions])
