"""Texts of the record in another language."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .fields import PlainTextField, languages


class Translation(models.Model):
    """What one text says in another language.

    It is known by the words of the text, not by the row that has them: the record itself is never
    touched. A text that is worded anew keeps the words of the old one, marked, until somebody looks
    at them, and one that an older edition told keeps its own.
    """

    kind = models.CharField(
        _("kind of text"), max_length=60, help_text=_("Model and field, such as action.title.")
    )
    original = PlainTextField(_("original"))
    language = models.CharField(_("language"), max_length=10, choices=languages)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    text = PlainTextField(_("translation"))
    changed_from = PlainTextField(
        _("translated wording"),
        blank=True,
        editable=False,
        help_text=_("The earlier wording that this translates, where it was edited since."),
    )
    confirmed_at = models.DateTimeField(
        _("confirmed at"),
        null=True,
        blank=True,
        help_text=_("Until then it is drafted by machine, unreviewed, and says so."),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("confirmed by"),
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    history = HistoricalRecords(excluded_fields=["digest", "changed_at", "changed_from"])

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        indexes = [
            models.Index(fields=["language", "confirmed_at"], name="translation_to_be_confirmed"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def save(self, **kwargs) -> None:
        self.digest = digest_of(self.kind, self.original, self.language)
        super().save(**kwargs)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


def digest_of(kind: str, original: str, language: str) -> str:
    return hashlib.sha256("\0".join([kind, language, original]).encode()).hexdigest()
