"""What changed of the public content, for the index beside the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContentChange(models.Model):
    """One change, written in the transaction that makes it.

    `recommendations` are the keys of those whose standing, wording or place may have changed;
    none, where it was something else; null, where it may be all of them. The token is that of the
    tracker's state after it: a number alone does not tell a restored database from the one before.
    """

    revision = models.PositiveBigIntegerField(_("content revision"), primary_key=True)
    token = models.CharField(_("content token"), max_length=32)
    recommendations = models.JSONField(_("recommendations"), null=True)

    class Meta:
        ordering = ["revision"]
        verbose_name = _("change of content")
        verbose_name_plural = _("changes of content")

    def __str__(self) -> str:
        return f"{self.revision}"
