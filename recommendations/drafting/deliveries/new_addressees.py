"""Adds the parties and bodies that a spreadsheet brings, and keeps whom its names mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.text import slugify

from recommendations.models import AddresseeAlias, Body, Party, Report

from .matching import cut_text
from .plan import Plan


def add_addressees(plan: Plan) -> dict[str, str]:
    """Add those that are new, have their names mean them, and return whom each name means."""
    directory, owners = plan.directory, plan.decisions.owners
    for name in plan.names:
        kind, _colon, detail = name.meaning.partition(":")
        if kind == "new-party":
            party = Party(name=name.spelling, slug=_free_slug(Party, name.spelling), kind=detail)
            _save(party)
            directory.parties[party.slug] = party
            owners[name.key] = f"party:{party.slug}"
        elif kind == "new-body":
            of = directory.parties[detail]
            slug = _free_slug(Body, f"{name.spelling} {of.slug}")
            body = Body(name=name.spelling, slug=slug, party=of)
            _save(body)
            directory.bodies[body.slug] = body
            owners[name.key] = f"body:{body.slug}"
    return {name.key: owners.get(name.key, name.meaning) for name in plan.names}


def keep_aliases(plan: Plan, meanings: Mapping[str, str], reports: Iterable[Report]) -> None:
    """Keep what somebody said of names, for the next delivery of these reports."""
    directory = plan.directory
    for report in reports:
        for name in plan.names:
            if name.key not in plan.decisions.owners:
                continue
            kind, _colon, slug = meanings[name.key].partition(":")
            AddresseeAlias.objects.update_or_create(
                report=report,
                key=name.key[:400],
                defaults={
                    "name": name.spelling,
                    "party": directory.parties.get(slug) if kind == "party" else None,
                    "body": directory.bodies.get(slug) if kind == "body" else None,
                },
            )


def _free_slug(model: type[Party] | type[Body], name: str) -> str:
    base = slugify(name)[:70].strip("-") or f"{model._meta.model_name}-{model.objects.count() + 1}"
    slug, n = base, 1
    while model.objects.filter(slug=slug).exists():
        n += 1
        slug = f"{base}-{n}"
    return slug


def _save(row: Party | Body) -> None:
    row.name = cut_text(row.name)
    row.full_clean()
    row.save()
