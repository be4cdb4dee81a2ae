"""Who is asked: the subject of the sentence that asks, as a known party or body or a new name.

A name that the tracker knows counts only where its party fits the report: ministries of several
countries have the same name. What it does not know is offered as the text names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from recommendations.fiscal_years import FiscalYearRule

from .asked_subjects import ARTICLE, Subject, subjects_in
from .countries import COUNTRIES
from .document import Document

# So often, against the country that is named most, is a party of the report named.
LEAST_SHARE = 3
ADDRESSED = re.compile(r"(?P<name>\S.{1,40}?)\s*(?:様|殿|御中|宛て?)")
OPENING = 8
# "the National Institute of Standards and Technology (NIST)"
SHORT_FORM = re.compile(
    r"(?<![\w’'-])(?P<name>[A-Z][\w’'-]{0,40}(?:[ ,]{1,2}(?:(?:of|for|and|on|in|the|&)\s){0,2}"
    r"[A-Z][\w’'-]{0,40}){1,9})"
    r"\s\((?P<short>[A-Z][A-Za-z]{1,6})\)"
)


@dataclass(frozen=True)
class AddresseeNames:
    """Parties and bodies by their names: {"Washington": "united-states"}, {"SDF": "self-defense"}.

    Values are slugs. Longer names are found before shorter ones inside them.
    """

    parties: Mapping[str, str]
    bodies: Mapping[str, str]
    # The party of a body, by the slug of the body.
    party_of: Mapping[str, str]
    # How fiscal years are counted, by the slug of a party; "" is for all others.
    fiscal_years: Mapping[str, FiscalYearRule] = field(default_factory=dict)

    @cached_property
    def folded(self) -> dict[str, str]:
        """Return each name by its form without case."""
        return {name.casefold(): name for name in (*self.bodies, *self.parties)}

    @cached_property
    def names_of(self) -> dict[str, list[str]]:
        """Return the names of each party, by its slug."""
        found: dict[str, list[str]] = {}
        for name, slug in self.parties.items():
            found.setdefault(slug, []).append(name)
        return found

    def fiscal_year_of(self, parties: Iterable[str], *, usual: str = "") -> FiscalYearRule | None:
        """Return the fiscal year of parties, where they have the same; None where nobody knows it.

        `usual` is the precision that holds where the text names nobody whose year is known.
        """
        known = {slug: rule for slug in parties if (rule := self.fiscal_years.get(slug))}
        if known:
            rules = set(known.values())
            return rules.pop() if len(rules) == 1 else None
        of_text = (rule for rule in self.fiscal_years.values() if rule.precision == usual)
        return self.fiscal_years.get("") or next(of_text, None)


@dataclass(frozen=True)
class Addressees:
    parties: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    new_bodies: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddresseeReader:
    """Tells who is asked in the sentences of one document.

    `short_forms` are the abbreviations that it explains; `addressed` is to whom it is written.
    """

    names: AddresseeNames
    document: Document
    short_forms: Mapping[str, str] = field(default_factory=dict)
    addressed: str = ""

    @classmethod
    def of(cls, document: Document, names: AddresseeNames) -> AddresseeReader:
        short_forms: dict[str, str] = {}
        for block in document.blocks:
            if "(" in block.text:
                for match in SHORT_FORM.finditer(block.text):
                    if full := _full_name(match["name"], match["short"]):
                        short_forms.setdefault(match["short"], full)
        return cls(names, document, short_forms, _addressed(document))

    def asked_in(self, sentence: str) -> Addressees:
        """Return who is asked in a sentence, each once, in the order of the text."""
        subjects = list(subjects_in(sentence, self.short_forms, self.names.folded))
        if not subjects and self.addressed:
            subjects = [Subject(self.addressed)]
        return self._told(subjects)

    def named(self, cell: str) -> Addressees:
        """Return who is named in a cell that names nobody else."""
        names = (part.strip() for part in re.split(r"[;、,]|\s+and\s+|\s*/\s*", cell))
        return self._told([Subject(name) for name in names if name])

    def _told(self, subjects: Sequence[Subject]) -> Addressees:
        parties: list[str] = []
        bodies: list[str] = []
        new: list[str] = []
        for subject in subjects:
            known = self._known(subject.name)
            if known in self.names.parties:
                parties.append(self.names.parties[known])
            elif known and self._fits(self.names.bodies[known], subject):
                slug = self.names.bodies[known]
                bodies.append(slug)
                parties += [self.names.party_of[slug]] if slug in self.names.party_of else []
            else:
                name = subject.whole or self.short_forms.get(subject.name, subject.name)
                new.append(name[:LONGEST_NAME])
        return Addressees(_once(parties), _once(bodies), _once(new))

    def _known(self, name: str) -> str:
        plain = ARTICLE.sub("", name, count=1)
        forms = (name, plain, self.short_forms.get(plain, plain), *_without_owner(plain))
        return next((k for form in forms if (k := self.names.folded.get(form.casefold()))), "")

    def _fits(self, body: str, subject: Subject) -> bool:
        """Whether a body that the tracker knows may be the one of this report."""
        party = self.names.party_of.get(body)
        if party is None:
            return True
        if subject.country and subject.country not in self.names.names_of.get(party, []):
            return False
        own, others = self._mentions.get(party, 0), self._most_named(party)
        return own * LEAST_SHARE >= others

    @cached_property
    def _text(self) -> str:
        shown = [self.document.title, self.document.subtitle]
        return "\n".join([*shown, *(block.text for block in self.document.blocks)])

    @cached_property
    def _mentions(self) -> dict[str, int]:
        """Return how often each party is named."""
        return {
            slug: sum(self._text.count(name) for name in names)
            for slug, names in self.names.names_of.items()
        }

    @cached_property
    def _countries(self) -> dict[str, int]:
        return {country: self._text.count(country) for country in COUNTRIES}

    def _most_named(self, party: str) -> int:
        own = set(self.names.names_of.get(party, []))
        return max((n for name, n in self._countries.items() if name not in own), default=0)


LONGEST_NAME = 200


def _full_name(words: str, short: str) -> str:
    """Return the last words that a short form is made of, empty if it is of none of them.

    "DOC, the Department of State" is "Department of State" for "DOS".
    """
    parts = words.split(" ")
    for n in range(len(parts) - 1, -1, -1):
        part = parts[n].rpartition("’s")[2] or parts[n]
        if part[:1].isupper() and short.upper() in _initials(parts[n:]):
            return " ".join(parts[n:])
    return ""


def _initials(parts: Sequence[str]) -> tuple[str, str]:
    """Return the first letters of words, without those of the small ones and with them."""
    letters = [part if part.isupper() else part[:1] for part in parts]
    large = (letter for letter, part in zip(letters, parts, strict=True) if part[:1].isupper())
    return "".join(large).upper(), "".join(letters).upper()


def _without_owner(name: str) -> tuple[str, ...]:
    """Return "Ministry of Defense" of "Japan’s Ministry of Defense"."""
    _owner, mark, rest = name.replace("'", "’").partition("’s ")
    return (rest,) if mark else ()


def _addressed(document: Document) -> str:
    """Return to whom a letter is written, as it says in its first lines: 「港湾庁長官　様」."""
    for block in document.blocks[:OPENING]:
        if match := ADDRESSED.fullmatch(block.text):
            return match["name"].strip()
    return ""


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
