"""An accepted outline to a draft report, with its text: all of it or nothing."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, count

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from recommendations.importing import AddresseeNames, ImportProblem, Outline
from recommendations.importing.deadlines import FoundDeadline, counted_anew
from recommendations.importing.outline import (
    ProposedAction,
    ProposedRecommendation,
    ProposedSection,
    TextBlock,
)
from recommendations.models import (
    Action,
    ActionBody,
    Body,
    Deadline,
    FiscalYear,
    Mark,
    Party,
    Passage,
    Recommendation,
    Report,
    ReportText,
    Section,
)
from recommendations.models.action import ActionKind, AskStrength, LeadBasis
from recommendations.models.deadline import DeadlineOrigin
from recommendations.publishing import settle_wording
from recommendations.statuses import REVIEW_INTERVAL
from recommendations.text.scripts import language_of

from .own_numbers import without_own_number

COUNTRY_OR_LETTERS = re.compile(r"\s*\([^()]*\)$")
LONGEST = 300
LONGEST_SLUG = 80


def addressee_names() -> AddresseeNames:
    """Return the parties and bodies that there are, by all their names (three queries)."""
    bodies = list(Body.objects.select_related("party"))
    return AddresseeNames(
        {name: party.slug for party in Party.objects.all() for name in party.names},
        {name: body.slug for body in bodies for name in _names_in_texts(body)},
        {body.slug: body.party.slug for body in bodies if body.party},
        FiscalYear.objects.rules(),
    )


def _names_in_texts(body: Body) -> list[str]:
    """Return the names of a body, and its own without the country or the letters behind it."""
    return [*body.names, COUNTRY_OR_LETTERS.sub("", body.name)]


@dataclass(frozen=True)
class ReportFacts:
    """What an editor says of a report otherwise than its file; what is empty is as in the file."""

    title: str = ""
    subtitle: str = ""
    published_on: date | None = None
    published_precision: str | None = None


@dataclass
class Draft:
    """What is known while the rows of one outline are written.

    `read_as_of` is when the file says that the report came out: its deadlines count from then.
    """

    report: Report
    review_due_on: date
    read_as_of: date | None
    sections: list[Section] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    parties: dict[str, Party] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    added: dict[str, Body] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)


@transaction.atomic
def save_draft(
    outline: Outline,
    *,
    slug: str,
    file_name: str,
    checksum: str,
    now: datetime,
    by: User | None = None,
    facts: ReportFacts | None = None,
    new_bodies: Collection[str] = (),
) -> Report:
    """Write an outline as a draft that no visitor sees, and return its report.

    `new_bodies` are those names of `new_bodies_in()` that become bodies, without a party. The
    actions have the words of the report until somebody gives them others; the text shows to nobody
    until the report's rights say so. Raises ImportProblem.
    """
    draft = Draft(
        _report(outline, slug, facts or ReportFacts()),
        review_due_on=now.date() + REVIEW_INTERVAL,
        read_as_of=outline.published_on,
    )
    draft.parties = {party.slug: party for party in Party.objects.all()}
    draft.bodies = {body.slug: body for body in Body.objects.all()}
    draft.added = _add_bodies([name for name in new_bodies_in(outline) if name in new_bodies])
    for proposed in outline.sections:
        _section(draft, proposed)
    text = ReportText.objects.create(
        report=draft.report,
        version=1,
        file_name=file_name[:200],
        checksum=checksum,
        imported_at=now,
        imported_by=by,
    )
    draft.passages = _passages(draft, outline, text)
    position = 0
    for section, proposed in zip(draft.sections, outline.sections, strict=True):
        for one in proposed.recommendations:
            position += 1
            add_recommendation(draft, section, one, position)
    settle_wording(Recommendation.objects.filter(report=draft.report))
    return draft.report


def new_bodies_in(outline: Outline) -> list[str]:
    """Return the names that the text asks and the tracker lacks, those asked most often first."""
    counts = Counter(
        name
        for recommendation in outline.recommendations
        if not recommendation.dropped
        for action in recommendation.actions
        if not action.dropped
        for name in action.new_bodies
    )
    return [name for name, _n in counts.most_common()]


def _add_bodies(names: Sequence[str]) -> dict[str, Body]:
    """Return a body for each name: one of that name, were it added meanwhile, or a new one."""
    found: dict[str, Body] = {}
    for name in names:
        body = Body.objects.filter(name=name).first()
        if body is None:
            body = Body(name=name, slug=_free_slug(name))
            body.full_clean()
            body.save()
        found[name] = body
    return found


def _free_slug(name: str) -> str:
    base = slugify(name)[: LONGEST_SLUG - 4].strip("-") or "body"
    slugs = (base if n == 1 else f"{base}-{n}" for n in range(1, 10_000))
    return next(slug for slug in slugs if not Body.objects.filter(slug=slug).exists())


def _report(outline: Outline, slug: str, facts: ReportFacts) -> Report:
    if Report.objects.filter(slug=slug).exists():
        raise ImportProblem(
            _("There is a report “%(slug)s” already. Choose another short name.") % {"slug": slug}
        )
    report = Report(
        slug=slug,
        title=facts.title or outline.title,
        subtitle=facts.subtitle or outline.subtitle,
        authors="\n".join(outline.authors),
        publisher=outline.publisher,
    )
    if published_on := facts.published_on or outline.published_on:
        report.published_on = published_on
        is_outlines = not facts.published_on or facts.published_on == outline.published_on
        stated = outline.published_precision if is_outlines else "day"
        report.published_precision = facts.published_precision or stated
    try:
        report.full_clean()
    except ValidationError as error:
        lines = [
            f"{getattr(report._meta.get_field(name), 'verbose_name', name)}: {line}"
            for name, found in error.message_dict.items()
            for line in found
        ]
        raise ImportProblem(" ".join(lines)) from error
    report.save()
    return report


def _section(draft: Draft, proposed: ProposedSection) -> None:
    """Write a section. Those that it lies in are written already."""
    position = len(draft.sections) + 1
    title = cut(proposed.title) or draft.report.title
    section = Section(
        report=draft.report,
        title=title,
        slug=free_slug_of(draft, title, f"section-{position}"),
        position=position,
        parent=None if proposed.parent is None else draft.sections[proposed.parent],
    )
    section.save()
    draft.sections.append(section)


def free_slug_of(draft: Draft, text: str, otherwise: str) -> str:
    """Return a slug of a text that nothing of the report has, and note that it is taken."""
    base = slugify(text)[: LONGEST_SLUG - 4].strip("-") or otherwise
    tries = chain([base], (f"{base}-{n}" for n in count(2)))
    slug = next(one for one in tries if one not in draft.slugs)
    draft.slugs.add(slug)
    return slug


def cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


# Text -------------------------------------------------------------------------------------------


def anchors_of(texts: Iterable[str]) -> list[str]:
    """Return an anchor for each text, made of its words, so that it stays when the text moves."""
    seen: Counter[str] = Counter()
    found = []
    for text in texts:
        words = " ".join(text.casefold().split())
        anchor = f"p-{hashlib.sha256(words.encode()).hexdigest()[:10]}"
        seen[anchor] += 1
        found.append(anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}")
    return found


def passages_from(blocks: Sequence[TextBlock], headings: dict[int, Section]) -> list[Passage]:
    """Return unsaved passages, each in the section of the last heading that has one."""
    anchors = anchors_of(block.text for block in blocks)
    section = None
    passages = []
    for n, (block, anchor) in enumerate(zip(blocks, anchors, strict=True)):
        section = headings.get(n, section)
        passages.append(
            Passage(
                kind=block.kind,
                level=block.level,
                html=block.html,
                text=block.text,
                position=n + 1,
                anchor=anchor,
                section=section,
            )
        )
    return passages


def _passages(draft: Draft, outline: Outline, text: ReportText) -> list[Passage]:
    headings = {
        proposed.block: section
        for proposed, section in zip(outline.sections, draft.sections, strict=True)
        if proposed.block is not None
    }
    passages = passages_from(outline.blocks, headings)
    for passage in passages:
        passage.report_text = text
    return Passage.objects.bulk_create(passages, batch_size=500)


# Recommendations --------------------------------------------------------------------------------


def add_recommendation(
    draft: Draft, section: Section, proposed: ProposedRecommendation, position: int
) -> None:
    """Write a recommendation with its actions and marks. Its passages are written already."""
    headline = without_own_number(proposed.headline)
    recommendation = Recommendation(
        report=draft.report,
        section=section,
        number=proposed.number,
        slug=free_slug_of(draft, headline, f"recommendation-{position}"),
        position=position,
        headline=headline,
        # Of a sentence of running text, the name is ours.
        is_headline_of_report=proposed.origin == "listed",
        origin=proposed.origin,
    )
    recommendation.save()
    passages = [draft.passages[n] for n in proposed.blocks]
    for passage in passages:
        passage.recommendation = recommendation
    Passage.objects.bulk_update(passages, ["recommendation"])
    for number, action in enumerate(proposed.actions, start=1):
        _action(draft, recommendation, action, number)


def _action(
    draft: Draft, recommendation: Recommendation, proposed: ProposedAction, number: int
) -> None:
    action = Action(
        recommendation=recommendation,
        number=number,
        slug=f"action-{number}",
        title=cut(without_own_number(proposed.text)),
        # A guess that the editor has to look at, as at every proposal.
        kind=ActionKind.POLICY,
        ask_strength=AskStrength(proposed.strength),
        place=cut(_place(draft, proposed.place.block)),
        review_due_on=draft.review_due_on,
    )
    action.save()
    action.parties.set([draft.parties[slug] for slug in proposed.parties if slug in draft.parties])
    bodies = [draft.bodies[slug] for slug in proposed.bodies if slug in draft.bodies]
    bodies += [draft.added[name] for name in proposed.new_bodies if name in draft.added]
    ActionBody.objects.bulk_create(
        ActionBody(action=action, body=body, basis=LeadBasis.NAMED) for body in bodies
    )
    if deadline := _deadline(draft, proposed):
        Deadline.objects.create(
            action=action,
            origin=DeadlineOrigin.REPORT,
            on=deadline.on,
            precision=deadline.precision,
            note=cut(deadline.words),
        )
    Mark.objects.bulk_create(
        Mark(passage=draft.passages[place.block], action=action, start=place.start, end=place.end)
        for place in proposed.places
    )


def _deadline(draft: Draft, proposed: ProposedAction) -> FoundDeadline | None:
    """Return a deadline counted from the day on which the report came out, as the editor says."""
    published_on, read_as_of = draft.report.published_on, draft.read_as_of
    if published_on == read_as_of:
        return proposed.deadline
    return counted_anew(
        proposed.deadline, proposed.deadline_words, before=read_as_of, published_on=published_on
    )


def _place(draft: Draft, block: int) -> str:
    passage = draft.passages[block]
    title = passage.section.title if passage.section else draft.report.title
    # It is a text of the record: in the language of the report, whoever imports it.
    with translation.override(language_of(title) or settings.LANGUAGE_CODE):
        return _("%(section)s, passage %(number)d") % {"section": title, "number": passage.position}
