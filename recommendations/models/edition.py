"""Numbered publications of the tracker, and the one row that orders them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import EditionQuerySet
from recommendations.statuses.possible_dates import Tense

from .fields import PlainTextField, StatedDateField, in_vocabulary


class EditionKind(models.TextChoices):
    BASELINE = "baseline", _("Baseline")
    UPDATES = "updates", _("Updates")
    STRUCTURE = "structure", _("Structure")
    RESEARCH = "research", _("Research")


# Those made of the files of one report, without author and reviewer.
OF_ONE_REPORT = [str(EditionKind.BASELINE), str(EditionKind.RESEARCH)]


class Edition(models.Model):
    """What the tracker published at one moment. The number is the primary key, so that the two
    edition columns of other tables can be compared without a join."""

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=20, choices=EditionKind.choices)
    published_at = models.DateTimeField(_("published at"))
    note = PlainTextField(_("public note"), blank=True)
    report = models.ForeignKey(
        "recommendations.Report",
        models.PROTECT,
        related_name="editions",
        null=True,
        blank=True,
        verbose_name=_("report"),
        help_text=_("The report whose baseline or later research this is."),
    )
    slug = models.SlugField(
        _("reference"),
        max_length=120,
        blank=True,
        help_text=_("By which the file of an edition is known when it is loaded again."),
    )
    method = PlainTextField(
        _("how it was made"),
        blank=True,
        help_text=_("Of an edition that a file made: what made it, for the public."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="made_editions",
        null=True,
        blank=True,
        verbose_name=_("made by"),
        help_text=_(
            "Who published it, or confirmed what another person had asked for. Never public."
        ),
    )
    horizon_on = StatedDateField(
        _("evidence to"),
        tense=Tense.PAST,
        null=True,
        blank=True,
        help_text=_("The last day of which the research read anything."),
    )

    objects = EditionQuerySet.as_manager()
    # Of by_then().
    digest: str | None = None

    class Meta:
        ordering = ["-number"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            in_vocabulary("kind", EditionKind, model="edition"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_ONE_REPORT, report__isnull=False)
                | (~Q(kind__in=OF_ONE_REPORT) & Q(report__isnull=True)),
                name="recommendations_edition_of_files_names_report",
                violation_error_message=_(
                    "An edition of a baseline or of research names its report, no other does."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="research", horizon_on__isnull=False) & ~Q(slug="") & ~Q(method="")
                | Q(kind="structure", horizon_on__isnull=True)
                & (Q(slug="", method="") | (~Q(slug="") & ~Q(method="")))
                | (
                    ~Q(kind__in=["research", "structure"])
                    & Q(slug="", method="", horizon_on__isnull=True)
                ),
                name="recommendations_edition_of_a_file_says_how",
                violation_error_message=_(
                    "An edition that a file made has a reference and says how it was made; one of "
                    "research also says until which day it looked."
                ),
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=True) | Q(kind__in=["updates", "structure"], slug=""),
                name="recommendations_edition_of_a_person_or_a_file",
                violation_error_message=_("A person made an edition, or a file did."),
            ),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(kind="baseline"),
                name="recommendations_edition_one_baseline_a_report",
                violation_error_message=_("This report has its baseline already."),
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=~Q(slug=""),
                name="recommendations_edition_one_a_reference",
                violation_error_message=_("Another edition has this reference."),
            ),
        ]

    def __str__(self) -> str:
        return _("Edition %(number)d") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("recommendations:edition", args=[self.number])

    @property
    def published_on(self):
        """The day of publication, in UTC."""
        return self.published_at.date()


class TrackerState(models.Model):
    """The single row that every publication locks first, so that two of them queue.

    `content_revision` is raised by every change of public content. `content_token` is drawn anew
    then: after a restore the same number comes again, and the same token never.
    """

    last_edition = models.PositiveIntegerField(_("last edition"), default=0)
    content_revision = models.PositiveBigIntegerField(_("content revision"), default=0)
    content_token = models.CharField(_("content token"), max_length=32, blank=True, default="")

    class Meta:
        verbose_name = _("state of the tracker")
        verbose_name_plural = _("state of the tracker")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="recommendations_trackerstate_single",
                violation_error_message=_("There is one state of the tracker."),
            )
        ]

    def __str__(self) -> str:
        return _("Edition %(number)d") % {"number": self.last_edition}
