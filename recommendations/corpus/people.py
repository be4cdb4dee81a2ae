"""Who writes and reviews a made-up record, and what it is described with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import Group, User

from recommendations.accounts.roles import ANALYST, REVIEWER
from recommendations.models import Body, Party, PolicyArea

from . import words


@dataclass(frozen=True, slots=True)
class SampleCast:
    parties: Sequence[Party]
    bodies: Sequence[Body]
    areas: Sequence[PolicyArea]
    analysts: Sequence[User]
    reviewers: Sequence[User]


def sample_cast() -> SampleCast:
    """Return what there is under these names already, and make what is missing."""
    parties = [
        Party.objects.get_or_create(slug=slug, defaults={"name": name, "kind": kind})[0]
        for slug, name, kind in words.PARTIES
    ]
    bodies = [
        Body.objects.get_or_create(
            slug=f"{slug}-{party.slug}",
            defaults={"name": f"Office for {name.lower()}, {party.name}", "party": party},
        )[0]
        for party in parties[:2]
        for slug, name in words.names(words.TOPICS)
    ]
    areas = [
        PolicyArea.objects.get_or_create(slug=slug, defaults={"name": name})[0]
        for slug, name in words.names(words.TOPICS)
    ]
    return SampleCast(parties, bodies, areas, _people(ANALYST, 5), _people(REVIEWER, 3))


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
