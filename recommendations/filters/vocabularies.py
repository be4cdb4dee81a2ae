"""What there is to choose from."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext

from recommendations.addressee_groups import groups
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION
from recommendations.kept_of_state import kept_of_state
from recommendations.models import Body, Party, PolicyArea, Report, Section
from recommendations.querysets.prepared import Prepared
from recommendations.record import Label, Record
from recommendations.viewpoint import Viewpoint

if TYPE_CHECKING:
    from recommendations.rows import ListedSection


class Unit(models.TextChoices):
    ACTIONS = "actions", gettext_lazy("Actions")
    RECOMMENDATIONS = "recommendations", gettext_lazy("Recommendations only")


class Sort(models.TextChoices):
    # Where words are searched, unless another order is asked for; otherwise the report's.
    MATCH = "match", gettext_lazy("Best match")
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
# With more sections than these it names those of chosen reports alone.
MOST_SECTIONS = 200


@dataclass(frozen=True)
class Option:
    """A value that a filter knows.

    An unusual one is offered only where it was chosen. `keys` are those of the rows that it stands
    for, which are several where reports share the slug of a section; `depth` says how far down
    sections lie; `words` are those by which one is found.
    """

    code: str
    label: str
    is_usual: bool = True
    keys: frozenset[str] = frozenset()
    depth: int = 0
    words: str = ""


def options_of(choices: type[models.TextChoices]) -> list[Option]:
    return [Option(str(choice), str(choice.label)) for choice in choices]


def of_state(make: Callable[[Vocabularies], list[Option]]) -> cached_property[list[Option]]:
    """Ask once for a list that is the same on each page of a state of the record."""

    @wraps(make)
    def found(vocabularies: Vocabularies) -> list[Option]:
        viewpoint = vocabularies.record.viewpoint
        return kept_of_state(viewpoint, make.__name__, lambda: make(vocabularies))

    return cached_property(found)


@dataclass(frozen=True)
class Vocabularies:
    """What the record offers where it is looked at. Each list is one query, asked once.

    `asked` are the values that an address gives, by parameter: where there are more than a page can
    name, what was asked for is looked up by its name.
    """

    record: Record
    asked: Mapping[str, Collection[str]] = field(default_factory=dict)

    @of_state
    def first_reports(self) -> list[Option]:
        """All of them, or one more than a page names."""
        return _report_options(FIRST_REPORTS(self.record.viewpoint))

    @property
    def has_many_reports(self) -> bool:
        return len(self.first_reports) > MOST_REPORTS

    @property
    def has_several_reports(self) -> bool:
        return sum(one.is_usual for one in self.first_reports) > 1

    @cached_property
    def reports(self) -> list[Option]:
        """All of them; of many those that were asked for, and some to show what there is."""
        if not self.has_many_reports:
            return self.first_reports
        asked = self.asked_reports
        codes = {one.code for one in asked}
        return [*asked, *(one for one in self.first_reports if one.code not in codes)]

    @cached_property
    def asked_reports(self) -> list[Option]:
        slugs = self.asked.get("report", ())
        return _report_options(self.record.reports().filter(slug__in=slugs)) if slugs else []

    def found_reports(self, words: str) -> list[Option]:
        """Return those whose title, authors or slug have all of these words, or parts of them."""
        wanted = folded(words).split()
        if not wanted:
            return []
        reports = _report_options(self.record.reports())
        return [one for one in reports if all(word in one.words for word in wanted)]

    def chosen_reports(self, codes: Collection[str]) -> list[Option]:
        return [one for one in self.reports if one.code in codes] if codes else []

    @cached_property
    def addressees(self) -> list[Option]:
        """All groups of parties; where there are no named ones, everything is in the same."""
        return [Option(one.code, one.label, keys=frozenset((one.code,))) for one in groups()]

    @of_state
    def areas(self) -> list[Option]:
        return self._labels(PolicyArea, "area")

    @of_state
    def parties(self) -> list[Option]:
        return self._labels(Party, "party")

    @of_state
    def bodies(self) -> list[Option]:
        return self._labels(Body, "body")

    def _labels(self, model: type[Label], name: str) -> list[Option]:
        """Return the labels of published actions, the most used first."""
        uses = sizes(self.record.viewpoint, name)
        rows = self.record.labels(model, uses)
        rows.sort(key=lambda one: (-uses[one.pk], one.position, one.name))
        return [Option(one.slug, str(one), keys=keys_of(one)) for one in rows]

    @cached_property
    def sections(self) -> list[Option]:
        """By slug, which reports may share: then all are meant, and the label says how many.

        Each stands for the sections below it too. Of many they are those of the reports asked for,
        and those asked for.
        """
        return _section_options(self._all_sections)

    def sections_of(self, report: str, chosen: Collection[str]) -> list[Option]:
        """Return those of one report by its own titles, and of others those that are chosen."""
        keys = {key for one in self.chosen_reports([report]) for key in one.keys}
        own = _section_options(one for one in self._all_sections if str(one.report_id) in keys)
        codes = {one.code for one in own}
        others = (one for one in self.sections if one.code in chosen and one.code not in codes)
        return [*own, *others]

    @cached_property
    def _all_sections(self) -> list[ListedSection]:
        return self._known_sections()

    def _known_sections(self) -> list[ListedSection]:
        with opened_at(self.record.viewpoint) as index:
            is_long = len(index.view.values(ACTION, "section")) > MOST_SECTIONS
        # To put them in order takes longer than to count them; some have nothing that is counted.
        first = [] if is_long else FIRST_SECTIONS(self.record.viewpoint)
        if not is_long and len(first) <= MOST_SECTIONS:
            return first
        reports, slugs = self.asked.get("report", ()), self.asked.get("section", ())
        if not (reports or slugs):
            return []
        sections = self.record.sections()
        asked = Q(report__slug__in=reports)
        if slugs:
            asked |= Q(report__in=sections.filter(slug__in=slugs).order_by().values("report"))
        return list(sections.filter(asked).for_filters())


def _section_options(found: Iterable[ListedSection]) -> list[Option]:
    sections = {section.pk: section for section in found}
    below: dict[int, set[int]] = {pk: set() for pk in sections}
    for pk in sections:
        for above in _line(pk, sections):
            below[above].add(pk)
    options: dict[str, Option] = {}
    titles: dict[str, dict[int, str]] = {}
    for pk, section in sections.items():
        other = options.get(section.slug, Option(section.slug, str(section), is_usual=False))
        is_used = any(sections[one].has_recommendations for one in below[pk])
        if is_used:
            titles.setdefault(section.slug, {}).setdefault(section.report_id, str(section))
        options[section.slug] = replace(
            other,
            is_usual=other.is_usual or is_used,
            keys=other.keys | {str(one) for one in below[pk]},
            depth=len(_line(pk, sections)) - 1,
        )
    shared = {slug: by_report for slug, by_report in titles.items() if len(by_report) > 1}
    for slug, by_report in shared.items():
        options[slug] = replace(options[slug], label=_of_reports(by_report.values()))
    return list(options.values())


def _of_reports(titles: Collection[str]) -> str:
    """Return the different titles of a section, the first three, and of how many reports it is."""
    words = ngettext("%(title)s, in %(n)d report", "%(title)s, in %(n)d reports", len(titles))
    return words % {"title": " / ".join(list(dict.fromkeys(titles))[:3]), "n": len(titles)}


FIRST_REPORTS: Prepared[Report] = Prepared(
    lambda viewpoint: Record(viewpoint).reports()[: MOST_REPORTS + 1]
)
FIRST_SECTIONS: Prepared[ListedSection] = Prepared(
    lambda viewpoint: Record(viewpoint).sections().for_filters()[: MOST_SECTIONS + 1]
)


def sizes(viewpoint: Viewpoint, name: str) -> dict[int, int]:
    """Return how many published actions have each value of something, by its key."""
    with opened_at(viewpoint) as index:
        values = index.view.values(ACTION, name)
        return {int(key): n for key, rows in values.items() if (n := len(rows))}


def keys_of(row: models.Model) -> frozenset[str]:
    return frozenset((str(row.pk),))


def _report_options(reports: Iterable[Report]) -> list[Option]:
    return [
        Option(
            report.slug,
            report.full_title,
            is_usual=not report.is_withdrawn,
            keys=keys_of(report),
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
