"""Who writes and reviews a made-up record, and what it is described with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from random import Random
from typing import Any

from django.contrib.auth.models import Group, User

from recommendations.accounts.roles import ANALYST, REVIEWER
from recommendations.models import AddresseeGroup, Body, Party, PolicyArea, Pseudonym
from recommendations.statuses import PartySet

from . import words
from .vocabulary import Zipf

UNITED_STATES, JAPAN = "united-states", "japan"
GROUPS = [
    PartySet("united_states", frozenset({UNITED_STATES})),
    PartySet("japan", frozenset({JAPAN})),
    PartySet("both", frozenset({UNITED_STATES, JAPAN})),
]


@dataclass(frozen=True, slots=True)
class Named:
    pk: int
    slug: str


@dataclass(frozen=True, slots=True)
class SampleCast:
    """Primary keys, from those that much of the record names to those that little does."""

    areas: Zipf[int]
    united_states: Named
    japan: Named
    others: Zipf[Named]
    bodies: Mapping[int, Zipf[int]]
    analysts: Sequence[int]
    reviewers: Sequence[int]
    codes: Mapping[int, str]

    def parties(self, rng: Random) -> list[Named]:
        """Draw who has to act: most often one of the two or both, now and then several others."""
        one = rng.random()
        if one < 0.8:
            first = [[self.united_states], [self.japan], [self.united_states, self.japan]]
            return rng.choices(first, (30, 28, 22))[0]
        if one < 0.9:
            return [self.japan, *self.others.draw(rng, 1)]
        return self.others.draw_different(rng, rng.randint(1, 5))


def sample_cast(*, at: datetime) -> SampleCast:
    """Return what there is under these names already, and make what is missing."""
    areas = _those(PolicyArea, [{"slug": s, "name": n} for s, n in words.names(words.TOPICS)], at)
    parties = _those(
        Party, [{"slug": s, "name": n, "kind": kind} for s, n, kind in words.PARTIES], at
    )
    _make_groups(parties, at)
    bodies = _those(Body, list(_bodies(parties)), at)
    by_party: dict[int, list[int]] = {}
    for body in bodies:
        by_party.setdefault(body.party_id, []).append(body.pk)
    analysts, reviewers = _people(ANALYST, 5), _people(REVIEWER, 3)
    united_states, japan, *others = (Named(party.pk, party.slug) for party in parties)
    return SampleCast(
        areas=Zipf([area.pk for area in areas]),
        united_states=united_states,
        japan=japan,
        others=Zipf(others),
        bodies={party: Zipf(pks) for party, pks in by_party.items()},
        analysts=[person.pk for person in analysts],
        reviewers=[person.pk for person in reviewers],
        codes={person.pk: _code_of(person) for person in (*analysts, *reviewers)},
    )


def _make_groups(parties: Sequence[Party], at: datetime) -> None:
    """Make the groups that are missing, each with its parties."""
    there = set(AddresseeGroup.objects.values_list("slug", flat=True))
    names = {one.slug: one.name for one in parties}
    for position, one in enumerate(GROUPS, start=1):
        if one.code not in there:
            name = names[min(one.parties)] if len(one.parties) == 1 else "Both"
            group = AddresseeGroup(slug=one.code, name=name, position=position)
            group._history_date = at  # type: ignore[attr-defined]
            group.save()
            group.parties.set(party for party in parties if party.slug in one.parties)


def _bodies(parties: Sequence[Party]) -> Iterator[dict[str, Any]]:
    """Yield offices of each party, ever fewer, in an order of its own."""
    topics = words.names(words.TOPICS)
    for n, party in enumerate(parties):
        for slug, name in Random(party.slug).sample(topics, max(len(topics) // (n + 1), 1)):
            yield {
                "slug": f"{slug}-{party.slug}",
                "name": f"Office for {name.lower()}, {party.name}",
                "party_id": party.pk,
            }


def _those(model: Any, wanted: Sequence[dict[str, Any]], at: datetime) -> list[Any]:
    """Return the rows in their order. New ones have their first line of history."""
    there = model.objects.in_bulk([one["slug"] for one in wanted], field_name="slug")
    new = model.objects.bulk_create(model(**one) for one in wanted if one["slug"] not in there)
    model.history.bulk_history_create(new, default_date=at)
    there |= {one.slug: one for one in new}
    return [there[one["slug"]] for one in wanted]


def _people(role: str, n: int) -> list[User]:
    """Accounts that nobody can sign in to: they have no password."""
    people = []
    for number in range(1, n + 1):
        name = f"sample-{role.lower()}-{number}"
        user, is_new = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            user.groups.add(*Group.objects.filter(name=role))
        people.append(user)
    return people


def _code_of(person: User) -> str:
    """Return the code that stands for a person in digests: of a new one always the same."""
    code = sha256(person.username.encode()).hexdigest()[:16]
    return Pseudonym.objects.get_or_create(person=person, defaults={"code": code})[0].code
