"""What no form would take of an update and its evidence today, as sentences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from recommendations.models import Evidence, StatusUpdate
from recommendations.models.fields import StatedDateField, column_of, typed_fields
from recommendations.text.listed_hosts import HostList

from .surroundings import Surroundings

# Their day of publication is asked about beside this, in words of its own.
JUDGED_BESIDE = ("effective_on", "searched_on", "accessed_on")


def problems_of_input(
    update: StatusUpdate, items: Iterable[Evidence], *, today: date
) -> Iterable[str]:
    """Yield what no form would take today: dates, addresses and lengths.

    What is published already is not judged by these: they are newer than some of it.
    """
    for field, problem in _refused_fields(update, today=today):
        yield _("%(field)s: %(problem)s") % {"field": field, "problem": problem}
    for item in items:
        found = list(_refused_fields(item, today=today))
        if item.order_problem:
            found.append(
                (str(column_of(Evidence, "published_on").verbose_name), item.order_problem)
            )
        for field, problem in found:
            yield _of_item(item, field, problem)


def _of_item(item: Evidence, field: str, problem: str) -> str:
    return _("Evidence %(position)d (%(publisher)s), %(field)s: %(problem)s") % {
        "position": item.position,
        "publisher": item.publisher,
        "field": field,
        "problem": problem,
    }


def problems_of_hosts(items: Iterable[Evidence], hosts: HostList) -> Iterable[str]:
    """Yield which items are on a host that is never evidence.

    What was published before its host was listed stays, and is named by `check_evidence`.
    """
    for item in items:
        if problem := item.host_problem(hosts):
            yield _of_item(item, str(column_of(Evidence, "url").verbose_name), problem)


def problems_of_copies(items: Iterable[Evidence], around: Surroundings) -> Iterable[str]:
    """Yield which items name a copy that their source does not have."""
    for item in items:
        if item.capture_sha256 and not around.has_copy(item):
            problem = _("We keep no such copy of this address. Choose the copy again or none.")
            yield _of_item(item, str(column_of(Evidence, "capture_sha256").verbose_name), problem)


def _refused_fields(row: StatusUpdate | Evidence, *, today: date) -> Iterable[tuple[str, str]]:
    """Yield the name of each field whose value is refused, with the reason."""
    for name, field in _judged_fields(type(row)):
        value = getattr(row, name)
        if value in field.empty_values:
            continue
        if isinstance(field, StatedDateField):
            problem = field.problem_of(
                value, row, today=date.max if name in JUDGED_BESIDE else today
            )
            found = [problem] if problem else []
        else:
            found = _problems_of_value(field, value)
        yield from ((str(field.verbose_name), problem) for problem in found)


@cache
def _judged_fields(model: type[StatusUpdate | Evidence]) -> list[tuple[str, Field]]:
    fields = ((name, column_of(model, name)) for name in typed_fields(model))
    return [(name, field) for name, field in fields if not field.is_relation]


def _problems_of_value(field: Field, value: object) -> list[str]:
    try:
        field.run_validators(value)
    except ValidationError as error:
        return error.messages
    return []
