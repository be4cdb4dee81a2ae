"""Dates by which actions are to be done."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import DeadlineQuerySet
from recommendations.statuses import Precision, last_day
from recommendations.statuses.possible_dates import Tense, deadline_problem
from recommendations.text.dates import date_text

from .action import Action
from .choice_words import ChoiceWords
from .fields import AddressField, PlainCharField, StatedDateField, in_vocabulary


class DeadlineOrigin(models.TextChoices):
    REPORT = "report", _("Set by the report")
    OFFICIAL = "official", _("Official target")


class Deadline(ChoiceWords, models.Model):
    """A date by which an action is to be done.

    The report's own is never overwritten; a later official target stands beside it. The report's
    decides the schedule, where it set one, else the first official one.
    """

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="deadlines", verbose_name=_("action")
    )
    origin = models.CharField(_("origin"), max_length=20, choices=DeadlineOrigin.choices)
    on = StatedDateField(_("date"), precision="precision", help_text=_("Any day of the period."))
    precision = models.CharField(
        _("precision"), max_length=20, choices=Precision.choices, default=Precision.DAY
    )
    stated_on = StatedDateField(
        _("stated on"),
        tense=Tense.PAST,
        null=True,
        blank=True,
        help_text=_("When an official target was made known."),
    )
    publisher = PlainCharField(_("publisher"), max_length=200, blank=True)
    url = AddressField(_("address"), blank=True, max_length=500)
    note = PlainCharField(_("note"), max_length=300, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["action", "-origin", "stated_on", "on"]
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            in_vocabulary("origin", DeadlineOrigin, model="deadline"),
            in_vocabulary("precision", Precision, model="deadline"),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(origin="report"),
                name="recommendations_deadline_one_of_report",
                violation_error_message=_("The report’s own deadline is recorded already."),
            ),
            models.UniqueConstraint(
                fields=["action", "origin", "stated_on", "on"],
                name="recommendations_deadline_unique",
                violation_error_message=_("This deadline is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(origin="report") | (Q(stated_on__isnull=False) & ~Q(url="")),
                name="recommendations_deadline_official_is_sourced",
                violation_error_message=_(
                    "An official target needs the date when it was stated and its address."
                ),
            ),
        ]

    def __str__(self) -> str:
        return date_text(self.on, self.precision)

    def clean(self) -> None:
        """Refuse to overwrite the report's own deadline in the record (two queries)."""
        stored = Deadline.objects.filter(pk=self.pk).first()
        if stored and stored.is_fixed and self._facts != stored._facts:
            raise ValidationError(self.fixed_message)
        if self.on and self.action_id and not (stored and stored._facts == self._facts):
            self._refuse_before_report()

    def _refuse_before_report(self) -> None:
        reported_on = self.action.recommendation.report.earliest_day
        if problem := deadline_problem(self.on, self.precision, reported_on=reported_on):
            raise ValidationError({"on": problem})

    def delete(self, *args, **kwargs):
        if self.is_fixed:
            raise ValidationError(self.fixed_message)
        return super().delete(*args, **kwargs)

    fixed_message = _(
        "The deadline that the report set is never overwritten. Record a later official target "
        "beside it."
    )

    @property
    def _facts(self) -> tuple[object, ...]:
        return (self.action_id, self.origin, self.on, self.precision)

    @property
    def is_fixed(self) -> bool:
        return self.origin == DeadlineOrigin.REPORT and not self.action.is_draft

    @property
    def last_day(self):
        return last_day(self.on, self.precision)

    def natural_key(self) -> tuple[str | None, ...]:
        dates = (day.isoformat() if day else None for day in (self.on, self.stated_on))
        return (*self.action.natural_key(), self.origin, *dates)

    natural_key.dependencies = ["recommendations.action"]  # type: ignore[attr-defined]
