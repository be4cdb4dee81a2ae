"""The words of recommendations, actions and updates, as the index looks through them.

Each text is in the field that its matches are ordered by. Between two texts stands a mark that
nobody can ask for, so that no phrase begins in one and ends in the next. Wording is that of now;
of the updates all that were published are here, and a viewpoint says which of them count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import QuerySet

from recommendations.models import Action, ActionBody, Evidence, Recommendation, StatusUpdate
from recommendations.models.action import letters
from recommendations.text.languages import in_every_language
from recommendations.text.tokens import CAPITALS, tokens_of

# Alone, it is no token of any text.
BETWEEN = f" {CAPITALS} "
# As many recommendations are read at a time.
BATCH = 500


class Documents(NamedTuple):
    """Rows of the three tables of words: a key, and the words of each field.

    Recommendations and actions have number, headline, title and the rest, updates have their note,
    and the titles, publishers and findings of their evidence.
    """

    recommendations: list[tuple[int, str, str, str, str]]
    actions: list[tuple[int, str, str, str, str]]
    updates: list[tuple[int, str, str]]


def of(keys: Collection[int]) -> Documents:
    """Return what is searched of these recommendations, if they came into the record (8 queries).

    Plain tuples are read: with a million actions, making rows of models takes longer than all else.
    """
    found = Documents([], [], [])
    numbers: dict[int, str] = {}
    labels = Labels()
    areas = labels.of(
        Recommendation.areas.through.objects.filter(recommendation__in=keys),
        *("recommendation_id", "policyarea"),
    )
    rows = Recommendation.objects.published().filter(pk__in=keys).order_by("pk")
    columns = ("pk", "number", "headline", "summary", "section__title")
    for pk, number, headline, summary, section in rows.values_list(*columns):
        numbers[pk] = number
        rest = [
            _said(summary, "recommendation.summary"),
            labels.said(section, "section.title"),
            *areas[pk],
        ]
        said = _said(headline, "recommendation.headline")
        found.recommendations.append((pk, _said(number), said, "", _joined(rest)))
    _add_actions(found, numbers, labels)
    return found


def _add_actions(found: Documents, numbers: dict[int, str], labels: Labels) -> None:
    of_these = {"action__recommendation__in": numbers}
    parties = labels.of(Action.parties.through.objects.filter(**of_these), "action_id", "party")
    bodies = labels.of(ActionBody.objects.filter(**of_these), "action_id", "body")
    actions = Action.objects.published().filter(recommendation__in=numbers).order_by("pk")
    columns = ("pk", "recommendation_id", "number", "title")
    for pk, recommendation, number, title in actions.values_list(*columns):
        label = f"{numbers[recommendation]}{letters(number)}"
        rest = _joined([*parties[pk], *bodies[pk]])
        found.actions.append((pk, _said(label), "", _said(title, "action.title"), rest))
    _add_updates(found, of_these, labels)


def _add_updates(found: Documents, of_these: dict[str, Any], labels: Labels) -> None:
    evidence: dict[int, list[str]] = defaultdict(list)
    items = Evidence.objects.filter(**{f"update__{name}": of for name, of in of_these.items()})
    columns = ("update_id", "title", "publisher", "supports")
    for update, title, publisher, supports in items.order_by("position", "pk").values_list(
        *columns
    ):
        evidence[update] += (
            _said(title),
            labels.said(publisher, "evidence.publisher"),
            _said(supports, "evidence.supports"),
        )
    published = StatusUpdate.objects.public().filter(**of_these)
    for pk, note in published.order_by("pk").values_list("pk", "note"):
        found.updates.append((pk, _said(note, "statusupdate.note"), _joined(evidence[pk])))


class Labels:
    """Texts that many rows share, each read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def said(self, text: str, kind: str) -> str:
        if (text, kind) not in self._known:
            self._known[text, kind] = _said(text, kind)
        return self._known[text, kind]

    def of(self, rows: QuerySet[Any], owner: str, label: str) -> dict[int, list[str]]:
        """Return the names of areas, parties or bodies by what has them, in their order."""
        ordered = rows.order_by(f"{label}__position", f"{label}__name")
        found: dict[int, list[str]] = defaultdict(list)
        for key, name in ordered.values_list(owner, f"{label}__name"):
            found[key].append(self.said(name, f"{label}.name"))
        return found


def _said(text: str, kind: str = "") -> str:
    """Return the tokens of a text; where it has a kind, those of its translations too."""
    return _joined(
        " ".join(tokens_of(one)) for one in (in_every_language(text, kind) if kind else [text])
    )


def _joined(texts: Iterable[str]) -> str:
    return BETWEEN.join(filter(None, texts))
