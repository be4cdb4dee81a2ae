"""Which actions an item of the inbox may be about, and by what: found once and kept with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from time import monotonic
from typing import Any

from django.utils import timezone
from django_tasks import task

from recommendations.index.keeping import BeingMade
from recommendations.models import Action, InboxItem, LoweredHost
from recommendations.suggesting import Suggestion, suggest

from .lowering import lowered_for

MOST = 5
# Seconds of a request.
AT_MOST = 3.0


@dataclass(frozen=True, slots=True)
class Suggested:
    """An action that an item may be about, as it was when it was looked for.

    `lowered` is by how many percent it stands lower since items of the host were dismissed for it.
    """

    action: int
    label: str
    report: str
    score: float
    words: list[str]
    is_citing: bool
    # A reader's report is about it.
    is_named: bool = False
    lowered: int = 0

    @classmethod
    def of(cls, one: Suggestion, lowered: LoweredHost | None = None) -> Suggested:
        """Return it as it is kept. What cites the address is not lowered."""
        if one.cited:
            lowered = None
        score = one.score * (lowered.factor if lowered else 1)
        return cls(
            one.action.pk,
            one.action.label,
            one.report,
            round(score, 3),
            list(one.words),
            bool(one.cited),
            lowered=lowered.percent if lowered else 0,
        )


def suggested(item: InboxItem) -> list[Suggested]:
    """Return the actions that an item may be about, as the record is now, the best first.

    The one that a reader's report is about comes first. It writes nothing. Raises BeingMade while
    there is no index.
    """
    named = _named_by_reader(item)
    found = suggested_of(item.words, item.url)
    if named is None:
        return found
    there = next((one for one in found if one.action == named.pk), None)
    first = replace(there or Suggested.of(Suggestion(named, 1.0, ())), is_named=True)
    return [first, *(one for one in found if one.action != named.pk)]


def suggested_of(words: str, url: str = "") -> list[Suggested]:
    """Return the actions that words of a page may be about, lowered as its host is for each.

    Raises BeingMade while there is no index.
    """
    lowered = lowered_for(url)
    found = [Suggested.of(one, lowered.get(one.action.pk)) for one in suggest(words, most=MOST)]
    return sorted(found, key=lambda one: -one.score)


def _named_by_reader(item: InboxItem) -> Action | None:
    report = item.reader_report
    if report is None or report.action_id is None:
        return None
    actions = Action.objects.in_record().select_related("recommendation__report")
    return actions.filter(pk=report.action_id).first()


def kept_suggestions(item: InboxItem) -> list[Suggested]:
    """Return what was found when it was last looked for (no query)."""
    return [Suggested(**said) for said in item.suggestions]


def keep_suggestions(items: Iterable[InboxItem], *, seconds: float | None = None) -> int:
    """Look for the actions of items and keep them, and return how many were looked at.

    It ends after so many seconds, or where there is no index yet: the rest stay without.
    """
    end = monotonic() + seconds if seconds is not None else None
    done = 0
    for item in items:
        if end is not None and monotonic() > end:
            break
        try:
            found = suggested(item)
        except BeingMade:
            break
        _keep(item, [asdict(one) for one in found])
        done += 1
    return done


def find_actions(items: Sequence[InboxItem]) -> None:
    """Look for the actions of new items, of many in the background: nobody waits long."""
    done = keep_suggestions(items, seconds=AT_MOST)
    if rest := [item.pk for item in items[done:]]:
        find_actions_later.enqueue(rest)


@task()
def find_actions_later(keys: list[int]) -> None:
    """Look for the actions of those items that still wait."""
    keep_suggestions(InboxItem.objects.waiting().filter(pk__in=keys))


def _keep(item: InboxItem, said: list[dict[str, Any]]) -> None:
    item.suggestions, item.suggested_at = said, timezone.now()
    item.save(update_fields=["suggestions", "suggested_at"])
