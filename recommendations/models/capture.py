"""Copies of sources, as they were when they were made, and their removal by two."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.querysets import CaptureQuerySet, CaptureRemovalQuerySet

from .fields import REASON, AddressField, PlainCharField, PlainTextField, in_vocabulary, is_sha256
from .source import CopyRights, Source


class Way(models.TextChoices):
    """How a copy came to us."""

    FETCHED = "fetched", pgettext_lazy("copy", "Fetched")
    UPLOADED = "uploaded", pgettext_lazy("copy", "Uploaded")


class Capture(models.Model):
    """A copy of a source. The database takes it in and changes it no more, but for its removal.

    `name` is where its storage keeps it, `text` what was read in it, for choosing a quotation:
    both go with the file when the copy is removed, and hash and reason stay.
    """

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="captures", verbose_name=_("source")
    )
    made_at = models.DateTimeField(_("made at"), db_index=True)
    way = models.CharField(_("how it came"), max_length=20, choices=Way.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="captures",
        null=True,
        verbose_name=_("made by"),
    )
    fetched_url = AddressField(
        _("address it came from"),
        max_length=2000,
        blank=True,
        help_text=_("After redirects. Empty of what was uploaded."),
    )
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True, validators=[is_sha256])
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = PlainCharField(_("media type"), max_length=200)
    name = models.CharField(_("file"), max_length=200, blank=True)
    archived_url = AddressField(_("archived copy"), max_length=1000, blank=True)
    text = models.TextField(_("text"), blank=True)
    removed_at = models.DateTimeField(_("removed at"), null=True)
    removal_reason = PlainTextField(_("reason"), blank=True, greatest_length=REASON)

    objects = CaptureQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ["view", "add"]
        verbose_name = _("copy of a source")
        verbose_name_plural = _("copies of sources")
        constraints = [
            in_vocabulary("way", Way, model="capture"),
            models.CheckConstraint(
                condition=~Q(sha256="") & ~Q(media_type=""),
                name="recommendations_capture_is_described",
                violation_error_message=_("A copy has a SHA-256 and a media type."),
            ),
            models.CheckConstraint(
                condition=(Q(removed_at__isnull=True, removal_reason="") & ~Q(name=""))
                | (Q(removed_at__isnull=False, name="", text="") & ~Q(removal_reason="")),
                name="recommendations_capture_kept_or_removed",
                violation_error_message=_("A copy has its file, or the reason why it was removed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.sha256[:12]}"

    @property
    def is_kept(self) -> bool:
        return self.removed_at is None

    @property
    def may_be_shown(self) -> bool:
        """Whether readers may have it (asks for its source)."""
        return self.is_kept and self.source.copy_rights == CopyRights.ALLOWED


class RemovalOutcome(models.TextChoices):
    PENDING = "pending", _("Waiting")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")


class CaptureRemoval(models.Model):
    """One person asks that a copy be removed; another confirms it or declines."""

    capture = models.ForeignKey(
        Capture, models.PROTECT, related_name="removals", verbose_name=_("copy")
    )
    reason = PlainTextField(
        _("public reason"),
        greatest_length=REASON,
        help_text=_("Who demands it, and why, without names of private persons."),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="requested_capture_removals",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested at"))
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=RemovalOutcome.choices,
        default=RemovalOutcome.PENDING,
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="decided_capture_removals",
        null=True,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = CaptureRemovalQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        default_permissions = ["view", "add"]
        permissions = [("review_captureremoval", _("Can decide on removals of copies"))]
        verbose_name = _("removal of a copy")
        verbose_name_plural = _("removals of copies")
        constraints = [
            in_vocabulary("outcome", RemovalOutcome, model="captureremoval"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="recommendations_captureremoval_says_why",
                violation_error_message=_("Say why the copy is to go."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="recommendations_captureremoval_four_eyes",
                violation_error_message=_("Another person has to confirm the removal."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(outcome="pending") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="recommendations_captureremoval_decided_is_stamped",
                violation_error_message=_("A decision has a person and a time."),
            ),
            models.UniqueConstraint(
                fields=["capture"],
                condition=Q(outcome="pending"),
                name="recommendations_captureremoval_one_pending",
                violation_error_message=_("A removal of this copy waits already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capture} ({self.get_outcome_display()})"
