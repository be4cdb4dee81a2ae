"""The words of recommendations, actions and updates, as the index looks through them.

Each text is in the field that its matches are ordered by. Between two texts stands a mark that
nobody can ask for, so that no phrase begins in one and ends in the next. Wording is that of now;
of the updates all that were published are here, and a viewpoint says which of them count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Prefetch, QuerySet

from recommendations.models import Action, Recommendation, StatusUpdate
from recommendations.text.languages import in_every_language
from recommendations.text.tokens import CAPITALS, tokens_of

# Alone, it is no token of any text.
BETWEEN = f" {CAPITALS} "
# As many are read at a time.
BATCH = 200

Document = tuple[int, str, str, str, str]


def joined(texts: Iterable[str]) -> str:
    return BETWEEN.join(" ".join(tokens_of(text)) for text in texts if text)


def _both(text: str, kind: str) -> Iterator[str]:
    return in_every_language(text, kind)


def of_recommendation(one: Recommendation) -> Document:
    """Return number, headline, title (it has none) and the rest."""
    rest = [
        *_both(one.summary, "recommendation.summary"),
        *_both(one.section.title, "section.title"),
    ]
    for area in one.areas.all():
        rest += _both(area.name, "policyarea.name")
    headline = joined(_both(one.headline, "recommendation.headline"))
    return one.pk, joined([one.number]), headline, "", joined(rest)


def of_action(action: Action, *, number: str) -> Document:
    rest: list[str] = []
    for party in action.parties.all():
        rest += _both(party.name, "party.name")
    for body in action.bodies.all():
        rest += _both(body.name, "body.name")
    label, title = action.label_within(number), joined(_both(action.title, "action.title"))
    return action.pk, joined([label]), "", title, joined(rest)


def of_update(update: StatusUpdate) -> tuple[int, str, str]:
    """Return its note, and the titles, publishers and findings of its evidence."""
    evidence: list[str] = []
    for item in update.evidence.all():
        evidence += [item.title, item.publisher, *_both(item.supports, "evidence.supports")]
    return update.pk, joined(_both(update.note, "statusupdate.note")), joined(evidence)


def recommendations(ids: Collection[int]) -> QuerySet[Recommendation]:
    """Return what came into the record of these, with all that is searched (nine queries)."""
    updates = StatusUpdate.objects.published().order_by("pk").prefetch_related("evidence")
    actions = Action.objects.published().prefetch_related(
        "parties", "bodies", Prefetch("updates", updates)
    )
    rows = Recommendation.objects.published().filter(pk__in=ids).select_related("section")
    return rows.prefetch_related("areas", Prefetch("actions", actions))
