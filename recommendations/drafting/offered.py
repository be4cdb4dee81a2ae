"""Recommendations that a new text of a report has and the report has not, as drafts of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Max

from recommendations.importing import Outline
from recommendations.importing.outline import ProposedRecommendation, ProposedSection
from recommendations.models import Body, Party, Passage, Recommendation, Report, Section
from recommendations.publishing import lock_state, settle_wording
from recommendations.publishing.breakdown_tree import place_at_end
from recommendations.statuses import REVIEW_INTERVAL

from .draft import Draft, add_recommendation, cut, free_slug_of
from .proposals import Proposal


def add_offered(
    report: Report,
    outline: Outline,
    passages: Sequence[Passage],
    chosen: Sequence[Proposal],
    *,
    today: date,
) -> None:
    """Write each as a draft at the end of its section, in the transaction of the new text.

    A number that the report has already is given as N1, N2 and so on: editors number drafts.
    """
    lock_state()
    draft = Draft(
        report,
        review_due_on=today + REVIEW_INTERVAL,
        read_as_of=outline.published_on,
        passages=list(passages),
    )
    draft.parties = {party.slug: party for party in Party.objects.all()}
    draft.bodies = {body.slug: body for body in Body.objects.all()}
    draft.slugs.update(report.recommendations.values_list("slug", flat=True))
    draft.slugs.update(report.sections.values_list("slug", flat=True))
    numbers = set(report.recommendations.values_list("number", flat=True))
    made: dict[int, Section] = {}
    for proposal in chosen:
        found = proposal.found
        assert isinstance(found, ProposedRecommendation)
        n = proposal.path[0]
        section = _section_at(passages, found) or made.get(n)
        if section is None:
            section = made[n] = _new_section(draft, outline.sections[n])
        found.number = next(number for number in _numbers(found.number) if number not in numbers)
        numbers.add(found.number)
        add_recommendation(draft, section, found, place_at_end(section))
    settle_wording(Recommendation.objects.filter(report=report, from_edition__isnull=True))


def _section_at(passages: Sequence[Passage], found: ProposedRecommendation) -> Section | None:
    return passages[found.place.block].section


def _new_section(draft: Draft, proposed: ProposedSection) -> Section:
    title = cut(proposed.title) or draft.report.title
    last = draft.report.sections.aggregate(last=Max("position"))["last"] or 0
    return Section.objects.create(
        report=draft.report,
        title=title,
        slug=free_slug_of(draft, title, f"section-{last + 1}"),
        position=last + 1,
    )


def _numbers(wanted: str) -> Iterator[str]:
    yield wanted
    for n in range(1, 10_000):
        yield f"N{n}"
