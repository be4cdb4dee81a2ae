"""Copies that were asked for, and what came of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.capturing.problems import worded
from recommendations.querysets import CaptureRequestQuerySet
from recommendations.text.source_keys import LONGEST_KEY, source_key

from .capture import Capture, Way
from .fields import AddressField, in_vocabulary


class CaptureState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("request for a copy", "Waiting")
    KEPT = "kept", pgettext_lazy("request for a copy", "Kept")
    FAILED = "failed", pgettext_lazy("request for a copy", "Not made")


class CaptureRequest(models.Model):
    """Somebody asks for a copy of what is at an address, or brings one; the background makes it.

    `data` has a file that was brought until it was read, and `checksum` its SHA-256. `sha256` names
    the file that an attempt writes, so that the next one knows what a killed one left. `reason` is
    one of `capturing.problems`, which words it in the language of the reader.
    """

    key = models.CharField(_("key"), max_length=LONGEST_KEY, editable=False)
    address = AddressField(_("address"), max_length=1000)
    way = models.CharField(
        _("how it came"), max_length=20, choices=Way.choices, default=Way.FETCHED
    )
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    checksum = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    data = models.BinaryField(_("content of the file"), default=b"", blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("asked for by"),
    )
    asked_at = models.DateTimeField(_("asked for at"))
    state = models.CharField(
        _("state"), max_length=20, choices=CaptureState.choices, default=CaptureState.WAITING
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)
    reason = models.CharField(_("why there is no copy"), max_length=30, blank=True)
    sha256 = models.CharField(_("file that is written"), max_length=64, blank=True)
    capture = models.OneToOneField(
        Capture, models.PROTECT, related_name="request", null=True, verbose_name=_("copy")
    )
    archived_url = AddressField(_("archived copy"), max_length=1000, blank=True)

    objects = CaptureRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        verbose_name = _("request for a copy")
        verbose_name_plural = _("requests for copies")
        indexes = [models.Index(fields=["key", "-id"], name="recommendations_request_key")]
        constraints = [
            in_vocabulary("way", Way, model="capturerequest"),
            in_vocabulary("state", CaptureState, model="capturerequest"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True, capture__isnull=True, reason="")
                | Q(state="kept", ended_at__isnull=False, capture__isnull=False, reason="")
                | (Q(state="failed", ended_at__isnull=False, capture__isnull=True) & ~Q(reason="")),
                name="recommendations_capturerequest_ended_is_told",
                violation_error_message=_("What has ended has a copy, or a reason why not."),
            ),
            models.CheckConstraint(
                condition=Q(way="fetched", checksum="", file_name="")
                | (Q(way="uploaded") & ~Q(checksum="")),
                name="recommendations_capturerequest_brings_a_file",
                violation_error_message=_("What was uploaded has a file."),
            ),
            models.UniqueConstraint(
                fields=["key", "way", "checksum"],
                condition=Q(state="waiting"),
                name="recommendations_capturerequest_one_waiting",
                violation_error_message=_("A copy of this address is asked for already."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or self.address

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.pk:
            self.key = source_key(self.address)
        super().save(*args, **kwargs)

    @property
    def is_waiting(self) -> bool:
        return self.state == CaptureState.WAITING

    @property
    def problem(self) -> str:
        """Return why there is no copy, and what to do, in the language of the reader."""
        return worded(self.reason)
