"""What follows from the record and is stored beside it: compared, and derived again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from recommendations.models import Action, Edition, Recommendation
from recommendations.periods import repeated_columns, store, tables
from recommendations.periods.bases import BasisSpan
from recommendations.periods.spans import Span, ToldSpan
from recommendations.publishing.editions import lock_state, touch

from .difference import Difference, batches, of_one_moment, row_name


def differences() -> Iterator[Difference]:
    for ids in batches(Recommendation.objects.all()):
        yield from of_one_moment(_recommendations(ids))


def _recommendations(ids: list[int]) -> Iterator[Difference]:
    """Compare recommendations and their actions with what should be there.

    Damage of an action is no excuse for its recommendation: what is expected of either follows
    from the updates alone.
    """
    actions = _actions_of(ids)
    of_actions, bases = store.expected_action_rows(actions), store.expected_basis_rows(actions)
    yield from _rows("action_id", of_actions)
    yield from _rows("action_id", bases, table=tables.BASES)
    yield from _action_columns(of_actions, bases)
    rows = store.expected_recommendation_rows(ids, of_actions=of_actions)
    yield from _rows("recommendation_id", rows)
    yield from _recommendation_columns(rows)


def _actions_of(recommendation_ids: Collection[int]) -> list[int]:
    actions = Action.objects.filter(recommendation__in=recommendation_ids)
    return list(actions.order_by("pk").values_list("pk", flat=True))


def _action_columns(
    rows: Mapping[int, list[ToldSpan[Span]]], bases: Mapping[int, list[ToldSpan[BasisSpan]]]
) -> Iterator[Difference]:
    expected = store.action_columns(rows, bases)
    for pk, columns in repeated_columns.expected_columns(list(rows)).items():
        expected[pk] |= columns
    actions = Action.objects.filter(pk__in=rows).select_related("recommendation")
    yield from _columns(actions, expected)


def _recommendation_columns(rows: dict[int, list[ToldSpan]]) -> Iterator[Difference]:
    expected = {pk: store.current_status(of_one) for pk, of_one in rows.items()}
    yield from _columns(Recommendation.objects.filter(pk__in=rows), expected)


def _columns(instances: Iterable, expected: dict[int, dict[str, object]]) -> Iterator[Difference]:
    for instance in instances:
        for name, value in expected[instance.pk].items():
            if getattr(instance, name) != value:
                detail = _("%(column)s is %(found)s, not %(expected)s") % {
                    "column": name,
                    "found": getattr(instance, name),
                    "expected": value,
                }
                yield Difference("column", str(instance), detail)


def _rows(
    owner: str,
    expected: Mapping[int, Iterable[ToldSpan]],
    *,
    table: tables.PeriodTable = tables.STATUSES,
) -> Iterator[Difference]:
    stored = tables.stored_rows(Q(**{f"{owner}__in": list(expected)}), owner, table=table)
    for pk, rows in expected.items():
        there, wanted = stored.get(pk, {}), set(rows)
        where = row_name(owner.removesuffix("_id"), pk)
        for row in there.keys() - wanted:
            detail = _("does not follow from the record: %(row)s") % {"row": _show(row)}
            yield Difference("period", where, detail)
        for row in wanted - there.keys():
            yield Difference("period", where, _("is missing: %(row)s") % {"row": _show(row)})
        for row in (row for row, pks in there.items() if len(pks) > 1):
            yield Difference("period", where, _("is there twice: %(row)s") % {"row": _show(row)})


def _show(row: ToldSpan) -> str:
    """Show all that can differ, so that no two lines say the same."""
    span = row.span
    if isinstance(span, BasisSpan):
        return _show_basis(span, row)
    told = _("%(status)s %(starts_on)s/%(ends_on)s editions %(first)s-%(last)s") % {
        "status": span.status,
        "starts_on": span.starts_on,
        "ends_on": span.ends_on or "",
        "first": row.from_edition,
        "last": row.until_edition or "",
    }
    by = _("by update %(pk)d") % {"pk": span.update_id} if span.update_id else ""
    fell = _("fallen from %(status)s") % {"status": span.fell_from} if span.fell_from else ""
    return " ".join(filter(None, (told, by, fell)))


def _show_basis(span: BasisSpan, row: ToldSpan) -> str:
    return _("evidence %(counts)s %(starts_on)s/%(ends_on)s editions %(first)s-%(last)s") % {
        "counts": ", ".join(f"{kind} {n}" for kind, n in span.counts),
        "starts_on": span.starts_on,
        "ends_on": span.ends_on or "",
        "first": row.from_edition,
        "last": row.until_edition or "",
    }


@transaction.atomic
def rebuild() -> None:
    """Derive everything again from the published updates, and store it."""
    state = lock_state()
    last = Edition.objects.aggregate(last=Max("number"))["last"] or 0
    if state.last_edition != last:
        state.last_edition = last
        state.save(update_fields=["last_edition"])
    for ids in batches(Action.objects.all()):
        repeated_columns.refresh(ids)
        store.refresh(action_ids=ids, recommendation_ids=[])
    for ids in batches(Recommendation.objects.all()):
        store.refresh(action_ids=[], recommendation_ids=ids)
    touch(None)
