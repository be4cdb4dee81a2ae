"""Giving texts of the record their words in another language."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from recommendations.models import Recommendation, Translation
from recommendations.models.fields import no_control_characters
from recommendations.models.translation import digest_of
from recommendations.publishing import touch
from recommendations.text.languages import forget

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
