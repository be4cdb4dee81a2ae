"""Drafts that were thrown away, kept for a while so that they can be taken out again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .action import Action
from .fields import PlainCharField


class DiscardedDraft(models.Model):
    """A draft as its author threw it away. Nobody else sees it, and it is never public."""

    slug = PlainCharField(_("reference"), max_length=120, unique=True)
    action = models.ForeignKey(Action, models.CASCADE, related_name="+", verbose_name=_("action"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="discarded_drafts",
        verbose_name=_("discarded by"),
    )
    discarded_at = models.DateTimeField(_("discarded at"))
    content = models.JSONField(_("the draft"))

    class Meta:
        ordering = ["-discarded_at", "-pk"]
        verbose_name = _("discarded draft")
        verbose_name_plural = _("discarded drafts")

    def __str__(self) -> str:
        return f"{self.person}: {self.slug}"
