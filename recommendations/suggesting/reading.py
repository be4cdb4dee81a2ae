"""Reads the passages of actions in the record: wording, addressees and what was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from django.db.models import QuerySet

from recommendations.models import Action, ActionBody, Evidence, Recommendation, StatusUpdate
from recommendations.models.status_update import EndReason
from recommendations.text.languages import in_every_language

from .passages import Field, Passage

Owners = dict[int, list[int]]


def passages_of(recommendations: Collection[int] | None = None) -> list[Passage]:
    """Return the passages of the actions in the record, or of those of some (8 queries)."""
    actions = Action.objects.in_record()
    if recommendations is not None:
        actions = actions.filter(recommendation__in=recommendations)
    columns = ("pk", "recommendation_id", "title")
    rows = list(actions.order_by("pk").values_list(*columns))
    owners: Owners = {pk: [pk] for pk, *_rest in rows}
    of_action = {pk: recommendation for pk, recommendation, _title in rows}
    found = list(_of_recommendations(set(of_action.values())))
    names = _names_of(of_action)
    for pk, recommendation, title in rows:
        said = in_every_language(title, "action.title")
        found.append(Passage.of(said, Field.ASK, recommendation, pk))
        found.append(Passage.of(names[pk], Field.NAMES, recommendation, pk))
    _add_withdrawn(owners, of_action)
    found += _of_updates(owners, of_action)
    return found


def _of_recommendations(keys: Collection[int]) -> Iterator[Passage]:
    areas: dict[int, list[str]] = defaultdict(list)
    through = Recommendation.areas.through.objects.filter(recommendation__in=keys)
    for pk, name in through.values_list("recommendation_id", "policyarea__name"):
        areas[pk] += in_every_language(name, "policyarea.name")
    rows = Recommendation.objects.filter(pk__in=keys).order_by("pk")
    columns = ("pk", "headline", "summary", "section__title")
    for pk, headline, summary, section in rows.values_list(*columns):
        of = partial(Passage.of, recommendation=pk)
        yield of(in_every_language(headline, "recommendation.headline"), Field.HEADLINE)
        yield of(in_every_language(summary, "recommendation.summary"), Field.SUMMARY)
        yield of([*in_every_language(section, "section.title"), *areas[pk]], Field.AREAS)


def _names_of(actions: Collection[int]) -> dict[int, list[str]]:
    parties = Action.parties.through.objects.filter(action__in=actions)
    bodies = ActionBody.objects.filter(action__in=actions)
    named: tuple[tuple[QuerySet[Any], str], ...] = ((parties, "party"), (bodies, "body"))
    found: dict[int, list[str]] = defaultdict(list)
    for rows, label in named:
        for pk, name in rows.order_by("pk").values_list("action_id", f"{label}__name"):
            found[pk] += in_every_language(name, f"{label}.name")
    return found


def _add_withdrawn(owners: Owners, of_action: dict[int, int]) -> None:
    """What was told of an action that was split or merged tells of what came of it."""
    links = Action.successors.through.objects.filter(to_action__in=of_action)
    for earlier, later in links.order_by("pk").values_list("from_action_id", "to_action_id"):
        owners.setdefault(earlier, []).append(later)


def _of_updates(owners: Owners, of_action: dict[int, int]) -> Iterator[Passage]:
    """What was told and later corrected tells of the same action; what was retracted may not."""
    told = StatusUpdate.objects.public().exclude(end_reason=EndReason.RETRACTED)
    told = told.filter(action__in=owners)
    of_update: dict[int, list[int]] = {}
    for pk, action, note in told.order_by("pk").values_list("pk", "action_id", "note"):
        of_update[pk] = owners[action]
        for owner in owners[action]:
            said = in_every_language(note, "statusupdate.note")
            yield Passage.of(said, Field.NOTE, of_action[owner], owner, pk)
    items = Evidence.objects.filter(update__in=told.values("pk")).order_by("pk")
    columns = ("update_id", "title", "quotation", "supports", "publisher")
    for pk, title, quotation, supports, publisher in items.values_list(*columns):
        cited = [title, quotation, *in_every_language(supports, "evidence.supports")]
        names = list(in_every_language(publisher, "evidence.publisher"))
        for owner in of_update[pk]:
            yield Passage.of(cited, Field.EVIDENCE, of_action[owner], owner, pk)
            yield Passage.of(names, Field.PUBLISHER, of_action[owner], owner, pk)
