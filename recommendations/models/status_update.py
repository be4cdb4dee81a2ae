"""Dated claims about one action, with their evidence: the record itself."""

from collections.abc import Iterable
from datetime import date
from secrets import token_hex
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from recommendations.edition_span import Endable
from recommendations.querysets import StatusUpdateQuerySet
from recommendations.querysets.fetched import fetched
from recommendations.statuses import (
    EFFECTIVE_PRECISIONS,
    Attribution,
    Confidence,
    Precision,
    Status,
    first_day,
)
from recommendations.statuses.possible_dates import Tense
from recommendations.text.dates import date_text

from .choice_words import ChoiceWords
from .fields import NOTE, REASON, PlainTextField, StatedDateField, in_vocabulary
from .named_update import NamedUpdate

if TYPE_CHECKING:
    from .evidence import Evidence

EFFECTIVE_PRECISION_CHOICES = [(code, code.label) for code in EFFECTIVE_PRECISIONS]


def new_update_slug() -> str:
    return f"u-{token_hex(5)}"


class Immutable(ValidationError):
    """The record cannot be rewritten: mend it by a correction or a retraction."""


class ReviewState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")


class EndReason(models.TextChoices):
    CORRECTED = "corrected", _("Corrected")
    RETRACTED = "retracted", _("Retracted")


class StatusUpdate(Endable, ChoiceWords, models.Model):
    """One dated claim that an action has a status.

    Only publishing moves it from one review state to the next. Once published, neither it nor
    its evidence changes, but for the end stamp: the edition in which it was corrected or
    retracted, and why.
    """

    slug = models.SlugField(
        _("reference"), unique=True, max_length=120, default=new_update_slug, editable=False
    )
    action = models.ForeignKey(
        "recommendations.Action",
        models.PROTECT,
        related_name="updates",
        verbose_name=_("action"),
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices)
    effective_on = StatedDateField(
        _("took effect on"),
        tense=Tense.PAST,
        precision="effective_precision",
        help_text=_("For a month or a year, any day of it."),
    )
    effective_precision = models.CharField(
        _("precision"), max_length=20, choices=EFFECTIVE_PRECISION_CHOICES, default=Precision.DAY
    )
    note = PlainTextField(
        _("what happened"),
        blank=True,
        greatest_length=NOTE,
        help_text=_("For the public, in our own words."),
    )
    search_note = PlainTextField(
        _("where was searched"),
        blank=True,
        greatest_length=NOTE,
        help_text=_("Sources and words that were tried."),
    )
    searched_on = StatedDateField(_("date of the search"), tense=Tense.PAST, null=True, blank=True)
    confidence = models.CharField(
        _("confidence"), max_length=20, choices=Confidence.choices, blank=True
    )
    attribution = models.CharField(
        _("attribution"), max_length=20, choices=Attribution.choices, blank=True
    )
    next_review_on = StatedDateField(
        _("to be looked at again by"), tense=Tense.COMING, null=True, blank=True
    )
    relies_on = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="relied_on_by",
        blank=True,
        verbose_name=_("relies on the evidence of"),
    )

    note_to_reviewer = PlainTextField(
        _("note to the reviewer"),
        blank=True,
        greatest_length=NOTE,
        help_text=_("Never public."),
    )
    revision = models.PositiveIntegerField(
        _("revision"),
        default=0,
        editable=False,
        help_text=_("Raised by each save of the draft, to notice two people editing at once."),
    )

    review_state = models.CharField(
        _("review state"),
        max_length=20,
        choices=ReviewState.choices,
        default=ReviewState.DRAFT,
        editable=False,
    )
    is_baseline = models.BooleanField(_("of the baseline"), default=False, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="authored_updates",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("author"),
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="edited_updates",
        blank=True,
        editable=False,
        verbose_name=_("saved by"),
        help_text=_("Whoever ever saved the draft counts as its author."),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="reviewed_updates",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("reviewer"),
    )
    status_at_draft = models.CharField(
        _("status when the draft was begun"),
        max_length=20,
        choices=Status.choices,
        default=Status.NOT_ASSESSED,
        editable=False,
    )
    created_at = models.DateTimeField(_("begun at"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    return_note = PlainTextField(
        _("why it was returned"), blank=True, editable=False, greatest_length=REASON
    )

    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    edition = models.ForeignKey(
        "recommendations.Edition",
        models.PROTECT,
        related_name="updates",
        null=True,
        editable=False,
        verbose_name=_("edition"),
    )
    effective_day = models.DateField(
        _("effective day"),
        null=True,
        editable=False,
        help_text=_("The day from which it counts, computed when it is published."),
    )
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="replacements",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("corrects"),
    )
    correction_reason = PlainTextField(
        _("reason for the correction"), blank=True, greatest_length=REASON
    )
    ended_in_edition = models.ForeignKey(
        "recommendations.Edition",
        models.PROTECT,
        related_name="ended_updates",
        null=True,
        editable=False,
        verbose_name=_("ended in edition"),
    )
    end_reason = models.CharField(
        _("how it ended"), max_length=20, choices=EndReason.choices, blank=True, editable=False
    )
    end_note = PlainTextField(_("why it ended"), blank=True, editable=False, greatest_length=REASON)

    objects = StatusUpdateQuerySet.as_manager()
    # Of with_basis().
    explained_by = NamedUpdate()
    rests_on = NamedUpdate()

    class Meta:
        ordering = ["-effective_day", "-edition_id", "-id"]
        verbose_name = _("status update")
        verbose_name_plural = _("status updates")
        permissions = [("review_statusupdate", _("Can publish or return status updates"))]
        indexes = [
            models.Index(fields=["action", "effective_day"], name="recommendations_update_history"),
            models.Index(fields=["review_state"], name="recommendations_update_state"),
        ]
        constraints = [
            in_vocabulary("status", Status, model="statusupdate"),
            in_vocabulary("status_at_draft", Status, model="statusupdate"),
            in_vocabulary("review_state", ReviewState, model="statusupdate"),
            models.CheckConstraint(
                condition=Q(effective_precision__in=[str(code) for code in EFFECTIVE_PRECISIONS]),
                name="recommendations_statusupdate_precision_valid",
                violation_error_message=_("A fact takes effect on a day, in a month or in a year."),
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=["", *Confidence.values]),
                name="recommendations_statusupdate_confidence_valid",
                violation_error_message=_("Choose one of the listed values."),
            ),
            models.CheckConstraint(
                condition=Q(attribution__in=["", *Attribution.values]),
                name="recommendations_statusupdate_attribution_valid",
                violation_error_message=_("Choose one of the listed values."),
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True)
                | Q(author__isnull=True)
                | ~Q(reviewer=F("author")),
                name="recommendations_statusupdate_four_eyes",
                violation_error_message=_("The author of an update cannot review it."),
            ),
            models.CheckConstraint(
                condition=Q(is_baseline=True, author__isnull=True, reviewer__isnull=True)
                | Q(is_baseline=False, author__isnull=False),
                name="recommendations_statusupdate_has_author",
                violation_error_message=_("An update has an author; only the baseline has none."),
            ),
            models.CheckConstraint(
                condition=~Q(review_state="published")
                | Q(
                    published_at__isnull=False,
                    edition__isnull=False,
                    effective_day__isnull=False,
                )
                & (Q(is_baseline=True) | Q(reviewer__isnull=False)),
                name="recommendations_statusupdate_published_is_stamped",
                violation_error_message=_(
                    "A published update has a date, an edition, an effective day and a reviewer."
                ),
            ),
            models.CheckConstraint(
                condition=Q(review_state="published")
                | Q(
                    published_at__isnull=True,
                    edition__isnull=True,
                    effective_day__isnull=True,
                    ended_in_edition__isnull=True,
                ),
                name="recommendations_statusupdate_draft_is_unstamped",
                violation_error_message=_("Only a published update belongs to an edition."),
            ),
            models.CheckConstraint(
                condition=Q(ended_in_edition__isnull=True, end_reason="")
                | Q(
                    ended_in_edition__isnull=False,
                    end_reason__in=EndReason.values,
                    ended_in_edition__gt=F("edition"),
                )
                & ~Q(end_note=""),
                name="recommendations_statusupdate_end_is_explained",
                violation_error_message=_("An update ends in a later edition, for a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(review_state="returned") | ~Q(return_note=""),
                name="recommendations_statusupdate_return_says_why",
                violation_error_message=_("Say why it is returned."),
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(correction_reason=""),
                name="recommendations_statusupdate_correction_says_why",
                violation_error_message=_("Say why the earlier update is corrected."),
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(review_state="published"),
                name="recommendations_statusupdate_one_successor",
                violation_error_message=_("This update was corrected already."),
            ),
            models.UniqueConstraint(
                fields=["edition", "action"],
                condition=Q(is_baseline=False),
                name="recommendations_statusupdate_one_an_edition",
                violation_error_message=_("An edition has at most one update an action."),
            ),
            models.UniqueConstraint(
                fields=["edition", "action", "effective_day"],
                condition=Q(is_baseline=True),
                name="recommendations_statusupdate_one_a_baseline_day",
                violation_error_message=_("A baseline has at most one update an action and day."),
            ),
        ]

    def __str__(self) -> str:
        effect = date_text(self.effective_on, self.effective_precision)
        return f"{self.action}: {self.get_status_display()} ({effect})"

    def save(self, *args, **kwargs) -> None:
        """Save a draft. The stored row decides whether it may still change (one query)."""
        refuse_if_published(self.pk)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"{self.action.recommendation.get_absolute_url()}#{self.slug}"

    def delete(self, *args, **kwargs):
        refuse_if_published(self.pk)
        return super().delete(*args, **kwargs)

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["recommendations.action"]  # type: ignore[attr-defined]

    def forget(self, *, after: int) -> None:
        """Let it count still, if it was corrected or retracted after an edition."""
        if self.ended_in_edition_id is not None and self.ended_in_edition_id > after:
            self.ended_in_edition, self.end_reason, self.end_note = None, "", ""

    @property
    def is_published(self) -> bool:
        return self.review_state == ReviewState.PUBLISHED

    @property
    def is_counting(self) -> bool:
        return self.is_published and self.ended_in_edition_id is None

    @property
    def is_confirmation(self) -> bool:
        """Whether a search found its status unchanged, without an item (needs with_basis())."""
        repeats = self.rests_on or self.explained_by
        return bool(repeats and self.searched_on) and not fetched(self, "evidence")

    @property
    def explanation(self) -> str:
        """Its note, or the note that it leaves standing (needs with_basis())."""
        return self.note or (self.explained_by.note if self.explained_by else "")

    @property
    def evidence_shown(self) -> "Iterable[Evidence]":
        """Its evidence, or that on which it rests (needs with_basis())."""
        rests_on: StatusUpdate = self.rests_on or self
        return fetched(rests_on, "evidence")

    @property
    def confidence_shown(self) -> str:
        """Its confidence in words, or that of what it rests on (needs with_basis())."""
        told = [self, self.explained_by, self.rests_on] if self.is_confirmation else [self]
        words = (one.get_confidence_display() for one in told if one and one.confidence)
        return str(next(words, ""))

    @property
    def author_names(self) -> list[str]:
        """Whoever ever saved it, the first author first (a query, unless prefetched)."""
        people = [self.author] if self.author else []
        people += [editor for editor in self.editors.all() if editor != self.author]
        return [person.get_username() for person in people]

    @property
    def has_search_note(self) -> bool:
        return bool(self.search_note.strip()) and self.searched_on is not None

    @property
    def stated_period(self) -> tuple[date, str]:
        """The stated date, whichever day of its month or year was typed."""
        return (self.effective_from, self.effective_precision)

    @property
    def effective_from(self) -> date:
        """First day of the stated period: it may not lie after the day of publication."""
        return first_day(self.effective_on, self.effective_precision)


def refuse_if_published(update_id: int | None) -> None:
    if update_id and StatusUpdate.objects.published().filter(pk=update_id).exists():
        raise Immutable(
            _("A published update is never edited or deleted. Correct it or retract it instead.")
        )
