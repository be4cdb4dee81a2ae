"""Hosts whose publisher, kind of source and language are known."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import KnownHostQuerySet
from recommendations.statuses import EvidenceKind

from .choice_words import ChoiceWords
from .fields import PlainCharField, code_of_a_language
from .listed_host import host_in, refuse_no_host


class KnownHost(ChoiceWords, models.Model):
    """A host, with its subdomains, and what a page on it usually is. Only ever a first guess."""

    host = PlainCharField(
        _("host"),
        max_length=253,
        unique=True,
        validators=[refuse_no_host],
        help_text=_("It covers its subdomains, unless one of them is named here too."),
    )
    publisher = PlainCharField(_("publisher"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=EvidenceKind.choices,
        blank=True,
        help_text=_("Filled in beforehand where somebody logs a page on it, who may change it."),
    )
    language = models.CharField(
        _("language"), max_length=20, blank=True, validators=[code_of_a_language]
    )

    objects = KnownHostQuerySet.as_manager()

    class Meta:
        ordering = ["host"]
        verbose_name = _("known host")
        verbose_name_plural = _("known hosts")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["", *EvidenceKind.values]),
                name="recommendations_knownhost_kind_valid",
                violation_error_message=_("Choose one of the listed values."),
            ),
            models.CheckConstraint(
                condition=~Q(host="") & (~Q(publisher="") | ~Q(kind="") | ~Q(language="")),
                name="recommendations_knownhost_says_something",
                violation_error_message=_("Name its publisher, its kind or its language."),
            ),
        ]

    def __str__(self) -> str:
        return self.host

    def clean_fields(self, exclude: Any = None) -> None:
        self.host = host_in(self.host)
        super().clean_fields(exclude=exclude)
