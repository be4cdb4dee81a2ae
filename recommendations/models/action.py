"""The actions that recommendations are broken into, and who leads on them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.querysets import (
    ActionBodyQuerySet,
    ActionQuerySet,
)
from recommendations.statuses import WITH_OTHERS, Basis, EvidenceStrength, Status
from recommendations.statuses.possible_dates import Tense
from recommendations.text.languages import plain

from .fields import (
    COUNTED_FIELDS,
    REASON,
    Counted,
    Fallible,
    PlainCharField,
    PlainTextField,
    StatedDateField,
    edition_order,
    fall_in_vocabulary,
    in_vocabulary,
    left_index,
    withdrawal_says_why,
)
from .recommendation import Recommendation


def letters(number: int) -> str:
    """Return 1 as "a", 26 as "z", 27 as "aa"."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


class ActionKind(models.TextChoices):
    LEGISLATION = "legislation", _("Legislation")
    ORGANISATION = "organisation", _("Organisation")
    AGREEMENT = "agreement", _("Agreement")
    POLICY = "policy", _("Policy")
    PROGRAMME = "programme", _("Programme")
    DIPLOMACY = "diplomacy", _("Diplomacy")


class AskStrength(models.TextChoices):
    DIRECT = "direct", _("Direct ask")
    CONDITIONAL = "conditional", _("Conditional ask")
    IMPLIED = "implied", _("Implied")
    PREFERENCE = "preference", _("Preference")
    PREMISE = "premise", _("Premise")


ASK_STRENGTH_DEFINITIONS = {
    AskStrength.DIRECT: _("The report says that somebody should do it."),
    AskStrength.CONDITIONAL: _("It says so under a condition, or as far as possible."),
    AskStrength.IMPLIED: _("It calls it important or urgent, and does not say who should do it."),
    AskStrength.PREFERENCE: _("It would welcome it, or asks that it be weighed."),
    AskStrength.PREMISE: _("It builds on it: somebody has promised it already."),
}


class Action(Counted, Fallible):
    """The smallest thing that its responsible parties can be found to have done or not done."""

    recommendation = models.ForeignKey(
        Recommendation,
        models.PROTECT,
        related_name="actions",
        verbose_name=_("recommendation"),
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("1 is shown as a, 2 as b."))
    slug = models.SlugField(_("slug"), max_length=80)
    title = PlainCharField(_("title"), max_length=300, help_text=_("What was asked, in our words."))
    kind = models.CharField(_("kind"), max_length=20, choices=ActionKind.choices)
    ask_strength = models.CharField(
        _("strength of the ask"),
        max_length=20,
        choices=AskStrength.choices,
        default=AskStrength.DIRECT,
    )
    place = PlainCharField(_("place in the report"), max_length=300, blank=True)
    is_verifiable = models.BooleanField(
        _("verifiable"),
        default=True,
        help_text=_("An action that nobody could be found to have met stays out of every count."),
    )
    verifiability_note = PlainTextField(
        _("why it is not verifiable"), blank=True, greatest_length=REASON
    )
    parties = models.ManyToManyField(
        "recommendations.Party", related_name="actions", verbose_name=_("responsible parties")
    )
    bodies = models.ManyToManyField(
        "recommendations.Body",
        related_name="actions",
        through="recommendations.ActionBody",
        blank=True,
        verbose_name=_("lead bodies"),
    )
    review_due_on = StatedDateField(_("to be looked at again by"), tense=Tense.COMING)
    first_review_due_on = models.DateField(
        _("first to be looked at again by"),
        null=True,
        editable=False,
        help_text=_("As it stood when the action came into the record."),
    )
    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="predecessors",
        blank=True,
        editable=False,
        verbose_name=_("succeeded by"),
        help_text=_("What it was split into or merged with when it was withdrawn."),
    )

    # Derived: refreshed by publishing and breakdown edits, verified by check_integrity.
    addressee = models.CharField(
        _("addressee"),
        max_length=80,
        default=WITH_OTHERS,
        editable=False,
    )
    due_on = models.DateField(_("last day of the deadline"), null=True, editable=False)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status.choices,
        default=Status.NOT_ASSESSED,
        editable=False,
    )
    status_since = models.DateField(_("status since"), null=True, editable=False)
    implemented_on = models.DateField(_("first implemented on"), null=True, editable=False)
    last_reviewed_on = models.DateField(_("last reviewed on"), null=True, editable=False)
    evidence_kind = models.CharField(
        _("strongest evidence"),
        max_length=20,
        choices=EvidenceStrength.choices,
        default=EvidenceStrength.NONE,
        editable=False,
    )
    evidence_counts = models.JSONField(_("sources by kind"), default=dict, editable=False)

    objects = ActionQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=[
            *COUNTED_FIELDS,
            "addressee",
            "due_on",
            "status",
            "status_since",
            "fell_from",
            "implemented_on",
            "last_reviewed_on",
            "evidence_kind",
            "evidence_counts",
            "review_due_on",
            "first_review_due_on",
        ],
        m2m_fields=["parties"],
    )

    class Meta:
        ordering = ["recommendation__report", "recommendation__position", "number"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        indexes = [
            models.Index(fields=["status"], name="recommendations_action_status"),
            models.Index(fields=["review_due_on"], name="recommendations_action_review"),
            models.Index(fields=["due_on"], name="recommendations_action_due"),
            models.Index(fields=["evidence_kind"], name="recommendations_action_evid"),
            left_index("recommendations_action_left"),
        ]
        constraints = [
            in_vocabulary("kind", ActionKind, model="action"),
            in_vocabulary("ask_strength", AskStrength, model="action"),
            in_vocabulary("status", Status, model="action"),
            in_vocabulary("evidence_kind", EvidenceStrength, model="action"),
            fall_in_vocabulary(model="action"),
            edition_order(model="action"),
            withdrawal_says_why(model="action"),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="recommendations_action_number_has_letter",
                violation_error_message=_("Numbers of actions begin at 1, which is shown as a."),
            ),
            models.UniqueConstraint(
                fields=["recommendation", "number"],
                name="recommendations_action_unique_number",
                violation_error_message=_("This recommendation has an action with this number."),
            ),
            models.UniqueConstraint(
                fields=["recommendation", "slug"],
                name="recommendations_action_unique_slug",
                violation_error_message=_("This recommendation has an action with this slug."),
            ),
            models.CheckConstraint(
                condition=Q(is_verifiable=True) | ~Q(verifiability_note=""),
                name="recommendations_action_not_verifiable_says_why",
                violation_error_message=_("Say why the action is not verifiable."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {plain(self.title, 'action.title')}"

    @property
    def label(self) -> str:
        """Number as shown: "1.1a"."""
        return self.label_within(self.recommendation.number)

    def label_within(self, recommendation_number: str) -> str:
        return f"{recommendation_number}{letters(self.number)}"

    @property
    def basis(self) -> Basis:
        """What its status rests on: how many sources of each kind."""
        return Basis(**(self.evidence_counts or {}))

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.recommendation.natural_key(), self.slug)

    natural_key.dependencies = ["recommendations.recommendation"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return f"{self.recommendation.get_absolute_url()}#action-{self.number}"

    def get_short_url(self) -> str:
        """The permanent address of this action alone; it leads on to its successor."""
        return reverse("recommendations:action", args=[self.recommendation.report.slug, self.label])


class LeadBasis(models.TextChoices):
    NAMED = "named", _("Named by the report")
    IMPLIED = "implied", _("Would have to act")


class ActionBody(models.Model):
    """A body that leads on an action, and how we know."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="leads")
    body = models.ForeignKey(
        "recommendations.Body", models.PROTECT, related_name="leads", verbose_name=_("body")
    )
    basis = models.CharField(_("basis"), max_length=20, choices=LeadBasis.choices)

    objects = ActionBodyQuerySet.as_manager()

    class Meta:
        ordering = ["action", "id"]
        verbose_name = _("lead body")
        verbose_name_plural = _("lead bodies")
        constraints = [
            in_vocabulary("basis", LeadBasis, model="actionbody"),
            models.UniqueConstraint(
                fields=["action", "body"],
                name="recommendations_actionbody_unique",
                violation_error_message=_("This body leads on this action already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.body)

    def natural_key(self) -> tuple[str, str, str, str]:
        return (*self.action.natural_key(), self.body.slug)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "recommendations.action",
        "recommendations.body",
    ]
