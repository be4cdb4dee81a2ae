"""Where the words of a search stand in the rows of a page: a short passage for each.

A row whose title and headline have all of the words needs none. Of the others it is the first text
that has as many of the missing words as any: an update that counts where the page looks from, the
wording of the row itself, the names of who is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from recommendations.models import Action, Recommendation, StatusUpdate
from recommendations.record import Record
from recommendations.text.languages import Said, plain, show, versions
from recommendations.text.passages import Passage, passage
from recommendations.text.queries import Part, Query, has_part
from recommendations.text.tokens import tokens_of


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the record with what it is to a reader. Without a kind it has no translation."""

    label: str | Promise
    words: str
    kind: str = ""
    # It is that of the recommendation, which its actions have too.
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    of: Text
    said: Said
    passage: Passage


@dataclass(frozen=True)
class Matches:
    """What a page shows of a search beside its rows: by the key of a row, what is quoted.

    Where actions stand in groups, `of_groups` has by recommendation what is quoted of it for all.
    """

    query: Query
    quotations: dict[int, Quotation] = field(default_factory=dict)
    of_groups: dict[int, Quotation] = field(default_factory=dict)


def matches_of(
    record: Record,
    query: Query,
    rows: Sequence[Action] | Sequence[Recommendation],
    *,
    is_grouped: bool = False,
) -> Matches:
    """Return where the words stand (up to seven queries, whatever the rows are)."""
    missing = {row.pk: parts for row in rows if (parts := list(_missing(query, row)))}
    matches = Matches(query)
    for row, texts in _texts_of(record, [row for row in rows if row.pk in missing]):
        found = _quoted(query, missing[row.pk], texts)
        if found and is_grouped and isinstance(row, Action) and found.of.is_shared:
            matches.of_groups[row.recommendation_id] = found
        elif found:
            matches.quotations[row.pk] = found
    return matches


def _missing(query: Query, row: Action | Recommendation) -> Iterator[Part]:
    """Yield what is asked for and stands in none of the texts that a row shows at its head."""
    tokens = [tokens_of(text) for text in _head_of(row)]
    for part in query.wanted:
        if not any(has_part(part, own) for own in tokens):
            yield part


def _head_of(row: Action | Recommendation) -> Iterator[str]:
    recommendation = row.recommendation if isinstance(row, Action) else row
    yield recommendation.number
    yield plain(recommendation.headline, "recommendation.headline")
    if isinstance(row, Action):
        yield row.label
        yield plain(row.title, "action.title")


def _quoted(query: Query, missing: Sequence[Part], texts: Iterable[Text]) -> Quotation | None:
    best, most = None, 0
    for text in texts:
        for said in versions(text.words, text.kind):
            tokens = tokens_of(said.text)
            n = sum(has_part(part, tokens) for part in missing)
            if n > most:
                best, most = (text, said), n
        if most == len(missing):
            break
    if best is None:
        return None
    text, said = best
    show(said)
    return Quotation(text, said, passage(said.text, query.terms))


# The texts of rows, in the order in which they are looked through ---------------------------------


def _texts_of(
    record: Record, rows: Sequence[Action | Recommendation]
) -> Iterator[tuple[Action | Recommendation, Iterator[Text]]]:
    if not rows:
        return
    keys = {row.recommendation_id if isinstance(row, Action) else row.pk for row in rows}
    with_areas = record.recommendations().select_related("section").prefetch_related("areas")
    recommendations = with_areas.in_bulk(keys)
    actions = _actions_of(record, rows)
    updates = _updates_of(record, chain.from_iterable(actions.values()))
    for row in rows:
        own = row.recommendation_id if isinstance(row, Action) else row.pk
        yield row, _texts(recommendations[own], actions[row.pk], updates)


def _actions_of(record: Record, rows: Sequence[Action | Recommendation]) -> dict[int, list[Action]]:
    """Return by the key of a row the action that it is, or those of the recommendation."""
    found: dict[int, list[Action]] = defaultdict(list)
    of_recommendations = [row.pk for row in rows if isinstance(row, Recommendation)]
    if of_recommendations:
        actions = record.actions().in_record().filter(recommendation__in=of_recommendations)
        for action in actions.prefetch_related("parties", "bodies").order_by("number", "pk"):
            found[action.recommendation_id].append(action)
    for row in rows:
        if isinstance(row, Action):
            found[row.pk].append(row)
    return found


def _updates_of(record: Record, actions: Iterable[Action]) -> dict[int, list[StatusUpdate]]:
    """Return by action the updates whose words are searched, what took effect last first."""
    found: dict[int, list[StatusUpdate]] = defaultdict(list)
    keys = [action.pk for action in actions]
    updates = record.updates_in_effect().filter(action__in=keys).prefetch_related("evidence")
    for update in updates.order_by("-effective_day", "-edition_id", "-pk"):
        found[update.action_id].append(update)
    return found


def _texts(
    recommendation: Recommendation,
    actions: Sequence[Action],
    updates: Mapping[int, Sequence[StatusUpdate]],
) -> Iterator[Text]:
    for action in actions:
        yield Text(gettext_lazy("Action"), action.title, "action.title")
    own = [update for action in actions for update in updates.get(action.pk, ())]
    for update in own:
        yield Text(gettext_lazy("Note"), update.note, "statusupdate.note")
    for item in (item for update in own for item in update.evidence.all()):
        yield Text(gettext_lazy("Source"), item.title)
        yield Text(gettext_lazy("What it supports"), item.supports, "evidence.supports")
        yield Text(gettext_lazy("Publisher"), item.publisher, "evidence.publisher")
    yield from _wording(recommendation)
    for party in (party for action in actions for party in action.parties.all()):
        yield Text(gettext_lazy("Responsible party"), party.name, "party.name")
    for body in (body for action in actions for body in action.bodies.all()):
        yield Text(gettext_lazy("Lead body"), body.name, "body.name")


def _wording(recommendation: Recommendation) -> Iterator[Text]:
    found = [
        (gettext_lazy("Recommendation"), recommendation.headline, "recommendation.headline"),
        (gettext_lazy("Summary"), recommendation.summary, "recommendation.summary"),
        (gettext_lazy("Section"), recommendation.section.title, "section.title"),
    ]
    for area in recommendation.areas.all():
        found.append((gettext_lazy("Policy area"), area.name, "policyarea.name"))
    for label, words, kind in found:
        yield Text(label, words, kind, is_shared=True)
