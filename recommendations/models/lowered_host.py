"""Hosts whose news were dismissed for an action: its next ones stand lower there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Each dismissal takes a tenth of what is left, and all together half at most.
STEP, LEAST = 0.9, 0.5


class LoweredHost(models.Model):
    """How often items of a host were dismissed that had been suggested for an action."""

    host = models.CharField(_("host"), max_length=253)
    action = models.ForeignKey(
        "recommendations.Action",
        models.CASCADE,
        related_name="lowered_hosts",
        verbose_name=_("action"),
    )
    dismissals = models.PositiveIntegerField(_("dismissals"), default=0)
    last_at = models.DateTimeField(_("last dismissal"))

    class Meta:
        ordering = ["-last_at", "-pk"]
        default_permissions = ()
        verbose_name = _("lowered host")
        verbose_name_plural = _("lowered hosts")
        constraints = [
            models.CheckConstraint(
                condition=~Q(host=""),
                name="recommendations_loweredhost_names_host",
                violation_error_message=_("An entry names a host."),
            ),
            models.UniqueConstraint(
                fields=["host", "action"],
                name="recommendations_loweredhost_once",
                violation_error_message=_("This host has an entry for this action."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}: {self.dismissals}"

    @property
    def factor(self) -> float:
        return max(LEAST, STEP**self.dismissals)

    @property
    def percent(self) -> int:
        """By how much what comes from the host stands lower."""
        return round(100 * (1 - self.factor))
