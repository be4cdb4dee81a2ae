"""What stands beside what is proposed, the changed words marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recommendations import publishing
from recommendations.models import Evidence, ReturnedVersion, StatusUpdate
from recommendations.models.evidence import SOURCE_FIELDS
from recommendations.models.fields import PlainTextField, column_of
from recommendations.publishing.returned_versions import TYPED, as_it_was, content_of
from recommendations.statuses import REVIEW_INTERVAL
from recommendations.text.dates import date_text
from recommendations.text.word_differences import Wording, compare, whole

from .ages import source_age


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One field on both sides."""

    label: str
    before: SafeString
    after: SafeString
    is_change: bool


@dataclass(frozen=True, slots=True)
class Source:
    """An item of evidence on one side. `state` says how it differs from the other side."""

    item: Evidence
    age: str
    state: str
    title: SafeString
    supports: SafeString
    quotation: SafeString


ReliedOn = tuple[StatusUpdate, list[Source]]


@dataclass(frozen=True, slots=True)
class ReviewComparison:
    proposed: StatusUpdate
    standing: StatusUpdate | None
    rows: list[ComparedField]
    sources_before: list[Source]
    sources_after: list[Source]
    relied_on: list[ReliedOn]
    has_new_source: bool


def comparison_of(
    proposed: StatusUpdate, standing: StatusUpdate | None, *, today: date
) -> ReviewComparison:
    """Compare a submission with what stands. Both need `for_review()`."""
    before = list(standing.evidence.all()) if standing else []
    after = list(proposed.evidence.all())
    return ReviewComparison(
        proposed,
        standing,
        [_compared_field(label, words) for label, words in _fields(proposed, standing)],
        _sources(before, after, today=today, is_proposed=False),
        _sources(after, before, today=today, is_proposed=bool(standing)),
        relied_on_by(proposed, today=today),
        publishing.has_source_of_its_own(proposed),
    )


@dataclass(frozen=True, slots=True)
class SinceReturn:
    """What was handed back, why, and what its authors changed since."""

    returned: ReturnedVersion
    rows: list[ComparedField]
    sources: list[Source]
    dropped: list[Evidence]
    relies_on_changed: bool

    @property
    def is_change(self) -> bool:
        return bool(self.rows or self.sources or self.dropped or self.relies_on_changed)


def since_return(proposed: StatusUpdate, *, today: date) -> SinceReturn | None:
    """Compare a submission with its version that was returned last (two queries)."""
    returned = proposed.returned_versions.select_related("returned_by").first()
    if returned is None:
        return None
    before, items_before = as_it_was(returned)
    items = list(proposed.evidence.all())
    rows = [
        _compared_field(label, words)
        for label, words in _typed_differences(before, proposed)
        if words.is_change
    ]
    sources = _sources(items, items_before, today=today, is_proposed=True)
    stays = [_counterpart(item, items_before) for item in items]
    return SinceReturn(
        returned,
        rows,
        [one for one in sources if one.state != _("unchanged")],
        [item for item in items_before if not any(item is one for one in stays)],
        returned.content["relies_on"] != content_of(proposed)["relies_on"],
    )


def _typed_differences(before: StatusUpdate, after: StatusUpdate) -> Iterator[tuple[str, Wording]]:
    for name in TYPED:
        field = column_of(StatusUpdate, name)
        was, becomes = _typed_text(before, field), _typed_text(after, field)
        is_prose = isinstance(field, PlainTextField)
        label = str(field.verbose_name)
        yield label[:1].upper() + label[1:], (compare if is_prose else whole)(was, becomes)


def _typed_text(update: StatusUpdate, field: models.Field) -> str:
    value = field.value_from_object(update)
    if field.name == "effective_on":
        return date_text(update.effective_on, update.effective_precision)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return date_text(value) if isinstance(value, date) else str(value or "")


def own_sources(update: StatusUpdate, *, today: date) -> list[Source]:
    """Return its own items, beside nothing. It needs `for_review()`, as below."""
    return _sources(update.evidence.all(), (), today=today, is_proposed=False)


def relied_on_by(update: StatusUpdate, *, today: date) -> list[ReliedOn]:
    return [(other, own_sources(other, today=today)) for other in update.relies_on.all()]


def _fields(proposed: StatusUpdate, standing: StatusUpdate | None) -> Iterator[tuple[str, Wording]]:
    """Yield each field that either side fills, with its two versions."""
    known = {label: text for label, text, _is_prose in _values(standing)} if standing else {}
    for label, text, is_prose in _values(proposed):
        before = known.get(label, "")
        if before or text:
            yield label, compare(before, text) if is_prose else whole(before, text)


def _values(update: StatusUpdate) -> Sequence[tuple[str, str, bool]]:
    """Return label, text and whether it is prose, in the order of the page."""
    effect = date_text(update.effective_on, update.effective_precision)
    return [
        (_("Took effect"), effect, False),
        (_("What happened"), update.explanation, True),
        (_("Where was searched"), update.search_note, True),
        (_("Date of the search"), _day(update.searched_on), False),
        (_("Confidence"), update.confidence_shown, False),
        (_("Attribution"), update.get_attribution_display(), False),
        (_("Look at it again by"), _next_review(update), False),
    ]


def _day(on: date | None) -> str:
    return date_text(on) if on else ""


def _next_review(update: StatusUpdate) -> str:
    return _day(update.next_review_on) or _("%(days)d days after the last search") % {
        "days": REVIEW_INTERVAL.days
    }


def _compared_field(label: str, words: Wording) -> ComparedField:
    return ComparedField(label, words.before(), words.after(), words.is_change)


def _sources(
    items: Iterable[Evidence], others: Sequence[Evidence], *, today: date, is_proposed: bool
) -> list[Source]:
    """Return one side's items, each compared with the other side's item of the same address."""
    return [
        _source(item, _counterpart(item, others), today=today, is_proposed=is_proposed)
        for item in items
    ]


def _counterpart(item: Evidence, others: Iterable[Evidence]) -> Evidence | None:
    """Return the other side's item of this address, and among several the one that is alike.

    One document may be cited twice, for what stands on two of its pages.
    """
    found = [other for other in others if other.url == item.url]
    alike = [other for other in found if _says_the_same(item, other)]
    return next(iter(alike or found), None)


def _says_the_same(item: Evidence, other: Evidence) -> bool:
    return all(getattr(item, name) == getattr(other, name) for name in SOURCE_FIELDS)


def _source(item: Evidence, other: Evidence | None, *, today: date, is_proposed: bool) -> Source:
    def marked(name: str) -> SafeString:
        mine = getattr(item, name)
        theirs = getattr(other, name) if other else mine
        words = compare(theirs, mine) if is_proposed else compare(mine, theirs)
        return words.after() if is_proposed else words.before()

    return Source(
        item,
        source_age(item, today=today),
        _state(item, other) if is_proposed else "",
        marked("title") or SafeString(""),
        marked("supports"),
        marked("quotation"),
    )


def _state(item: Evidence, other: Evidence | None) -> str:
    if other is None:
        return _("new")
    return _("unchanged") if _says_the_same(item, other) else _("changed")
