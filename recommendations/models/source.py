"""Sources as things: what several items of evidence cite."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.querysets import SourceQuerySet
from recommendations.statuses import EFFECTIVE_PRECISIONS, EvidenceKind, Precision
from recommendations.statuses.possible_dates import Tense
from recommendations.text.listed_hosts import host_of
from recommendations.text.source_keys import LONGEST_KEY, SLUG_LENGTH, source_key, source_slug

from .choice_words import ChoiceWords
from .fields import (
    NOTE,
    AddressField,
    PlainCharField,
    PlainTextField,
    StatedDateField,
    code_of_a_language,
    in_vocabulary,
)
from .status_update import EFFECTIVE_PRECISION_CHOICES


class CopyRights(models.TextChoices):
    """Whether readers may be given our copy."""

    NOT_STATED = "", pgettext_lazy("rights", "Not stated: kept, and not shown")
    ALLOWED = "allowed", pgettext_lazy("rights", "Readers may have it")
    REFUSED = "refused", pgettext_lazy("rights", "Refused: kept, and not shown")


class Source(ChoiceWords, models.Model):
    """A document or page at one address, with what is said of it now.

    Items of evidence keep their own words of it, as they were when they were published. `key`
    tells which addresses are one source; neither it nor the address ever changes
    (`triggers.growing`), since digests name sources by it.
    """

    key = models.CharField(_("key"), max_length=LONGEST_KEY, unique=True, editable=False)
    slug = models.CharField(_("reference"), max_length=SLUG_LENGTH, unique=True, editable=False)
    host = models.CharField(_("host"), max_length=253, editable=False, db_index=True)
    url = AddressField(_("address"), max_length=1000)
    title = PlainCharField(_("title"), max_length=500, blank=True)
    publisher = PlainCharField(_("publisher"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=20, blank=True, validators=[code_of_a_language]
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind.choices, blank=True)
    is_state_media = models.BooleanField(_("state media"), default=False)
    published_on = StatedDateField(
        _("published on"),
        tense=Tense.PAST,
        precision="published_precision",
        null=True,
        blank=True,
    )
    published_precision = models.CharField(
        _("precision"),
        max_length=20,
        choices=EFFECTIVE_PRECISION_CHOICES,
        default=Precision.DAY,
    )
    archived_url = AddressField(
        _("archived copy"),
        max_length=1000,
        blank=True,
        help_text=_("At a web archive, for all readers."),
    )
    copy_rights = models.CharField(
        _("rights of our copies"),
        max_length=20,
        choices=CopyRights.choices,
        blank=True,
        default=CopyRights.NOT_STATED,
        help_text=_("Pages for the public lead to our copy only where readers may have it."),
    )
    note = PlainTextField(
        _("note"), blank=True, greatest_length=NOTE, help_text=_("For the staff alone.")
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["host", "pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["", *EvidenceKind.values]),
                name="recommendations_source_kind_valid",
                violation_error_message=_("Choose one of the listed values."),
            ),
            in_vocabulary("copy_rights", CopyRights, model="source"),
            models.CheckConstraint(
                condition=Q(published_precision__in=[str(code) for code in EFFECTIVE_PRECISIONS]),
                name="recommendations_source_precision_valid",
                violation_error_message=_("A source is dated by day, month or year."),
            ),
            models.CheckConstraint(
                condition=~Q(key="") & ~Q(slug="") & ~Q(url=""),
                name="recommendations_source_has_address",
                violation_error_message=_("A source has an address."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.pk:
            self.take_address(self.url)
        super().save(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        super().clean_fields(exclude=exclude)
        if not self.pk:
            self.take_address(self.url)

    def take_address(self, url: str) -> None:
        """Set the address of a new source, and what follows from it."""
        self.url = url
        self.key = source_key(url)
        self.slug = source_slug(self.key)
        self.host = host_of(url)[:253]


# What an item of evidence and its source both say.
WORDS = (
    "title",
    "publisher",
    "language",
    "kind",
    "is_state_media",
    "published_on",
    "published_precision",
    "archived_url",
)
