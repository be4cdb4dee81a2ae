"""Whom a table means by a name: by what was said before, else by what cannot mean anybody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from recommendations.importing.addressees import Addressees
from recommendations.models import AddresseeAlias, Body, Party, Report
from recommendations.models.delivery import key_of_addressee
from recommendations.models.vocabulary import PartyKind

NOBODY = "none"


@dataclass
class Directory:
    """The parties and bodies that there are, by all their names, and the aliases of reports.

    The offices of different countries share their names: one is taken only where its party is
    `own` to the table, that is chosen for it or responsible in the report already.
    """

    parties: dict[str, Party] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    by_name: dict[str, list[Party | Body]] = field(default_factory=lambda: defaultdict(list))
    aliases: dict[tuple[int, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, reports: Iterable[Report]) -> Directory:
        """Return it for the tables about some reports (three queries)."""
        found = cls()
        found.parties = {party.slug: party for party in Party.objects.all()}
        found.bodies = {body.slug: body for body in Body.objects.select_related("party")}
        named: list[Party | Body] = [*found.parties.values(), *found.bodies.values()]
        for one in named:
            for key in {key_of_addressee(name) for name in one.names}:
                found.by_name[key].append(one)
        aliases = AddresseeAlias.objects.filter(report__in=list(reports))
        for alias in aliases.select_related("party", "body"):
            found.aliases[alias.report_id, alias.key] = said_of(alias.party or alias.body)
        return found

    def meaning_of(self, key: str, report: Report | None, own: Collection[str]) -> str:
        """Return whom a folded name means, as a decision would say it, "" where it is not sure."""
        if report and (said := self.aliases.get((report.pk, key), "")):
            return said
        if key in self.parties:
            return f"party:{key}"
        if key in self.bodies:
            return f"body:{key}"
        sure = [one for one in self.by_name.get(key, ()) if self._is_sure(one, own)]
        return said_of(sure[0]) if len(sure) == 1 else ""

    def _is_sure(self, one: Party | Body, own: Collection[str]) -> bool:
        if isinstance(one, Body):
            return one.party is not None and one.party.slug in own
        # The name of a country is that of no other.
        return one.kind == PartyKind.GOVERNMENT or one.slug in own

    def offered(self, key: str) -> list[Party | Body]:
        """Return who has this name, in whichever country: to choose from, never taken."""
        return list(self.by_name.get(key, ()))

    def addressees(self, meanings: Iterable[str]) -> Addressees:
        """Return parties and bodies of what names mean; a body brings its party."""
        parties: dict[str, None] = {}
        bodies: dict[str, None] = {}
        for meaning in meanings:
            kind, _colon, slug = meaning.partition(":")
            if kind == "party" and slug in self.parties:
                parties[slug] = None
            elif kind == "body" and slug in self.bodies:
                bodies[slug] = None
                if party := self.bodies[slug].party:
                    parties[party.slug] = None
        return Addressees(tuple(parties), tuple(bodies))


def said_of(one: Party | Body | None) -> str:
    if one is None:
        return NOBODY
    return f"{one._meta.model_name}:{one.slug}"


def own_parties(report: Report | None) -> set[str]:
    """Return the parties that are responsible for something in a report (a query)."""
    if report is None:
        return set()
    return set(
        Party.objects.filter(actions__recommendation__report=report).values_list("slug", flat=True)
    )
