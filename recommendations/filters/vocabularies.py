"""What there is to choose from."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from recommendations.models import Report, Section
from recommendations.record import Record


class Unit(models.TextChoices):
    ACTIONS = "actions", gettext_lazy("Actions")
    RECOMMENDATIONS = "recommendations", gettext_lazy("Recommendations only")


class Sort(models.TextChoices):
    REPORT = "report", gettext_lazy("Report order")
    STATUS = "status", gettext_lazy("Status")
    DEADLINE = "deadline", gettext_lazy("Deadline, soonest first")
    CHANGED = "changed", gettext_lazy("Last changed")
    REVIEWED = "reviewed", gettext_lazy("Last searched, oldest first")


class Review(models.TextChoices):
    NEEDS_REVIEW = "needs_review", gettext_lazy("Needs review")
    UP_TO_DATE = "up_to_date", gettext_lazy("Up to date")
    UNCONFIRMED = "unconfirmed", gettext_lazy("Awaiting second review")


# With more reports than this a page offers a field that finds them instead of naming each.
MOST_REPORTS = 30


@dataclass(frozen=True)
class Option:
    """A value that a filter knows.

    An unusual one is offered only where it was chosen. `keys` are the sections that a slug stands
    for, `depth` says how far down they lie; `words` are those by which one is found.
    """

    code: str
    label: str
    is_usual: bool = True
    keys: frozenset[str] = frozenset()
    depth: int = 0
    words: str = ""


def options_of(choices: type[models.TextChoices]) -> list[Option]:
    return [Option(str(choice), str(choice.label)) for choice in choices]


@dataclass(frozen=True)
class Vocabularies:
    """What the record offers where it is looked at. Each list is one query, asked once."""

    record: Record

    @cached_property
    def first_reports(self) -> list[Option]:
        """All of them, or one more than a page names."""
        return _report_options(self.record.reports()[: MOST_REPORTS + 1])

    @property
    def has_many_reports(self) -> bool:
        return len(self.first_reports) > MOST_REPORTS

    @cached_property
    def reports(self) -> list[Option]:
        if self.has_many_reports:
            return _report_options(self.record.reports())
        return self.first_reports

    def found_reports(self, words: str) -> list[Option]:
        """Return those whose title, authors or slug have all of these words, or parts of them."""
        wanted = folded(words).split()
        if not wanted:
            return []
        return [one for one in self.reports if all(word in one.words for word in wanted)]

    def chosen_reports(self, codes: Collection[str]) -> list[Option]:
        if not codes:
            return []
        return [one for one in self.reports if one.code in codes]

    @cached_property
    def areas(self) -> list[Option]:
        return [Option(area.slug, str(area)) for area in self.record.areas()]

    @cached_property
    def parties(self) -> list[Option]:
        return [Option(party.slug, str(party)) for party in self.record.parties()]

    @cached_property
    def bodies(self) -> list[Option]:
        return [Option(body.slug, str(body)) for body in self.record.bodies()]

    @cached_property
    def sections(self) -> list[Option]:
        """By slug, which reports may share: the first lends its title, and all are meant.

        Each stands for the sections below it too.
        """
        sections = {section.pk: section for section in self.record.sections().for_filters()}
        below: dict[int, set[int]] = {pk: set() for pk in sections}
        for pk in sections:
            for above in _line(pk, sections):
                below[above].add(pk)
        options: dict[str, Option] = {}
        for pk, section in sections.items():
            other = options.get(section.slug, Option(section.slug, str(section), is_usual=False))
            is_used = any(sections[one].has_recommendations for one in below[pk])
            options[section.slug] = replace(
                other,
                is_usual=other.is_usual or is_used,
                keys=other.keys | {str(one) for one in below[pk]},
                depth=len(_line(pk, sections)) - 1,
            )
        return list(options.values())


def _report_options(reports: Iterable[Report]) -> list[Option]:
    return [
        Option(
            report.slug,
            report.full_title,
            is_usual=not report.is_withdrawn,
            words=folded(
                " ".join(
                    (
                        report.slug,
                        report.title,
                        report.full_title,
                        report.authors,
                        *report.author_list,
                    )
                )
            ),
        )
        for report in reports
    ]


def folded(text: str) -> str:
    """Return a text as it is compared: without capitals, wide letters as narrow ones."""
    return unicodedata.normalize("NFKC", text).casefold()


def _line(pk: int | None, sections: Mapping[int, Section]) -> list[int]:
    """Return a section and those that it lies in. (Nothing keeps an editor from making a ring.)"""
    line: list[int] = []
    while pk is not None and pk in sections and pk not in line:
        line.append(pk)
        pk = sections[pk].parent_id
    return line
