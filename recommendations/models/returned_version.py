"""What a reviewer handed back, so that the next one sees what changed since."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import PlainTextField
from .status_update import StatusUpdate


class ReturnedVersion(models.Model):
    """A submission as it was when it was returned, and why. Never public."""

    update = models.ForeignKey(
        StatusUpdate,
        models.CASCADE,
        related_name="returned_versions",
        verbose_name=_("status update"),
    )
    note = PlainTextField(_("note to the authors"))
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("returned by"),
    )
    returned_at = models.DateTimeField(_("returned at"))
    content = models.JSONField(_("the version that was returned"))

    class Meta:
        ordering = ["-returned_at", "-pk"]
        verbose_name = _("returned version")
        verbose_name_plural = _("returned versions")

    def __str__(self) -> str:
        return self.note[:80]
