"""The texts of a report and of the vocabularies, and in which order readers meet them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from recommendations.models import Report
from recommendations.models.status_update import ReviewState
from recommendations.text.scripts import language_of

from .record_texts import KINDS, TRANSLATED

# How each of the models hangs on its report; those that are left out belong to none.
REPORT_OF = {
    "report": "pk",
    "section": "report",
    "recommendation": "report",
    "action": "recommendation__report",
    "historicalaction": "recommendation__report",
    "deadline": "action__recommendation__report",
    "statusupdate": "action__recommendation__report",
    "evidence": "update__action__recommendation__report",
    "edition": "report",
    "coding": "action__recommendation__report",
    "recommendationrelation": "earlier__report",
}
# Drafts of updates are worded anew until they are published.
PUBLISHED: dict[str, dict[str, object]] = {
    # The reasons of files. Those of people are for the staff.
    "historicalaction": {"history_user": None},
    "statusupdate": {"review_state": ReviewState.PUBLISHED},
    "evidence": {"update__review_state": ReviewState.PUBLISHED},
}
# What names a row to whoever translates it, at most two columns.
NAMED_BY = {
    "report": ("slug",),
    "section": ("report__slug", "slug"),
    "recommendation": ("report__slug", "slug"),
    "action": ("recommendation__slug", "slug"),
    "deadline": ("action__recommendation__slug", "action__slug"),
    "statusupdate": ("slug",),
    "evidence": ("update__slug", "position"),
    "policyarea": ("slug",),
    "party": ("slug",),
    "addresseegroup": ("slug",),
    "body": ("slug",),
    "topic": ("slug",),
    "contextevent": ("slug",),
    "recommendationrelation": ("earlier__report__slug", "earlier__slug"),
}
# Names that stand on every page or in every list, then what pages open with, then what stands
# deeper in them. Kinds that are left out come last, in the order of TRANSLATED.
READ_FIRST = (
    "site.name",
    "site.strapline",
    "report.title",
    "party.name",
    "policyarea.name",
    "addresseegroup.name",
    "addresseegroup.row_name",
    "topic.name",
    "section.title",
    "recommendation.headline",
    "action.title",
    "statusupdate.note",
    "body.name",
    "recommendation.summary",
    "evidence.publisher",
    "contextevent.title",
    "evidence.supports",
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is translated. `where` says of what it is one, to whoever translates it.

    `rows` is how many rows say the same.
    """

    kind: str
    words: str
    where: str
    rows: int = 1

    @property
    def language(self) -> str:
        return language_of(self.words)


def texts_of(report: Report) -> Iterator[Text]:
    """Yield the texts of a report and of the vocabularies, each once (one query)."""
    columns = [
        _column(report, number, name, field)
        for number, (name, field) in enumerate(kind.split(".") for kind in KINDS)
    ]
    models = list(TRANSLATED)
    found = sorted(
        columns[0].union(*columns[1:], all=True),
        key=lambda row: (models.index(KINDS[row[0]].split(".")[0]), row[1], row[0]),
    )
    first: dict[tuple[str, str], str] = {}
    rows: dict[tuple[str, str], int] = {}
    for number, _pk, words, *names in found:
        key = KINDS[number], words
        first.setdefault(key, "/".join(filter(None, names)))
        rows[key] = rows.get(key, 0) + 1
    for (kind, words), where in first.items():
        yield Text(kind, words, where, rows[kind, words])


def _column(report: Report, number: int, name: str, field: str) -> QuerySet:
    """Return the rows of a model that say something there, as columns that all models have."""
    rows = apps.get_model("recommendations", name)._default_manager.filter(
        **PUBLISHED.get(name, {})
    )
    if path := REPORT_OF.get(name):
        rows = rows.filter(**{f"{path}__in": _named_by(report)})
    named: list[Cast | Value] = [
        *(Cast(F(column), TextField()) for column in NAMED_BY.get(name, ())),
        Value("", TextField()),
        Value("", TextField()),
    ]
    columns = {
        "text_kind": Value(number),
        "text_row": F("pk"),
        "text_words": Cast(F(field), TextField()),
        "text_of": named[0],
        "text_within": named[1],
    }
    # A text can be absent as NULL too, which is not greater.
    said = rows.filter(**{f"{field}__gt": ""}).order_by()
    return said.annotate(**columns).values_list(*columns)


def _named_by(report: Report) -> QuerySet[Report, Any]:
    """Return the report, and the earlier ones that only its pages name."""
    is_named = Q(pk=report.pk) | Q(is_bibliographic=True, successors=report)
    return Report.objects.filter(is_named).order_by().values("pk")


def as_read(texts: Iterable[Text]) -> list[Text]:
    """Return texts in the order in which readers meet them; what many rows say comes first."""
    places = {kind: n for n, kind in enumerate(dict.fromkeys([*READ_FIRST, *KINDS]))}
    return sorted(texts, key=lambda text: (places[text.kind], -text.rows))
