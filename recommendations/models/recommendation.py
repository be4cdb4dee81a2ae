"""Recommendations of a report, and the actions that each is broken into."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import (
    ActionBodyQuerySet,
    ActionQuerySet,
    DeadlineQuerySet,
    RecommendationQuerySet,
)
from recommendations.statuses import Addressee, Precision, Status, last_day

from .fields import (
    Counted,
    PlainCharField,
    PlainTextField,
    edition_order,
    in_vocabulary,
    withdrawal_says_why,
)

number_validator = RegexValidator(
    r"^[A-Za-z]{0,2}\d{1,4}(\.\d{1,4}){0,3}$",
    _("A number reads like 3, 2.1 or T4: letters, digits and dots."),
)


class RecommendationOrigin(models.TextChoices):
    LISTED = "listed", _("Listed by the report")
    RUNNING_TEXT = "running_text", _("Made in running text")


class Recommendation(Counted):
    """One headline ask of a report. Its status is derived from its actions, never typed."""

    report = models.ForeignKey(
        "recommendations.Report",
        models.PROTECT,
        related_name="recommendations",
        verbose_name=_("report"),
    )
    section = models.ForeignKey(
        "recommendations.Section",
        models.PROTECT,
        related_name="recommendations",
        verbose_name=_("section"),
    )
    number = PlainCharField(
        _("number"),
        max_length=20,
        validators=[number_validator],
        help_text=_("It stands in the address, for good."),
    )
    slug = models.SlugField(_("slug"), max_length=80)
    position = models.PositiveIntegerField(_("position"), help_text=_("Order in the report."))
    headline = PlainCharField(_("headline"), max_length=300)
    is_headline_of_report = models.BooleanField(
        _("headline is the report’s own"),
        default=True,
        help_text=_("Otherwise the name is ours."),
    )
    origin = models.CharField(
        _("origin"),
        max_length=20,
        choices=RecommendationOrigin.choices,
        default=RecommendationOrigin.LISTED,
    )
    summary = PlainTextField(_("summary"), blank=True, help_text=_("In our own words."))
    areas = models.ManyToManyField(
        "recommendations.PolicyArea",
        related_name="recommendations",
        blank=True,
        verbose_name=_("policy areas"),
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status.choices,
        default=Status.NOT_ASSESSED,
        editable=False,
    )
    status_since = models.DateField(_("status since"), null=True, editable=False)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["report", "position"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        permissions = [
            ("structure_recommendation", _("Can add to and withdraw from the public record"))
        ]
        indexes = [
            models.Index(fields=["report", "status"], name="recommendation_report_status"),
        ]
        constraints = [
            in_vocabulary("origin", RecommendationOrigin, model="recommendation"),
            in_vocabulary("status", Status, model="recommendation"),
            edition_order(model="recommendation"),
            withdrawal_says_why(model="recommendation"),
            models.UniqueConstraint(
                fields=["report", "number"],
                name="recommendations_recommendation_unique_number",
                violation_error_message=_("This report has a recommendation with this number."),
            ),
            models.UniqueConstraint(
                fields=["report", "slug"],
                name="recommendations_recommendation_unique_slug",
                violation_error_message=_("This report has a recommendation with this slug."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.headline}"

    def clean(self) -> None:
        if self.section_id and self.report_id and self.section.report_id != self.report_id:
            raise ValidationError({"section": _("This section belongs to another report.")})

    def natural_key(self) -> tuple[str, str]:
        return (self.report.slug, self.slug)

    natural_key.dependencies = ["recommendations.report"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("recommendations:detail", args=[self.report.slug, self.number])


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


class Action(Counted):
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
    verifiability_note = PlainTextField(_("why it is not verifiable"), blank=True)
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
    review_due_on = models.DateField(_("to be looked at again by"))

    # Derived: refreshed by publishing.py and breakdown edits, verified by check_integrity.
    addressee = models.CharField(
        _("addressee"),
        max_length=20,
        choices=Addressee.choices,
        default=Addressee.WITH_OTHERS,
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
    is_lapsed = models.BooleanField(_("lapsed"), default=False, editable=False)
    implemented_on = models.DateField(_("first implemented on"), null=True, editable=False)
    last_reviewed_on = models.DateField(_("last reviewed on"), null=True, editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation__report", "recommendation__position", "number"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        indexes = [
            models.Index(fields=["status"], name="recommendations_action_status"),
            models.Index(fields=["review_due_on"], name="recommendations_action_review"),
            models.Index(fields=["due_on"], name="recommendations_action_due"),
        ]
        constraints = [
            in_vocabulary("kind", ActionKind, model="action"),
            in_vocabulary("ask_strength", AskStrength, model="action"),
            in_vocabulary("addressee", Addressee, model="action"),
            in_vocabulary("status", Status, model="action"),
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
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """Number as shown: "1.1a"."""
        return self.label_within(self.recommendation.number)

    def label_within(self, recommendation_number: str) -> str:
        return f"{recommendation_number}{letters(self.number)}"

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.recommendation.natural_key(), self.slug)

    natural_key.dependencies = ["recommendations.recommendation"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return f"{self.recommendation.get_absolute_url()}#action-{self.number}"


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


class DeadlineOrigin(models.TextChoices):
    REPORT = "report", _("Set by the report")
    OFFICIAL = "official", _("Official target")


class Deadline(models.Model):
    """A date by which an action is to be done.

    The report's own is never overwritten; a later official target stands beside it. The report's
    decides the schedule, where it set one, else the first official one.
    """

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="deadlines", verbose_name=_("action")
    )
    origin = models.CharField(_("origin"), max_length=20, choices=DeadlineOrigin.choices)
    on = models.DateField(_("date"), help_text=_("Any day of the period."))
    precision = models.CharField(
        _("precision"), max_length=20, choices=Precision.choices, default=Precision.DAY
    )
    stated_on = models.DateField(
        _("stated on"),
        null=True,
        blank=True,
        help_text=_("When an official target was made known."),
    )
    publisher = PlainCharField(_("publisher"), max_length=200, blank=True)
    url = models.URLField(_("address"), blank=True, max_length=500)
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
        return f"{self.on} ({self.get_precision_display()})"

    @property
    def last_day(self):
        return last_day(self.on, self.precision)

    def natural_key(self) -> tuple[str, str, str, str, str]:
        return (*self.action.natural_key(), self.origin, self.on.isoformat())

    natural_key.dependencies = ["recommendations.action"]  # type: ignore[attr-defined]
