"""An accepted outline to a draft report, with its text: all of it or nothing."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from recommendations.importing import ImportProblem, Vocabulary
from recommendations.models import (
    Action,
    ActionBody,
    Body,
    Deadline,
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
from recommendations.models.recommendation import RecommendationOrigin
from recommendations.publishing import settle_wording
from recommendations.statuses import REVIEW_INTERVAL
from recommendations.text.languages import language_of

COUNTRY_OR_LETTERS = re.compile(r"\s*\([^()]*\)$")
LONGEST = 300
LONGEST_SLUG = 80


def vocabulary() -> Vocabulary:
    """Return the parties and bodies that there are, by all their names (two queries)."""
    bodies = list(Body.objects.select_related("party"))
    return Vocabulary(
        {name: party.slug for party in Party.objects.all() for name in party.names},
        {name: body.slug for body in bodies for name in _names_in_texts(body)},
        {body.slug: body.party.slug for body in bodies if body.party},
    )


def _names_in_texts(body: Body) -> list[str]:
    """Return the names of a body, and its own without the country or the letters behind it."""
    return [*body.names, COUNTRY_OR_LETTERS.sub("", body.name)]


@dataclass
class _Draft:
    """What is known while the rows of one outline are written."""

    outline: dict[str, Any]
    report: Report
    sections: list[Section] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    parties: dict[str, Party] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    slugs: Counter[str] = field(default_factory=Counter)
    review_due_on: date = date.max


@transaction.atomic
def save_draft(
    outline: dict[str, Any],
    *,
    slug: str,
    file_name: str,
    checksum: str,
    now: datetime,
    by: User | None = None,
    facts: dict[str, Any] | None = None,
) -> Report:
    """Write an outline as a draft that no visitor sees, and return its report.

    `facts` are fields of the report that the editor says otherwise than the file. The actions have
    the words of the report until somebody gives them others; the text shows to nobody until the
    report's rights say so. Raises ImportProblem.
    """
    draft = _Draft(outline, _report(outline, slug, facts or {}))
    draft.review_due_on = now.date() + REVIEW_INTERVAL
    draft.parties = {party.slug: party for party in Party.objects.all()}
    draft.bodies = {body.slug: body for body in Body.objects.all()}
    draft.sections = [_section(draft, n) for n in range(len(outline["sections"]))]
    text = ReportText.objects.create(
        report=draft.report,
        version=1,
        file_name=file_name[:200],
        checksum=checksum,
        imported_at=now,
        imported_by=by,
    )
    draft.passages = _passages(draft, text)
    position = 0
    for section, proposed in zip(draft.sections, outline["sections"], strict=True):
        for one in proposed["recommendations"]:
            position += 1
            _recommendation(draft, section, one, position)
    settle_wording(Recommendation.objects.filter(report=draft.report))
    return draft.report


def _report(outline: dict[str, Any], slug: str, facts: dict[str, Any]) -> Report:
    if Report.objects.filter(slug=slug).exists():
        raise ImportProblem(
            _("There is a report “%(slug)s” already. Choose another short name.") % {"slug": slug}
        )
    fields = {
        "title": outline["title"],
        "subtitle": outline["subtitle"],
        "authors": "\n".join(outline["authors"]),
        "publisher": outline["publisher"],
        "published_on": outline["published_on"],
    } | {name: value for name, value in facts.items() if value}
    report = Report(slug=slug, **fields)
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


def _section(draft: _Draft, n: int) -> Section:
    proposed = draft.outline["sections"][n]
    # Sections come before those inside them.
    parent = proposed["parent"]
    title = cut(proposed["title"]) or draft.report.title
    section = Section(
        report=draft.report,
        title=title,
        slug=_slug(draft, title, f"section-{n + 1}"),
        position=n + 1,
        parent=Section.objects.filter(report=draft.report, position=parent + 1).first()
        if parent is not None
        else None,
    )
    section.save()
    return section


def _slug(draft: _Draft, text: str, otherwise: str) -> str:
    base = slugify(text)[: LONGEST_SLUG - 4].strip("-") or otherwise
    draft.slugs[base] += 1
    return base if draft.slugs[base] == 1 else f"{base}-{draft.slugs[base]}"


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


def passages_from(blocks: Sequence[dict[str, Any]], headings: dict[int, Section]) -> list[Passage]:
    """Return unsaved passages, each in the section of the last heading that has one."""
    anchors = anchors_of(block["text"] for block in blocks)
    section = None
    passages = []
    for n, (block, anchor) in enumerate(zip(blocks, anchors, strict=True)):
        section = headings.get(n, section)
        passages.append(Passage(**block, position=n + 1, anchor=anchor, section=section))
    return passages


def _passages(draft: _Draft, text: ReportText) -> list[Passage]:
    blocks = draft.outline["blocks"]
    headings = {
        proposed["block"]: section
        for proposed, section in zip(draft.outline["sections"], draft.sections, strict=True)
        if proposed["block"] is not None
    }
    passages = passages_from(blocks, headings)
    for passage in passages:
        passage.report_text = text
    return Passage.objects.bulk_create(passages, batch_size=500)


# Recommendations --------------------------------------------------------------------------------


def _recommendation(
    draft: _Draft, section: Section, one: dict[str, Any], position: int
) -> Recommendation:
    recommendation = Recommendation(
        report=draft.report,
        section=section,
        number=one["number"],
        slug=_slug(draft, one["headline"], f"recommendation-{position}"),
        position=position,
        headline=one["headline"],
        # Of a sentence of running text, the name is ours.
        is_headline_of_report="origin" not in one,
        origin=one.get("origin", RecommendationOrigin.LISTED),
    )
    recommendation.save()
    passages = [draft.passages[n] for n in one["blocks"]]
    for passage in passages:
        passage.recommendation = recommendation
    Passage.objects.bulk_update(passages, ["recommendation"])
    for number, proposed in enumerate(one["actions"], start=1):
        _action(draft, recommendation, proposed, number)
    return recommendation


def _action(
    draft: _Draft, recommendation: Recommendation, proposed: dict[str, Any], number: int
) -> Action:
    action = Action(
        recommendation=recommendation,
        number=number,
        slug=f"action-{number}",
        title=cut(proposed["text"]),
        # A guess that the editor has to look at, as at every proposal.
        kind=ActionKind.POLICY,
        ask_strength=AskStrength(proposed["strength"]),
        place=cut(_place(draft, proposed["place"][0])),
        review_due_on=draft.review_due_on,
    )
    action.save()
    action.parties.set(_known(draft.parties, proposed["parties"]))
    ActionBody.objects.bulk_create(
        ActionBody(action=action, body=body, basis=LeadBasis.NAMED)
        for body in _known(draft.bodies, proposed["bodies"])
    )
    if deadline := proposed["deadline"]:
        Deadline.objects.create(
            action=action,
            origin=DeadlineOrigin.REPORT,
            on=deadline["on"],
            precision=deadline["precision"],
            note=cut(deadline["words"]),
        )
    Mark.objects.bulk_create(
        Mark(passage=draft.passages[block], action=action, start=start, end=end)
        for block, start, end in [proposed["place"], *proposed.get("more_places", [])]
    )
    return action


def _place(draft: _Draft, block: int) -> str:
    passage = draft.passages[block]
    title = passage.section.title if passage.section else draft.report.title
    # It is a text of the record: in the language of the report, whoever imports it.
    with translation.override(language_of(title) or settings.LANGUAGE_CODE):
        return _("%(section)s, passage %(number)d") % {"section": title, "number": passage.position}


def _known(rows: dict[str, Any], slugs: Sequence[str]) -> list[Any]:
    return [rows[slug] for slug in slugs if slug in rows]
