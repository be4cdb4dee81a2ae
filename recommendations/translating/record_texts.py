"""Giving texts of the record their words in another language, and what still lacks them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from recommendations.models import Recommendation, Report, Translation
from recommendations.models.fields import no_control_characters
from recommendations.models.status_update import ReviewState
from recommendations.models.translation import digest_of
from recommendations.publishing import touch
from recommendations.text.languages import forget
from recommendations.text.scripts import language_of

# The fields whose texts are translated. Sources keep the titles that they have.
TRANSLATED = {
    "report": (
        "title",
        "subtitle",
        "authors",
        "publisher",
        "series",
        "summary",
        "date_note",
        "baseline_note",
        "withdrawal_reason",
    ),
    "section": ("title",),
    "recommendation": ("headline", "summary", "withdrawal_reason"),
    "action": ("title", "place", "verifiability_note", "withdrawal_reason"),
    "historicalaction": ("history_change_reason",),
    "deadline": ("note",),
    "statusupdate": ("note", "search_note", "correction_reason", "end_note"),
    "evidence": ("supports", "publisher"),
    "policyarea": ("name", "description"),
    "party": ("name",),
    "addresseegroup": ("name", "row_name"),
    "body": ("name",),
    "topic": ("name",),
    "contextevent": ("title", "publisher"),
    "edition": ("note", "method"),
    "coding": ("reason",),
    "recommendationrelation": ("note",),
    "site": (
        "name",
        "strapline",
        "operator",
        "operator_address",
        "analysts",
        "funding",
        "disputes",
    ),
}
KINDS = tuple(f"{model}.{field}" for model, fields in TRANSLATED.items() for field in fields)


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


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is translated. `where` says of what it is one, to whoever translates it."""

    kind: str
    words: str
    where: str

    @property
    def language(self) -> str:
        return language_of(self.words)


def texts_of(report: Report) -> Iterator[Text]:
    """Yield the texts of a report and of the vocabularies, each once (a query a model)."""
    seen = set()
    for name, fields in TRANSLATED.items():
        model = apps.get_model("recommendations", name)
        rows = model._default_manager.filter(**PUBLISHED.get(name, {}))
        if path := REPORT_OF.get(name):
            rows = rows.filter(**{f"{path}__in": _named_by(report)})
        for row in rows.order_by("pk"):
            for field in fields:
                words = getattr(row, field)
                if words and (name, field, words) not in seen:
                    seen.add((name, field, words))
                    yield Text(f"{name}.{field}", words, where=_where(row))


def _named_by(report: Report) -> list[int]:
    """Return the report, and the earlier ones that only its pages name (one query)."""
    return [
        report.pk,
        *report.predecessors.filter(is_bibliographic=True).values_list("pk", flat=True),
    ]


def _where(row: models.Model) -> str:
    key = getattr(row, "natural_key", lambda: ())()
    return "/".join(str(part) for part in key[-2:])


def is_in_record(kind: str, words: str) -> bool:
    """Whether there is a text of this kind with these words."""
    if kind not in KINDS or "\0" in words:
        return False
    name, field = kind.split(".")
    model = apps.get_model("recommendations", name)
    return model._default_manager.filter(**{field: words}).exists()


@transaction.atomic
def translate(
    text: str, kind: str, language: str, words: str, *, by: User | None, at: datetime | None
) -> Translation:
    """Give a text its words in a language. With `at` they are confirmed, else drafted.

    Raises ValidationError.
    """
    words = words.strip()
    no_control_characters(words)
    if not words:
        raise ValidationError(_("Write the translation."))
    digest = digest_of(kind, text, language)
    row = Translation.objects.filter(digest=digest).first()
    row = row or Translation(kind=kind, original=text, language=language)
    row.text, row.confirmed_at, row.confirmed_by = words, at, by if at else None
    row.changed_from = ""
    row.save()
    settle({kind: [text]})
    return row


def words_of(row: models.Model) -> dict[str, str]:
    """Return the texts of a row that are translated, by their kind."""
    name = str(row._meta.model_name)
    return {f"{name}.{field}": getattr(row, field) for field in TRANSLATED.get(name, ())}


@transaction.atomic
def carry_over(before: Mapping[str, str], after: Mapping[str, str]) -> int:
    """Let translations stand for a new wording, unconfirmed and marked; return how many do.

    Both give texts by their kind. The old wording keeps its own.
    """
    carried: dict[str, list[str]] = {}
    for kind, old in before.items():
        new = after.get(kind, "")
        if not (old and new) or old == new:
            continue
        for language, _name in settings.LANGUAGES:
            if _carry_over(kind, old, new, language):
                carried.setdefault(kind, []).append(new)
    if carried:
        settle(carried)
    return sum(len(texts) for texts in carried.values())


def _carry_over(kind: str, old: str, new: str, language: str) -> bool:
    row = Translation.objects.filter(digest=digest_of(kind, old, language)).first()
    has_own = Translation.objects.filter(digest=digest_of(kind, new, language)).exists()
    if row is None or has_own:
        return False
    Translation(
        kind=kind,
        original=new,
        language=language,
        text=row.text,
        changed_from=row.changed_from or old,
    ).save()
    return True


def settle(changed: Mapping[str, Sequence[str]]) -> None:
    """Bring search in line after translations changed: the originals, by their kind."""
    forget()
    keys = {key for kind, texts in changed.items() for key in recommendations_with(kind, texts)}
    touch(keys)


# Where each kind of text is searched, from a recommendation.
SEARCHED_AT = {
    "recommendation.headline": "headline",
    "recommendation.summary": "summary",
    "section.title": "section__title",
    "policyarea.name": "areas__name",
    "action.title": "actions__title",
    "party.name": "actions__parties__name",
    "body.name": "actions__bodies__name",
    "statusupdate.note": "actions__updates__note",
    "evidence.supports": "actions__updates__evidence__supports",
    "evidence.publisher": "actions__updates__evidence__publisher",
}


def recommendations_with(kind: str, texts: Collection[str]) -> list[int]:
    """Return the recommendations that a kind of text is searched with."""
    path = SEARCHED_AT.get(kind)
    if path is None:
        return []
    found = Recommendation.objects.filter(**{f"{path}__in": texts})
    return list(found.values_list("pk", flat=True).distinct())


def label_of(kind: str) -> str:
    """Return what a kind is called: “action: title”."""
    name, field = kind.split(".")
    model = apps.get_model("recommendations", name)
    return _("%(model)s: %(field)s") % {
        "model": model._meta.verbose_name,
        "field": model._meta.get_field(field).verbose_name,
    }
