"""What happened in the world meanwhile: dated lines in the charts of history."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.querysets import ContextEventQuerySet
from recommendations.statuses.possible_dates import Tense

from .fields import AddressField, PlainCharField, StatedDateField


class ContextEvent(models.Model):
    """A change of government or the like, so that a reader can see what fell together.

    It claims no cause and counts for nothing. Charts show the events of their reports and of those
    whom they are about: in the history of another report it would say nothing.
    """

    report = models.ForeignKey(
        "recommendations.Report",
        models.CASCADE,
        related_name="context_events",
        null=True,
        blank=True,
        verbose_name=_("report"),
        help_text=_("The charts about this report show it."),
    )
    parties = models.ManyToManyField(
        "recommendations.Party",
        related_name="context_events",
        blank=True,
        verbose_name=_("parties"),
        help_text=_(
            "The charts of what is asked of one of them show it. Without report and party, all do."
        ),
    )
    slug = models.SlugField(_("slug"), unique=True, max_length=80)
    on = StatedDateField(_("date"), tense=Tense.PAST)
    title = PlainCharField(_("what happened"), max_length=120)
    publisher = PlainCharField(_("publisher"), max_length=200)
    url = AddressField(_("address"), max_length=500, help_text=_("A source that says so."))

    objects = ContextEventQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=["parties"])

    class Meta:
        ordering = ["on", "slug"]
        verbose_name = _("event for context")
        verbose_name_plural = _("events for context")

    def __str__(self) -> str:
        return f"{self.on} {self.title}"

    def natural_key(self) -> tuple[str]:
        return (self.slug,)
