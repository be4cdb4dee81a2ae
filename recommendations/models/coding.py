"""How each coder read an action, before and after the two were compared."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import CodingQuerySet
from recommendations.statuses import EFFECTIVE_PRECISIONS, Precision
from recommendations.statuses.agreement import CODED_STATUSES, Coder, Decision
from recommendations.statuses.possible_dates import Tense

from .fields import REASON, PlainTextField, StatedDateField, in_vocabulary
from .status_update import EFFECTIVE_PRECISION_CHOICES


class Coding(models.Model):
    """The status that a coder gave an action. It changes none: only a publication does.

    Those of research come with its edition, and have no person. `reason` and `decision` are the
    adjudicator's: what the comparison of the two came to, and why.
    """

    action = models.ForeignKey(
        "recommendations.Action",
        models.PROTECT,
        related_name="codings",
        verbose_name=_("action"),
    )
    coder = models.CharField(_("coder"), max_length=20, choices=Coder.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="codings",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    status = models.CharField(_("status"), max_length=20, choices=CODED_STATUSES)
    effective_on = StatedDateField(
        _("took effect on"),
        tense=Tense.PAST,
        precision="effective_precision",
        null=True,
        blank=True,
    )
    effective_precision = models.CharField(
        _("precision"),
        max_length=20,
        choices=EFFECTIVE_PRECISION_CHOICES,
        default=Precision.DAY,
    )
    compared_with = models.ForeignKey(
        "recommendations.StatusUpdate",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("compared with"),
        help_text=_("What gave the action its status when a person coded it again."),
    )
    is_same = models.BooleanField(
        _("the same"),
        default=False,
        editable=False,
        help_text=_("A person came to the same status since the same time."),
    )
    draft = models.ForeignKey(
        "recommendations.StatusUpdate",
        models.SET_NULL,
        related_name="codings",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("draft"),
        help_text=_("The update that a person made of it, for a reviewer."),
    )
    coded_on = StatedDateField(_("coded on"), tense=Tense.PAST, null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices, blank=True)
    reason = PlainTextField(_("reason"), blank=True, greatest_length=REASON)
    edition = models.ForeignKey(
        "recommendations.Edition",
        models.PROTECT,
        related_name="codings",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("edition"),
        help_text=_("The edition that published it."),
    )

    objects = CodingQuerySet.as_manager()

    class Meta:
        ordering = ["action", "edition_id", "coder"]
        verbose_name = _("coding")
        verbose_name_plural = _("codings")
        constraints = [
            in_vocabulary("coder", Coder, model="coding"),
            models.CheckConstraint(
                condition=Q(status__in=[code for code, _label in CODED_STATUSES]),
                name="recommendations_coding_status_valid",
                violation_error_message=_("Choose one of the listed values."),
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", *(str(code) for code in Decision.values)]),
                name="recommendations_coding_decision_valid",
                violation_error_message=_("Choose one of the listed values."),
            ),
            models.CheckConstraint(
                condition=Q(coder="adjudicated") | Q(decision="", reason=""),
                name="recommendations_coding_adjudicator_decides",
                violation_error_message=_("Only an adjudicated coding decides and says why."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(edition__isnull=False),
                name="recommendations_coding_of_person_or_research",
                violation_error_message=_("A coding is of a person, or of an edition of research."),
            ),
            models.CheckConstraint(
                condition=Q(effective_precision__in=[str(code) for code in EFFECTIVE_PRECISIONS]),
                name="recommendations_coding_precision_valid",
                violation_error_message=_("A fact takes effect on a day, in a month or in a year."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(compared_with__isnull=False),
                name="recommendations_coding_of_person_is_compared",
                violation_error_message=_("A person codes again what stands."),
            ),
            models.UniqueConstraint(
                fields=["person", "compared_with"],
                name="recommendations_coding_one_a_person",
                violation_error_message=_("This person has coded it already."),
            ),
            models.UniqueConstraint(
                fields=["action", "coder", "edition"],
                name="recommendations_coding_one_an_edition",
                violation_error_message=_("This coder has coded the action already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.get_coder_display()}, {self.get_status_display()}"

    @property
    def first_status(self) -> str:
        """What the action was said to be, of one that a person coded again."""
        return self.compared_with.status if self.compared_with else ""
