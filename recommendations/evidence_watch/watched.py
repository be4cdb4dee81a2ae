"""The rows that the watch looks at: every action in the record with its counting updates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.statuses import last_day

from .findings import Statement, WatchedAction, WatchedItem


def watched_actions() -> list[WatchedAction]:
    """Return the actions in the record, in the order of their reports (four queries)."""
    statements = _statements()
    actions = Action.objects.in_record().select_related("recommendation__report")
    return [
        WatchedAction(
            action.pk,
            action.label,
            action.title,
            action.get_absolute_url(),
            tuple(statements.get(action.pk, ())),
            action.recommendation.report.known_as,
        )
        for action in actions.order_by(*Action.objects.all().REPORT_ORDER)
    ]


def _statements() -> dict[int, list[Statement]]:
    items, relied_on = _items(), _relied_on()
    found: dict[int, list[Statement]] = defaultdict(list)
    for update in StatusUpdate.objects.counting().order_by("pk").iterator():
        assert update.effective_day and update.edition_id  # It is published.
        found[update.action_id].append(
            Statement(
                update.pk,
                update.status,
                update.effective_day,
                update.edition_id,
                relies_on=frozenset(relied_on[update.pk]),
                sources=tuple(items[update.pk]),
                slug=update.slug,
                search_note=update.search_note,
                is_correction=update.replaces_id is not None,
            )
        )
    return found


def _items() -> dict[int, list[WatchedItem]]:
    found: dict[int, list[WatchedItem]] = defaultdict(list)
    counting = StatusUpdate.objects.counting()
    for item in Evidence.objects.filter(update__in=counting).order_by("update", "position"):
        day = item.published_on and last_day(item.published_on, item.published_precision)
        found[item.update_id].append(
            WatchedItem(
                item.url,
                item.kind,
                publisher=item.publisher,
                title=item.title,
                archived_url=item.archived_url,
                is_state_media=item.is_state_media,
                published_day=day,
            )
        )
    return found


def _relied_on() -> dict[int, set[int]]:
    """Return which updates each relies on."""
    found: dict[int, set[int]] = defaultdict(set)
    links: Iterable[tuple[int, int]] = StatusUpdate.relies_on.through.objects.values_list(
        "from_statusupdate_id", "to_statusupdate_id"
    )
    for relying, other in links:
        found[relying].add(other)
    return found
