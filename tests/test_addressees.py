"""The group of responsible parties by which dashboards count."""

import pytest

from recommendations.periods import repeated_columns
from recommendations.statuses import PartySet, addressee_of

from .factories import ActionFactory, AddresseeGroupFactory

TWO = [
    PartySet("united_states", frozenset({"united-states"})),
    PartySet("japan", frozenset({"japan"})),
    PartySet("both", frozenset({"united-states", "japan"})),
]


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
    assert addressee_of(parties, TWO) == group


def test_same_party_twice_is_one() -> None:
    assert addressee_of(["japan", "japan"], TWO) == "japan"


def test_smallest_group_with_all_parties_has_an_action() -> None:
    ministries = PartySet("ministries", frozenset({"roads", "rivers", "ports"}))
    water = PartySet("water", frozenset({"rivers", "ports"}))
    assert addressee_of(["rivers"], [ministries, water]) == "water"
    assert addressee_of(["rivers", "roads"], [ministries, water]) == "ministries"
    assert addressee_of(["rivers", "rail"], [ministries, water]) == "with_others"


def test_of_equally_small_groups_the_first_has_an_action() -> None:
    north, south = (PartySet(name, frozenset({"a", name})) for name in ("north", "south"))
    assert addressee_of(["a"], [north, south]) == "north"
    assert addressee_of(["a"], [south, north]) == "south"


def test_without_groups_every_action_is_with_others() -> None:
    assert addressee_of(["japan"], []) == "with_others"


@pytest.mark.django_db
def test_stored_group_follows_the_parties() -> None:
    action = ActionFactory(parties=["japan"])
    repeated_columns.refresh([action.pk])
    action.refresh_from_db()
    assert action.addressee == "japan"


@pytest.mark.django_db
def test_stored_group_is_one_of_those_that_editors_keep() -> None:
    AddresseeGroupFactory(slug="water", parties=["rivers", "ports"])
    action = ActionFactory(parties=["rivers"])
    repeated_columns.refresh([action.pk])
    action.refresh_from_db()
    assert action.addressee == "water"


@pytest.mark.django_db
def test_groups_of_many_actions_are_written_in_four_queries(
    django_assert_num_queries,
) -> None:
    actions = [ActionFactory(parties=["japan", "united-states"]) for _n in range(5)]
    with django_assert_num_queries(4):
        repeated_columns.refresh([action.pk for action in actions])
