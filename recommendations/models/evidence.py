"""What a published status rests on."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import EvidenceQuerySet
from recommendations.statuses import (
    EFFECTIVE_PRECISIONS,
    EvidenceItem,
    EvidenceKind,
    Precision,
)
from recommendations.statuses.possible_dates import Tense, access_problem
from recommendations.text.listed_hosts import HostList, host_of
from recommendations.text.scripts import language_of

from .choice_words import ChoiceWords
from .fields import (
    QUOTATION,
    AddressField,
    PlainCharField,
    PlainTextField,
    StatedDateField,
    code_of_a_language,
    in_vocabulary,
    is_sha256,
    typed_fields,
)
from .listed_host import HostMark
from .source import Source
from .status_update import EFFECTIVE_PRECISION_CHOICES, StatusUpdate, refuse_if_published


class Evidence(ChoiceWords, models.Model):
    """One item that supports an update, with its own words of the source that it cites."""

    update = models.ForeignKey(
        StatusUpdate, models.CASCADE, related_name="evidence", verbose_name=_("status update")
    )
    position = models.PositiveIntegerField(_("position"), default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind.choices)
    title = PlainCharField(_("title"), max_length=500, blank=True)
    publisher = PlainCharField(_("publisher"), max_length=200)
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        validators=[code_of_a_language],
        help_text=_(
            "Code of the language of the title and the quotation, such as en, ja or zh. Left "
            "empty, it is told by the script."
        ),
    )
    is_state_media = models.BooleanField(
        _("state media"),
        default=False,
        help_text=_("Two state media count as one publisher."),
    )
    published_on = StatedDateField(
        _("published on"),
        tense=Tense.PAST,
        precision="published_precision",
        null=True,
        blank=True,
    )
    published_precision = models.CharField(
        _("precision"),
        max_length=20,
        choices=EFFECTIVE_PRECISION_CHOICES,
        default=Precision.DAY,
    )
    accessed_on = StatedDateField(_("accessed on"), tense=Tense.PAST, null=True, blank=True)
    url = AddressField(_("address"), max_length=1000)
    archived_url = AddressField(_("archived copy"), max_length=1000, blank=True)
    supports = PlainTextField(
        _("what it supports"),
        blank=True,
        greatest_length=QUOTATION,
        help_text=_("In our own words, no quotation."),
    )
    quotation = PlainTextField(_("short quotation"), blank=True, greatest_length=QUOTATION)
    page = PlainCharField(_("page"), max_length=50, blank=True)
    capture_sha256 = models.CharField(
        _("SHA-256 of our copy"),
        max_length=64,
        blank=True,
        validators=[is_sha256],
        help_text=_("Of the copy that this was read in, where we keep one."),
    )
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="items",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("source"),
        help_text=_("Given by publication, by the address."),
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["update", "position"]
        verbose_name = _("item of evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            in_vocabulary("kind", EvidenceKind, model="evidence"),
            models.CheckConstraint(
                condition=Q(published_precision__in=[str(code) for code in EFFECTIVE_PRECISIONS]),
                name="recommendations_evidence_precision_valid",
                violation_error_message=_("A source is dated by day, month or year."),
            ),
            models.CheckConstraint(
                condition=~Q(publisher="") & ~Q(url=""),
                name="recommendations_evidence_names_source",
                violation_error_message=_("An item names its publisher and its address."),
            ),
            models.UniqueConstraint(
                fields=["update", "position"],
                name="recommendations_evidence_unique_position",
                violation_error_message=_("Another item has this position."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.publisher

    def save(self, *args, **kwargs) -> None:
        """Save an item of a draft. Neither its old nor its new update may be published."""
        self._refuse_if_published()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self._refuse_if_published()
        return super().delete(*args, **kwargs)

    def _refuse_if_published(self) -> None:
        refuse_if_published(self.update_id)
        stored = Evidence.objects.filter(pk=self.pk).values_list("update_id", flat=True).first()
        if stored != self.update_id:
            refuse_if_published(stored)

    def natural_key(self) -> tuple[str, int]:
        return (self.update.slug, self.position)

    natural_key.dependencies = ["recommendations.statusupdate"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        if problem := self.order_problem:
            raise ValidationError({"published_on": problem})

    @property
    def order_problem(self) -> str:
        """Why its two dates cannot both be, as a sentence, or nothing."""
        if not (self.published_on and self.accessed_on):
            return ""
        return access_problem(
            self.published_on, self.published_precision, accessed_on=self.accessed_on
        )

    def host_problem(self, hosts: HostList) -> str:
        """Return why its address is no evidence, as a sentence, or nothing."""
        if hosts.mark_of(self.url) != HostMark.NEVER_EVIDENCE:
            return ""
        said = _("The editors’ list says of %(host)s that it is never evidence.")
        return str(said % {"host": host_of(self.url)})

    @property
    def spoken(self) -> str:
        """Code of the language of its title and its quotation."""
        return self.language or language_of(self.title or self.quotation)

    @property
    def as_item(self) -> EvidenceItem:
        return EvidenceItem(self.kind, self.publisher, self.is_state_media)

    @property
    def missing_facts(self) -> list[str]:
        """Names of what an item must say; only one of the baseline may lack them."""
        facts = (self.title, self.published_on, self.accessed_on)
        return [str(name) for name, fact in zip(NAMES_OF_FACTS, facts, strict=True) if not fact]


NAMES_OF_FACTS = (_("title"), _("date of publication"), _("date of access"))
# What an item says of its source: not whose it is, nor where it stands among the others.
SOURCE_FIELDS = typed_fields(Evidence, without=("update", "position"))
