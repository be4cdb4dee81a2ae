"""What there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from recommendations.models import Body, Party, PolicyArea, Report, Section


class Unit(models.TextChoices):
    ACTIONS = "actions", gettext_lazy("Actions")
    RECOMMENDATIONS = "recommendations", gettext_lazy("Recommendations only")


class Sort(models.TextChoices):
    REPORT = "report", gettext_lazy("Report order")
    STATUS = "status", gettext_lazy("Status")
    DEADLINE = "deadline", gettext_lazy("Deadline, soonest first")
    CHANGED = "changed", gettext_lazy("Last changed")
    REVIEWED = "reviewed", gettext_lazy("Last reviewed, oldest first")


class Review(models.TextChoices):
    NEEDS_REVIEW = "needs_review", gettext_lazy("Needs review")
    UP_TO_DATE = "up_to_date", gettext_lazy("Up to date")
    UNCONFIRMED = "unconfirmed", gettext_lazy("Awaiting second review")


@dataclass(frozen=True)
class Option:
    """A value that a filter knows."""

    code: str
    label: str


def options_of(choices: type[models.TextChoices]) -> list[Option]:
    return [Option(str(choice), str(choice.label)) for choice in choices]


class Vocabularies:
    """What the public record offers. Each list is one query, asked once."""

    @cached_property
    def reports(self) -> list[Option]:
        return [Option(r.slug, r.full_title) for r in Report.objects.published()]

    @cached_property
    def areas(self) -> list[Option]:
        return [Option(area.slug, area.name) for area in PolicyArea.objects.in_use()]

    @cached_property
    def parties(self) -> list[Option]:
        return [Option(party.slug, party.name) for party in Party.objects.in_use()]

    @cached_property
    def bodies(self) -> list[Option]:
        return [Option(body.slug, body.name) for body in Body.objects.in_use()]

    @cached_property
    def sections(self) -> list[Option]:
        """By slug, which reports may share; the first lends its title."""
        titles: dict[str, str] = {}
        for slug, title in Section.objects.in_use().values_list("slug", "title"):
            titles.setdefault(slug, title)
        return [Option(slug, title) for slug, title in titles.items()]
